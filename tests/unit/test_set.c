/* crew/set.h and its inlined forms against the loop of std::set_union and its like, to the bit. */
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/set.h>
#include <errno.h>
#include <math.h>
#include <string.h>

enum { UNION, INTERSECTION, DIFFERENCE, SYMMETRIC, OPERATIONS, GUARD = 0x5a };

struct record {
    uint32_t key, place;
};

struct wide {
    uint32_t key, place;
    char rest[292];
};

#define CREW_NAME record_union
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#define CREW_SET CREW_SET_UNION
#include <crew/inline/set.h>

#define CREW_NAME record_intersection
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#define CREW_SET CREW_SET_INTERSECTION
#include <crew/inline/set.h>

#define CREW_NAME record_difference
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#define CREW_SET CREW_SET_DIFFERENCE
#include <crew/inline/set.h>

#define CREW_NAME record_symmetric
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#define CREW_SET CREW_SET_SYMMETRIC_DIFFERENCE
#include <crew/inline/set.h>

#define CREW_NAME record_includes
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/includes.h>

/* Says of many pairs that each is before the other. */
#define CREW_NAME nonsense
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((((a)->key ^ (b)->place) & 1) != 0)
#define CREW_SET CREW_SET_UNION
#include <crew/inline/set.h>

typedef int combine_fn(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
                       void *ctx, size_t *count, const crew_options *opt);
typedef int inline_fn(const struct record *a, size_t na, const struct record *b, size_t nb, struct record *out,
                      size_t *count, const crew_options *opt);

static combine_fn *const combine[OPERATIONS] = {crew_set_union, crew_set_intersection, crew_set_difference,
                                                crew_set_symmetric_difference};
static inline_fn *const inlined[OPERATIONS] = {record_union, record_intersection, record_difference, record_symmetric};

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* The loop. Writes elements of `size` bytes to out. */
static size_t expected(int op, const char *a, size_t na, const char *b, size_t nb, size_t size, char *out,
                       crew_compare *cmp)
{
    size_t i = 0, j = 0, count = 0;
    while (i < na || j < nb) {
        int c = i == na ? 1 : j == nb ? -1 : cmp(a + i * size, b + j * size, NULL);
        bool keep =
            op == UNION || (op == INTERSECTION && c == 0) || (op == DIFFERENCE && c < 0) || (op == SYMMETRIC && c != 0);
        if (keep)
            memcpy(out + count++ * size, c <= 0 ? a + i * size : b + j * size, size);
        i += c <= 0;
        j += c >= 0;
    }
    return count;
}

static const size_t sizes[] = {
    0, 1, 3, 17, 300, 2048, 2049, 4097, TESTS_VALGRIND ? 7000 : TESTS_SANITIZED ? 9000 : 50001};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Sorted keys, `range` different ones, the elements numbered. */
static void fill(void *x, size_t n, size_t size, uint32_t range, uint32_t first, uint64_t *seed)
{
    uint32_t *keys = malloc((n + 1) * sizeof *keys);
    ck_assert_ptr_nonnull(keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = first + (uint32_t)oracle_below(seed, range);
    ck_assert_int_eq(crew_sort_u32(keys, n), 0);
    memset(x, 0, n * size);
    for (size_t i = 0; i < n; i++) {
        const uint32_t place = (uint32_t)i;
        memcpy((char *)x + i * size, &keys[i], sizeof *keys);
        memcpy((char *)x + i * size + 4, &place, sizeof place);
    }
    free(keys);
}

static void *get(size_t bytes)
{
    void *p = malloc(bytes + 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void check(const char *a, size_t na, const char *b, size_t nb, size_t size)
{
    char *want = get((na + nb) * size);
    for (int op = 0; op < OPERATIONS; op++) {
        const size_t count = expected(op, a, na, b, nb, size, want, compare);
        for (int form = 0; form < (size == sizeof(struct record) ? 2 : 1); form++) {
            size_t found = 99, counted = 99;
            char *out = get(count * size); /* not a byte more than is needed */
            out[count * size] = GUARD;
            int error = form ? inlined[op]((const void *)a, na, (const void *)b, nb, (void *)out, &found, NULL)
                             : combine[op](a, na, b, nb, size, out, compare, NULL, &found, NULL);
            ck_assert_int_eq(error, 0);
            ck_assert_uint_eq(found, count);
            ck_assert_mem_eq(out, want, count * size);
            ck_assert_int_eq(out[count * size], GUARD);
            error = form ? inlined[op]((const void *)a, na, (const void *)b, nb, NULL, &counted, NULL)
                         : combine[op](a, na, b, nb, size, NULL, compare, NULL, &counted, NULL);
            ck_assert_int_eq(error, 0);
            ck_assert_uint_eq(counted, count);
            free(out);
        }
        if (op == DIFFERENCE) { /* b includes a */
            bool result = count != 0;
            ck_assert_int_eq(crew_includes(b, nb, a, na, size, compare, NULL, &result, NULL), 0);
            ck_assert(result == (count == 0));
            if (size == sizeof(struct record)) {
                result = count != 0;
                ck_assert_int_eq(record_includes((const void *)b, nb, (const void *)a, na, &result, NULL), 0);
                ck_assert(result == (count == 0));
            }
        }
    }
    free(want);
}

START_TEST(equals_the_loop)
{
    const uint32_t ranges[] = {1, 2, 100, 20000, 1 << 30};
    uint64_t seed = oracle_seed();
    use_threads(_i);
    for (size_t x = 0; x < SIZES; x++)
        for (size_t y = 0; y < SIZES; y++)
            for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
                if ((x + y + r) % 3 != (size_t)_i % 3) /* a third of them at each thread count */
                    continue;
                struct record *a = get(sizes[x] * sizeof *a), *b = get(sizes[y] * sizeof *b);
                fill(a, sizes[x], sizeof *a, ranges[r], 0, &seed);
                fill(b, sizes[y], sizeof *b, ranges[r] / 2 + 1, ranges[r] / 3, &seed);
                check((char *)a, sizes[x], (char *)b, sizes[y], sizeof *a);
                free(a), free(b);
            }
}
END_TEST

START_TEST(of_large_and_odd_elements)
{
    const size_t bytes[] = {8, 9, 256, 257, sizeof(struct wide)};
    uint64_t seed = oracle_seed();
    use_threads(_i);
    for (size_t s = 0; s < sizeof bytes / sizeof *bytes; s++)
        for (uint32_t range = 3; range < 30000; range *= 21) {
            size_t na = 5001, nb = 3000;
            char *a = get(na * bytes[s]), *b = get(nb * bytes[s]);
            fill(a, na, bytes[s], range, 0, &seed);
            fill(b, nb, bytes[s], range, 1, &seed);
            check(a, na, b, nb, bytes[s]);
            free(a), free(b);
        }
}
END_TEST

/* A part of an array: includes it, and the same array. */
START_TEST(includes_itself)
{
    enum { N = 50000 };
    uint64_t seed = oracle_seed();
    use_threads(_i);
    struct record *a = get(N * sizeof *a), *b = get(N * sizeof *b);
    fill(a, N, sizeof *a, 10000, 0, &seed);
    size_t nb = 0;
    for (size_t i = 0; i < N; i += 1 + oracle_below(&seed, 3))
        b[nb++] = a[i];
    check((char *)b, nb, (char *)a, N, sizeof *a);
    check((char *)a, N, (char *)a, N, sizeof *a);
    for (size_t miss = 0; miss < nb; miss += nb / 3) { /* one that a has not */
        struct record was = b[miss];
        b[miss].key = miss > 0 ? b[miss - 1].key : 0;
        for (size_t i = 0; i < N; i++)
            if (a[i].key == b[miss].key)
                a[i].key++;
        check((char *)b, nb, (char *)a, N, sizeof *a);
        b[miss] = was;
    }
    free(a), free(b);
}
END_TEST

/* By value: -0 equals +0, NaN is last and equals NaN, whatever their bits. */
static int compare_f64(const void *a, const void *b, void *ctx)
{
    const double x = *(const double *)a, y = *(const double *)b;
    (void)ctx;
    return x < y ? -1 : x > y ? 1 : (x != x) - (y != y);
}

static int compare_f32(const void *a, const void *b, void *ctx)
{
    const float x = *(const float *)a, y = *(const float *)b;
    (void)ctx;
    return x < y ? -1 : x > y ? 1 : (x != x) - (y != y);
}

#define INTEGER(type, element)                                                                                         \
    static int compare_##type(const void *a, const void *b, void *ctx)                                                 \
    {                                                                                                                  \
        const element x = *(const element *)a, y = *(const element *)b;                                                \
        (void)ctx;                                                                                                     \
        return (x > y) - (x < y);                                                                                      \
    }
INTEGER(i32, int32_t)
INTEGER(i64, int64_t)
INTEGER(u32, uint32_t)
INTEGER(u64, uint64_t)

#define TEMPLATE "../../../tests/unit/set_typed_template.h"
#include "../../lib/array/typed/each_type_template.h"
#include "../../lib/array/typed/types.h"

START_TEST(typed)
{
    const size_t lengths[] = {0, 1, 3, 700, 2047, 2049, 20000};
    uint64_t seed = oracle_seed();
    use_threads(_i);
    for (size_t x = 0; x < 7; x++)
        for (size_t y = 0; y < 7; y++)
            for (size_t range = 1; range < 100000; range *= 90) {
                check_f32(lengths[x], lengths[y], range, &seed);
                check_f64(lengths[x], lengths[y], range, &seed);
                check_i32(lengths[x], lengths[y], range, &seed);
                check_i64(lengths[x], lengths[y], range, &seed);
                check_u32(lengths[x], lengths[y], range, &seed);
                check_u64(lengths[x], lengths[y], range, &seed);
            }
}
END_TEST

/* Nothing is read or written outside where arrays are not sorted or the comparison contradicts itself. */
START_TEST(not_sorted)
{
    enum { N = 30000 };
    uint64_t seed = oracle_seed();
    use_threads(_i);
    struct record *a = get(N * sizeof *a), *b = get(N * sizeof *b), *out = get(2 * N * sizeof *out);
    for (int round = 0; round < 6; round++) {
        for (size_t i = 0; i < N; i++) {
            a[i] = (struct record){(uint32_t)oracle_below(&seed, round % 2 ? 5 : N), (uint32_t)i};
            b[i] = (struct record){(uint32_t)oracle_below(&seed, round % 2 ? 5 : N), (uint32_t)i};
        }
        ((char *)out)[2 * N * sizeof *out] = GUARD;
        for (int op = 0; op < OPERATIONS; op++) {
            size_t count = 0;
            ck_assert_int_eq(combine[op](a, N, b, N, sizeof *a, out, compare, NULL, &count, NULL), 0);
            ck_assert_uint_le(count, 2 * N);
            ck_assert_int_eq(inlined[op](a, N, b, N, out, &count, NULL), 0);
            ck_assert_uint_le(count, 2 * N);
        }
        size_t count = 0;
        ck_assert_int_eq(nonsense(a, N, b, N, out, &count, NULL), 0);
        ck_assert_uint_le(count, 2 * N);
        ck_assert_int_eq(((char *)out)[2 * N * sizeof *out], GUARD);
    }
    free(a), free(b), free(out);
}
END_TEST

/* One of them is larger than what a part may be. */
START_TEST(of_huge_elements)
{
    enum { SIZE = 300000 };
    char *a = calloc(3, SIZE), *b = calloc(2, SIZE);
    ck_assert(a && b);
    for (uint32_t i = 0; i < 3; i++) {
        const uint32_t key = 2 * i + 1;
        memcpy(a + i * SIZE, &key, sizeof key);
        a[(i + 1) * SIZE - 1] = (char)key;
    }
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t key = i + 3;
        memcpy(b + i * SIZE, &key, sizeof key);
        b[(i + 1) * SIZE - 1] = (char)-(int)key;
    }
    use_threads(_i);
    check(a, 3, b, 2, SIZE);
    free(a);
    free(b);
}
END_TEST

START_TEST(errors)
{
    struct record a[4] = {{1, 0}, {2, 1}, {3, 2}, {4, 3}}, b[2] = {{2, 0}, {9, 1}}, out[6];
    size_t count = 77;
    bool result = false;
    const size_t size = sizeof *a;
    for (int op = 0; op < OPERATIONS; op++) {
        combine_fn *f = combine[op];
        ck_assert_int_eq(f(NULL, 4, b, 2, size, out, compare, NULL, &count, NULL), -EINVAL);
        ck_assert_int_eq(f(a, 4, NULL, 2, size, out, compare, NULL, &count, NULL), -EINVAL);
        ck_assert_int_eq(f(a, 4, b, 2, 0, out, compare, NULL, &count, NULL), -EINVAL);
        ck_assert_int_eq(f(a, 4, b, 2, size, out, NULL, NULL, &count, NULL), -EINVAL);
        ck_assert_int_eq(f(a, 4, b, 2, size, out, compare, NULL, NULL, NULL), -EINVAL);
        ck_assert_int_eq(f(a, 4, b, 2, size, a + 1, compare, NULL, &count, NULL), -EINVAL);
        ck_assert_int_eq(f(a, 4, b, 2, size, b, compare, NULL, &count, NULL), -EINVAL);
        ck_assert_int_eq(f(a, SIZE_MAX, b, 2, size, out, compare, NULL, &count, NULL), -EOVERFLOW);
        ck_assert_int_eq(f(a, SIZE_MAX / 4, b, 2, size, out, compare, NULL, &count, NULL), -EOVERFLOW);
        crew_options bad = {.timeout = NAN};
        ck_assert_int_eq(f(a, 4, b, 2, size, out, compare, NULL, &count, &bad), -EINVAL);
        crew_cancel stop = {0};
        crew_cancel_request(&stop);
        crew_options cancelled = {.cancel = &stop};
        ck_assert_int_eq(f(a, 4, b, 2, size, out, compare, NULL, &count, &cancelled), -ECANCELED);
        ck_assert_int_eq(f(a, 4, b, 2, size, NULL, compare, NULL, &count, &cancelled), -ECANCELED);
        ck_assert_uint_eq(count, 77);
    }
    ck_assert_int_eq(crew_set_union(NULL, 0, NULL, 0, size, out, compare, NULL, &count, NULL), 0);
    ck_assert_uint_eq(count, 0);
    /* What comes behind a result is another array perhaps. */
    struct record both[6] = {{0, 0}, {1, 0}, {2, 1}, {3, 2}, {4, 3}, {5, 4}};
    ck_assert_int_eq(crew_set_intersection(both + 1, 4, b, 2, size, both, compare, NULL, &count, NULL), 0);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(both[0].key, 2);
    ck_assert_int_eq(crew_set_union(both + 1, 4, b, 2, size, both, compare, NULL, &count, NULL), -EINVAL);
    /* the same before the second array */
    struct record behind[12] = {{0, 0}, {0, 0}, {5, 0}, {6, 1}, {7, 2}, {8, 3}};
    ck_assert_int_eq(crew_set_intersection(a, 4, behind + 1, 1, size, behind, compare, NULL, &count, NULL), 0);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(crew_set_union(a, 4, behind + 2, 4, size, behind, compare, NULL, &count, NULL), -EINVAL);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(crew_includes(a, 4, b, 2, size, compare, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_includes(a, 4, b, 2, size, NULL, NULL, &result, NULL), -EINVAL);
    ck_assert_int_eq(crew_includes(a, 4, b, 2, size, compare, NULL, &result, NULL), 0);
    ck_assert(!result);
    ck_assert_int_eq(crew_includes(a, 4, b, 1, size, compare, NULL, &result, NULL), 0);
    ck_assert(result);
    ck_assert_int_eq(crew_includes(NULL, 0, NULL, 0, size, compare, NULL, &result, NULL), 0);
    ck_assert(result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("set");
    TCase *tc = parallel_case(suite, "generic");
    tcase_add_loop_test(tc, equals_the_loop, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, of_large_and_odd_elements, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, of_huge_elements, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, includes_itself, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, not_sorted, 0, ORACLE_THREADS);
    tcase_add_test(tc, errors);
    tc = parallel_case(suite, "typed");
    tcase_add_loop_test(tc, typed, 0, ORACLE_THREADS);
    return run_suite(suite);
}
