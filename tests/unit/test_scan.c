/* crew/scan.h. The typed scans are compared to the bit with an oracle that has the documented structure, at every
   instruction set that the machine has and at several thread counts; the generic ones with an operator that does not
   commute. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/scan/scan_typed.h"
#include "../../lib/array/typed/isa.h"
#include "../../lib/array/typed/types.h"
#include "../../lib/core/loop/runner.h"
#include "../support/sanitized.h"
#include <check.h>
#include <crew/scan.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST = (TESTS_VALGRIND ? 2 : 5) * 16384 + 77 };

#if TESTS_VALGRIND
static const size_t sizes[] = {LARGEST};
#elif TESTS_RACES
static const size_t sizes[] = {16385, LARGEST};
#else
static const size_t sizes[] = {0, 1, 2, 7, 8, 9, 17, 33, 1000, 16383, 16384, 16385, LARGEST};
#endif

static const struct {
    enum crew__isa isa;
    int threads;
} configurations[] = {
#if TESTS_VALGRIND
    {CREW__ISA_PLAIN, 2},
    {CREW__ISA_AVX2, 3},
#elif TESTS_RACES
    {CREW__ISA_PLAIN, 3},
    {CREW__ISA_AVX2, 8},
#elif TESTS_MEMORY
    {CREW__ISA_PLAIN, 1},
    {CREW__ISA_AVX2, 2},
    {CREW__ISA_AVX512, 3},
    {CREW__ISA_SSE2, 8},
#elif TESTS_SEQUENTIAL
    {CREW__ISA_PLAIN, 1},
    {CREW__ISA_SSE2, 2},
    {CREW__ISA_AVX2, 8},
    {CREW__ISA_AVX512, 3},
#else
    {CREW__ISA_PLAIN, 1},  {CREW__ISA_PLAIN, 2},  {CREW__ISA_AVX2, 1},   {CREW__ISA_AVX2, 2},  {CREW__ISA_AVX512, 1},
    {CREW__ISA_AVX512, 2}, {CREW__ISA_AVX512, 3}, {CREW__ISA_AVX512, 8}, {CREW__ISA_SSE2, 64},
#endif
};

enum { SIZES = sizeof sizes / sizeof sizes[0], CONFIGURATIONS = sizeof configurations / sizeof configurations[0] };

static void configure(size_t c)
{
    crew__tuning.always_open = 1;
    crew__isa_limit(configurations[c].isa);
    crew_set_num_threads(configurations[c].threads);
    crew__scan_crowd = c % 3 == 0 ? 2 : 1;
    crew__scan_past_bytes = c % 2 ? 0 : (size_t)64 << 20;
}

/* splitmix64 */
static uint64_t oracle_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t test_seed(void)
{
    const char *given = getenv("CREW_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("CREW_TEST_SEED=%llu\n", (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

static void *test_alloc(size_t size)
{
    void *p = malloc(size);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void same_bytes(const void *a, const void *b, size_t size, const char *what, size_t n, int op)
{
    if (memcmp(a, b, size) != 0)
        ck_abort_msg("%s differs, operation %d, n = %zu, threads %d, isa %d", what, op, n, crew_num_threads(),
                     (int)crew__isa());
}

static void same_array(const void *got, const void *want, size_t size, size_t n, int op, int exclusive)
{
    const char *a = got, *b = want;
    if (memcmp(a, b, n * size) == 0)
        return;
    size_t i = 0;
    while (memcmp(a + i * size, b + i * size, size) == 0)
        i++;
    ck_abort_msg("element %zu of %zu differs, operation %d, exclusive %d, threads %d, isa %d", i, n, op, exclusive,
                 crew_num_threads(), (int)crew__isa());
}

#define TEMPLATE "../../../tests/unit/scan_template.h"
#include "../../lib/array/typed/each_type_template.h"

START_TEST(same_bits)
{
    static void (*const check[])(int) = {check_bits_f32, check_bits_f64, check_bits_i32,
                                         check_bits_i64, check_bits_u32, check_bits_u64};
    if (TESTS_RACES && _i % 4)
        return;
    if (_i / 4 < 2 || _i % 2 == 0) /* kinds of numbers that integers do not have */
        check[_i / 4](_i % 4);
}
END_TEST

START_TEST(segments)
{
    static void (*const check[])(int) = {check_segments_f32, check_segments_f64, check_segments_i32,
                                         check_segments_i64, check_segments_u32, check_segments_u64};
    if (!TESTS_RACES || _i % 2 == 0)
        check[_i / 2](_i % 2 * 3);
}
END_TEST

/* A NaN of overflow or underflow is where its bracketing puts it, on every instruction set, and always the macro's. */
START_TEST(passing_nans)
{
    static void (*const check[])(int) = {check_bits_f32, check_bits_f64, check_segments_f32, check_segments_f64};
    if (!TESTS_RACES)
        check[_i](4);
}
END_TEST

/* The same where many NaNs come and go: elements that over- and underflow in products, and neither 0 nor infinity among
 * them. */
START_TEST(vanishing_nans)
{
    enum { N = 64, ROUNDS = 2000 };
    static const double extreme[] = {1e200, 1e-200, -1e100, -1e-100};
    uint64_t seed = test_seed();
    int vanished = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double x[N], inclusive[N], exclusive[N], out[N];
        for (int i = 0; i < N; i++)
            x[i] = extreme[oracle_random(&seed) % 4];
        double total = oracle_f64(1, x, inclusive, exclusive, N);
        for (int i = 1; i < N; i++)
            vanished += isnan(inclusive[i - 1]) && !isnan(inclusive[i]);
        for (size_t c = 0; c < CONFIGURATIONS; c++) {
            configure(c);
            double got = crew_scan_inclusive_product_f64(x, out, N);
            same_bytes(&got, &total, sizeof got, "total", N, 1);
            same_array(out, inclusive, sizeof *x, N, 1, 0);
            got = crew_scan_exclusive_product_f64(x, out, N);
            same_bytes(&got, &total, sizeof got, "total", N, 1);
            same_array(out, exclusive, sizeof *x, N, 1, 1);
        }
    }
    ck_assert_int_gt(vanished, 0);
}
END_TEST

/* Against the loop in long double, and never falling where nothing is negative. */
START_TEST(error_bound)
{
    enum { N = TESTS_VALGRIND ? 20001 : TESTS_SANITIZED ? 50001 : 300001 };
    uint64_t seed = test_seed();
    double *x = test_alloc(N * sizeof *x), *out = test_alloc(N * sizeof *x);
    for (int kind = 0; kind < 2; kind++) {
        long double exact = 0, sum_abs = 0;
        size_t wrong = 0;
        for (size_t i = 0; i < N; i++)
            x[i] = ldexp((double)(oracle_random(&seed) >> 11), -53 - (int)(i % 40)) * (kind && i % 3 ? -1 : 1);
        crew_scan_inclusive_sum_f64(x, out, N);
        for (size_t i = 0; i < N; i++) {
            exact += (long double)x[i];
            sum_abs += fabsl((long double)x[i]);
            size_t in_leaf = i < 16383 ? i : 16383;
            double adds = (double)(i / 16384) + (double)(in_leaf / 8) + 5;
            adds = adds < (double)i ? adds : (double)i;
            /* the oracle's own rounding */
            long double bound = ((long double)adds * 0x1p-53L + (long double)i * 0x1p-64L) * sum_abs;
            wrong += !(fabsl((long double)out[i] - exact) <= bound);
            wrong += kind == 0 && i > 0 && !(out[i] >= out[i - 1]);
        }
        ck_assert_uint_eq(wrong, 0);
    }
    free(x);
    free(out);
}
END_TEST

START_TEST(empty)
{
    double d = 7;
    ck_assert(crew_scan_inclusive_sum_f64(NULL, NULL, 0) == 0 && crew_scan_exclusive_product_f32(NULL, NULL, 0) == 1);
    ck_assert(crew_scan_inclusive_min_f64(NULL, NULL, 0) == (double)INFINITY);
    ck_assert(crew_scan_exclusive_max_i32(NULL, NULL, 0) == INT32_MIN);
    ck_assert(crew_scan_inclusive_min_u64(NULL, NULL, 0) == UINT64_MAX);
    crew_scan_segmented_inclusive_sum_f64(NULL, NULL, NULL, 0);
    ck_assert(crew_scan_exclusive_sum_f64(&d, &d, 1) == 7 && d == 0);
}
END_TEST

/* Callbacks run on any instruction set. */
static bool adds_threads(size_t c)
{
    bool known = false;
    for (size_t k = 0; k < c; k++)
        known = known || configurations[k].threads == configurations[c].threads;
    return !known;
}

/* x -> a x + b modulo 2^32: composition is associative and does not commute. */
struct affine {
    uint32_t a, b, more[3];
};

static void compose(void *acc, const void *right, void *ctx)
{
    struct affine f, g; /* elements may lie at any address */
    memcpy(&f, acc, sizeof f);
    memcpy(&g, right, sizeof g);
    f = (struct affine){g.a * f.a, g.a * f.b + g.b + (ctx != compose), {0}};
    memcpy(acc, &f, sizeof f);
}

static const struct affine same = {1, 0, {0}};
static const crew_scanner composer = {&same, compose};

static void check_generic(size_t n, size_t grain, uint64_t *seed)
{
    struct affine *x = test_alloc((n + 1) * sizeof *x), *out = test_alloc((n + 1) * sizeof *x);
    struct affine *want[4], total, last = same, segment = same;
    unsigned char *flags = test_alloc(n + 1);
    for (int k = 0; k < 4; k++)
        want[k] = test_alloc((n + 1) * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        x[i] = (struct affine){(uint32_t)oracle_random(seed) | 1, (uint32_t)oracle_random(seed), {0}};
        flags[i] = oracle_random(seed) % (i % 512 == 0 ? 4 : 2000) == 0; /* also where a block begins */
        want[1][i] = last;
        compose(&last, &x[i], compose);
        want[0][i] = last;
        if (flags[i])
            segment = same;
        want[3][i] = segment;
        compose(&segment, &x[i], compose);
        want[2][i] = segment;
    }
    for (size_t c = 0; c < CONFIGURATIONS; c++)
        for (int kind = 0; kind < 4 && adds_threads(c); kind++)
            for (int in_place = 0; in_place < 2; in_place++) {
                crew_options opt = {.grain = grain};
                struct affine *in = in_place ? out : x;
                configure(c);
                memcpy(out, x, n * sizeof *x);
                int code = kind == 0   ? crew_scan_inclusive(in, out, sizeof *x, n, &composer, compose, &total, &opt)
                           : kind == 1 ? crew_scan_exclusive(in, out, sizeof *x, n, &composer, compose, &total, &opt)
                           : kind == 2 ? crew_scan_segmented_inclusive(in, flags, out, sizeof *x, n, &composer, compose,
                                                                       &total, &opt)
                                       : crew_scan_segmented_exclusive(in, flags, out, sizeof *x, n, &composer, compose,
                                                                       &total, grain ? &opt : NULL);
                ck_assert_int_eq(code, 0);
                same_array(out, want[kind], sizeof *x, n, in_place, kind);
                same_bytes(&total, kind < 2 ? &last : &segment, sizeof total, "total", n, kind);
            }
    for (int k = 0; k < 4; k++)
        free(want[k]);
    free(x);
    free(out);
    free(flags);
}

START_TEST(generic)
{
    static const size_t lengths[] = {0, 1, 2, 3, 64, 1000, 1023, 1024, 1025, 2048, 2049, TESTS_RACES ? 5003 : 20011};
    uint64_t seed = test_seed();
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
        check_generic(lengths[k], 0, &seed);
        check_generic(lengths[k], 1, &seed);
        check_generic(lengths[k], 100, &seed);
    }
}
END_TEST

/* The last word that is not 0, for each word of an element. ctx: how many words. */
static void last_words(void *acc, const void *right, void *ctx)
{
    uint32_t *words = acc;
    for (size_t k = 0; k < *(const size_t *)ctx; k++)
        words[k] = ((const uint32_t *)right)[k] ? ((const uint32_t *)right)[k] : words[k];
}

/* Elements of 4, 8, 12 and 16 bytes. */
START_TEST(generic_words)
{
    enum { N = 3000, MOST = 4 };
    static uint32_t x[N * MOST], out[N * MOST], want[N * MOST];
    static unsigned char flags[N];
    const crew_scanner s = {NULL, last_words};
    uint64_t seed = test_seed();
    for (size_t words = 1; words <= MOST; words++)
        for (int kind = 0; kind < 4; kind++) {
            uint32_t last[MOST] = {0};
            const size_t size = words * sizeof *x;
            for (size_t i = 0; i < N; i++) {
                for (size_t k = 0; k < words; k++)
                    x[i * words + k] = (uint32_t)(oracle_random(&seed) % 3) * (uint32_t)i;
                flags[i] = oracle_random(&seed) % 7 == 0;
                memset(last, 0, kind > 1 && flags[i] ? sizeof last : 0);
                memcpy(&want[i * words], last, size);
                last_words(last, &x[i * words], &words);
                if (kind % 2 == 0)
                    memcpy(&want[i * words], last, size);
            }
            ck_assert_int_eq(kind == 0   ? crew_scan_inclusive(x, out, size, N, &s, &words, NULL, NULL)
                             : kind == 1 ? crew_scan_exclusive(x, out, size, N, &s, &words, NULL, NULL)
                             : kind == 2
                                 ? crew_scan_segmented_inclusive(x, flags, out, size, N, &s, &words, NULL, NULL)
                                 : crew_scan_segmented_exclusive(x, flags, out, size, N, &s, &words, NULL, NULL),
                             0);
            same_array(out, want, size, N, 0, kind);
        }
}
END_TEST

static void add_double(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

/* Rounding shows any difference in the bracketing. */
START_TEST(generic_same_bits)
{
    enum { N = TESTS_VALGRIND ? 10003 : TESTS_SANITIZED ? 100003 : 2000003 };
    const crew_scanner adder = {NULL, add_double};
    uint64_t seed = test_seed();
    double *x = test_alloc(N * sizeof *x), *first = test_alloc(N * sizeof *x), *out = test_alloc(N * sizeof *x);
    for (size_t i = 0; i < N; i++)
        x[i] = (double)(int64_t)oracle_random(&seed);
    double total, sum = 0;
    configure(0);
    ck_assert_int_eq(crew_scan_inclusive(x, first, sizeof *x, N, &adder, NULL, &sum, NULL), 0);
    ck_assert(sum == first[N - 1]);
    for (size_t c = 1; c < CONFIGURATIONS; c++) {
        configure(c);
        ck_assert_int_eq(crew_scan_inclusive(x, out, sizeof *x, N, &adder, NULL, &total, NULL), 0);
        same_array(out, first, sizeof *x, N, 0, 0);
        same_bytes(&total, &sum, sizeof sum, "total", N, 0);
    }
    free(x);
    free(first);
    free(out);
}
END_TEST

START_TEST(bad_arguments)
{
    const crew_scanner adder = {NULL, add_double}, none = {NULL, NULL};
    double x[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out[8], total = 5;
    unsigned char flags[8] = {0};
    ck_assert_int_eq(crew_scan_inclusive(x, out, 8, 8, NULL, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_inclusive(x, out, 8, 8, &none, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_inclusive(x, out, 0, 8, &adder, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_inclusive(NULL, out, 8, 8, &adder, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_exclusive(x, NULL, 8, 8, &adder, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_exclusive(x, x + 1, 8, 7, &adder, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_segmented_inclusive(x, NULL, out, 8, 8, &adder, NULL, &total, NULL), -EINVAL);
    ck_assert_int_eq(crew_scan_segmented_exclusive(x, (unsigned char *)out, out, 8, 8, &adder, NULL, &total, NULL),
                     -EINVAL);
    ck_assert_int_eq(crew_scan_inclusive(x, out, 8, SIZE_MAX / 4, &adder, NULL, &total, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_scan_inclusive(x, out, 8, 8, &adder, NULL, &total, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert(total == 5);
    ck_assert_int_eq(crew_scan_segmented_inclusive(x, flags, out, 8, 8, &adder, NULL, NULL, NULL), 0);
    ck_assert(out[7] == 36);
    ck_assert_int_eq(crew_scan_inclusive(NULL, NULL, 8, 0, &adder, NULL, &total, NULL), 0);
    ck_assert(total == 0);
}
END_TEST

struct canceller {
    crew_cancel stop;
};

static void add_and_cancel(void *acc, const void *right, void *ctx)
{
    add_double(acc, right, NULL);
    crew_cancel_request(&((struct canceller *)ctx)->stop);
}

START_TEST(cancelled)
{
    enum { N = 100000 };
    const crew_scanner adder = {NULL, add_and_cancel};
    double *x = calloc(N, sizeof *x), *out = calloc(N, sizeof *x), total = 5;
    ck_assert(x && out);
    for (size_t c = 0; c < CONFIGURATIONS; c++) {
        configure(c);
        struct canceller ctx = {{0}};
        int code = crew_scan_inclusive(x, out, 8, N, &adder, &ctx, &total, &(crew_options){.cancel = &ctx.stop});
        ck_assert_int_eq(code, -ECANCELED);
        ck_assert(total == 5);
    }
    free(x);
    free(out);
}
END_TEST

static size_t seen_done, seen_total;

static void see(size_t done, size_t total, void *ctx)
{
    (void)ctx;
    ck_assert_uint_ge(done, seen_done);
    seen_done = done;
    seen_total = total;
}

START_TEST(progress)
{
    enum { N = 100001 };
    const crew_scanner adder = {NULL, add_double};
    double *x = calloc(N, sizeof *x);
    ck_assert_ptr_nonnull(x);
    configure(1);
    ck_assert_int_eq(crew_scan_inclusive(x, x, 8, N, &adder, NULL, NULL, &(crew_options){.progress = see}), 0);
    ck_assert_uint_eq(seen_done, N);
    ck_assert_uint_eq(seen_total, N);
    free(x);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("scan");
    TCase *typed = tcase_create("typed");
    tcase_set_timeout(typed, 300);
    tcase_add_loop_test(typed, same_bits, 0, 24);
    tcase_add_loop_test(typed, segments, 0, 12);
    tcase_add_loop_test(typed, passing_nans, 0, 4);
    tcase_add_test(typed, vanishing_nans);
    tcase_add_test(typed, error_bound);
    tcase_add_test(typed, empty);
    suite_add_tcase(s, typed);
    TCase *any = tcase_create("generic");
    tcase_set_timeout(any, 300);
    tcase_add_test(any, generic);
    tcase_add_test(any, generic_words);
    tcase_add_test(any, generic_same_bits);
    tcase_add_test(any, bad_arguments);
    tcase_add_test(any, cancelled);
    tcase_add_test(any, progress);
    suite_add_tcase(s, any);
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
