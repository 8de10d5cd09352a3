/* crew/exact.h: sums compared with arbitrary precision, at every instruction set and thread count, in other orders and
 * cuts, through states and bytes. */
#include "../support/oracle_exact.h"
#include "array_test.h"
#include <crew/by_key.h>
#include <crew/exact.h>
#include <crew/reduce.h>
#include <errno.h>
#include <fenv.h>
#include <stdarg.h>

enum { LARGEST = TESTS_SANITIZED ? 70001 : 200003, ORACLE_MOST = 20000 };

#if TESTS_VALGRIND
static const size_t sizes[] = {1025, 9001};
#else
static const size_t sizes[] = {0,    1,    2,    3,    7,    8,     15,    16,          17,     31,   33,
                               63,   64,   65,   100,  511,  512,   513,   1023,        1024,   1025, 2049,
                               4095, 4096, 4097, 8191, 9001, 16384, 16385, ORACLE_MOST, LARGEST};
#endif
enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* Kinds of numbers. Exponents that lie close together, that do not fit into few bins, subnormal ones, ones that cancel
   to nothing or to the last bits, large ones that overflow on the way, integers, halves that make ties, -0. */
enum kind { UNIFORM, NORMAL, WIDE, WIDEST, TINY, HUGE_ONES, CANCEL, ALMOST, INTEGERS, TIES, ZEROS, SHIFTED, KINDS };

static double scaled(uint64_t r, int lowest, int binades)
{
    double m = 1 + (double)(r >> 12) * 0x1p-52;
    return ldexp(r & 1 ? -m : m, lowest + (int)(r >> 1 & 0x7ff) % binades);
}

static double number(enum kind kind, size_t i, size_t n, uint64_t r)
{
    switch (kind) {
    case UNIFORM:
        return (double)(r >> 11) * 0x1p-53;
    case NORMAL:
        return scaled(r, -12, 14);
    case WIDE:
        return scaled(r, -60, 120);
    case WIDEST:
        return scaled(r, -1080, 2100);
    case TINY:
        return scaled(r, -1074, 60);
    case HUGE_ONES:
        return scaled(r, 1000, 24);
    case INTEGERS:
        return (double)(int64_t)(r >> 40) - 0x1p23;
    case TIES:
        return i == 0 ? 0x1p53 : (double)(int)(r % 3) - 1;
    case ZEROS:
        return r % 3 == 0 ? 0.0 : r % 3 == 1 ? -0.0 : i * 2 > n ? scaled(r, 0, 4) : -0.0;
    default: /* the scale moves from block to block */
        return scaled(r, (int)(i / 3000 % 40) * 20 - 400, 10);
    }
}

static void fill(double *x, size_t n, enum kind kind, uint64_t *seed)
{
    bool pairs = kind == CANCEL || kind == ALMOST;
    for (size_t i = 0; i < n; i++)
        x[i] = number(pairs ? WIDE : kind, i, n, test_random(seed));
    if (pairs) {
        for (size_t i = 0; i + 1 < n; i += 2)
            x[i + 1] = -x[i];
        if (n % 2 == 1)
            x[n - 1] = 0;
        if (kind == ALMOST && n > 2)
            x[0] = nextafter(x[0], 0);
        for (size_t i = n; i > 1; i--) { /* Fisher and Yates */
            size_t j = (size_t)(test_random(seed) % i);
            double t = x[i - 1];
            x[i - 1] = x[j];
            x[j] = t;
        }
    }
}

static struct oracle_exact *zero_sum(struct oracle_exact *s)
{
    memset(s, 0, sizeof *s);
    return s;
}

static void sum_is(const double *x, size_t n, double got)
{
    static struct oracle_exact s;
    zero_sum(&s);
    for (size_t i = 0; i < n; i++)
        oracle_exact_add(&s, x[i]);
    ck_assert_msg(oracle_exact_is(&s, got), "n=%zu %a", n, got);
}

static void dot_is(const double *x, const double *y, size_t n, double got)
{
    static struct oracle_exact s;
    zero_sum(&s);
    for (size_t i = 0; i < n; i++)
        oracle_exact_add_product(&s, x[i], y[i]);
    ck_assert_msg(oracle_exact_is(&s, got), "n=%zu %a", n, got);
}

/* A state is compared as bytes: equal sums have equal states. */
static void same_state(const crew_exact *a, const crew_exact *b)
{
    ck_assert_mem_eq(a, b, sizeof *a);
}

/* Also the states of halves, of a block of one and of the reverse, merged either way. */
static void check_cuts(const double *x, size_t n, double want)
{
    crew_exact whole = {{0}, 0}, left = {{0}, 0}, right = {{0}, 0}, single = {{0}, 0};
    crew_exact_add(&whole, x, n);
    crew_exact_add(&left, x, n / 3);
    crew_exact_add(&right, x + n / 3, n - n / 3);
    crew_exact_merge(&right, &left);
    same_state(&right, &whole);
    for (size_t i = n < 3000 ? n : 0; i-- > 0;)
        crew_exact_add(&single, x + i, 1);
    if (n < 3000)
        same_state(&single, &whole);
    double got = crew_exact_value(&whole);
    ck_assert_mem_eq(&got, &want, sizeof got);
}

START_TEST(sums)
{
    uint64_t seed = test_seed();
    double *x = test_alloc((LARGEST + 1) * sizeof *x);
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        double *at = x + s % 2; /* aligned or not */
        fill(at, n, (enum kind)_i, &seed);
        configure(0);
        double want = crew_sum_exact_f64(at, n);
        if (n <= ORACLE_MOST)
            sum_is(at, n, want);
        for (size_t c = 0; c < CONFIGURATIONS; c++) {
            configure(c);
            double got = crew_sum_exact_f64(at, n);
            ck_assert_msg(memcmp(&got, &want, sizeof got) == 0, "n=%zu c=%zu %a not %a", n, c, got, want);
            check_cuts(at, n, want);
        }
        for (size_t i = 0; i < n / 2; i++) {
            double t = at[i];
            at[i] = at[n - 1 - i];
            at[n - 1 - i] = t;
        }
        double got = crew_sum_exact_f64(at, n);
        ck_assert_mem_eq(&got, &want, sizeof got);
    }
    free(x);
}
END_TEST

START_TEST(dots)
{
    uint64_t seed = test_seed();
    double *x = test_alloc((LARGEST + 1) * sizeof *x), *y = test_alloc((LARGEST + 1) * sizeof *y);
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        double *at = x + s % 2;
        fill(at, n, (enum kind)_i, &seed);
        fill(y, n, s % 3 == 0 ? UNIFORM : (enum kind)_i, &seed);
        configure(0);
        double want = crew_dot_exact_f64(at, y, n), squares = crew_dot_exact_f64(y, y, n);
        if (n <= ORACLE_MOST / 4) {
            dot_is(at, y, n, want);
            dot_is(y, y, n, squares);
        }
        for (size_t c = 0; c < CONFIGURATIONS; c++) {
            configure(c);
            crew_exact whole = {{0}, 0}, part = {{0}, 0};
            double got = crew_dot_exact_f64(at, y, n);
            ck_assert_msg(memcmp(&got, &want, sizeof got) == 0, "n=%zu c=%zu %a not %a", n, c, got, want);
            got = crew_dot_exact_f64(y, y, n);
            ck_assert_mem_eq(&got, &squares, sizeof got);
            crew_exact_add_dot(&whole, at, y, n);
            crew_exact_add_dot(&part, at + n / 2, y + n / 2, n - n / 2);
            crew_exact_add_dot(&part, at, y, n / 2);
            same_state(&part, &whole);
        }
    }
    free(x);
    free(y);
}
END_TEST

START_TEST(floats)
{
    uint64_t seed = test_seed();
    float *x = test_alloc((LARGEST + 1) * sizeof *x), *y = test_alloc((LARGEST + 1) * sizeof *y);
    static struct oracle_exact sum, dot;
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        float *at = x + s % 2;
        static const struct {
            int lowest, binades;
        } ranges[] = {{-4, 5}, {-30, 40}, {-149, 277}, {-149, 20}, {110, 18}};
        for (size_t i = 0; i < n; i++) {
            at[i] = (float)scaled(test_random(&seed), ranges[_i].lowest, ranges[_i].binades);
            y[i] = (float)scaled(test_random(&seed), ranges[_i].lowest, ranges[_i].binades);
        }
        configure(0);
        float want = crew_sum_exact_f32(at, n), want_dot = crew_dot_exact_f32(at, y, n);
        if (n <= ORACLE_MOST / 4) {
            zero_sum(&sum);
            zero_sum(&dot);
            for (size_t i = 0; i < n; i++) {
                oracle_exact_add(&sum, (double)at[i]);
                oracle_exact_add_product(&dot, (double)at[i], (double)y[i]);
            }
            ck_assert_msg(oracle_exact_is_f32(&sum, want), "n=%zu %a", n, (double)want);
            ck_assert_msg(oracle_exact_is_f32(&dot, want_dot), "n=%zu %a", n, (double)want_dot);
        }
        for (size_t c = 0; c < CONFIGURATIONS; c++) {
            configure(c);
            float got = crew_sum_exact_f32(at, n), got_dot = crew_dot_exact_f32(at, y, n);
            ck_assert_mem_eq(&got, &want, sizeof got);
            ck_assert_mem_eq(&got_dot, &want_dot, sizeof got);
            crew_exact whole = {{0}, 0}, part = {{0}, 0};
            crew_exact_add_f32(&whole, at, n);
            crew_exact_add_f32(&part, at + n / 2, n - n / 2);
            crew_exact_add_f32(&part, at, n / 2);
            crew_exact_add_dot_f32(&whole, at, y, n);
            crew_exact_add_dot_f32(&part, at, y, n);
            same_state(&part, &whole);
        }
    }
    free(x);
    free(y);
}
END_TEST

/* All terms of a block have one sign and as many bits as a digit or a bin takes. */
START_TEST(full_digits)
{
    enum { N = 20000 };
    static double x[N];
    for (size_t c = 0; c < CONFIGURATIONS; c++) {
        configure(c);
        for (size_t i = 0; i < N; i++)
            x[i] = i % 4000 == 0 ? 0x1p-1074 : -(2 - 0x1p-52) * 0x1p993;
        sum_is(x, N, crew_sum_exact_f64(x, N));
        /* The bins are placed by the first terms; the others just fit. */
        for (size_t i = 0; i < N; i++)
            x[i] = i < 200 ? 1 : 64 - 0x1p-46;
        sum_is(x, N, crew_sum_exact_f64(x, N));
        dot_is(x, x, N, crew_dot_exact_f64(x, x, N));
    }
}
END_TEST

/* Each special value at the first, middle and last place of arrays of every size. */
START_TEST(special_values)
{
    static const double inf = (double)INFINITY;
    static double x[5000], y[5000];
    for (size_t c = 0; c < CONFIGURATIONS; c++)
        for (size_t n = 1; n <= 5000; n = n * 3 + 1) {
            const size_t places[] = {0, n / 2, n - 1};
            configure(c);
            for (size_t k = 0; k < 3; k++) {
                for (size_t i = 0; i < n; i++)
                    x[i] = y[i] = 1;
                x[places[k]] = inf;
                ck_assert_double_eq(crew_sum_exact_f64(x, n), inf);
                ck_assert_double_eq(crew_dot_exact_f64(x, y, n), inf);
                y[places[k]] = -1;
                ck_assert_double_eq(crew_dot_exact_f64(x, y, n), -inf);
                y[places[k]] = 0;
                ck_assert_double_nan(crew_dot_exact_f64(x, y, n));
                ck_assert_double_nan(crew_dot_exact_f64(y, x, n));
                x[places[k]] = -inf;
                ck_assert_double_eq(crew_sum_exact_f64(x, n), -inf);
                if (n > 1) {
                    x[places[(k + 1) % 3] == places[k] ? (places[k] + 1) % n : places[(k + 1) % 3]] = inf;
                    ck_assert_double_nan(crew_sum_exact_f64(x, n));
                }
                for (size_t i = 0; i < n; i++)
                    x[i] = y[i] = -1;
                x[places[k]] = (double)NAN;
                ck_assert_double_nan(crew_sum_exact_f64(x, n));
                ck_assert_double_nan(crew_dot_exact_f64(x, y, n));
                ck_assert_double_nan(crew_dot_exact_f64(y, x, n));
            }
        }
}
END_TEST

static double sum_of(size_t n, ...)
{
    double x[8];
    va_list list;
    va_start(list, n);
    for (size_t i = 0; i < n; i++)
        x[i] = va_arg(list, double);
    va_end(list);
    return crew_sum_exact_f64(x, n);
}

static void same_double(double got, double want)
{
    ck_assert_msg(memcmp(&got, &want, sizeof got) == 0, "%a, not %a", got, want);
}

START_TEST(by_hand)
{
    const double inf = (double)INFINITY, least = 0x1p-1074, half = 0x1p-1 * 0x1p-536;
    same_double(sum_of(0), 0.0);
    same_double(sum_of(1, -0.0), 0.0);
    same_double(sum_of(2, -0.0, -0.0), 0.0);
    same_double(sum_of(2, 1.0, -1.0), 0.0);
    same_double(sum_of(1, least), least);
    same_double(sum_of(2, least, -0x1p-1073), -least);
    same_double(sum_of(1, DBL_MAX), DBL_MAX);
    same_double(sum_of(3, DBL_MAX, DBL_MAX, -DBL_MAX), DBL_MAX);
    same_double(sum_of(2, DBL_MAX, 0x1p970), inf);
    same_double(sum_of(3, DBL_MAX, 0x1p970, -least), DBL_MAX);
    same_double(sum_of(2, -DBL_MAX, -0x1p970), -inf);
    same_double(sum_of(3, 1e308, 1e308, -1e308), 1e308);
    same_double(sum_of(2, 1.0, 0x1p-53), 1.0);                 /* a tie, to even */
    same_double(sum_of(2, 1 + 0x1p-52, 0x1p-53), 1 + 0x1p-51); /* a tie, to even */
    same_double(sum_of(3, 1.0, 0x1p-53, least), 1 + 0x1p-52);
    same_double(sum_of(3, 1.0, 0x1p-53, -least), 1.0);
    same_double(sum_of(4, 1e300, 1.0, -1e300, 1e-300), 1.0);
    same_double(sum_of(3, 0x1p1023, 0x1p1023, -0x1p971), DBL_MAX);

    double a[3] = {1e200, 1e-200, 3}, b[3] = {1e200, 1e-200, 5};
    same_double(crew_dot_exact_f64(a, b, 1), inf);
    b[2] = -1e200;
    a[2] = 1e200;
    same_double(crew_dot_exact_f64(a, b, 3), 0.0); /* 1e-400 */
    b[1] = -1e-200;
    same_double(crew_dot_exact_f64(a, b, 3), -0.0);
    same_double(crew_dot_exact_f64(&half, &half, 1), 0x1p-1074);
    const double root = 0x1p-537, minus = -0x1p-538;
    same_double(crew_dot_exact_f64(&root, &minus, 1), -0.0); /* half of the least: a tie, to even */
    const double fractions[2] = {1 + 0x1p-52, -1}, others[2] = {1 + 0x1p-52, 1 + 0x1p-51};
    same_double(crew_dot_exact_f64(fractions, others, 2), 0x1p-104);

    const float f[3] = {FLT_MAX, FLT_MAX, -FLT_MAX}, g[2] = {FLT_MAX, 0x1p103f}, one[2] = {1, 0x1p-24f};
    ck_assert_float_eq(crew_sum_exact_f32(f, 3), FLT_MAX);
    ck_assert_float_eq(crew_sum_exact_f32(f, 2), INFINITY);
    ck_assert_float_eq(crew_sum_exact_f32(g, 2), INFINITY);
    ck_assert_float_eq(crew_sum_exact_f32(one, 2), 1);
    /* As a double this is a tie between floats; it is not one. */
    const double three[3] = {1, 0x1p-24, 0x1p-80};
    crew_exact state = {{0}, 0};
    crew_exact_add(&state, three, 3);
    ck_assert_float_eq(crew_exact_value_f32(&state), 1 + 0x1p-23f);
    ck_assert_float_eq((float)crew_exact_value(&state), 1);
    ck_assert_float_eq(crew_sum_exact_f32(NULL, 0), 0);
    same_double(crew_dot_exact_f64(NULL, NULL, 0), 0.0);
    crew_exact empty = {{0}, 0}, kept = state;
    crew_exact_add(&state, NULL, 0);
    crew_exact_merge(&state, &empty);
    same_state(&state, &kept);
}
END_TEST

START_TEST(bytes)
{
    static const double terms[][2] = {
        {1, -2}, {(double)INFINITY, 1}, {-(double)INFINITY, 1}, {(double)NAN, 3}, {0x1p-1074, -DBL_MAX}};
    unsigned char first[CREW_EXACT_BYTES], second[CREW_EXACT_BYTES];
    for (size_t t = 0; t < 5; t++) {
        crew_exact state = {{0}, 0}, read = {{1}, 1};
        crew_exact_add(&state, terms[t], 2);
        crew_exact_to_bytes(&state, first);
        ck_assert_int_eq(crew_exact_from_bytes(&read, first), 0);
        same_state(&read, &state);
        crew_exact_to_bytes(&read, second);
        ck_assert_mem_eq(first, second, sizeof first);
    }
    /* The form itself: 1 is 2^2148 of the lowest bits, which is bit 36 of word 33, in byte 8 + 33 * 8 + 4. */
    const double one = 1, minus = -1;
    crew_exact state = {{0}, 0}, kept;
    memset(second, 0, sizeof second);
    memcpy(second, "crewx1", 6);
    second[8 + 33 * 8 + 4] = 1 << 4;
    crew_exact_add(&state, &one, 1);
    crew_exact_to_bytes(&state, first);
    ck_assert_mem_eq(first, second, sizeof first);
    crew_exact_add(&state, &minus, 1);
    crew_exact_add(&state, &minus, 1);
    memset(second + 8 + 33 * 8 + 4, 0xff, sizeof second - (8 + 33 * 8 + 4));
    second[8 + 33 * 8 + 4] = 0xf0;
    crew_exact_to_bytes(&state, first);
    ck_assert_mem_eq(first, second, sizeof first);
    for (int at = 0; at < 8; at++) {
        crew_exact_to_bytes(&state, first);
        first[at] = (unsigned char)(first[at] + 8);
        kept = state;
        ck_assert_int_eq(crew_exact_from_bytes(&state, first), -EINVAL);
        same_state(&state, &kept);
    }
}
END_TEST

static int fold_exact(size_t begin, size_t end, void *acc, void *ctx)
{
    crew_exact_add(acc, (const double *)ctx + begin, end - begin);
    return 0;
}

static void merge_exact(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    crew_exact_merge(acc, right);
}

/* Ranks that have parts of the terms and merge what they get as bytes, in some order; and crew_reduce. */
START_TEST(states_merge)
{
    enum { N = 20000, RANKS = 7 };
    static double x[N];
    static unsigned char bytes[RANKS][CREW_EXACT_BYTES];
    uint64_t seed = test_seed();
    crew_exact want = {{0}, 0}, got = {{0}, 0}, part;
    fill(x, N, WIDEST, &seed);
    crew_exact_add(&want, x, N);
    for (size_t r = 0; r < RANKS; r++) {
        size_t begin = N * r / RANKS, end = N * (r + 1) / RANKS;
        memset(&part, 0, sizeof part);
        crew_exact_add(&part, x + begin, end - begin);
        crew_exact_to_bytes(&part, bytes[(r * 3 + 1) % RANKS]);
    }
    for (size_t r = 0; r < RANKS; r++) {
        ck_assert_int_eq(crew_exact_from_bytes(&part, bytes[r]), 0);
        crew_exact_merge(&got, &part);
    }
    same_state(&got, &want);
    crew_exact_merge(&got, &got);
    crew_exact_add(&want, x, N);
    same_state(&got, &want);
    const crew_reducer r = {.size = sizeof(crew_exact), .fold = fold_exact, .merge = merge_exact};
    for (size_t c = 0; c < CONFIGURATIONS; c++) {
        configure(c);
        ck_assert_int_eq(crew_reduce(N, &r, x, &got, NULL), 0);
        crew_exact_merge(&got, &got);
        same_state(&got, &want);
    }
}
END_TEST

/* What is set by the caller does not matter, and is there afterwards. */
START_TEST(rounding_modes)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    enum { N = 30000 };
    static double x[N];
    static float f[N];
    uint64_t seed = test_seed();
    fill(x, N, NORMAL, &seed);
    for (size_t i = 0; i < N; i++)
        f[i] = (float)x[i];
    for (size_t n = 3; n <= N; n = n * 10 + 1) {
        double sum = crew_sum_exact_f64(x, n), dot = crew_dot_exact_f64(x, x, n);
        float sum_f32 = crew_sum_exact_f32(f, n), dot_f32 = crew_dot_exact_f32(f, f, n);
        for (size_t k = 0; k < 3; k++) {
            fesetround(modes[k]);
            configure(k);
            double got = crew_sum_exact_f64(x, n), got_dot = crew_dot_exact_f64(x, x, n);
            float got_f32 = crew_sum_exact_f32(f, n), got_dot_f32 = crew_dot_exact_f32(f, f, n);
            ck_assert_int_eq(fegetround(), modes[k]);
            fesetround(FE_TONEAREST);
            same_double(got, sum);
            same_double(got_dot, dot);
            ck_assert_mem_eq(&got_f32, &sum_f32, sizeof sum_f32);
            ck_assert_mem_eq(&got_dot_f32, &dot_f32, sizeof dot_f32);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exact");
    TCase *tc = tcase_create("exact");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, sums, 0, KINDS);
    tcase_add_loop_test(tc, dots, 0, KINDS);
    tcase_add_loop_test(tc, floats, 0, 5);
    suite_add_tcase(suite, tc);
    tc = tcase_create("few");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, full_digits);
    tcase_add_test(tc, special_values);
    tcase_add_test(tc, by_hand);
    tcase_add_test(tc, bytes);
    tcase_add_test(tc, states_merge);
    if (!TESTS_VALGRIND) /* which has one */
        tcase_add_test(tc, rounding_modes);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
