/* Sorts of typed keys: which radix sort fits the elements. */
#include "sort_keys.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../move/move.h"
#include "few_keys.h"
#include "key_order.h"
#include "packed_order.h"
#include "radix_keys.h"
#include "radix_pairs.h"
#include "radix_records.h"
#include "sample_sort.h"
#include "sort_check.h"
#include <errno.h>
#include <string.h>

enum {
    FEW = 64,              /* keys that are sorted as fast as it is seen that they are sorted */
    ALONE_BYTES = 1 << 18, /* of keys that one thread sorts, in place */
    BY_DIGITS = 1 << 16    /* keys of 4 bytes: up to here sorting digits and indices takes 0.6 to 0.9 of the time */
};

#if SIZE_MAX == UINT64_MAX
enum { UNPACKED = 8192 };

struct unpacking {
    uint64_t *order, mask;
    struct crew__cut blocks;
};

static void unpack(size_t begin, size_t end, void *ctx)
{
    const struct unpacking *u = ctx;
    const uint64_t mask = u->mask;
    uint64_t *order = u->order;
    size_t to = crew__cut_end(&u->blocks, end - 1);
    for (size_t i = crew__cut_begin(&u->blocks, begin); i < to; i++)
        order[i] &= mask;
}
#endif

static int radix_sort_pairs(const struct crew__sort_type *t, void *keys, void *values, size_t value_size, size_t n)
{
    const struct crew__radix_shape *shape;
    if (value_size == 8)
        shape = t->wide ? &crew__radix_k64v64 : &crew__radix_k32v64;
    else
        shape = t->wide ? &crew__radix_k64v32 : &crew__radix_k32v32;
    return crew__radix_sort(shape, keys, values, n, &t->key);
}

/* Moves the NaNs to the end, through as much memory; returns how many other keys there are. */
static size_t move_nans(const struct crew__sort_type *t, void *x, void *other, size_t n)
{
    const struct crew__radix_shape *shape = t->wide ? &crew__radix_k64 : &crew__radix_k32;
    const struct crew__radix_array keys = {.k = x}, room = {.k = other};
    return shape->move_nans(keys, room, n, &t->key);
}

/* One thread, in place where there is no NaN. */
static int sort_alone(const struct crew__vector_sort *vectors, const struct crew__sort_type *t, void *x, size_t n)
{
    if (t->key.negative != 0 && vectors->has_nan[t->wide](x, n)) {
        void *other = crew__scratch_take(n * crew__key_size(t));
        if (!other)
            return -ENOMEM;
        n = move_nans(t, x, other, n);
        crew__scratch_give(other);
    }
    if (n > 1)
        vectors->sort[t->wide](x, x, n, &t->key, &t->key);
    return 0;
}

/* All threads, through as much memory, where both are worth while and there. */
int crew__sort_in_vectors(const struct crew__vector_sort *vectors, const struct crew__sort_type *t, void *x, size_t n)
{
    const size_t size = crew__key_size(t);
    void *other = n * size > ALONE_BYTES && crew_num_threads() > 1 ? crew__scratch_take(n * size) : NULL;
    if (other) {
        bool nans = false, sorted = crew__sample_sort(vectors, t, x, other, n, &nans);
        if (sorted && nans) { /* nothing was sorted yet */
            n = move_nans(t, x, other, n);
            sorted = n * size > ALONE_BYTES && crew__sample_sort(vectors, t, x, other, n, &nans);
        }
        crew__scratch_give(other);
        if (sorted)
            return 0;
    }
    return n > 1 ? sort_alone(vectors, t, x, n) : 0;
}

int crew__sort_keys(const struct crew__sort_type *t, void *x, size_t n)
{
    if (!x && n > 0)
        return -EINVAL;
    if (n < 2)
        return 0;
    if (n > FEW) {
        struct crew__keys keys = {x, n, crew__key_size(t), t->wide, &t->key};
        int order = crew__key_order(&keys);
        if (order < 0)
            crew__reverse(x, n, crew__key_size(t));
        if (order != 0 || (n >= CREW__FEW_KEYS_LEAST && crew__sort_few_keys(t, x, n)))
            return 0;
    }
    const struct crew__vector_sort *vectors = crew__vector_sort();
    if (vectors)
        return crew__sort_in_vectors(vectors, t, x, n);
    return crew__radix_sort(t->wide ? &crew__radix_k64 : &crew__radix_k32, x, NULL, n, &t->key);
}

bool crew__is_sorted_keys(const struct crew__sort_type *t, const void *x, size_t n)
{
    struct crew__keys keys = {x, n, crew__key_size(t), t->wide, &t->key};
    return n < 2 || crew__key_order(&keys) == 1;
}

/* Values that no instance has: sorts indices with the keys, and moves each value once. */
static int sort_far_values(const struct crew__sort_type *t, void *keys, void *values, size_t value_size, size_t n)
{
    size_t indices;
    if (!crew__mul(n, sizeof(size_t), &indices) || n * value_size > SIZE_MAX - indices)
        return -EOVERFLOW;
    size_t *index = crew__scratch_take(indices + n * value_size);
    if (!index)
        return -ENOMEM;
    crew__iota(index, n);
    int error = radix_sort_pairs(t, keys, index, sizeof *index, n);
    if (!error) {
        crew__gather(values, n, index, index + n, n, value_size);
        crew__copy(index + n, values, n * value_size);
    }
    crew__scratch_give(index);
    return error;
}

int crew__sort_pairs(const struct crew__sort_type *t, void *keys, void *values, size_t value_size, size_t n)
{
    if (value_size == 0)
        return crew__sort_keys(t, keys, n);
    int error = crew__check_array(keys, n, crew__key_size(t));
    error = error ? error : crew__check_array(values, n, value_size);
    if (error || n < 2)
        return error;
    if (crew__overlap(keys, n * crew__key_size(t), values, n * value_size))
        return -EINVAL;
    bool aligned = (uintptr_t)values % value_size == 0;
    if ((value_size == 4 || value_size == 8) && aligned)
        return radix_sort_pairs(t, keys, values, value_size, n);
    return sort_far_values(t, keys, values, value_size, n);
}

/* index becomes the stable order, if without scratch but that of a sort of numbers. */
static bool order_in_place(const struct crew__keys *keys, size_t *index)
{
#if SIZE_MAX == UINT64_MAX
    uint64_t mask, *order = (uint64_t *)(void *)index;
    if (!crew__packed_order(keys, order, &mask))
        return false;
    struct unpacking u = {order, mask, crew__cut_by(keys->n, UNPACKED)};
    crew__each(u.blocks.count, unpack, &u, 0.1 * (double)UNPACKED);
    return true;
#else
    (void)keys, (void)index;
    return false;
#endif
}

int crew__argsort_keys(const struct crew__sort_type *t, const void *x, size_t n, size_t *index)
{
    size_t size = crew__key_size(t);
    int error = crew__check_array(x, n, size);
    error = error ? error : crew__check_array(index, n, sizeof *index);
    if (error || n == 0)
        return error;
    if (crew__overlap(x, n * size, index, n * sizeof *index))
        return -EINVAL;
    const struct crew__keys sorted = {x, n, size, t->wide, &t->key};
    int order = crew__key_order(&sorted);
    bool by_digits = !t->wide && n > CREW__PACKED_FEW && n <= BY_DIGITS;
    if (order == 0 && !by_digits && order_in_place(&sorted, index))
        return 0;
    crew__iota(index, n);
    if (order < 0)
        crew__reverse(index, n, sizeof *index);
    if (order != 0)
        return 0;
    void *keys = crew__scratch_take(n * size);
    if (!keys)
        return -ENOMEM;
    crew__copy(x, keys, n * size);
    error = radix_sort_pairs(t, keys, index, sizeof *index, n);
    crew__scratch_give(keys);
    return error;
}

static int sort_other_records(const struct crew__sort_type *t, char *base, size_t n, size_t size, size_t offset)
{
    size_t key_size = crew__key_size(t), indices, all;
    if (!crew__mul(n, sizeof(size_t), &indices) || !crew__mul(n, size, &all) || all > SIZE_MAX - indices)
        return -EOVERFLOW;
    /* The keys are needed before the records' copy is, in the same place. */
    size_t *index = crew__scratch_take(indices + all);
    if (!index)
        return -ENOMEM;
    char *other = (char *)(index + n);
    const struct crew__keys keys = {base + offset, n, size, t->wide, &t->key};
    int error = 0;
    if (!order_in_place(&keys, index)) {
        for (size_t i = 0; i < n; i++)
            memcpy(other + i * key_size, base + i * size + offset, key_size);
        crew__iota(index, n);
        error = radix_sort_pairs(t, other, index, sizeof *index, n);
    }
    if (!error) {
        crew__gather(base, n, index, other, n, size);
        crew__copy(other, base, n * size);
    }
    crew__scratch_give(index);
    return error;
}

int crew__sort_records(const struct crew__sort_type *t, void *base, size_t n, size_t size, size_t offset)
{
    size_t key_size = crew__key_size(t);
    int error = crew__check_array(base, n, size);
    if (!error && (size < key_size || offset > size - key_size))
        error = -EINVAL;
    if (error || n < 2)
        return error;
    struct crew__key key = t->key;
    key.offset = offset;
    if (size == 16)
        return crew__radix_sort(t->wide ? &crew__radix_r16k64 : &crew__radix_r16k32, base, NULL, n, &key);
    if (size == 8 && !t->wide)
        return crew__radix_sort(&crew__radix_r8k32, base, NULL, n, &key);
    if (size == key_size && (uintptr_t)base % key_size == 0)
        return crew__sort_keys(t, base, n);
    return sort_other_records(t, base, n, size, offset);
}
