/* crew/histogram.h against naive loops, at several thread counts and instruction sets. */
#include "array_test.h"
#include <crew/histogram.h>
#include <errno.h>
#include <float.h>
#include <math.h>

enum { LARGEST = TESTS_SANITIZED ? 70007 : 200007 };

#if TESTS_RACES
static const size_t sizes[] = {16385, LARGEST};
static const size_t bin_counts[] = {7, 2048};
#else
static const size_t sizes[] = {0, 1, 17, 1000, 1025, 16385, LARGEST};
static const size_t bin_counts[] = {0, 1, 7, 256, 2048, 3000, 40000};
#endif

#define TYPE u8
#define KEY uint8_t
#define SIGNED 0
#include "histogram_template.h"

#define TYPE u16
#define KEY uint16_t
#define SIGNED 0
#include "histogram_template.h"

#define TYPE i32
#define KEY int32_t
#define SIGNED 1
#include "histogram_template.h"

#define TYPE u32
#define KEY uint32_t
#define SIGNED 0
#include "histogram_template.h"

#define TYPE i64
#define KEY int64_t
#define SIGNED 1
#include "histogram_template.h"

#define TYPE u64
#define KEY uint64_t
#define SIGNED 0
#include "histogram_template.h"

#define TYPE f32
#define VALUE float
#define NEXT nextafterf
#define LARGE FLT_MAX
#include "histogram_values_template.h"

#define TYPE f64
#define VALUE double
#define NEXT nextafter
#define LARGE DBL_MAX
#include "histogram_values_template.h"

START_TEST(bincount)
{
    static void (*const check[])(void) = {check_bincount_u8,  check_bincount_u16, check_bincount_i32,
                                          check_bincount_u32, check_bincount_i64, check_bincount_u64};
    check[_i]();
}
END_TEST

START_TEST(histogram)
{
    static void (*const check[])(void) = {check_histogram_f32, check_histogram_f64};
    check[_i]();
}
END_TEST

START_TEST(narrow)
{
    static void (*const check[])(void) = {check_narrow_f32, check_narrow_f64};
    for (size_t c = 0; c < CONFIGURATIONS; c++) {
        configure(c);
        check[_i]();
    }
}
END_TEST

/* numpy.linspace(0, 2e-323, 10): the step underflows. */
START_TEST(step_underflows)
{
    static const int want[] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4};
    double edges[10];
    ck_assert_int_eq(crew_histogram_edges_f64(0, 2e-323, 9, edges), 0);
    for (int b = 0; b < 10; b++)
        ck_assert(edges[b] == want[b] * 4.9406564584124654e-324);
}
END_TEST

/* So many keys that tables of bytes run over more often than their lists hold. */
START_TEST(lists)
{
    enum { N = 3000001, BINS = 40000 };
    uint64_t seed = test_seed();
    uint32_t *keys = test_alloc(N * sizeof *keys);
    uint64_t *want = test_alloc(BINS * sizeof *want), *counts = test_alloc(BINS * sizeof *counts);
    for (int kind = 0; kind < 2; kind++) {
        size_t out = 0, got;
        memset(want, 0, BINS * sizeof *want);
        for (size_t i = 0; i < N; i++) {
            uint64_t r = test_random(&seed);
            keys[i] = kind == 0 ? (uint32_t)(r % (BINS + 100)) : (uint32_t)(r % 9 + BINS - 5);
            if (keys[i] < BINS)
                want[keys[i]]++;
            else
                out++;
        }
        for (size_t c = 0; c < CONFIGURATIONS; c++) {
            configure(c);
            ck_assert_int_eq(crew_bincount_u32(keys, N, counts, BINS, &got), 0);
            ck_assert_uint_eq(got, out);
            ck_assert_mem_eq(counts, want, BINS * sizeof *counts);
        }
    }
    free(keys);
    free(want);
    free(counts);
}
END_TEST

START_TEST(arguments)
{
    uint32_t keys[4] = {0, 1, 2, 3};
    uint64_t counts[4];
    ck_assert_int_eq(crew_bincount_u32(NULL, 1, counts, 4, NULL), -EINVAL);
    ck_assert_int_eq(crew_bincount_u32(keys, 4, NULL, 4, NULL), -EINVAL);
    ck_assert_int_eq(crew_bincount_u32(NULL, 0, NULL, 0, NULL), 0);
    ck_assert_int_eq(crew_bincount_u32(keys, SIZE_MAX / 2, counts, 4, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_bincount_u32((uint32_t *)(void *)counts, 4, counts, 4, NULL), -EINVAL);
    ck_assert_int_eq(crew_bincount_weighted_u32_f64(keys, NULL, 4, (double *)counts, 4, NULL), -EINVAL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("histogram");
    TCase *t = tcase_create("histogram");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, bincount, 0, 6);
    tcase_add_loop_test(t, histogram, 0, 2);
    tcase_add_loop_test(t, narrow, 0, 2);
    tcase_add_test(t, step_underflows);
    tcase_add_test(t, lists);
    tcase_add_test(t, arguments);
    suite_add_tcase(s, t);
    return run_suite(s);
}
