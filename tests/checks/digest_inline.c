/* Expressions and algorithms that are compiled in the program: crew/expression.h, accumulate.h, reducers.h, inline. */
#include "digest.h"
#include <crew/crew.h>
#include <math.h>

/* Functions a x + b modulo 2^32, which do not commute, with a sum whose rounding shows brackets. */
struct affine {
    uint32_t a, b;
    double sum;
};

static void compose(struct affine *f, const struct affine *g)
{
    f->b = g->a * f->b + g->b;
    f->a *= g->a;
    f->sum += g->sum;
}

struct range {
    double low, high, sum;
};

static void widen(struct range *r, const struct range *by)
{
    r->low = by->low < r->low ? by->low : r->low;
    r->high = by->high > r->high ? by->high : r->high;
    r->sum += by->sum;
}

#define CREW_NAME affines
#define CREW_TYPE struct affine
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0, 0                                                                                                        \
    }
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/scan.h>

#define CREW_NAME affines_before
#define CREW_TYPE struct affine
#define CREW_EXCLUSIVE
#define CREW_SEGMENTED
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0, 0                                                                                                        \
    }
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/scan.h>

#define CREW_NAME composed
#define CREW_TYPE struct affine
#define CREW_RESULT struct affine
#define CREW_FOLD(acc, x) compose(acc, x)
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/reduce.h>

#define CREW_NAME by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#include <crew/inline/sort.h>

#define CREW_NAME nth_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#include <crew/inline/nth.h>

#define CREW_NAME merge_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#include <crew/inline/merge.h>

#define CREW_NAME keep
#define CREW_TYPE struct affine
#define CREW_TEST(x) ((x)->b % 3 == 1)
#include <crew/inline/filter.h>

#define CREW_NAME part
#define CREW_TYPE struct affine
#define CREW_TEST(x) ((x)->b % 3 == 1)
#include <crew/inline/partition.h>

#define CREW_NAME find
#define CREW_TYPE struct affine
#define CREW_CONTEXT uint32_t
#define CREW_TEST(x) ((x)->b % 4096 == ctx)
#include <crew/inline/find.h>

#define CREW_NAME differ
#define CREW_TYPE struct affine
#define CREW_EQUAL(x, y) ((x)->b % 4 == (y)->b % 4)
#include <crew/inline/unique.h>

#define CREW_NAME sums_of
#define CREW_TYPE struct affine
#define CREW_RESULT double
#define CREW_MAP(x) ((x)->sum * 3)
#include <crew/inline/map.h>

#define CREW_NAME reduce_by_bits
#define CREW_TYPE struct affine
#define CREW_KEY(x) ((x)->b % 23)
#define CREW_KEY_TYPE uint32_t
#define CREW_RESULT struct affine
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0, 0                                                                                                        \
    }
#define CREW_FOLD(acc, x) compose(acc, x)
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/group.h>

#define CREW_NAME union_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#define CREW_SET CREW_SET_UNION
#include <crew/inline/set.h>

#define CREW_NAME common_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#define CREW_SET CREW_SET_INTERSECTION
#include <crew/inline/set.h>

#define CREW_NAME without_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#define CREW_SET CREW_SET_DIFFERENCE
#include <crew/inline/set.h>

#define CREW_NAME apart_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#define CREW_SET CREW_SET_SYMMETRIC_DIFFERENCE
#include <crew/inline/set.h>

#define CREW_NAME has_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#include <crew/inline/includes.h>

#define CREW_NAME join_by_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#include <crew/inline/merge_in_place.h>

#define CREW_NAME repeated
#define CREW_TYPE struct affine
#define CREW_EQUAL(x, y) ((x)->b % 1024 == (y)->b % 1024)
#include <crew/inline/find_adjacent.h>

#define CREW_NAME find_row
#define CREW_TYPE struct affine
#define CREW_EQUAL(x, y) ((x)->b % 1024 == (y)->b % 1024)
#include <crew/inline/find_sequence.h>

#define CREW_NAME compare_low_bits
#define CREW_TYPE struct affine
#define CREW_LESS(x, y) ((x)->a % 256 < (y)->a % 256)
#include <crew/inline/lexicographical_compare.h>

static void add_count(const char *family, size_t count)
{
    add_code(family, NULL, count == SIZE_MAX ? -1 : (long long)count);
}

static void algorithms(const struct affine *x, const unsigned char *flags, size_t n)
{
    struct affine *out = room(2, 8), *more = room(3, 16), total = {1, 0, 0};
    const size_t bytes = n * sizeof *x;
    uint32_t keys[23];
    size_t count = 0, groups = 0;
#define RUN(family, call, written)                                                                                     \
    do {                                                                                                               \
        memcpy(marked(out, bytes), x, bytes);                                                                          \
        add_code(family, NULL, call);                                                                                  \
        add(family, NULL, out, written);                                                                               \
    } while (0)
    RUN("inline_sort", by_low_bits(out, n, NULL), bytes + GUARD);
    memcpy(more, out, bytes);
    RUN("inline_merge", merge_by_low_bits(more, n / 3, more + n / 3, n - n / 3, out, NULL), bytes + GUARD);
    RUN("inline_nth", n == 0 ? 0 : nth_by_low_bits(out, n, n / 3, NULL), bytes + GUARD);
    RUN("inline_scan", affines(x, out, n, &total, NULL), bytes + GUARD);
    RUN("inline_scan", affines_before(out, flags, out, n, &total, NULL), bytes + GUARD);
    add("inline_scan", NULL, &total, sizeof total);
    total = (struct affine){1, 0, 0};
    RUN("inline_reduce", composed(x, n, &total, NULL), 0);
    add("inline_reduce", NULL, &total, sizeof total);
    RUN("inline_filter", keep(out, out, n, &count, NULL), count * sizeof *x);
    RUN("inline_partition", part(x, out, more, n, &count, NULL), count * sizeof *x);
    add("inline_partition", NULL, more, (n - count) * sizeof *x);
    RUN("inline_unique", differ(x, out, n, &count, NULL), count * sizeof *x);
    RUN("inline_find", find(x, n, &count, 77, NULL), 0);
    add_count("inline_find", count);
    RUN("inline_map", sums_of(x, (double *)(void *)out, n, NULL), n * sizeof(double));
    RUN("inline_group", reduce_by_bits(x, n, keys, out, &groups, NULL), groups * sizeof *x);
    add("inline_group", NULL, keys, groups * sizeof *keys);
#undef RUN
}

static void pairs(const struct affine *x, size_t n)
{
    struct affine *parts = room(2, 8), *out = room(3, 16);
    const size_t bytes = n * sizeof *x, na = n / 3, nb = n - na;
    size_t count = 0;
    int first = 0;
    bool has = false;
    memcpy(marked(parts, bytes), x, bytes);
    struct affine *b = parts + na;
    add_code("inline_find_adjacent", NULL, repeated(x, n, &count, NULL));
    add_count("inline_find_adjacent", count);
    add_code("inline_find_sequence", NULL, find_row(x, n, b, nb < 3 ? nb : 3, &count, NULL));
    add_count("inline_find_sequence", count);
    add_code("inline_lexicographical_compare", NULL, compare_low_bits(x, n, b, nb, &first, NULL));
    add_code("inline_lexicographical_compare", NULL, first);
    if (n > 0)
        parts[n - 1].a += 2;
    add_code("inline_lexicographical_compare", NULL, compare_low_bits(x, n, parts, n, &first, NULL));
    add_code("inline_lexicographical_compare", NULL, first);
    by_low_bits(parts, na, NULL);
    by_low_bits(b, nb, NULL);
    if (n <= MIDDLE) {
        static int (*const sets[])(const struct affine *, size_t, const struct affine *, size_t, struct affine *,
                                   size_t *, const crew_options *) = {union_by_low_bits, common_by_low_bits,
                                                                      without_by_low_bits, apart_by_low_bits};
        for (size_t i = 0; i < 4; i++) {
            add_code("inline_set", NULL, sets[i](parts, na, b, nb, NULL, &count, NULL));
            add_count("inline_set", count);
            marked(out, count * sizeof *out);
            add_code("inline_set", NULL, sets[i](parts, na, b, nb, out, &count, NULL));
            add_guarded("inline_set", NULL, out, count * sizeof *out);
        }
    }
    add_code("inline_includes", NULL, has_low_bits(parts, na, b, nb, &has, NULL));
    add_code("inline_includes", NULL, has);
    add_code("inline_includes", NULL, has_low_bits(b, nb, b, nb / 2, &has, NULL));
    add_code("inline_includes", NULL, has);
    add_code("inline_merge_in_place", NULL, join_by_low_bits(parts, na, n, NULL));
    add_guarded("inline_merge_in_place", NULL, parts, bytes);
}

static void statements(const double *x, const struct affine *y, size_t n)
{
    double sum = 0.5, low = 3, high = -3, table[50] = {0};
    float single = 0.25f, low_single = 9;
    int32_t small = -7, highest_small = 5;
    uint64_t large = 11;
    size_t count = 3;
    bool any = false, all = true;
    struct range range = {1e300, -1e300, 0};
    crew_extreme lowest = CREW_NO_LOWEST, highest = CREW_NO_HIGHEST;
    crew_moments moments = {0, 0, 0};
#define SAY(family, type, variable) add(family, type, &(variable), sizeof(variable))
    CREW_SUM(sum, i, n, x[i] - 0.125);
    SAY("CREW_SUM", "f64", sum);
    CREW_SUM(single, i, n, (float)x[i]);
    SAY("CREW_SUM", "f32", single);
    CREW_SUM(small, i, n, (int32_t)(y[i].a >> 1));
    SAY("CREW_SUM", "i32", small);
    CREW_SUM(large, i, n, (uint64_t)y[i].a * y[i].b);
    SAY("CREW_SUM", "u64", large);
    CREW_MIN(low, i, n, x[i] * 2);
    SAY("CREW_MIN", "f64", low);
    CREW_MIN(low_single, i, n, (float)x[i] - 1);
    SAY("CREW_MIN", "f32", low_single);
    CREW_MAX(high, i, n, x[i] * 2);
    SAY("CREW_MAX", "f64", high);
    CREW_MAX(highest_small, i, n, (int32_t)(y[i].a >> 1));
    SAY("CREW_MAX", "i32", highest_small);
    high = 0; /* zeros of both signs: which one stays */
    CREW_MAX(high, i, n, y[i].a & 64 ? -0.0 : 0.0);
    SAY("CREW_MAX", "f64", high);
    CREW_MIN(low, i, n, i == 4000 ? (double)NAN : y[i].a & 64 ? -0.0 : 0.0);
    add_code("CREW_MIN", "f64", low != low);
    CREW_COUNT(count, i, n, x[i] > 0);
    add_count("CREW_COUNT", count);
    CREW_ANY(any, i, n, y[i].b % 4096 == 77);
    add_code("CREW_ANY", NULL, any);
    CREW_ALL(all, i, n, y[i].b % 4096 != 77);
    add_code("CREW_ALL", NULL, all);
    CREW_REDUCE(range, i, n, widen(&range, &((const struct range){x[i], x[i], x[i]})), widen(&range, &right));
    SAY("CREW_REDUCE", NULL, range);
    CREW_SUM_ARRAY(table, 50, i, n, table[y[i].b % 50] += x[i]);
    SAY("CREW_SUM_ARRAY", NULL, table);
    CREW_ARGMIN(lowest, i, n, x[i]);
    SAY("CREW_ARGMIN", NULL, lowest.value);
    add_count("CREW_ARGMIN", lowest.index);
    CREW_ARGMAX(highest, i, n, x[i]);
    SAY("CREW_ARGMAX", NULL, highest.value);
    add_count("CREW_ARGMAX", highest.index);
    CREW_MOMENTS(moments, i, n, x[i]);
    SAY("CREW_MOMENTS", NULL, moments);
#undef SAY
}

void digest_inline(void)
{
    for (size_t s = 0; s < size_count; s++) {
        const size_t n = sizes[s];
        seed(n);
        double *x = room(0, s % 4 * 8);
        struct affine *y = room(1, 8);
        unsigned char *flags = room(4, s % 5);
        for (size_t i = 0; i < n; i++) {
            x[i] = random_double();
            uint64_t r = random64();
            y[i] = (struct affine){(uint32_t)r | 1, (uint32_t)(r >> 32), x[i]};
        }
        make_flags(flags, n);
        statements(x, y, n);
        algorithms(y, flags, n);
        pairs(y, n);
    }
}
