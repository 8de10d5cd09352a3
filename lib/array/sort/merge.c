/* crew_merge and its typed forms: merges of two sorted arrays, cut by co-ranking. */
#include "merge.h"
#include "../../core/base/callback_frame.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/loop_sequence.h"
#include "merge_steps.h"
#include "sort_check.h"
#include <errno.h>
#include <string.h>

enum { PARTS = 256, LEAST_PART = 8192 };

struct merge {
    const char *a, *b;
    char *out;
    struct crew__cut parts; /* of out */
    const struct crew__steps *steps;
    const struct crew__order *o;
    size_t left[PARTS + 1]; /* elements of a in front of each part */
};

static void merge_parts(size_t begin, size_t end, void *ctx)
{
    const struct merge *m = ctx;
    size_t step = m->o->step;
    for (size_t p = begin; p < end; p++) {
        size_t at = crew__cut_begin(&m->parts, p), stop = crew__cut_end(&m->parts, p);
        size_t i = m->left[p], i_end = m->left[p + 1], j = at - i, j_end = stop - i_end;
        m->steps->merge(m->a + i * step, i_end - i, m->b + j * step, j_end - j, m->out + at * step, m->o);
    }
}

/* The arrays overlap out in nothing. */
static int merge(const void *a, size_t na, const void *b, size_t nb, void *out, const struct crew__steps *steps,
                 const struct crew__order *o, const crew_options *opt)
{
    struct merge m;
    m.a = na > 0 ? a : b; /* may be NULL where it is empty */
    m.b = nb > 0 ? b : a;
    m.out = out;
    m.steps = steps;
    m.o = o;
    m.parts = crew__cut_into(na + nb, PARTS);
    if (m.parts.size < LEAST_PART)
        m.parts = crew__cut_by(na + nb, LEAST_PART);
    m.left[0] = 0;
    m.left[m.parts.count] = na;
    for (size_t p = 1; p < m.parts.count; p++) {
        /* In arrays that are not sorted the parts could overlap: each must start within the one before it. */
        size_t i = steps->corank(a, na, b, nb, crew__cut_begin(&m.parts, p), o), least = m.left[p - 1];
        m.left[p] = i < least ? least : i > least + m.parts.size ? least + m.parts.size : i;
    }
    struct crew__sequence loops;
    crew__sequence_begin(&loops, opt, 1);
    return crew__sequence_each(&loops, m.parts.count, merge_parts, &m, 2 * (double)m.parts.size);
}

static int check(const void *a, size_t na, const void *b, size_t nb, size_t size, const void *out)
{
    int error = crew__check_array(a, na, size);
    error = error ? error : crew__check_array(b, nb, size);
    error = error ? error : na > SIZE_MAX - nb ? -EOVERFLOW : crew__check_array(out, na + nb, size);
    if (error)
        return error;
    size_t bytes = (na + nb) * size;
    return crew__overlap(out, bytes, a, na * size) || crew__overlap(out, bytes, b, nb * size) ? -EINVAL : 0;
}

int crew_merge(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp, void *ctx,
               const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    int error = check(a, na, b, nb, size, out);
    error = error ? error : !cmp ? -EINVAL : crew__check_options(opt, na + nb);
    if (error || na + nb == 0)
        return error;
    struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size};
    return merge(a, na, b, nb, out, crew__steps_for(&o), &o, opt);
}

int crew__merge_by_steps(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                         const struct crew__steps *steps, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    int error = check(a, na, b, nb, size, out);
    error = error ? error : crew__check_options(opt, na + nb);
    if (error || na + nb == 0)
        return error;
    struct crew__order o = {.step = size, .steps = steps};
    return merge(a, na, b, nb, out, steps, &o, opt);
}

#define BITS 32
#include "merge_keys_template.h"

#define BITS 64
#include "merge_keys_template.h"

int crew__merge_keys(const struct crew__sort_type *t, const void *a, size_t na, const void *b, size_t nb, void *out)
{
    size_t size = crew__key_size(t);
    int error = check(a, na, b, nb, size, out);
    if (error || na + nb == 0)
        return error;
    struct crew__order o = {.step = size, .base = (const char *)&t->key};
    return merge(a, na, b, nb, out, t->wide ? &key_steps_64 : &key_steps_32, &o, NULL);
}
