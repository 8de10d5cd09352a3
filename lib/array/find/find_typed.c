/* crew_mismatch, crew_equal, crew_find_{f32..u64}, crew_contains_{f32..u64}: searches that know their cost, in leaves
   of 4096 elements or bytes that are handed out in order. */
#include "../../core/base/fp_environment.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../reduce/reduce_typed.h"
#include "lowest.h"
#include <crew/find.h>
#include <string.h>

enum { FIRST_LEAVES = 32 }; /* one thread is done with them before a team has started */

/* Bytes that a thread reads in a nanosecond. Only decides how much is worth a thread. */
static const double bytes_per_ns = 20;

struct search {
    const char *a, *b;
    struct crew__cut leaves;
    struct crew__typed type; /* CREW__TYPES: mismatch of bytes */
    const void *value;
    atomic_size_t found; /* lowest element */
};

/* The lowest index in the leaf where the search ends, else its end. */
static size_t search_leaf(const struct search *s, size_t leaf)
{
    if (s->type.type != CREW__TYPES)
        return crew__find_typed(&s->type, s->a, s->leaves.n, leaf, s->value);
    size_t i = crew__cut_begin(&s->leaves, leaf), end = crew__cut_end(&s->leaves, leaf);
    if (memcmp(s->a + i, s->b + i, end - i) == 0)
        return end;
    while (s->a[i] == s->b[i])
        i++;
    return i;
}

/* A hit ends the loop as a failure does: leaves below it are still searched. */
static int search_leaves(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct search *s = ctx;
    for (size_t leaf = begin; leaf < end; leaf++) {
        size_t found = search_leaf(s, leaf);
        if (found < crew__cut_end(&s->leaves, leaf)) {
            crew__lowest_set(&s->found, found);
            *failed = leaf;
            return 1;
        }
    }
    return 0;
}

/* size: bytes read for an element. */
static size_t search(struct search *s, size_t n, size_t size)
{
    s->leaves = crew__cut_by(n, CREW__LEAF);
    atomic_store_explicit(&s->found, n, memory_order_relaxed);
    crew__run(&(struct crew__loop){.n = s->leaves.count,
                                   .fn = search_leaves,
                                   .ctx = s,
                                   .first = FIRST_LEAVES,
                                   .in_order = 1,
                                   .item_ns = (double)CREW__LEAF * (double)size / bytes_per_ns});
    return atomic_load_explicit(&s->found, memory_order_relaxed);
}

size_t crew_mismatch(const void *a, const void *b, size_t size, size_t n)
{
    struct search s = {.a = a, .b = b, .type = {.type = CREW__TYPES}};
    return search(&s, n * size, 2) / size;
}

bool crew_equal(const void *a, const void *b, size_t size, size_t n)
{
    return crew_mismatch(a, b, size, n) == n;
}

static size_t find(enum crew__type type, const void *x, size_t size, size_t n, const void *value)
{
    struct search s = {.a = x, .type = {.type = type, .size = size}, .value = value};
    struct crew__fp_saved fp = crew__fp_begin();
    size_t at = search(&s, n, size);
    crew__fp_end(&fp);
    return at;
}

#define TEMPLATE "../find/find_typed_template.h"
#include "../typed/each_type_template.h"
