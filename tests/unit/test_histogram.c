/* crew/histogram.h against naive loops, at several thread counts and instruction sets. */
#include "array_test.h"
#include <crew/histogram.h>
#include <errno.h>
#include <float.h>
#include <math.h>

enum { LARGEST = TESTS_VALGRIND ? 5001 : TESTS_SANITIZED ? 70007 : 200007 };

#if TESTS_VALGRIND
static const size_t sizes[] = {LARGEST};
static const size_t bin_counts[] = {7, 2048};
#elif TESTS_RACES
static const size_t sizes[] = {16385, LARGEST};
static const size_t bin_counts[] = {7, 2048};
#else
static const size_t sizes[] = {0, 1, 17, 1000, 1025, 16385, LARGEST};
static const size_t bin_counts[] = {0, 1, 7, 256, 2048, 3000, 40000, 140000};
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

/* The bin by the edges, as numpy.histogram2d decides it; bins where there is none. */
static size_t bin_by_edges(const double *edges, size_t bins, double v)
{
    if (!(v >= edges[0] && v <= edges[bins]))
        return bins;
    size_t b = 0;
    while (b + 1 < bins && v >= edges[b + 1])
        b++;
    return b;
}

START_TEST(two_dimensions)
{
    static const size_t grids[][2] = {{1, 1}, {7, 3}, {3, 70}, {300, 20}, {200, 201}};
    /* the third is so narrow that bins are searched for */
    static const double ranges[][4] = {{0, 1, 0, 1}, {-0.5, 0.25, 0.3, 7}, {0.5, 0.5 + 0x1p-50, 0, 1}};
    uint64_t seed = test_seed();
    double *x = test_alloc(LARGEST * sizeof *x), *y = test_alloc(LARGEST * sizeof *y);
    float *xf = test_alloc(LARGEST * sizeof *xf);
    for (size_t i = 0; i < LARGEST; i++) {
        x[i] = (double)(int)(test_random(&seed) % 4096) / 3072 - 0.1; /* on the edges often */
        y[i] = i % 99 == 5 ? (double)NAN : (double)(test_random(&seed) >> 11) * 0x1p-53 * 1.1;
        x[i] = i % 50 == 3 ? 0.5 + (double)(test_random(&seed) % 8) * 0x1p-52 : x[i];
        xf[i] = (float)x[i];
    }
    for (size_t g = 0; g < sizeof grids / sizeof *grids; g++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++)
            for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
                const size_t n = sizes[s], rows = grids[g][0], cols = grids[g][1], cells = rows * cols;
                const double *range = ranges[r];
                double row_edges[301], col_edges[202];
                size_t out = 0, got = 99;
                if (n > 2000 && g % 2 == 0)
                    continue;
                uint64_t *want = calloc(cells + 1, sizeof *want), *counts = test_alloc((cells + 1) * sizeof *counts);
                ck_assert_int_eq(crew_histogram_edges_f64(range[0], range[1], rows, row_edges), 0);
                ck_assert_int_eq(crew_histogram_edges_f64(range[2], range[3], cols, col_edges), 0);
                for (size_t i = 0; i < n; i++) {
                    size_t b = bin_by_edges(row_edges, rows, x[i]), c = bin_by_edges(col_edges, cols, y[i]);
                    if (b < rows && c < cols)
                        want[b * cols + c]++;
                    else
                        out++;
                }
                for (size_t c = 0; c < CONFIGURATIONS; c++) {
                    configure(c);
                    counts[cells] = 77;
                    ck_assert_int_eq(crew_histogram_2d_f64(x, y, n, range[0], range[1], rows, range[2], range[3], cols,
                                                           counts, &got),
                                     0);
                    ck_assert_uint_eq(got, out);
                    ck_assert_mem_eq(counts, want, cells * sizeof *counts);
                    ck_assert_uint_eq(counts[cells], 77);
                    memset(counts, 0xa5, cells * sizeof *counts);
                    ck_assert_int_eq(
                        crew_histogram_2d_by_edges_f64(x, y, n, row_edges, rows, col_edges, cols, counts, &got), 0);
                    ck_assert_uint_eq(got, out);
                    ck_assert_mem_eq(counts, want, cells * sizeof *counts);
                    ck_assert_uint_eq(counts[cells], 77);
                }
                ck_assert_int_eq(
                    crew_histogram_2d_f64(x, y, n, range[0], range[1], rows, range[2], range[3], cols, counts, NULL),
                    out ? -ERANGE : 0);
                /* f32 along the diagonal: what one dimension counts */
                uint64_t one[300];
                if (r < 2 && rows <= 300) {
                    ck_assert_int_eq(crew_histogram_f32(xf, n, -0.25f, 1, one, rows, &out), 0);
                    ck_assert_int_eq(crew_histogram_2d_f32(xf, xf, n, -0.25f, 1, rows, -2, 2, 1, counts, &got), 0);
                    ck_assert_uint_eq(got, out);
                    ck_assert_mem_eq(counts, one, rows * sizeof *one);
                }
                free(want), free(counts);
            }
    uint64_t counts[4];
    ck_assert_int_eq(crew_histogram_2d_f64(NULL, y, 1, 0, 1, 2, 0, 1, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64(x, NULL, 1, 0, 1, 2, 0, 1, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64(x, y, 1, 0, 1, 2, 0, 1, 2, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64(x, y, 1, 0, 1, 0, 0, 1, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64(x, y, 1, 1, 0, 2, 0, 1, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64(x, y, 1, 0, 1, 2, 0, (double)NAN, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64(x, y, 1, 0, 1, 1 << 16, 0, 1, 1 << 15, counts, NULL), -EINVAL);
    ck_assert_int_eq(crew_histogram_2d_f64((double *)counts, y, 1, 0, 1, 2, 0, 1, 2, counts, NULL), -EINVAL);
    const uint32_t none[1] = {0};
    uint32_t narrow[4];
    if (SIZE_MAX > UINT32_MAX)
        ck_assert_int_eq(crew_bincount32_u32(none, (size_t)UINT32_MAX + 1, narrow, 4, NULL), -EOVERFLOW);
    free(x), free(y), free(xf);
}
END_TEST

#define TYPE f32
#define VALUE float
#define NEXT nextafterf
#include "histogram_2d_template.h"
#define TYPE f64
#define VALUE double
#define NEXT nextafter
#include "histogram_2d_template.h"

START_TEST(two_dimensions_by_edges)
{
    static void (*const check[])(void) = {check_plane_f32, check_plane_f64};
    check[_i]();
}
END_TEST

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
    tcase_add_test(t, two_dimensions);
    tcase_add_loop_test(t, two_dimensions_by_edges, 0, 2);
    tcase_add_loop_test(t, histogram, 0, 2);
    tcase_add_loop_test(t, narrow, 0, 2);
    suite_add_tcase(s, t);
    TCase *single = tcase_create("single");
    tcase_set_timeout(single, 300);
    tcase_add_test(single, step_underflows);
    if (!TESTS_VALGRIND) /* which takes minutes for so many */
        tcase_add_test(single, lists);
    tcase_add_test(single, arguments);
    suite_add_tcase(s, single);
    return run_suite(s);
}
