/* The typed half of crew/reduce.h. Every result is compared to the bit with an oracle that has the documented
   structure, at every instruction set that the machine has and at several thread counts. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/typed/isa.h"
#include "../../lib/core/loop/runner.h"
#include "../support/oracle_typed.h"
#include "../support/sanitized.h"
#include <check.h>
#include <crew/reduce.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST = TESTS_VALGRIND ? 32769 : TESTS_SANITIZED ? 513 * 4096 : 3000000 };

static const size_t sizes[] = {
#if TESTS_VALGRIND
    4097,
    LARGEST,
#else
    0,
    1,
    2,
    7,
    31,
    32,
    33,
    63,
    64,
    65,
    1000,
    4095,
    4096,
    4097,
    3 * 4096 + 17,
    32768,
    32769,
    100007,
    513 * 4096,
#if !TESTS_SANITIZED
    (1 << 21) + 5,
    LARGEST,
#endif
#endif
};

static const struct {
    enum crew__isa isa;
    int threads;
} configurations[] = {
#if TESTS_VALGRIND
    {CREW__ISA_AVX2, 3},
#elif TESTS_MEMORY
    {CREW__ISA_PLAIN, 2},
    {CREW__ISA_SSE2, 3},
    {CREW__ISA_AVX2, 8},
    {CREW__ISA_AVX512, 1},
#elif TESTS_SEQUENTIAL
    {CREW__ISA_PLAIN, 1},
    {CREW__ISA_SSE2, 2},
    {CREW__ISA_AVX2, 8},
    {CREW__ISA_AVX512, 3},
#else
    {CREW__ISA_PLAIN, 2},  {CREW__ISA_SSE2, 2},   {CREW__ISA_AVX2, 2},   {CREW__ISA_AVX512, 1},
    {CREW__ISA_AVX512, 2}, {CREW__ISA_AVX512, 3}, {CREW__ISA_AVX512, 8}, {CREW__ISA_AVX512, 64},
#endif
};

static void configure(size_t c)
{
    crew__tuning.always_open = 1;
    crew__isa_limit(configurations[c].isa);
    crew_set_num_threads(configurations[c].threads);
}

static uint64_t test_seed(void)
{
    const char *given = getenv("CREW_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("CREW_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static void *test_alloc(size_t size)
{
    void *p = malloc(size);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void same_bytes(const void *a, const void *b, size_t size, const char *what, size_t n, int line)
{
    if (memcmp(a, b, size) != 0) {
        char text[2 * 16 + 2] = "";
        for (size_t i = 0; i < size; i++)
            snprintf(text + 2 * i, 3, "%02x", ((const unsigned char *)a)[i] ^ ((const unsigned char *)b)[i]);
        ck_abort_msg("line %d: %s differs at n = %zu, threads %d, isa %d; xor of the bytes %s", line, what, n,
                     crew_num_threads(), (int)crew__isa(), text);
    }
}

#define SAME(a, b, n)                                                                                                  \
    same_bytes(&(struct { __typeof__(a) v; }){a}, &(struct { __typeof__(a) v; }){b}, sizeof(a), #a, (size_t)(n),       \
               __LINE__)

#define TEMPLATE "../../../tests/unit/reduce_typed_template.h"
#include "../../lib/array/typed/each_type_template.h"

START_TEST(same_bits)
{
    static void (*const check[])(int) = {check_bits_f32, check_bits_f64, check_bits_i32,
                                         check_bits_i64, check_bits_u32, check_bits_u64};
    check[_i / 3](_i % 3);
}
END_TEST

START_TEST(few)
{
    static void (*const check[])(void) = {check_few_f32, check_few_f64, check_few_i32,
                                          check_few_i64, check_few_u32, check_few_u64};
    check[_i]();
}
END_TEST

START_TEST(ties)
{
    static void (*const check[])(void) = {check_ties_f32, check_ties_f64, check_ties_i32,
                                          check_ties_i64, check_ties_u32, check_ties_u64};
    check[_i]();
}
END_TEST

START_TEST(nans)
{
    check_nans_f32();
    check_nans_f64();
}
END_TEST

START_TEST(infinities)
{
    check_infinities_f32();
    check_infinities_f64();
}
END_TEST

__extension__ typedef __int128 wide;

static double exact_to_double(wide exact)
{
    return (double)(long double)exact;
}

/* Sums of integers times powers of two are exact in 128 bits. */
START_TEST(error_bound)
{
    enum { MOST_SUMMED = TESTS_SANITIZED ? 300000 : 2000000 };
    static const size_t lengths[] = {2, 64, 1000, 4096, 5000, 100006, MOST_SUMMED};
    uint64_t seed = test_seed();
    double *x = test_alloc(MOST_SUMMED * sizeof *x), *y = test_alloc(MOST_SUMMED * sizeof *y);
    for (size_t s = 0; s < sizeof lengths / sizeof lengths[0]; s++)
        for (int kind = 0; kind < 3; kind++) {
            size_t n = lengths[s];
            wide sum = 0, dot = 0;
            double sum_abs = 0, dot_abs = 0;
            /* kind 0: random signs; 1: every value and its negative but for a few small ones; 2: all positive */
            for (size_t i = 0; i < n; i++) {
                int64_t a = (int64_t)(oracle_random(&seed) >> 35) << (oracle_random(&seed) % 25);
                int64_t b = (int64_t)(oracle_random(&seed) >> 40);
                if (kind == 0 && oracle_random(&seed) % 2)
                    a = -a;
                x[i] = (double)a;
                y[i] = (double)b;
            }
            if (kind == 1)
                for (size_t i = 0; i < n / 2; i++) {
                    x[n - 1 - i] = -x[i] + (double)(i % 3);
                    y[n - 1 - i] = y[i];
                }
            for (size_t i = 0; i < n; i++) {
                sum += (wide)x[i];
                dot += (wide)x[i] * (wide)y[i];
                sum_abs += fabs(x[i]);
                dot_abs += fabs(x[i] * y[i]);
            }
            double bound = (128 + log2((double)n)) * 0x1p-53;
            ck_assert_double_le(fabs(crew_sum_f64(x, n) - exact_to_double(sum)), bound * sum_abs);
            ck_assert_double_le(fabs(crew_dot_f64(x, y, n) - exact_to_double(dot)), (bound + 0x1p-53) * dot_abs);
            ck_assert_double_le(fabs(crew_mean_f64(x, n) - exact_to_double(sum) / (double)n),
                                (bound + 0x1p-52) * sum_abs / (double)n);
        }
    free(x);
    free(y);
}
END_TEST

START_TEST(sum_f32_is_rounded_once)
{
    enum { N = 100000 };
    float *x = test_alloc(N * sizeof *x);
    double exact = 0; /* every partial sum fits in 53 bits */
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)(1 + i % 1000) / 1024;
        exact += (double)x[i];
    }
    SAME(crew_sum_f32(x, N), (float)exact, N);
    SAME(crew_mean_f32(x, N), exact / (double)N, N);
    free(x);
}
END_TEST

START_TEST(empty)
{
    SAME(crew_sum_f64(NULL, 0), 0.0, 0);
    SAME(crew_dot_f32(NULL, NULL, 0), 0.0f, 0);
    SAME(crew_sum_u32(NULL, 0), (uint64_t)0, 0);
    SAME(crew_min_f64(NULL, 0), (double)INFINITY, 0);
    SAME(crew_max_f32(NULL, 0), -INFINITY, 0);
    SAME(crew_min_i32(NULL, 0), INT32_MAX, 0);
    SAME(crew_max_i64(NULL, 0), INT64_MIN, 0);
    SAME(crew_max_u64(NULL, 0), (uint64_t)0, 0);
    SAME(crew_norm2_f64(NULL, 0), 0.0, 0);
    SAME(crew_norm2_f32(NULL, 0), 0.0f, 0);
    ck_assert(isnan(crew_mean_f64(NULL, 0)) && isnan(crew_mean_u64(NULL, 0)));
    ck_assert_uint_eq(crew_argmin_i64(NULL, 0), 0);
    ck_assert_uint_eq(crew_argmax_f64(NULL, 0), 0);
}
END_TEST

START_TEST(integers_wrap)
{
    int64_t x[] = {INT64_MAX, 1, INT64_MIN, -1};
    uint64_t u[] = {UINT64_MAX, 2};
    int32_t i[] = {INT32_MIN, INT32_MIN};
    ck_assert_int_eq(crew_sum_i64(x, 2), INT64_MIN);
    ck_assert_int_eq(crew_sum_i64(x + 2, 2), INT64_MAX);
    ck_assert_uint_eq(crew_sum_u64(u, 2), 1);
    ck_assert_uint_eq(crew_dot_u64(u, u, 2), 5);
    ck_assert_int_eq(crew_sum_i32(i, 2), -((int64_t)1 << 32));
    ck_assert_int_eq(crew_dot_i32(i, i, 2), INT64_MIN); /* 2^63 */
}
END_TEST

/* The plain sum of squares is out of range, the norm is not. */
START_TEST(norm2_scales)
{
    static const double factors[] = {1,        0x1p+1000, 0x1p+1023, 0x1p-400,  0x1p-479, 0x1p-481,
                                     0x1p-540, 0x1p-600,  0x1p-1000, 0x1p-1022, 0x1p-1070};
    enum { N = 40000 };
    double *x = test_alloc(N * sizeof *x);
    for (size_t f = 0; f < sizeof factors / sizeof factors[0]; f++)
        for (size_t c = 0; c < sizeof configurations / sizeof configurations[0]; c++) {
            configure(c);
            double a[] = {3 * factors[f], -4 * factors[f]};
            if (factors[f] < 0x1p+1020)
                SAME(crew_norm2_f64(a, 2), 5 * factors[f], f);
            ck_assert_double_eq(crew_norm2_f64(a, 0), 0);
            double b = -factors[f];
            SAME(crew_norm2_f64(&b, 1), factors[f], f);
            for (size_t i = 0; i < N; i++)
                x[i] = i % 2 ? factors[f] : -factors[f];
            double norm = crew_norm2_f64(x, N);
            if (factors[f] > 0x1p+1015)
                ck_assert(isinf(norm));
            else
                SAME(norm, 200 * factors[f], f);
        }
    double far[] = {0x1p-1074, 0x1p+1023}, mixed[] = {0x1p-1074, 3 * 0x1p-500, 4 * 0x1p-500, 0};
    SAME(crew_norm2_f64(far, 2), 0x1p+1023, 2);
    SAME(crew_norm2_f64(mixed, 4), 5 * 0x1p-500, 4);
    double zeros[] = {0.0, -0.0};
    SAME(crew_norm2_f64(zeros, 2), 0.0, 2);
    float big[] = {3 * 0x1p+125f, 4 * 0x1p+125f}, tiny[] = {3 * 0x1p-149f, 4 * 0x1p-149f};
    SAME(crew_norm2_f32(big, 2), 5 * 0x1p+125f, 2);
    SAME(crew_norm2_f32(tiny, 2), 5 * 0x1p-149f, 2);
    free(x);
}
END_TEST

/* The same to the bit at any configuration, close to long double, in and out of the range of plain squares. */
START_TEST(norm2_random)
{
    static const int exponents[] = {0, -530, -1040, 600};
    enum { N = 300001 };
    uint64_t seed = test_seed();
    double *x = test_alloc(N * sizeof *x);
    for (size_t e = 0; e < sizeof exponents / sizeof exponents[0]; e++) {
        long double exact = 0;
        for (size_t i = 0; i < N; i++) {
            x[i] = ldexp((double)(int64_t)oracle_random(&seed), exponents[e] - 63);
            exact += (long double)x[i] * (long double)x[i];
        }
        exact = sqrtl(exact);
        configure(0);
        double first = crew_norm2_f64(x, N);
        /* half a unit more where the norm itself is subnormal */
        ck_assert(fabsl((long double)first - exact) <= 1e-14L * exact + 0x1p-1075L);
        for (size_t c = 1; c < sizeof configurations / sizeof configurations[0]; c++) {
            configure(c);
            SAME(crew_norm2_f64(x, N), first, N);
        }
    }
    free(x);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("reduce_typed");
    TCase *bits = tcase_create("same bits");
    tcase_set_timeout(bits, 300);
    tcase_add_loop_test(bits, same_bits, 0, 18);
    tcase_add_loop_test(bits, few, 0, 6);
    suite_add_tcase(s, bits);
    TCase *special = tcase_create("special values");
    tcase_set_timeout(special, 300);
    tcase_add_loop_test(special, ties, 0, 6);
    tcase_add_test(special, nans);
    tcase_add_test(special, infinities);
    tcase_add_test(special, empty);
    tcase_add_test(special, integers_wrap);
    suite_add_tcase(s, special);
    TCase *accuracy = tcase_create("accuracy");
    tcase_set_timeout(accuracy, 300);
    tcase_add_test(accuracy, error_bound);
    tcase_add_test(accuracy, sum_f32_is_rounded_once);
    tcase_add_test(accuracy, norm2_scales);
    tcase_add_test(accuracy, norm2_random);
    if (!TESTS_VALGRIND) /* whose long double is a double */
        suite_add_tcase(s, accuracy);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
