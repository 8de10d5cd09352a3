/* crew_find_adjacent, crew_is_sorted_until, crew_find_sequence and crew_lexicographical_compare, of any elements and
   typed. */
#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "../../core/base/memory.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../sort/sort_type.h"
#include "../typed/isa.h"
#include "../typed/types.h"
#include "lowest.h"
#include <crew/find.h>
#include <errno.h>
#include <string.h>

enum { LEAF = 4096, FIRST_LEAVES = 32, CHUNK = 64 };

/* Bytes that a thread reads in a nanosecond. Only decides how much is worth a thread. */
static const double bytes_per_ns = 10;

typedef size_t adjacent_fn(const void *x, size_t n);
typedef size_t differ_fn(const void *a, const void *b, size_t n);
typedef size_t sequence_fn(const void *x, size_t n, const void *y, size_t m);

struct pair_kernels {
    adjacent_fn *adjacent, *descent;
    differ_fn *differ;
    sequence_fn *sequence;
};

#define NAME(verb) CREW__CAT(verb, TYPE)
#define TARGET
#define TEMPLATE "../find/pairs_template.h"
#include "../typed/each_type_template.h"
#undef NAME
#undef TARGET

#ifdef CREW__ISA_X86
#define NAME(verb) CREW__CAT3(verb, avx2, TYPE)
#define TARGET __attribute__((target("avx2")))
#define TEMPLATE "../find/pairs_template.h"
#include "../typed/each_type_template.h"
#undef NAME
#undef TARGET
#endif

static const struct pair_kernels *kernels(enum crew__type type)
{
#define KERNELS(t)                                                                                                     \
    {                                                                                                                  \
        adjacent_##t, descent_##t, differ_##t, sequence_##t                                                            \
    }
    static const struct pair_kernels plain[CREW__TYPES] = {KERNELS(f32), KERNELS(f64), KERNELS(i32),
                                                           KERNELS(i64), KERNELS(u32), KERNELS(u64)};
#ifdef CREW__ISA_X86
    static const struct pair_kernels avx2[CREW__TYPES] = {KERNELS(avx2_f32), KERNELS(avx2_f64), KERNELS(avx2_i32),
                                                          KERNELS(avx2_i64), KERNELS(avx2_u32), KERNELS(avx2_u64)};
    if (crew__isa() >= CREW__ISA_AVX2)
        return &avx2[type];
#endif
    return &plain[type];
}

/* One of the three kernels is set. */
struct search {
    const void *x, *y;
    size_t size, m;
    adjacent_fn *adjacent;
    differ_fn *differ;
    sequence_fn *sequence;
    struct crew__cut leaves;
    atomic_size_t found;
};

static size_t search_leaf(const struct search *s, size_t begin, size_t n)
{
    const char *x = (const char *)s->x + begin * s->size;
    return s->adjacent   ? s->adjacent(x, n)
           : s->sequence ? s->sequence(x, n, s->y, s->m)
                         : s->differ(x, (const char *)s->y + begin * s->size, n);
}

/* A hit ends the loop as a failure does: leaves below it are still searched. */
static int search_leaves(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct search *s = ctx;
    for (size_t leaf = begin; leaf < end; leaf++) {
        size_t first = crew__cut_begin(&s->leaves, leaf), n = crew__cut_end(&s->leaves, leaf) - first;
        size_t at = search_leaf(s, first, n);
        if (at < n) {
            crew__lowest_set(&s->found, first + at);
            *failed = leaf;
            return 1;
        }
    }
    return 0;
}

/* The lowest of n items, not 0, for which `arrays` arrays are read; n where there is none. */
static size_t search(struct search *s, size_t n, size_t arrays)
{
    struct crew__fp_saved fp = crew__fp_begin(); /* subnormal numbers would be equal to 0 in another one */
    size_t at;
    if (n <= LEAF) {
        at = search_leaf(s, 0, n);
    } else {
        s->leaves = crew__cut_by(n, LEAF);
        atomic_store_explicit(&s->found, n, memory_order_relaxed);
        crew__run(&(struct crew__loop){.n = s->leaves.count,
                                       .fn = search_leaves,
                                       .ctx = s,
                                       .first = FIRST_LEAVES,
                                       .in_order = 1,
                                       .item_ns = (double)LEAF * (double)(arrays * s->size) / bytes_per_ns});
        at = atomic_load_explicit(&s->found, memory_order_relaxed);
    }
    crew__fp_end(&fp);
    return at;
}

#define TEMPLATE "../find/pairs_typed_template.h"
#include "../typed/each_type_template.h"

typedef int equal_fn(const void *a, const void *b, void *ctx);

/* What the predicates below ask. */
struct asked {
    const char *x, *y;
    size_t size, m;
    equal_fn *equal; /* NULL: where all bytes are */
    crew_compare *cmp;
    void *ctx;
};

static bool is_equal(const struct asked *a, const char *x, const char *y)
{
    return a->equal ? a->equal(x, y, a->ctx) != 0 : memcmp(x, y, a->size) == 0;
}

static int equals_next(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct asked *a = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = is_equal(a, a->x + i * a->size, a->x + (i + 1) * a->size);
    return 0;
}

static int is_after_next(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct asked *a = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = a->cmp(a->x + (i + 1) * a->size, a->x + i * a->size, a->ctx) < 0;
    return 0;
}

static int begins_sequence(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct asked *a = ctx;
    for (size_t i = begin; i < end; i++) {
        size_t j = 0;
        while (j < a->m && is_equal(a, a->x + (i + j) * a->size, a->y + j * a->size))
            j++;
        flags[i - begin] = j == a->m;
    }
    return 0;
}

static int is_ordered(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct asked *a = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = a->cmp(a->x + i * a->size, a->y + i * a->size, a->ctx) != 0;
    return 0;
}

static int check(const void *x, size_t n, size_t size)
{
    size_t bytes;
    return size == 0 || (!x && n > 0) ? -EINVAL : crew__mul(n, size, &bytes) ? 0 : -EOVERFLOW;
}

int crew_find_adjacent(const void *x, size_t n, size_t size, equal_fn *equal, void *ctx, size_t *index,
                       const crew_options *opt)
{
    struct asked a = {.x = x, .size = size, .equal = equal, .ctx = ctx};
    size_t pairs = n > 0 ? n - 1 : 0, at = 0;
    int error = index ? check(x, n, size) : -EINVAL;
    error = error ? error : crew_find_first(pairs, equals_next, &a, &at, opt);
    if (error == 0)
        *index = at < pairs ? at : n;
    return error;
}

int crew_is_sorted_until(const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index,
                         const crew_options *opt)
{
    struct asked a = {.x = x, .size = size, .cmp = cmp, .ctx = ctx};
    size_t pairs = n > 0 ? n - 1 : 0, at = 0;
    int error = cmp && index ? check(x, n, size) : -EINVAL;
    error = error ? error : crew_find_first(pairs, is_after_next, &a, &at, opt);
    if (error == 0)
        *index = at < pairs ? at + 1 : n;
    return error;
}

int crew_find_sequence(const void *x, size_t n, const void *y, size_t m, size_t size, equal_fn *equal, void *ctx,
                       size_t *index, const crew_options *opt)
{
    struct asked a = {.x = x, .y = y, .size = size, .m = m, .equal = equal, .ctx = ctx};
    int error = index ? check(x, n, size) : -EINVAL;
    error = error ? error : check(y, m, size);
    size_t starts = m > n ? 0 : m == 0 ? 1 : n - m + 1, at = 0;
    error = error ? error : crew_find_first(starts, begins_sequence, &a, &at, opt);
    if (error == 0)
        *index = at < starts ? at : n;
    return error;
}

int crew_lexicographical_compare(const void *a, size_t na, const void *b, size_t nb, size_t size, crew_compare *cmp,
                                 void *ctx, int *order, const crew_options *opt)
{
    struct asked asked = {.x = a, .y = b, .size = size, .cmp = cmp, .ctx = ctx};
    size_t n = na < nb ? na : nb, at = 0;
    int error = cmp && order ? check(a, na, size) : -EINVAL;
    error = error ? error : check(b, nb, size);
    error = error ? error : crew_find_first(n, is_ordered, &asked, &at, opt);
    if (error)
        return error;
    int sign = at < n ? cmp(asked.x + at * size, asked.y + at * size, ctx) : (na > nb) - (na < nb);
    *order = (sign > 0) - (sign < 0);
    return 0;
}
