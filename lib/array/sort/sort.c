/* The functions that sort by a comparator. */
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/loop_sequence.h"
#include "merge_sort.h"
#include <errno.h>
#include <stdatomic.h>

enum {
    ON_STACK = 4096, /* bytes of scratch */
    LOOK = 1024,     /* elements compared at once where the order is looked at */
    COMPARE_NS = 5   /* decides what is worth a thread */
};

struct look {
    const struct crew__order *o;
    const char *x;
    size_t n;
    atomic_bool not_up, not_down;
};

/* No element is after the next one, among n + 1. A loop of its own needs no more registers than a call leaves alone:
   0.85 of the time with a short cmp. */
static bool rises(const char *at, size_t n, const struct crew__order *o)
{
    crew_compare *const cmp = o->cmp;
    void *const ctx = o->ctx;
    const size_t step = o->step;
    for (const char *last = at + n * step; at != last; at += step)
        if (cmp(at, at + step, ctx) > 0)
            return false;
    return true;
}

static int look_at(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct look *l = ctx;
    (void)failed;
    const struct crew__order *o = l->o;
    for (size_t c = begin; c < end; c++) {
        bool up = !atomic_load_explicit(&l->not_up, memory_order_relaxed);
        bool down = !atomic_load_explicit(&l->not_down, memory_order_relaxed);
        size_t i = c * LOOK, to = l->n - 1 - i < LOOK ? l->n - 1 : i + LOOK;
        for (; down && i < to; i++) {
            bool falls = o->cmp(l->x + i * o->step, l->x + (i + 1) * o->step, o->ctx) > 0;
            up = up && !falls;
            down = falls;
        }
        up = up && rises(l->x + i * o->step, to - i, o);
        if (!up)
            atomic_store_explicit(&l->not_up, true, memory_order_relaxed);
        if (!down)
            atomic_store_explicit(&l->not_down, true, memory_order_relaxed);
    }
    return 0;
}

/* *order = 1: sorted, -1: strictly falling, 0: neither. A few elements at the start usually tell. */
static int look_order(const void *x, size_t n, const struct crew__order *o, bool up_only, const crew_options *opt,
                      int *order)
{
    struct look l = {.o = o, .x = x, .n = n, .not_down = up_only};
    if (n <= LOOK && !opt) {
        size_t none;
        look_at(0, 1, &l, &none);
        *order = !l.not_up ? 1 : !l.not_down ? -1 : 0;
        return 0;
    }
    size_t items = (n - 1 + LOOK - 1) / LOOK, failed, few = n < 64 ? n : 64;
    struct look first = {.o = o, .x = x, .n = few, .not_down = up_only};
    look_at(0, 1, &first, &failed);
    l.not_up = first.not_up;
    l.not_down = first.not_down;
    int error = 0;
    if (few < n && (!l.not_up || !l.not_down)) {
        struct crew__sequence stages;
        crew__sequence_begin(&stages, opt, 1);
        stages.opt.progress = NULL;
        error = crew__sequence_run(&stages, items, look_at, &l, 0.5 * COMPARE_NS * LOOK);
    }
    *order = !l.not_up ? 1 : !l.not_down ? -1 : 0;
    return error;
}

int crew__check_array(const void *x, size_t n, size_t size)
{
    size_t bytes;
    if (size == 0 || (!x && n > 0))
        return -EINVAL;
    return crew__mul(n, size, &bytes) ? 0 : -EOVERFLOW;
}

int crew_is_sorted(const void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, bool *sorted,
                   const crew_options *opt)
{
    int error = crew__check_array(base, n, size), order = 1;
    error = error ? error : !cmp || !sorted ? -EINVAL : crew__check_options(opt);
    if (!error && n > 1) {
        struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size};
        error = look_order(base, n, &o, true, opt, &order);
    }
    if (!error)
        *sorted = order == 1;
    return error;
}

static int argsort(const void *base, size_t n, size_t size, size_t *index, size_t *scratch, crew_compare *cmp,
                   void *ctx, const crew_options *opt)
{
    for (size_t i = 0; i < n; i++)
        index[i] = i;
    struct crew__order o = {cmp, ctx, sizeof *index, base, size};
    return crew__merge_sort(index, scratch, n, &o, opt);
}

int crew_argsort(const void *base, size_t n, size_t size, size_t *index, crew_compare *cmp, void *ctx,
                 const crew_options *opt)
{
    int error = crew__check_array(base, n, size);
    error = error ? error : crew__check_array(index, n, sizeof *index);
    error = error                                                             ? error
            : !cmp || crew__overlap(base, n * size, index, n * sizeof *index) ? -EINVAL
                                                                              : crew__check_options(opt);
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
    if (value_size == 0)
        return crew_sort(keys, n, key_size, cmp, ctx, opt);
    size_t bytes, indices, all;
    int error = crew__check_array(keys, n, key_size);
    error = error ? error : crew__check_array(values, n, value_size);
    error = error                                                               ? error
            : !cmp || crew__overlap(keys, n * key_size, values, n * value_size) ? -EINVAL
                                                                                : crew__check_options(opt);
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
        crew__gather(keys, key_size, index, n, moved);
        crew__copy(moved, keys, n * key_size);
        crew__gather(values, value_size, index, n, moved);
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
        crew__gather(base, size, index, n, index + 2 * n);
        crew__copy(index + 2 * n, base, n * size);
    }
    crew__scratch_give(index);
    return error;
}

int crew_sort(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    int order, error = crew__check_array(base, n, size);
    error = error ? error : !cmp ? -EINVAL : crew__check_options(opt);
    if (error || n < 2)
        return error;
    struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size};
    error = look_order(base, n, &o, false, opt, &order);
    if (error || order == 1)
        return error;
    if (order == -1)
        return crew__reverse(base, n, size);
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
