/* The floating-point environment: typed functions compute in the default one, callbacks in their caller's, on every
 * thread. */
#include "../../lib/core/base/fp_environment.h"
#include "../support/suite.h"
#include <crew/by_key.h>
#include <crew/exact.h>
#include <crew/executor.h>
#include <crew/filter.h>
#include <crew/find.h>
#include <crew/histogram.h>
#include <crew/map.h>
#include <crew/move.h>
#include <crew/reduce.h>
#include <crew/scan.h>
#include <crew/task.h>
#include <fenv.h>
#include <stdatomic.h>
#include <string.h>

static const int roundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/* The last one also flushes subnormal numbers to zero, as -ffast-math does at the start of a program. */
enum { ENVIRONMENTS = sizeof roundings / sizeof roundings[0] + 1 };

static void set_environment(int k)
{
    if (k < ENVIRONMENTS - 1) {
        fesetround(roundings[k]);
        return;
    }
#if defined(__x86_64__)
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#endif
}

enum { N = 300000, BINS = 50 };

static double x[N], y[N], scanned[N];
static float f[N], scanned_f[N];
static uint32_t keys[N];

static void fill_inputs(void)
{
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)(i * 2654435761u % 1000003) / 1000003 - 0.3;
        y[i] = 1 / (double)(i + 3);
        f[i] = (float)x[i];
        keys[i] = (uint32_t)(i * 7919 % BINS);
    }
    for (size_t i = 0; i < N; i += 1000)
        x[i] = 1e-310 * (double)(i + 1); /* subnormal */
}

/* FNV-1a over all results of the typed functions. */
static void add(uint64_t *hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ bytes[i]) * 0x100000001B3u;
}

static uint64_t results(void)
{
    uint64_t hash = 0xCBF29CE484222325u, counts[BINS];
    const double values[] = {
        crew_sum_f64(x, N),   crew_dot_f64(x, y, N),    crew_mean_f64(x, N),         crew_min_f64(x, N),
        crew_max_f64(x, N),   crew_norm2_f64(x, N),     crew_sum_f32(f, N),          crew_dot_f32(f, f, N),
        crew_mean_f32(f, N),  crew_norm2_f32(f, N),     crew_sum_f64(x, 3),          crew_mean_f64(y, 7),
        crew_norm2_f64(x, 1), crew_sum_exact_f64(x, N), crew_dot_exact_f64(x, y, N), (double)crew_sum_exact_f32(f, N)};
    add(&hash, values, sizeof values);
    const size_t places[] = {crew_argmin_f64(x, N), crew_argmax_f64(y, N), crew_find_f64(x, N, 0),
                             crew_find_f64(x, N, x[5000]), crew_unique_f64(x, scanned, N)};
    add(&hash, places, sizeof places);
    crew_scan_inclusive_sum_f64(x, scanned, N);
    add(&hash, scanned, sizeof scanned);
    crew_scan_exclusive_product_f32(f, scanned_f, N);
    add(&hash, scanned_f, sizeof scanned_f);
    crew_iota_f64(scanned, N, 0.1, 1e-3);
    add(&hash, scanned, sizeof scanned);
    double edges[BINS + 1], sums[BINS];
    uint32_t keys_out[BINS];
    size_t outside, groups, at[4];
    crew_histogram_edges_f64(-0.3, 0.7, BINS, edges);
    add(&hash, edges, sizeof edges);
    crew_histogram_f64(x, N, -0.3, 0.7, counts, BINS, &outside);
    add(&hash, counts, sizeof counts);
    crew_bincount_weighted_u32_f64(keys, x, N, sums, BINS, &outside);
    add(&hash, sums, sizeof sums);
    crew_reduce_by_key_sum_u32_f64(keys, x, N, keys_out, sums, &groups);
    add(&hash, sums, sizeof sums);
    const double sorted[] = {-1e-310, 0, 1e-310, 2e-310}, queries[] = {0, 1e-310, -1e-310, 1e-320};
    crew_search_sorted_f64(sorted, 4, queries, 4, CREW_LEFT, at);
    add(&hash, at, sizeof at);
    return hash;
}

START_TEST(typed_functions_compute_in_the_default_one)
{
    fill_inputs();
    uint64_t want = results();
    crew_set_num_threads(oracle_threads[_i % ORACLE_THREADS]);
    results(); /* the team exists from here on */
    set_environment(_i / ORACLE_THREADS);
    struct crew__fp mine = crew__fp_get();
    uint64_t got = results();
    ck_assert(crew__fp_is(crew__fp_get(), mine));
    ck_assert_uint_eq(got, want);
}
END_TEST

static struct crew__fp expected;
static atomic_int others;

static void look(void)
{
    if (!crew__fp_is(crew__fp_get(), expected))
        atomic_fetch_add(&others, 1);
}

static int look_in_block(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    oracle_sleep_us(100);
    look();
    return 0;
}

static int look_in_item(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    (void)ctx;
    oracle_sleep_us(100);
    look();
    return 0;
}

static int look_in_fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)acc;
    return look_in_block(begin, end, ctx);
}

static void merge_nothing(void *acc, const void *right, void *ctx)
{
    (void)acc;
    (void)right;
    (void)ctx;
}

static int look_in_task(void *unused)
{
    (void)unused;
    oracle_sleep_us(100);
    look();
    return 0;
}

static int root(void *unused)
{
    crew_task task[50];
    look();
    for (int i = 0; i < 50; i++)
        crew_fork(&task[i], look_in_task, unused);
    for (int i = 50; i-- > 0;)
        crew_join(&task[i]);
    return crew_for(50, look_in_block, NULL, NULL);
}

START_TEST(callbacks_have_their_callers)
{
    const crew_options opt = {.threads = oracle_threads[_i % ORACLE_THREADS]};
    char bytes[50];
    int acc;
    crew_for(50, look_in_block, NULL, &opt);
    crew_run(root, NULL, &opt);
    set_environment(_i / ORACLE_THREADS);
    expected = crew__fp_get();
    atomic_store(&others, 0);
    crew_for(50, look_in_block, NULL, &opt);
    ck_assert_int_eq(atomic_load(&others), 0);
    crew_map(bytes, 1, bytes, 1, sizeof bytes, look_in_item, NULL, &opt);
    ck_assert_int_eq(atomic_load(&others), 0);
    const crew_reducer r = {.size = sizeof acc, .fold = look_in_fold, .merge = merge_nothing};
    crew_reduce(50, &r, NULL, &acc, &opt);
    ck_assert_int_eq(atomic_load(&others), 0);
    crew_run(root, NULL, &opt);
    ck_assert_int_eq(atomic_load(&others), 0);
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = opt.threads});
    for (int i = 0; i < 50; i++)
        crew_submit_with(ex, look_in_task, NULL, NULL, NULL);
    crew_executor_shutdown(ex, 0);
    ck_assert_int_eq(atomic_load(&others), 0);
    ck_assert(crew__fp_is(crew__fp_get(), expected));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fp_environment");
    TCase *tc = parallel_case(suite, "fp_environment");
    tcase_add_loop_test(tc, typed_functions_compute_in_the_default_one, 0, ENVIRONMENTS * ORACLE_THREADS);
    tcase_add_loop_test(tc, callbacks_have_their_callers, 0, ENVIRONMENTS * ORACLE_THREADS);
    return run_suite(suite);
}
