/* mismatch and find: searches that know their cost, in leaves of 4096 elements or bytes that are handed out in order.
 */
#include "../../core/loop/runner.h"
#include "../reduce/reduce_typed.h"
#include <crew/find.h>
#include <stdatomic.h>
#include <string.h>

enum {
    INLINE_LEAVES = 32, /* one thread is done with them before a team has started */
    MOST_LEAVES = 16
}; /* at once: a hit may be known meanwhile */

/* Bytes that a thread reads in a nanosecond. Only decides how much is worth a thread. */
static const double bytes_per_ns = 20;

struct search {
    const char *a, *b;
    size_t n;
    struct crew__typed type; /* CREW__TYPES: mismatch of bytes */
    const void *value;
    atomic_size_t taken, found; /* leaf, element */
};

/* The lowest index in the leaf where the search ends, else its end. */
static size_t search_leaf(const struct search *s, size_t leaf)
{
    if (s->type.type != CREW__TYPES)
        return crew__find_typed(&s->type, s->a, s->n, leaf, s->value);
    size_t i = leaf * CREW__LEAF, end = s->n - i < CREW__LEAF ? s->n : i + CREW__LEAF;
    if (memcmp(s->a + i, s->b + i, end - i) == 0)
        return end;
    while (s->a[i] == s->b[i])
        i++;
    return i;
}

static bool search_range(struct search *s, size_t begin, size_t end)
{
    for (size_t leaf = begin; leaf < end; leaf++) {
        size_t last = s->n - leaf * CREW__LEAF < CREW__LEAF ? s->n : (leaf + 1) * CREW__LEAF;
        size_t found = search_leaf(s, leaf), lowest = atomic_load_explicit(&s->found, memory_order_relaxed);
        if (found == last && leaf < lowest / CREW__LEAF)
            continue;
        while (found < last && found < lowest &&
               !atomic_compare_exchange_weak_explicit(&s->found, &lowest, found, memory_order_relaxed,
                                                      memory_order_relaxed))
            ;
        return found < last || leaf >= lowest / CREW__LEAF;
    }
    return false;
}

static int search_leaves(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct search *s = ctx;
    size_t leaf = atomic_fetch_add_explicit(&s->taken, end - begin, memory_order_relaxed);
    *failed = 0; /* leaves below are with other threads already */
    return search_range(s, leaf, leaf + (end - begin));
}

/* size: bytes read for an element. */
static size_t search(struct search *s, size_t size)
{
    size_t leaves = s->n / CREW__LEAF + (s->n % CREW__LEAF != 0);
    atomic_store_explicit(&s->found, s->n, memory_order_relaxed);
    if (!search_range(s, 0, leaves < INLINE_LEAVES ? leaves : INLINE_LEAVES) && leaves > INLINE_LEAVES) {
        atomic_store_explicit(&s->taken, INLINE_LEAVES, memory_order_relaxed);
        struct crew__loop loop = {.n = leaves - INLINE_LEAVES,
                                  .fn = search_leaves,
                                  .ctx = s,
                                  .max_block = MOST_LEAVES,
                                  .item_ns = CREW__LEAF * (double)size / bytes_per_ns};
        (void)crew__run(&loop);
    }
    return atomic_load_explicit(&s->found, memory_order_relaxed);
}

size_t crew_mismatch(const void *a, const void *b, size_t size, size_t n)
{
    struct search s = {.a = a, .b = b, .n = n * size, .type = {.type = CREW__TYPES}};
    return n == 0 ? 0 : search(&s, 2) / size;
}

bool crew_equal(const void *a, const void *b, size_t size, size_t n)
{
    return crew_mismatch(a, b, size, n) == n;
}

static size_t find(enum crew__type type, const void *x, size_t size, size_t n, const void *value)
{
    struct search s = {.a = x, .n = n, .type = {.type = type, .size = size}, .value = value};
    return search(&s, size);
}

size_t crew_find_f32(const float *x, size_t n, float value)
{
    return find(CREW__F32, x, sizeof *x, n, &value);
}

size_t crew_find_f64(const double *x, size_t n, double value)
{
    return find(CREW__F64, x, sizeof *x, n, &value);
}

size_t crew_find_i32(const int32_t *x, size_t n, int32_t value)
{
    return find(CREW__I32, x, sizeof *x, n, &value);
}

size_t crew_find_i64(const int64_t *x, size_t n, int64_t value)
{
    return find(CREW__I64, x, sizeof *x, n, &value);
}

size_t crew_find_u32(const uint32_t *x, size_t n, uint32_t value)
{
    return find(CREW__U32, x, sizeof *x, n, &value);
}

size_t crew_find_u64(const uint64_t *x, size_t n, uint64_t value)
{
    return find(CREW__U64, x, sizeof *x, n, &value);
}

bool crew_contains_f32(const float *x, size_t n, float value)
{
    return crew_find_f32(x, n, value) < n;
}

bool crew_contains_f64(const double *x, size_t n, double value)
{
    return crew_find_f64(x, n, value) < n;
}

bool crew_contains_i32(const int32_t *x, size_t n, int32_t value)
{
    return crew_find_i32(x, n, value) < n;
}

bool crew_contains_i64(const int64_t *x, size_t n, int64_t value)
{
    return crew_find_i64(x, n, value) < n;
}

bool crew_contains_u32(const uint32_t *x, size_t n, uint32_t value)
{
    return crew_find_u32(x, n, value) < n;
}

bool crew_contains_u64(const uint64_t *x, size_t n, uint64_t value)
{
    return crew_find_u64(x, n, value) < n;
}
