/* crew_merge_in_place and its typed forms: the merge goes to scratch, and back. */
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../typed/types.h"
#include "merge.h"
#include "sort_check.h"
#include <crew/inline/sort_run.h>
#include <string.h>

enum { PIECE = 1 << 16 };

struct copy {
    const char *from;
    char *to;
    struct crew__cut pieces;
};

static void copy_pieces(size_t begin, size_t end, void *ctx)
{
    const struct copy *c = ctx;
    size_t from = crew__cut_begin(&c->pieces, begin);
    memcpy(c->to + from, c->from + from, crew__cut_end(&c->pieces, end - 1) - from);
}

/* By as many threads as the call may have; nothing stops it, as half a copy would be neither. */
static void copy_back(const char *from, char *to, size_t bytes, const crew_options *opt)
{
    crew_options own = {.threads = opt ? opt->threads : 0};
    struct copy c = {from, to, crew__cut_by(bytes, PIECE)};
    crew__run(&(struct crew__loop){.n = c.pieces.count,
                                   .each = copy_pieces,
                                   .ctx = &c,
                                   .opt = opt ? &own : NULL,
                                   .first = 1,
                                   .item_ns = (double)PIECE / 10});
}

/* Where both parts have elements. */
static int check(const void *base, size_t middle, size_t n, size_t size, const crew_options *opt)
{
    int error = crew__check_array(base, n, size);
    return error ? error : middle > n ? -EINVAL : crew__check_options(opt, n);
}

int crew_merge_in_place(void *base, size_t middle, size_t n, size_t size, crew_compare *cmp, void *ctx,
                        const crew_options *opt)
{
    int error = cmp ? check(base, middle, n, size, opt) : -EINVAL;
    if (error || middle == 0 || middle == n)
        return error;
    char *b = (char *)base + middle * size;
    if (cmp(b, b - size, ctx) >= 0)
        return 0;
    char *merged = crew__scratch_take(n * size);
    if (!merged)
        return -ENOMEM;
    error = crew_merge(base, middle, b, n - middle, size, merged, cmp, ctx, opt);
    if (error == 0)
        copy_back(merged, base, n * size, opt);
    crew__scratch_give(merged);
    return error;
}

int crew__merge_in_place_by_steps(void *base, size_t middle, size_t n, size_t size, const struct crew__steps *steps,
                                  const crew_options *opt)
{
    int error = check(base, middle, n, size, opt);
    if (error || middle == 0 || middle == n)
        return error;
    const struct crew__order o = {.step = size, .steps = steps};
    char *b = (char *)base + middle * size;
    if (steps->corank(b - size, 1, b, 1, 1, &o) == 1)
        return 0;
    char *merged = crew__scratch_take(n * size);
    if (!merged)
        return -ENOMEM;
    error = crew__merge_by_steps(base, middle, b, n - middle, size, merged, steps, opt);
    if (error == 0)
        copy_back(merged, base, n * size, opt);
    crew__scratch_give(merged);
    return error;
}

static int merge_typed(const struct crew__sort_type *t, char *base, size_t middle, size_t n, bool in_order)
{
    const size_t size = crew__key_size(t);
    int error = check(base, middle, n, size, NULL);
    if (error || middle == 0 || middle == n || in_order)
        return error;
    char *merged = crew__scratch_take(n * size);
    if (!merged)
        return -ENOMEM;
    error = crew__merge_keys(t, base, middle, base + middle * size, n - middle, merged);
    if (error == 0)
        copy_back(merged, base, n * size, NULL);
    crew__scratch_give(merged);
    return error;
}

#define TEMPLATE "../sort/merge_in_place_template.h"
#include "../typed/each_type_template.h"
