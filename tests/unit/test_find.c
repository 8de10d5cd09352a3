/* crew/find.h against naive loops. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/typed/isa.h"
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/find.h>
#include <errno.h>
#include <math.h>
#include <string.h>

enum { LARGEST = TESTS_VALGRIND ? 20001 : TESTS_SANITIZED ? 300001 : 600001 };
#if TESTS_VALGRIND
static const size_t lengths[] = {4097, LARGEST};
#elif TESTS_RACES
static const size_t lengths[] = {4097, 140000, LARGEST};
#else
static const size_t lengths[] = {0, 1, 2, 15, 16, 17, 63, 64, 65, 1000, 4096, 4097, 140000, LARGEST};
#endif
enum { LENGTHS = sizeof lengths / sizeof lengths[0] };

static void *get(size_t size)
{
    void *p = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

struct asked {
    const unsigned char *flags;
    size_t fail_at; /* SIZE_MAX: never */
};

static int ask(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct asked *a = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i >= a->fail_at)
            return i == a->fail_at ? 5 : 6;
        flags[i - begin] = a->flags[i];
    }
    return 0;
}

START_TEST(first)
{
    uint64_t seed = oracle_seed();
    use_threads(_i);
    unsigned char *flags = get(LARGEST);
    for (size_t l = 0; l < LENGTHS; l++)
        for (int round = 0; round < 12; round++) {
            size_t n = lengths[l], hit = round == 0   ? n
                                         : round == 1 ? 0
                                         : round == 2 ? n - 1
                                                      : oracle_below(&seed, n + 1);
            if (n == 0)
                hit = 0;
            memset(flags, 0, LARGEST);
            for (size_t i = hit; i < n; i += 1 + oracle_below(&seed, 5000))
                flags[i] = 0x40;
            struct asked a = {flags, SIZE_MAX};
            size_t index = 77;
            bool any = hit == n, none = hit < n, all;
            ck_assert_int_eq(crew_find_first(n, ask, &a, &index, NULL), 0);
            ck_assert_uint_eq(index, hit);
            ck_assert_int_eq(crew_any(n, ask, &a, &any, NULL), 0);
            ck_assert_int_eq(any, hit < n);
            ck_assert_int_eq(crew_none(n, ask, &a, &none, NULL), 0);
            ck_assert_int_eq(none, hit == n);
            for (size_t i = 0; i < n; i++)
                flags[i] = i != hit;
            ck_assert_int_eq(crew_all(n, ask, &a, &all, NULL), 0);
            ck_assert_int_eq(all, hit == n);
        }
    free(flags);
}
END_TEST

/* What the loop would return: a hit below the failure wins, and a failure below the hit. */
START_TEST(failures)
{
    enum { N = TESTS_VALGRIND ? 20000 : 200000 };
    static const size_t places[] = {0, 1, 64, 5000, N / 2, N - 2};
    use_threads(_i);
    unsigned char *flags = get(N);
    for (size_t h = 0; h < 6; h++)
        for (size_t f = 0; f < 6; f++) {
            size_t index = 77, failed = 88;
            memset(flags, 0, N);
            flags[places[h]] = 1;
            struct asked a = {flags, places[f]};
            int code = crew_find_first(N, ask, &a, &index, &(crew_options){.failed = &failed});
            if (places[h] < places[f]) {
                ck_assert_int_eq(code, 0);
                ck_assert_uint_eq(index, places[h]);
                ck_assert_uint_eq(failed, 88);
            } else {
                ck_assert_int_eq(code, 5);
                ck_assert_uint_eq(failed, places[f]);
                ck_assert_uint_eq(index, 77);
            }
        }
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    struct asked a = {flags, SIZE_MAX};
    size_t index = 77;
    ck_assert_int_eq(crew_find_first(N, ask, &a, &index, &(crew_options){.cancel = &stop}), -ECANCELED);
    ck_assert_int_eq(crew_find_first(N, NULL, &a, &index, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_first(N, ask, &a, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_any(N, ask, &a, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_first(N, ask, &a, &index, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_uint_eq(index, 77);
    free(flags);
}
END_TEST

START_TEST(compare)
{
    uint64_t seed = oracle_seed();
    use_threads(_i);
    static const size_t sizes[] = {1, 3, 8, 24};
    for (size_t s = 0; s < 4; s++)
        for (size_t l = 0; l < LENGTHS; l++) {
            size_t size = sizes[s], n = lengths[l];
            unsigned char *a = get(n * size), *b = get(n * size);
            for (size_t i = 0; i < n * size; i++)
                a[i] = (unsigned char)(i * 7);
            memcpy(b, a, n * size);
            ck_assert_uint_eq(crew_mismatch(a, b, size, n), n);
            ck_assert(crew_equal(a, b, size, n));
            size_t lowest = n;
            for (int k = 0; n > 0 && k < 5; k++) {
                size_t byte = oracle_below(&seed, n * size);
                b[byte] = (unsigned char)(a[byte] ^ 1);
                lowest = byte / size < lowest ? byte / size : lowest;
                ck_assert_uint_eq(crew_mismatch(a, b, size, n), lowest);
                ck_assert(!crew_equal(a, b, size, n));
            }
            free(a), free(b);
        }
}
END_TEST

#define TYPED(type, element)                                                                                           \
    static int compare_##type(const void *a, const void *b, void *ctx)                                                 \
    {                                                                                                                  \
        element x = *(const element *)a, y = *(const element *)b;                                                      \
        (void)ctx;                                                                                                     \
        return x < y ? -1 : x > y;                                                                                     \
    }                                                                                                                  \
    static void check_##type(size_t n, uint64_t *seed)                                                                 \
    {                                                                                                                  \
        element *x = get(n * sizeof *x);                                                                               \
        for (size_t i = 0; i < n; i++)                                                                                 \
            x[i] = (element)(i / 3 * 2);                                                                               \
        for (int k = 0; k < 4 && n > 0; k++) {                                                                         \
            size_t at = k == 0 ? n - 1 : oracle_below(seed, n);                                                        \
            ck_assert_uint_eq(crew_find_##type(x, n, x[at]), at / 3 * 3);                                              \
            ck_assert(crew_contains_##type(x, n, x[at]));                                                              \
        }                                                                                                              \
        ck_assert_uint_eq(crew_find_##type(x, n, 1), n);                                                               \
        ck_assert(!crew_contains_##type(x, n, 1));                                                                     \
        for (size_t m = 0; m < (TESTS_RACES ? 3000 : 60000); m = m * 7 + 1) {                                          \
            element *query = get(m * sizeof *query);                                                                   \
            size_t *left = get(m * sizeof *left), *right = get(m * sizeof *right), *same = get(m * sizeof *same);      \
            size_t wrong = 0;                                                                                          \
            for (size_t q = 0; q < m; q++)                                                                             \
                query[q] = (element)oracle_below(seed, n + 3);                                                         \
            crew_search_sorted_##type(x, n, query, m, CREW_LEFT, left);                                                \
            crew_search_sorted_##type(x, n, query, m, CREW_RIGHT, right);                                              \
            for (size_t q = 0; q < m; q++) {                                                                           \
                wrong += left[q] > n || right[q] > n || left[q] > right[q];                                            \
                wrong += (left[q] > 0 && !(x[left[q] - 1] < query[q])) || (left[q] < n && x[left[q]] < query[q]);      \
                wrong += (right[q] > 0 && x[right[q] - 1] > query[q]) || (right[q] < n && !(x[right[q]] > query[q]));  \
            }                                                                                                          \
            ck_assert_uint_eq(wrong, 0);                                                                               \
            ck_assert_int_eq(crew_search_sorted(x, sizeof *x, n, query, sizeof *query, m, compare_##type, NULL,        \
                                                CREW_LEFT, same, NULL),                                                \
                             0);                                                                                       \
            ck_assert_mem_eq(same, left, m * sizeof *same);                                                            \
            ck_assert_int_eq(crew_search_sorted(x, sizeof *x, n, query, sizeof *query, m, compare_##type, NULL,        \
                                                CREW_RIGHT, same, NULL),                                               \
                             0);                                                                                       \
            ck_assert_mem_eq(same, right, m * sizeof *same);                                                           \
            free(query), free(left), free(right), free(same);                                                          \
        }                                                                                                              \
        free(x);                                                                                                       \
    }

TYPED(f32, float)
TYPED(f64, double)
TYPED(i32, int32_t)
TYPED(i64, int64_t)
TYPED(u32, uint32_t)
TYPED(u64, uint64_t)

START_TEST(typed)
{
    static void (*const check[])(size_t, uint64_t *) = {check_f32, check_f64, check_i32,
                                                        check_i64, check_u32, check_u64};
    uint64_t seed = oracle_seed();
    crew__isa_limit((enum crew__isa)(_i % CREW__ISA_LEVELS));
    use_threads(_i);
    for (size_t t = 0; t < 6; t++)
        for (size_t l = 0; l < LENGTHS; l++)
            check[t](lengths[l], &seed);
}
END_TEST

START_TEST(float_values)
{
    double x[] = {-INFINITY, -1, -0.0, 0.0, 1, INFINITY, NAN, NAN};
    double query[] = {NAN, -0.0, 0.0, INFINITY, -INFINITY, 2};
    size_t left[6], right[6];
    static const size_t lefts[] = {6, 2, 2, 5, 0, 5}, rights[] = {8, 4, 4, 6, 1, 5};
    crew_search_sorted_f64(x, 8, query, 6, CREW_LEFT, left);
    crew_search_sorted_f64(x, 8, query, 6, CREW_RIGHT, right);
    for (int q = 0; q < 6; q++) {
        ck_assert_uint_eq(left[q], lefts[q]);
        ck_assert_uint_eq(right[q], rights[q]);
    }
    ck_assert_uint_eq(crew_find_f64(x, 8, (double)NAN), 6);
    ck_assert_uint_eq(crew_find_f64(x, 8, 0.0), 2);
    ck_assert_uint_eq(crew_find_f64(x, 6, (double)NAN), 6);
}
END_TEST

START_TEST(arguments)
{
    int x[4] = {1, 2, 3, 4};
    size_t index[4];
#define SEARCH(size, n, m, cmp, side, index)                                                                           \
    crew_search_sorted(x, size, n, x, sizeof *x, m, cmp, NULL, side, index, NULL)
    ck_assert_int_eq(SEARCH(4, 4, 4, NULL, CREW_LEFT, index), -EINVAL);
    ck_assert_int_eq(SEARCH(0, 4, 4, compare_i32, CREW_LEFT, index), -EINVAL);
    ck_assert_int_eq(SEARCH(4, 4, 4, compare_i32, (crew_side)2, index), -EINVAL);
    ck_assert_int_eq(SEARCH(4, 4, 4, compare_i32, CREW_LEFT, NULL), -EINVAL);
    ck_assert_int_eq(SEARCH(4, 4, 2, compare_i32, CREW_LEFT, (size_t *)(void *)x), -EINVAL);
    ck_assert_int_eq(SEARCH(4, SIZE_MAX / 2, 4, compare_i32, CREW_LEFT, index), -EOVERFLOW);
    ck_assert_int_eq(SEARCH(4, 4, 0, compare_i32, CREW_LEFT, NULL), 0);
    ck_assert_uint_eq(crew_mismatch(NULL, NULL, 4, 0), 0);
    ck_assert(crew_equal(NULL, NULL, 4, 0));
    ck_assert_uint_eq(crew_find_i32(NULL, 0, 1), 0);
    crew_search_sorted_i32(x, 4, NULL, 0, CREW_LEFT, NULL);
    crew_search_sorted_i32(NULL, 0, x, 4, CREW_RIGHT, index);
    ck_assert_uint_eq(index[0] | index[3], 0);
}
END_TEST

enum { HIT = 70, FAILS = 900, ITEMS = 20000 };

/* Stops at the first item that fails, as predicates do, so its block says nothing of the hit below. */
static int hit_then_fail(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const size_t *fails = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i == *fails)
            return 42;
        flags[i - begin] = i == HIT;
    }
    return 0;
}

/* Where blocks are cut depends on speed; what the loop would return does not. */
START_TEST(a_hit_below_a_failure)
{
    use_threads(_i);
    for (int round = 0; round < 50; round++) {
        size_t index = 0, fails = FAILS;
        ck_assert_int_eq(crew_find_first(ITEMS, hit_then_fail, &fails, &index, NULL), 0);
        ck_assert_uint_eq(index, HIT);
        fails = HIT - 1;
        size_t failed = 0;
        ck_assert_int_eq(crew_find_first(ITEMS, hit_then_fail, &fails, &index, NULL), 42);
        ck_assert_int_eq(crew_find_first(ITEMS, hit_then_fail, &fails, &index, &(crew_options){.failed = &failed}), 42);
        ck_assert_uint_eq(failed, HIT - 1);
        bool found = false;
        fails = HIT + 1;
        ck_assert_int_eq(crew_any(ITEMS, hit_then_fail, &fails, &found, NULL), 0);
        ck_assert(found);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("find");
    TCase *tc = parallel_case(s, "find");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, first, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, failures, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, compare, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, typed, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_hit_below_a_failure, 0, ORACLE_THREADS);
    tcase_add_test(tc, float_values);
    tcase_add_test(tc, arguments);

    /* As users call it: short arrays on the caller alone. */
    TCase *estimated = tcase_create("estimated");
    tcase_set_timeout(estimated, 240);
    suite_add_tcase(s, estimated);
    tcase_add_loop_test(estimated, first, 0, ORACLE_THREADS);
    tcase_add_loop_test(estimated, failures, 0, ORACLE_THREADS);
    tcase_add_loop_test(estimated, a_hit_below_a_failure, 0, ORACLE_THREADS);
    return run_suite(s);
}
