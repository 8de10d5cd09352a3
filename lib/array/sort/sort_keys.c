/* Sorts of typed keys: which radix sort fits the elements. */
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "sort_typed.h"
#include <errno.h>
#include <string.h>

typedef int radix(void *keys, void *values, size_t n, const struct crew__key *key);

static const bool size_is_8 = sizeof(size_t) == 8;

static radix *radix_with_index(const struct crew__type *t)
{
    if (size_is_8)
        return t->wide ? crew__radix_k64v8 : crew__radix_k32v8;
    return t->wide ? crew__radix_k64v4 : crew__radix_k32v4;
}

int crew__sort_keys(const struct crew__type *t, void *x, size_t n)
{
    if (!x && n > 0)
        return -EINVAL;
    return (t->wide ? crew__radix_k64 : crew__radix_k32)(x, NULL, n, &t->key);
}

bool crew__is_sorted_keys(const struct crew__type *t, const void *x, size_t n)
{
    return (t->wide ? crew__sorted_k64 : crew__sorted_k32)(x, n, &t->key);
}

/* Values that no instance has: sorts indices with the keys, and moves each value once. */
static int sort_far_values(const struct crew__type *t, void *keys, void *values, size_t value_size, size_t n)
{
    size_t indices;
    if (!crew__mul(n, sizeof(size_t), &indices) || n * value_size > SIZE_MAX - indices)
        return -EOVERFLOW;
    size_t *index = crew__scratch_take(indices + n * value_size);
    if (!index)
        return -ENOMEM;
    crew__iota(index, n);
    int error = radix_with_index(t)(keys, index, n, &t->key);
    if (!error) {
        crew__gather(values, value_size, index, n, index + n);
        crew__copy(index + n, values, n * value_size);
    }
    crew__scratch_give(index);
    return error;
}

int crew__sort_pairs(const struct crew__type *t, void *keys, void *values, size_t value_size, size_t n)
{
    if (value_size == 0)
        return crew__sort_keys(t, keys, n);
    int error = crew__check_array(keys, n, crew__type_size(t));
    error = error ? error : crew__check_array(values, n, value_size);
    if (error || n < 2)
        return error;
    if (crew__overlap(keys, n * crew__type_size(t), values, n * value_size))
        return -EINVAL;
    bool aligned = (uintptr_t)values % value_size == 0;
    if (value_size == 4 && aligned)
        return (t->wide ? crew__radix_k64v4 : crew__radix_k32v4)(keys, values, n, &t->key);
    if (value_size == 8 && aligned)
        return (t->wide ? crew__radix_k64v8 : crew__radix_k32v8)(keys, values, n, &t->key);
    return sort_far_values(t, keys, values, value_size, n);
}

int crew__argsort_keys(const struct crew__type *t, const void *x, size_t n, size_t *index)
{
    size_t size = crew__type_size(t);
    int error = crew__check_array(x, n, size);
    error = error ? error : crew__check_array(index, n, sizeof *index);
    if (error || n == 0)
        return error;
    if (crew__overlap(x, n * size, index, n * sizeof *index))
        return -EINVAL;
    void *keys = crew__scratch_take(n * size);
    if (!keys)
        return -ENOMEM;
    crew__copy(x, keys, n * size);
    crew__iota(index, n);
    error = radix_with_index(t)(keys, index, n, &t->key);
    crew__scratch_give(keys);
    return error;
}

static int sort_other_records(const struct crew__type *t, char *base, size_t n, size_t size, size_t offset)
{
    size_t key_size = crew__type_size(t), indices, all;
    if (!crew__mul(n, sizeof(size_t), &indices) || !crew__mul(n, size, &all) || all > SIZE_MAX - indices)
        return -EOVERFLOW;
    /* The keys are needed before the records' copy is, in the same place. */
    size_t *index = crew__scratch_take(indices + all);
    if (!index)
        return -ENOMEM;
    char *other = (char *)(index + n);
    for (size_t i = 0; i < n; i++)
        memcpy(other + i * key_size, base + i * size + offset, key_size);
    crew__iota(index, n);
    int error = radix_with_index(t)(other, index, n, &t->key);
    if (!error) {
        crew__gather(base, size, index, n, other);
        crew__copy(other, base, n * size);
    }
    crew__scratch_give(index);
    return error;
}

int crew__sort_records(const struct crew__type *t, void *base, size_t n, size_t size, size_t offset)
{
    size_t key_size = crew__type_size(t);
    int error = crew__check_array(base, n, size);
    if (!error && (size < key_size || offset > size - key_size))
        error = -EINVAL;
    if (error || n < 2)
        return error;
    struct crew__key key = t->key;
    key.offset = offset;
    if (size == 16)
        return (t->wide ? crew__radix_r16k64 : crew__radix_r16k32)(base, NULL, n, &key);
    if (size == 8 && !t->wide)
        return crew__radix_r8k32(base, NULL, n, &key);
    if (size == key_size && (uintptr_t)base % key_size == 0)
        return crew__sort_keys(t, base, n);
    return sort_other_records(t, base, n, size, offset);
}
