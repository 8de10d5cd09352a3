/* crew/reducers.h: places of extremes, moments and merges of arrays, against naive loops. */
#include "../support/suite.h"
#include <math.h>
#include <string.h>

static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 4095, 4096, 4097, 65536, 65537, 100003};
enum { SIZES = sizeof sizes / sizeof *sizes, LARGEST = 100003 };

static double value_of(size_t i)
{
    return (double)(i * 2654435761U % 9973) - 5000; /* ties */
}

START_TEST(places_of_extremes)
{
    use_threads(_i);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        crew_extreme low = CREW_NO_LOWEST, high = CREW_NO_HIGHEST, low_naive = low, high_naive = high;
        CREW_ARGMIN(low, i, n, value_of(i));
        CREW_ARGMAX(high, i, n, value_of(i));
        for (size_t i = 0; i < n; i++) {
            if (value_of(i) < low_naive.value)
                low_naive = (crew_extreme){value_of(i), i};
            if (value_of(i) > high_naive.value)
                high_naive = (crew_extreme){value_of(i), i};
        }
        ck_assert(low.value == low_naive.value && low.index == low_naive.index);
        ck_assert(high.value == high_naive.value && high.index == high_naive.index);
        crew_extreme kept = {-1e9, 7};
        CREW_ARGMIN(kept, i, n, value_of(i));
        ck_assert(kept.value == -1e9 && kept.index == 7);
        if (n > 2) {
            crew_extreme nan = CREW_NO_HIGHEST;
            CREW_ARGMAX(nan, i, n, i >= n / 2 ? (double)NAN : value_of(i));
            ck_assert(isnan(nan.value) && nan.index == n / 2);
        }
    }
}
END_TEST

START_TEST(mean_and_variance)
{
    use_threads(_i);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        crew_moments m = {0}, first = {0};
        const double far = 1e9; /* squares of these have no digits left for the variance */
        CREW_MOMENTS(m, i, n, far + (double)(i % 3));
        ck_assert_uint_eq(m.count, n);
        if (n == 0) {
            ck_assert(isnan(crew_moments_variance(&m)));
            continue;
        }
        long double mean = 0, squares = 0;
        for (size_t i = 0; i < n; i++)
            mean += (long double)(i % 3);
        mean /= (long double)n;
        for (size_t i = 0; i < n; i++)
            squares += ((long double)(i % 3) - mean) * ((long double)(i % 3) - mean);
        ck_assert(fabs(m.mean - far - (double)mean) < 1e-5);
        ck_assert(fabs(crew_moments_variance(&m) - (double)(squares / (long double)n)) < 1e-6);
        ck_assert(n < 2 ? isnan(crew_moments_sample_variance(&m))
                        : fabs(crew_moments_sample_variance(&m) - (double)(squares / (long double)(n - 1))) < 1e-6);
        CREW_MOMENTS(first, i, n / 3, far + (double)(i % 3));
        CREW_MOMENTS(first, i, n - n / 3, far + (double)((i + n / 3) % 3));
        ck_assert_uint_eq(first.count, n);
        ck_assert(fabs(crew_moments_variance(&first) - crew_moments_variance(&m)) < 1e-6);
    }
}
END_TEST

START_TEST(moments_have_the_same_bits)
{
    crew_moments one = {0}, other = {0};
    ck_assert_int_eq(crew_set_num_threads(1), 0);
    CREW_MOMENTS(one, i, LARGEST, value_of(i) / 3);
    use_threads(_i);
    CREW_MOMENTS(other, i, LARGEST, value_of(i) / 3);
    ck_assert_mem_eq(&one, &other, sizeof one);
}
END_TEST

/* The three merges of a type. */
#define CHECK_MERGES(TYPE, ELEMENT)                                                                                    \
    do {                                                                                                               \
        ELEMENT sum[3] = {1, 2, 3}, low[3] = {1, 2, 3}, high[3] = {1, 2, 3}, right[3] = {3, 2, 1};                     \
        crew_array_sum_##TYPE(sum, right, 3);                                                                          \
        crew_array_min_##TYPE(low, right, 3);                                                                          \
        crew_array_max_##TYPE(high, right, 3);                                                                         \
        ck_assert(sum[0] == 4 && sum[1] == 4 && sum[2] == 4);                                                          \
        ck_assert(low[0] == 1 && low[1] == 2 && low[2] == 1);                                                          \
        ck_assert(high[0] == 3 && high[1] == 2 && high[2] == 3);                                                       \
    } while (0)

START_TEST(merges_of_arrays)
{
    CHECK_MERGES(f32, float);
    CHECK_MERGES(f64, double);
    CHECK_MERGES(i32, int32_t);
    CHECK_MERGES(i64, int64_t);
    CHECK_MERGES(u32, uint32_t);
    CHECK_MERGES(u64, uint64_t);
    double left[2] = {(double)NAN, 1}, right[2] = {1, (double)NAN};
    crew_array_min_f64(left, right, 2);
    ck_assert(isnan(left[0]) && isnan(left[1]));
}
END_TEST

struct counts {
    uint64_t of[100];
};

START_TEST(a_histogram_in_a_struct)
{
    use_threads(_i);
    struct counts acc = {{0}};
    CREW_REDUCE(acc, i, LARGEST, acc.of[i % 100]++, crew_array_sum_u64(acc.of, right.of, 100));
    for (size_t b = 0; b < 100; b++)
        ck_assert_uint_eq(acc.of[b], LARGEST / 100 + (b < LARGEST % 100));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("expressions_reducers");
    TCase *tc = parallel_case(suite, "reducers");
    tcase_add_loop_test(tc, places_of_extremes, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, mean_and_variance, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, moments_have_the_same_bits, 0, ORACLE_THREADS);
    tcase_add_test(tc, merges_of_arrays);
    tcase_add_loop_test(tc, a_histogram_in_a_struct, 0, ORACLE_THREADS);
    return run_suite(suite);
}
