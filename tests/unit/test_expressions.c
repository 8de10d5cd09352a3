/* The statements of crew/expression.h and crew/accumulate.h against naive loops, to the bit, at every thread count. */
#define _DEFAULT_SOURCE
#include "../support/suite.h"
#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const size_t sizes[] = {0,    1,    2,    3,    31,   32,    33,    63,    64,    65,     1000,   4095,
                               4096, 4097, 8191, 8192, 8193, 12289, 65535, 65536, 65537, 100003, 262144, 300001};
enum { SIZES = sizeof sizes / sizeof *sizes, LARGEST = 300001 };

static double *numbers(size_t n)
{
    double *x = malloc((n + 1) * sizeof *x);
    ck_assert_ptr_nonnull(x);
    unsigned state = 12345;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525U + 1013904223U;
        x[i] = ((double)state - 2147483648.0) / (double)(1 + (state >> 7) % 1000);
    }
    return x;
}

static int same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The leaf of 4096 that begins at x: 32 lanes, folded by halves. */
static double leaf_sum(const double *x, size_t n)
{
    double lane[32] = {0};
    for (size_t i = 0; i < n; i++)
        lane[i % 32] += x[i];
    for (size_t half = 16; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++)
            lane[l] += lane[l + half];
    return lane[0];
}

/* leaves 0 .. 2^k - 1 and the rest, 2^k the largest power below their number. */
static double tree_sum(const double *x, size_t n)
{
    if (n <= 4096)
        return leaf_sum(x, n);
    size_t left = 4096;
    while (2 * left < n)
        left *= 2;
    return tree_sum(x, left) + tree_sum(x + left, n - left);
}

START_TEST(sums_are_the_tree)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        double s = 0, start = 1.5;
        CREW_SUM(s, i, n, x[i]);
        ck_assert(same(s, tree_sum(x, n)));
        CREW_SUM(start, i, n, x[i]);
        ck_assert(same(start, n ? 1.5 + tree_sum(x, n) : 1.5));
    }
    free(x);
}
END_TEST

/* Beyond 512 leaves a chunk has several. */
START_TEST(chunks_of_several_leaves)
{
    use_threads(_i);
    const size_t n = 4096 * (2 * 512 + 5) + 17;
    double *x = numbers(n), s = 0;
    CREW_SUM(s, i, n, x[i]);
    ck_assert(same(s, tree_sum(x, n)));
    free(x);
}
END_TEST

/* Long enough that lanes are shared out. */
static double slow(double x)
{
    volatile double y = x;
    for (int k = 0; k < 200; k++)
        y = y + 0;
    return y;
}

START_TEST(slow_items_have_the_same_bits)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    const size_t few[] = {2, 31, 32, 33, 64, 1000, 4097, 9000};
    for (size_t k = 0; k < sizeof few / sizeof *few; k++) {
        size_t n = few[k];
        double s = 0, low = INFINITY, low_naive = INFINITY;
        CREW_SUM(s, i, n, slow(x[i]));
        ck_assert(same(s, tree_sum(x, n)));
        CREW_MIN(low, i, n, slow(x[i]));
        for (size_t i = 0; i < n; i++)
            low_naive = x[i] < low_naive ? x[i] : low_naive;
        ck_assert(same(low, low_naive));
    }
    free(x);
}
END_TEST

/* The first item alone takes longer than a team costs. */
START_TEST(a_slow_first_item)
{
    use_threads(_i);
    double *x = numbers(100), s = 0;
    CREW_SUM(s, i, 100, i < 3 ? (usleep(2000), x[i]) : x[i]);
    ck_assert(same(s, tree_sum(x, 100)));
    free(x);
}
END_TEST

START_TEST(sums_of_other_types)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        int32_t wraps = 7;
        uint32_t wraps_naive = 7;
        int64_t wide = -5, wide_naive = -5;
        unsigned char byte = 200, byte_naive = 200;
        short small = -3, small_naive = -3;
        float f = 0;
        double f_tree = 0;
        CREW_SUM(wraps, i, n, 123456789);
        CREW_SUM(wide, i, n, (int64_t)x[i]);
        CREW_SUM(byte, i, n, i);
        CREW_SUM(small, i, n, -1);
        CREW_SUM(f, i, n, (float)x[i]);
        double *rounded = malloc((n + 1) * sizeof *rounded);
        ck_assert_ptr_nonnull(rounded);
        for (size_t i = 0; i < n; i++) {
            wraps_naive += 123456789;
            wide_naive += (int64_t)x[i];
            byte_naive = (unsigned char)(byte_naive + i);
            small_naive = (short)(small_naive - 1);
            rounded[i] = (double)(float)x[i];
        }
        f_tree = tree_sum(rounded, n);
        ck_assert_int_eq((int64_t)wraps, (int64_t)(int32_t)wraps_naive);
        ck_assert_int_eq(wide, wide_naive);
        ck_assert_int_eq(byte, byte_naive);
        ck_assert_int_eq(small, small_naive);
        ck_assert(f == (float)f_tree);
        free(rounded);
    }
    free(x);
}
END_TEST

START_TEST(extremes)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        double low = 1e300, high = -1e300, low_naive = low, high_naive = high;
        int64_t low_int = -7, high_int = INT64_MIN;
        CREW_MIN(low, i, n, x[i]);
        CREW_MAX(high, i, n, x[i]);
        CREW_MIN(low_int, i, n, (int64_t)i);
        CREW_MAX(high_int, i, n, (int64_t)(i ^ 5));
        int64_t high_int_naive = INT64_MIN;
        for (size_t i = 0; i < n; i++) {
            low_naive = x[i] < low_naive ? x[i] : low_naive;
            high_naive = x[i] > high_naive ? x[i] : high_naive;
            high_int_naive = (int64_t)(i ^ 5) > high_int_naive ? (int64_t)(i ^ 5) : high_int_naive;
        }
        ck_assert(same(low, low_naive));
        ck_assert(same(high, high_naive));
        ck_assert_int_eq(low_int, -7);
        ck_assert_int_eq(high_int, high_int_naive);
        if (n > 0) {
            const size_t places[] = {0, n / 2, n - 1};
            for (int p = 0; p < 3; p++) {
                double kept = x[places[p]], with_nan = 0, with_nan_high = 0;
                x[places[p]] = (double)NAN;
                CREW_MIN(with_nan, i, n, x[i]);
                CREW_MAX(with_nan_high, i, n, x[i]);
                ck_assert(isnan(with_nan));
                ck_assert(isnan(with_nan_high));
                x[places[p]] = kept;
            }
        }
        double first = (double)NAN;
        CREW_MIN(first, i, n, x[i]);
        ck_assert(isnan(first));
    }
    free(x);
}
END_TEST

static int must_not_run(void)
{
    ck_abort_msg("evaluated");
    return 0;
}

START_TEST(counts_and_searches)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        int count = 3, naive = 3;
        CREW_COUNT(count, i, n, x[i] < 0);
        for (size_t i = 0; i < n; i++)
            naive += x[i] < 0;
        ck_assert_int_eq(count, naive);
        for (size_t at = 0; at <= n; at = at < n ? n : n + 1) { /* nowhere, first, last */
            size_t hit = at == n && n > 0 ? n - 1 : at;
            bool any = false, all = true, none = false, every = true;
            CREW_ANY(any, i, n, i == hit);
            CREW_ALL(all, i, n, i != hit);
            CREW_ANY(none, i, n, i > n);
            CREW_ALL(every, i, n, i < n);
            ck_assert_int_eq(any, n > 0);
            ck_assert_int_eq(all, n == 0);
            ck_assert(!none);
            ck_assert(every);
        }
        int already = 5, refused = 0;
        CREW_ANY(already, i, n, must_not_run());
        CREW_ALL(refused, i, n, must_not_run());
        ck_assert_int_eq(already, 5);
        ck_assert_int_eq(refused, 0);
    }
    free(x);
}
END_TEST

/* Beside other programs the thread that finds it may lose its processor before it says so, and the others go on to the
   end: not each time. */
START_TEST(searches_end_early)
{
    use_threads(_i);
    size_t fewest = SIZE_MAX;
    for (int round = 0; round < 20 && fewest >= 900000; round++) {
        atomic_size_t looked = 0;
        bool any = false;
        CREW_ANY(any, i, 1000000, (atomic_fetch_add_explicit(&looked, 1, memory_order_relaxed), i == 20));
        ck_assert(any);
        fewest = looked < fewest ? looked : fewest;
    }
    ck_assert_uint_lt(fewest, 900000);
}
END_TEST

START_TEST(each_item_once)
{
    use_threads(_i);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k], calls = 0;
        unsigned char *seen = calloc(n + 1, 1);
        ck_assert_ptr_nonnull(seen);
        CREW_EACH(
            i, (calls++, n), if (i % 7 == 0) {
                seen[i] = (unsigned char)(seen[i] + 2);
                continue;
            } seen[i]++);
        ck_assert_uint_eq(calls, 1);
        for (size_t i = 0; i < n; i++)
            ck_assert_int_eq(seen[i], i % 7 == 0 ? 2 : 1);
        ck_assert_int_eq(seen[n], 0);
        free(seen);
    }
}
END_TEST

/* Waits until `count` items are done, twenty seconds at the most. */
static bool waited_for(atomic_int *done, int count)
{
    time_t start = time(NULL);
    while (atomic_load(done) < count && time(NULL) - start < 20)
        sched_yield();
    return atomic_load(done) >= count;
}

/* With two threads a block has up to 64 / (2 * 8) + 1 items; the others of the thread's own part are done by others. */
START_TEST(a_stuck_item_keeps_its_block_only)
{
    use_threads(_i);
    if (crew_loop_threads() < 2)
        return;
    atomic_int done = 0;
    bool free_again[2] = {false, false};
    CREW_EACH(
        i, 64, if (i == 20) { free_again[0] = waited_for(&done, 64 - 5); } else atomic_fetch_add(&done, 1));
    atomic_store(&done, 0);
    CREW_EACH(
        i, 64, if (i == 50) { free_again[1] = waited_for(&done, 64 - 5); } else atomic_fetch_add(&done, 1));
    ck_assert(free_again[0]);
    ck_assert(free_again[1]);
}
END_TEST

/* Does not commute: the affine maps y -> a * y + b, composed. */
struct affine {
    uint64_t a, b;
};

static void compose(struct affine *left, const struct affine *right)
{
    left->b = left->b * right->a + right->b;
    left->a *= right->a;
}

static struct affine map_of(size_t i)
{
    return (struct affine){2 * i + 3, i ^ 0x55};
}

static void append(struct affine *acc, size_t i)
{
    const struct affine m = map_of(i);
    compose(acc, &m);
}

START_TEST(reductions_keep_the_order)
{
    use_threads(_i);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        struct affine acc = {1, 0}, naive = {1, 0};
        CREW_REDUCE(acc, i, n, append(&acc, i), compose(&acc, &right));
        for (size_t i = 0; i < n; i++)
            append(&naive, i);
        ck_assert_uint_eq(acc.a, naive.a);
        ck_assert_uint_eq(acc.b, naive.b);
    }
}
END_TEST

START_TEST(reductions_are_crew_reduces)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        double sum = 0, from = 2.5, product = 1, expected = -1;
        ck_assert_int_eq(reduced_sum(x, n, &expected), 0);
        CREW_REDUCE(sum, i, n, sum += x[i], sum += right);
        ck_assert(same(sum, expected));
        CREW_REDUCE(from, i, n, from += x[i], from += right);
        ck_assert(same(from, n ? 2.5 + expected : 2.5));
        CREW_REDUCE(product, i, n, product *= i % 2 ? 2 : 0.5, product *= right);
        ck_assert(same(product, n % 2 ? 0.5 : 1));
    }
    free(x);
}
END_TEST

struct range {
    char padded;
    double low, high;
};

static void widen(struct range *r, double low, double high)
{
    r->low = low < r->low ? low : r->low;
    r->high = high > r->high ? high : r->high;
}

START_TEST(a_neutral_that_is_not_zero)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        struct range r = {0, INFINITY, -INFINITY}, naive = r;
        CREW_REDUCE(r, i, n, widen(&r, x[i], x[i]), widen(&r, right.low, right.high));
        for (size_t i = 0; i < n; i++)
            widen(&naive, x[i], x[i]);
        ck_assert(same(r.low, naive.low));
        ck_assert(same(r.high, naive.high));
    }
    free(x);
}
END_TEST

struct large {
    uint32_t count[2000];
};

START_TEST(large_accumulators)
{
    use_threads(_i);
    static struct large acc;
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        acc = (struct large){{0}};
        CREW_REDUCE(acc, i, n, acc.count[i % 2000]++, for (int b = 0; b < 2000; b++) acc.count[b] += right.count[b]);
        for (size_t b = 0; b < 2000; b++)
            ck_assert_uint_eq(acc.count[b], n / 2000 + (b < n % 2000));
    }
}
END_TEST

/* Blocks of an array sum, by the rule that the header gives. */
static void array_sum(double *h, size_t bins, size_t n, const double *x)
{
    size_t least = bins > 64 ? bins : 64, block = n;
    if (n / least > 1) {
        block = (n - 1) / 64 + 1;
        block = block > least ? block : least;
    }
    double *part = malloc((bins + 1) * sizeof *part);
    ck_assert_ptr_nonnull(part);
    for (size_t begin = 0; begin < n; begin += block) {
        size_t end = n - begin < block ? n : begin + block;
        double *to = block == n ? h : part;
        if (to == part)
            memset(part, 0, bins * sizeof *part);
        for (size_t i = begin; i < end; i++)
            to[(i * 7919) % bins] += x[i];
        for (size_t b = 0; to == part && b < bins; b++)
            h[b] += part[b];
    }
    free(part);
}

START_TEST(array_sums)
{
    use_threads(_i);
    double *x = numbers(LARGEST);
    const size_t many[] = {1, 2, 100, 1023, 1024, 1025, 5000, 20000};
    for (size_t m = 0; m < sizeof many / sizeof *many; m++) {
        size_t bins = many[m];
        double *h = malloc(bins * sizeof *h), *naive = malloc(bins * sizeof *naive);
        int *count = calloc(bins, sizeof *count);
        ck_assert(h && naive && count);
        for (size_t k = 0; k < SIZES; k++) {
            size_t n = sizes[k];
            for (size_t b = 0; b < bins; b++)
                h[b] = naive[b] = (double)b / 3;
            memset(count, 0, bins * sizeof *count);
            CREW_SUM_ARRAY(h, bins, i, n, h[(i * 7919) % bins] += x[i]);
            CREW_SUM_ARRAY(count, bins, i, n, count[i % bins]++);
            array_sum(naive, bins, n, x);
            ck_assert_mem_eq(h, naive, bins * sizeof *h);
            for (size_t b = 0; b < bins; b++)
                ck_assert_uint_eq((size_t)count[b], n / bins + (b < n % bins));
        }
        free(h);
        free(naive);
        free(count);
    }
    size_t table[16] = {0};
    CREW_SUM_ARRAY(table, 16, i, 100000, table[i % 16]++);
    for (int b = 0; b < 16; b++)
        ck_assert_uint_eq(table[b], 6250);
    CREW_SUM_ARRAY(table, 0, i, 0, table[i]++);
    free(x);
}
END_TEST

START_TEST(nested_statements)
{
    use_threads(_i);
    double *x = numbers(4000), *y = numbers(40), *z = numbers(40);
    CREW_FOR (r, 40) {
        double s = 0;
        CREW_SUM(s, j, 100, x[r * 100 + j]);
        y[r] = s;
    }
    CREW_EACH(r, 40, double s = 0; CREW_SUM(s, j, 100, x[r * 100 + j]); z[r] = s);
    for (size_t r = 0; r < 40; r++) {
        ck_assert(same(y[r], tree_sum(x + r * 100, 100)));
        ck_assert(same(y[r], z[r]));
    }
    double sum = 0, expected = 0;
    CREW_REDUCE(sum, r, 40, double s = 0; CREW_REDUCE(s, j, 100, s += x[r * 100 + j], s += right);
                sum += s, sum += right);
    for (size_t r = 0; r < 40; r++) {
        ck_assert_int_eq(reduced_sum(x + r * 100, 100, &y[r]), 0);
    }
    ck_assert_int_eq(reduced_sum(y, 40, &expected), 0);
    ck_assert(same(sum, expected));
    free(x);
    free(y);
    free(z);
}
END_TEST

static int sum_inside(size_t begin, size_t end, void *ctx)
{
    double *out = ctx;
    for (size_t k = begin; k < end; k++) {
        double s = 0;
        CREW_SUM(s, i, 10000, (double)(i ^ k) / 3);
        out[k] = s;
    }
    return 0;
}

START_TEST(inside_crew_for)
{
    use_threads(_i);
    double out[50], x[10000];
    ck_assert_int_eq(crew_for(50, sum_inside, out, NULL), 0);
    for (size_t k = 0; k < 50; k++) {
        for (size_t i = 0; i < 10000; i++)
            x[i] = (double)(i ^ k) / 3;
        ck_assert(same(out[k], tree_sum(x, 10000)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("expressions");
    TCase *tc = parallel_case(suite, "expressions");
    tcase_add_loop_test(tc, sums_are_the_tree, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, chunks_of_several_leaves, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, slow_items_have_the_same_bits, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_slow_first_item, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, sums_of_other_types, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, extremes, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, counts_and_searches, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, searches_end_early, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, each_item_once, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_stuck_item_keeps_its_block_only, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, reductions_keep_the_order, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, reductions_are_crew_reduces, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_neutral_that_is_not_zero, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, large_accumulators, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, array_sums, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, nested_statements, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_crew_for, 0, ORACLE_THREADS);
    return run_suite(suite);
}
