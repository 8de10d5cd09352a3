/* crew_sort, crew_sort_by_key, crew_argsort and crew_is_sorted: sorting by a comparator. */
#include "../../core/base/callback_frame.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/loop_sequence.h"
#include "../move/move.h"
#include "merge_sort.h"
#include "sort_check.h"
#include <errno.h>
#include <stdatomic.h>

enum {
    ON_STACK = 4096, /* bytes of scratch */
    BLOCK = 1024,    /* elements compared at once where the order is looked at */
    FEW = 64         /* at its start */
};

/* Nanoseconds of a comparison: decides what is worth a thread. */
static const double COMPARE_NS = 5;

struct direction {
    const struct crew__order *o;
    const char *x;
    struct crew__cut blocks; /* of pairs of neighbours */
    atomic_bool not_up, not_down;
};

/* No element is after the next one, among n + 1. A loop of its own needs no more registers than a call leaves alone:
   0.85 of the time with a short cmp. */
static bool ascending(const char *at, size_t n, const struct crew__order *o)
{
    crew_compare *const cmp = o->cmp;
    void *const ctx = o->ctx;
    const size_t step = o->step;
    for (const char *last = at + n * step; at != last; at += step)
        if (cmp(at, at + step, ctx) > 0)
            return false;
    return true;
}

static void compare_neighbours(size_t begin, size_t end, void *ctx)
{
    struct direction *d = ctx;
    const struct crew__order *o = d->o;
    for (size_t b = begin; b < end; b++) {
        bool up = !atomic_load_explicit(&d->not_up, memory_order_relaxed);
        bool down = !atomic_load_explicit(&d->not_down, memory_order_relaxed);
        size_t i = crew__cut_begin(&d->blocks, b), to = crew__cut_end(&d->blocks, b);
        for (; down && i < to; i++) {
            bool after = o->cmp(d->x + i * o->step, d->x + (i + 1) * o->step, o->ctx) > 0;
            up = up && !after;
            down = after;
        }
        up = up && ascending(d->x + i * o->step, to - i, o);
        if (!up)
            atomic_store_explicit(&d->not_up, true, memory_order_relaxed);
        if (!down)
            atomic_store_explicit(&d->not_down, true, memory_order_relaxed);
    }
}

/* *order = 1: sorted, -1: strictly descending, 0: neither; n is at least 2. A few elements at the start usually tell.
 */
static int find_order(const void *x, size_t n, const struct crew__order *o, bool up_only, const crew_options *opt,
                      int *order)
{
    size_t few = n <= BLOCK && !opt ? n : n < FEW ? n : FEW;
    struct direction d = {.o = o, .x = x, .blocks = crew__cut_by(few - 1, BLOCK), .not_down = up_only};
    compare_neighbours(0, 1, &d);
    int error = 0;
    if (few < n && (!d.not_up || !d.not_down)) {
        struct crew__sequence loops;
        crew__sequence_begin(&loops, opt, 1);
        loops.opt.progress = NULL;
        d.blocks = crew__cut_by(n - 1, BLOCK);
        error = crew__sequence_each(&loops, d.blocks.count, compare_neighbours, &d, 0.5 * COMPARE_NS * (double)BLOCK);
    }
    *order = !d.not_up ? 1 : !d.not_down ? -1 : 0;
    return error;
}

int crew_is_sorted(const void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, bool *sorted,
                   const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    int error = crew__check_array(base, n, size), order = 1;
    error = error ? error : !cmp || !sorted ? -EINVAL : crew__check_options(opt, n);
    if (!error && n > 1) {
        struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size};
        error = find_order(base, n, &o, true, opt, &order);
    }
    if (!error)
        *sorted = order == 1;
    return error;
}

static int argsort(const void *base, size_t n, size_t size, size_t *index, size_t *scratch, crew_compare *cmp,
                   void *ctx, const crew_options *opt)
{
    crew__iota(index, n);
    struct crew__order o = {cmp, ctx, sizeof *index, base, size, NULL};
    return crew__merge_sort(index, scratch, n, &o, opt);
}

int crew_argsort(const void *base, size_t n, size_t size, size_t *index, crew_compare *cmp, void *ctx,
                 const crew_options *opt)
{
    int error = crew__check_array(base, n, size);
    error = error ? error : crew__check_array(index, n, sizeof *index);
    error = error                                                             ? error
            : !cmp || crew__overlap(base, n * size, index, n * sizeof *index) ? -EINVAL
                                                                              : crew__check_options(opt, n);
    if (error || n == 0)
        return error;
    size_t *scratch = crew__scratch_take(n * sizeof *scratch);
    if (!scratch)
        return -ENOMEM;
    error = argsort(base, n, size, index, scratch, cmp, ctx, opt);
    crew__scratch_give(scratch);
    return error;
}

int crew_sort_by_key(void *keys, size_t key_size, void *values, size_t value_size, size_t n, crew_compare *cmp,
                     void *ctx, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    if (value_size == 0)
        return crew_sort(keys, n, key_size, cmp, ctx, opt);
    size_t bytes, indices, all;
    int error = crew__check_array(keys, n, key_size);
    error = error ? error : crew__check_array(values, n, value_size);
    error = error                                                               ? error
            : !cmp || crew__overlap(keys, n * key_size, values, n * value_size) ? -EINVAL
                                                                                : crew__check_options(opt, n);
    if (error || n == 0)
        return error;
    /* The second half of the indices is scratch that the gathering does not need, but n elements may be larger. */
    if (!crew__mul(n, key_size > value_size ? key_size : value_size, &bytes) ||
        !crew__mul(n, 2 * sizeof(size_t), &indices) || bytes > SIZE_MAX - indices)
        return -EOVERFLOW;
    all = indices + bytes;
    size_t *index = crew__scratch_take(all);
    if (!index)
        return -ENOMEM;
    error = argsort(keys, n, key_size, index, index + n, cmp, ctx, opt);
    if (!error) {
        char *moved = (char *)(index + 2 * n);
        crew__gather(keys, n, index, moved, n, key_size);
        crew__copy(moved, keys, n * key_size);
        crew__gather(values, n, index, moved, n, value_size);
        crew__copy(moved, values, n * value_size);
    }
    crew__scratch_give(index);
    return error;
}

static CREW__NOINLINE int sort_on_stack(void *base, size_t n, const struct crew__order *o, const crew_options *opt)
{
    _Alignas(CREW__CACHE_LINE) char scratch[ON_STACK];
    return crew__merge_sort(base, scratch, n, o, opt);
}

/* Elements that are not moved until their order is known. */
static int sort_large(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    size_t indices;
    if (!crew__mul(n, 2 * sizeof(size_t), &indices) || n * size > SIZE_MAX - indices)
        return -EOVERFLOW;
    size_t *index = crew__scratch_take(indices + n * size);
    if (!index)
        return -ENOMEM;
    int error = argsort(base, n, size, index, index + n, cmp, ctx, opt);
    if (!error) {
        crew__gather(base, n, index, index + 2 * n, n, size);
        crew__copy(index + 2 * n, base, n * size);
    }
    crew__scratch_give(index);
    return error;
}

/* steps: of the program, or NULL. */
static CREW__ALWAYS_INLINE int sort_by(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx,
                                       const struct crew__steps *steps, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    int order, error = crew__check_array(base, n, size);
    error = error ? error : !cmp ? -EINVAL : crew__check_options(opt, n);
    if (error || n < 2)
        return error;
    struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size, .steps = steps};
    error = find_order(base, n, &o, false, opt, &order);
    if (error || order == 1)
        return error;
    if (order == -1) {
        crew__reverse(base, n, size);
        return 0;
    }
    if (n * size <= ON_STACK && size <= CREW__SORT_MOVED)
        return sort_on_stack(base, n, &o, opt);
    if (size > CREW__SORT_MOVED)
        return sort_large(base, n, size, cmp, ctx, opt);
    void *scratch = crew__scratch_take(n * size);
    if (!scratch)
        return -ENOMEM;
    error = crew__merge_sort(base, scratch, n, &o, opt);
    crew__scratch_give(scratch);
    return error;
}

int crew_sort(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    return sort_by(base, n, size, cmp, ctx, NULL, opt);
}

int crew__sort_by_steps(void *base, size_t n, size_t size, crew_compare *cmp, const struct crew__steps *steps,
                        const crew_options *opt)
{
    return sort_by(base, n, size, cmp, NULL, steps, opt);
}
