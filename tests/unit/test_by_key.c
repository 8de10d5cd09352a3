/* crew/by_key.h against sorting and naive loops, at several thread counts. */
#include "../../lib/array/by_key/by_key_groups.h"
#include "array_test.h"
#include <crew/by_key.h>
#include <errno.h>
#include <math.h>
#include <stdatomic.h>

enum { LARGEST = TESTS_VALGRIND ? 10001 : TESTS_SANITIZED ? 30001 : 70001 };

#if TESTS_RACES
static const size_t sizes[] = {4097, LARGEST};
#else
static const size_t sizes[] = {0, 1, 3, 40, 1000, 4095, 4097, LARGEST};
#endif

#define CAT3(a, b, c) CREW__CAT(CREW__CAT(a, b), c)

/* The last item, plus one; items must come in order. */
static int fold_end(size_t begin, size_t end, void *acc, void *ctx)
{
    size_t *last = acc;
    (void)ctx;
    if (begin < *last)
        return -EPROTO;
    *last = end;
    return 0;
}

static void merge_end(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    memcpy(acc, right, sizeof(size_t));
}

static const crew_reducer ends_reducer = {sizeof(size_t), NULL, fold_end, merge_end, NULL};

/* Accumulators that exist. */
static atomic_int alive;

static int fold_counted(size_t begin, size_t end, void *acc, void *ctx)
{
    size_t bad = *(size_t *)ctx;
    int64_t *made = acc;
    if (!*made) {
        *made = 1;
        atomic_fetch_add(&alive, 1);
    }
    return begin <= bad && bad < end ? 42 : 0;
}

static void drop_counted(void *acc, void *ctx)
{
    (void)ctx;
    atomic_fetch_sub(&alive, (int)*(int64_t *)acc);
}

static void merge_counted(void *acc, const void *right, void *ctx)
{
    (void)acc;
    (void)ctx;
    atomic_fetch_sub(&alive, (int)*(const int64_t *)right);
}

static const crew_reducer failing_reducer = {sizeof(int64_t), NULL, fold_counted, merge_counted, drop_counted};

struct entry_i32 {
    int32_t key;
    size_t item;
};
struct entry_i64 {
    int64_t key;
    size_t item;
};
struct entry_u32 {
    uint32_t key;
    size_t item;
};
struct entry_u64 {
    uint64_t key;
    size_t item;
};

#define TYPE i32
#define KEY int32_t
#include "by_key_template.h"

#define TYPE i64
#define KEY int64_t
#include "by_key_template.h"

#define TYPE u32
#define KEY uint32_t
#include "by_key_template.h"

#define TYPE u64
#define KEY uint64_t
#include "by_key_template.h"

START_TEST(by_key)
{
    static void (*const check[])(void) = {check_i32, check_i64, check_u32, check_u64};
    if (!TESTS_RACES || _i % 3 == 0) /* one code for all types */
        check[_i]();
}
END_TEST

START_TEST(nan_values)
{
    const int32_t keys[] = {2, 1, 2, 1, 2};
    const double values[] = {1, 5, NAN, 3, 2};
    double results[5];
    int32_t out[5];
    size_t groups;
    ck_assert_int_eq(crew_reduce_by_key_min_i32_f64(keys, values, 5, out, results, &groups), 0);
    ck_assert(groups == 2 && out[0] == 1 && out[1] == 2 && results[0] == 3 && isnan(results[1]));
    ck_assert_int_eq(crew_reduce_by_key_max_i32_f64(keys, values, 5, out, results, &groups), 0);
    ck_assert(results[0] == 5 && isnan(results[1]));
}
END_TEST

/* Of many chunks, tables and runs, with many NaN and with few. */
START_TEST(nan_in_chunks)
{
    static void (*const check[])(int, bool, uint64_t *) = {check_nan_i32, check_nan_i64, check_nan_u32, check_nan_u64};
    uint64_t seed = test_seed();
    for (size_t c = 0; c < CONFIGURATIONS; c += TESTS_VALGRIND ? 3 : 1) {
        configure(c);
        crew__groups_most_u32 = c % 2 ? 0 : UINT32_MAX;
        check[_i / 2](0, _i % 2, &seed);
        check[_i / 2](1, _i % 2, &seed);
        check[_i / 2](2, _i % 2, &seed);
    }
}
END_TEST

/* Close together and not, sorted and not: zeros keep their signs, infinities are values. */
START_TEST(special_values)
{
    enum { N = 20000 };
    int64_t *keys = test_alloc(N * sizeof *keys), *out = test_alloc(N * sizeof *out);
    double *values = test_alloc(N * sizeof *values), *results = test_alloc(N * sizeof *results);
    size_t groups;
    for (int kind = 0; kind < 3; kind++) {
        int64_t far = kind == 0 ? 1 : kind == 1 ? INT64_C(1) << 40 : -1;
        for (int i = 0; i < N; i++) {
            keys[i] = far == -1 ? i / (N / 4) : (i * 7 % 4) * far;
            int g = (int)(far == -1 ? keys[i] : i * 7 % 4);
            values[i] = g == 0 ? -0.0 : g == 1 ? (i % 3 == 0 ? 0.0 : -0.0) : g == 2 ? INFINITY : -INFINITY;
        }
        ck_assert_int_eq(crew_reduce_by_key_sum_i64_f64(keys, values, N, out, results, &groups), 0);
        ck_assert_uint_eq(groups, 4);
        ck_assert(results[0] == 0 && signbit(results[0]) && results[1] == 0 && !signbit(results[1]));
        ck_assert(results[2] == INFINITY && results[3] == -INFINITY);
        double first = 0;
        for (int i = N - 1; i >= 0; i--)
            if (keys[i] == out[1])
                first = values[i];
        ck_assert_int_eq(crew_reduce_by_key_min_i64_f64(keys, values, N, out, results, &groups), 0);
        ck_assert(signbit(results[0]) && !signbit(results[1]) == !signbit(first) && results[2] == INFINITY);
        ck_assert_int_eq(crew_reduce_by_key_max_i64_f64(keys, values, N, out, results, &groups), 0);
        ck_assert(signbit(results[0]) && !signbit(results[1]) == !signbit(first) && results[3] == -INFINITY);
    }
    free(keys);
    free(out);
    free(values);
    free(results);
}
END_TEST

/* The ends of the types: distances between keys wrap. */
START_TEST(extreme_keys)
{
    enum { N = 5000 };
    int32_t keys[N], out[N];
    uint64_t counts[N];
    size_t groups, offsets[N + 1], indices[N];
    for (int i = 0; i < N; i++)
        keys[i] = i % 2 ? INT32_MIN : INT32_MAX;
    ck_assert_int_eq(crew_unique_counts_i32(keys, N, out, counts, &groups), 0);
    ck_assert(groups == 2 && out[0] == INT32_MIN && out[1] == INT32_MAX && counts[0] == N / 2 && counts[1] == N / 2);
    for (int i = 0; i < N; i++)
        keys[i] = (i % 2 ? -100 : 100) + i % 3;
    ck_assert_int_eq(crew_group_by_key_i32(keys, N, out, offsets, indices, &groups), 0);
    ck_assert(groups == 6 && out[0] == -100 && out[5] == 102 && offsets[6] == N && indices[0] == 3);
    for (int i = 0; i < N; i++)
        keys[i] = INT32_MAX - i * 7 % 50;
    ck_assert_int_eq(crew_unique_counts_i32(keys, N, out, counts, &groups), 0);
    ck_assert(groups == 50 && out[49] == INT32_MAX && out[0] == INT32_MAX - 49 && counts[49] == 100);
    ck_assert_int_eq(crew_group_by_key_i32(keys, N, out, offsets, NULL, &groups), 0);
    ck_assert(groups == 50 && out[0] == INT32_MAX - 49 && offsets[1] == 100 && offsets[50] == N);
}
END_TEST

START_TEST(by_index)
{
    static const size_t ks[] = {1, 3, 256, 5000, 300000};
    enum { N = 100003 };
    uint64_t seed = test_seed();
    uint32_t *keys = test_alloc(N * sizeof *keys);
    size_t *offsets = test_alloc(300001 * sizeof *offsets), *indices = test_alloc(N * sizeof *indices);
    configure((size_t)_i);
    for (size_t s = 0; s < sizeof ks / sizeof ks[0]; s++)
        for (size_t n = 0; n <= N; n = n == 0 ? 1 : n == 1 ? 5000 : n == 5000 ? N : N + 1) {
            size_t k = ks[s], p = 0;
            for (size_t i = 0; i < n; i++)
                keys[i] = (uint32_t)(test_random(&seed) % k);
            ck_assert_int_eq(crew_group_by_index_u32(keys, n, k, offsets, indices), 0);
            ck_assert(offsets[0] == 0 && offsets[k] == n);
            size_t wrong = 0;
            for (size_t g = 0; g < k; g++) {
                wrong += offsets[g] > offsets[g + 1];
                for (; p < offsets[g + 1]; p++)
                    wrong += keys[indices[p]] != g || (p > offsets[g] && indices[p] <= indices[p - 1]);
            }
            ck_assert_uint_eq(wrong, 0);
            if (n > 0) {
                keys[n - 1] = (uint32_t)k;
                ck_assert_int_eq(crew_group_by_index_u32(keys, n, k, offsets, indices), -ERANGE);
            }
        }
    const uint64_t wide[] = {1, 0, 1};
    ck_assert_int_eq(crew_group_by_index_u64(wide, 3, 2, offsets, indices), 0);
    ck_assert(offsets[1] == 1 && indices[0] == 1 && indices[1] == 0 && indices[2] == 2);
    ck_assert_int_eq(crew_group_by_index_u32(NULL, 0, 0, offsets, NULL), 0);
    ck_assert_int_eq(crew_group_by_index_u32(NULL, 1, 1, offsets, indices), -EINVAL);
    free(keys);
    free(offsets);
    free(indices);
}
END_TEST

START_TEST(arguments)
{
    uint32_t keys[8] = {1, 1, 2, 2, 3, 3, 4, 4}, same[8];
    size_t groups = 77, offsets[8], indices[8];
    memcpy(same, keys, sizeof keys);
    ck_assert_int_eq(crew_unique_counts_u32(keys, 8, keys, NULL, &groups), -EINVAL);
    ck_assert_int_eq(crew_unique_counts_u32(keys, 8, keys + 7, NULL, &groups), -EINVAL);
    ck_assert_int_eq(crew_unique_counts_u32(keys, SIZE_MAX / 2, NULL, NULL, &groups), -EOVERFLOW);
    ck_assert_int_eq(crew_group_by_index_u32(keys, SIZE_MAX / 2, 5, offsets, indices), -EOVERFLOW);
    ck_assert_int_eq(crew_group_by_index_u32(keys, 8, SIZE_MAX, offsets, indices), -EOVERFLOW);
    ck_assert_int_eq(crew_group_by_index_u32(keys, 8, 5, offsets, offsets + 5), -EINVAL);
    ck_assert_int_eq(crew_group_by_index_u32((uint32_t *)(void *)indices, 8, 5, offsets, indices), -EINVAL);
    ck_assert_int_eq(crew_group_by_index_u32((uint32_t *)(void *)offsets, 8, 5, offsets, indices), -EINVAL);
    ck_assert_int_eq(memcmp(keys, same, sizeof keys), 0);
    ck_assert_uint_eq(groups, 77);
    /* Two groups end where the keys begin. */
    ck_assert_int_eq(crew_unique_counts_u32(keys + 4, 4, keys + 2, NULL, &groups), 0);
    ck_assert(groups == 2 && keys[2] == 3 && keys[3] == 4);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("by_key");
    TCase *t = tcase_create("by_key");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, by_key, 0, 4);
    tcase_add_test(t, nan_values);
    tcase_add_loop_test(t, nan_in_chunks, 0, 8);
    tcase_add_test(t, special_values);
    tcase_add_test(t, extreme_keys);
    tcase_add_loop_test(t, by_index, 0, CONFIGURATIONS);
    suite_add_tcase(s, t);
    TCase *errors = tcase_create("arguments");
    tcase_add_test(errors, arguments);
    suite_add_tcase(s, errors);
    return run_suite(s);
}
