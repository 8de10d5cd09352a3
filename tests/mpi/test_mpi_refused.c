/* What the calls over ranks refuse, the same on every rank: arguments that cannot be right, with nothing written. And
   each element type once where suites take one for all. */
#include "mpi_test.h"
#include <errno.h>
#include <math.h>

enum { N = 40, BINS = 5 };

static double values[N];
static crew_dist *x, *small, *other;

#define INVALID(call) EXPECT((call) == -EINVAL)

static void open_all(void)
{
    for (int i = 0; i < N; i++)
        values[i] = i % BINS;
    x = crew_dist_open(group, N, 8);
    small = crew_dist_open(group, N, 4);
    other = distribute(1, values, N, 8); /* all on the first rank */
    EXPECT(x && small && other);
    memcpy(crew_dist_items(x), values + crew_dist_begin(x), crew_dist_count(x) * 8);
}

static void close_all(void)
{
    crew_dist_close(x);
    crew_dist_close(small);
    crew_dist_close(other);
    crew_dist_close(NULL);
}

static int body(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    return begin > end;
}

static int copy(const void *in, void *out, void *ctx)
{
    (void)ctx;
    memcpy(out, in, 4);
    return 0;
}

static int predicate(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    (void)ctx;
    memset(flags, 1, end - begin);
    return 0;
}

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return memcmp(a, b, 8);
}

static void test_handles(void)
{
    crew_array_info info;
    open_all();
    INVALID(crew_mpi_release(NULL));
    INVALID(crew_mpi_serve(NULL));
    EXPECT(!crew_dist_like(NULL, 8) && errno == EINVAL);
    EXPECT(!crew_dist_like(x, 0) && errno == EINVAL);
    EXPECT(!crew_dist_from(NULL, values, 1, 8) && errno == EINVAL);
    EXPECT(!crew_dist_from(group, values, 1, 0) && errno == EINVAL);
    EXPECT(!crew_dist_load(NULL, "x.npy", &info) && errno == EINVAL);
    EXPECT(!crew_dist_load(group, NULL, NULL) && errno == EINVAL);
    EXPECT(!crew_grid_open(NULL, 4, 4, 8, 1) && errno == EINVAL);
    EXPECT(!crew_grid_open(group, 4, 4, 0, 1) && errno == EINVAL);
    EXPECT(!crew_grid_open(group, SIZE_MAX / 2, 4, 8, 1) && errno == EOVERFLOW);
    INVALID(crew_dist_balance(NULL));
    INVALID(crew_dist_gather(NULL, values, 0));
    INVALID(crew_dist_gather(x, values, -2));
    INVALID(crew_dist_save(NULL, "x.npy", CREW_F64));
    INVALID(crew_dist_save(x, NULL, CREW_F64));
    INVALID(crew_dist_save(small, "x.npy", CREW_F64));
    INVALID(crew_dist_halo(NULL, 1, false, NULL, NULL));
    INVALID(crew_grid_halo(NULL, false));
    INVALID(crew_grid_gather(NULL, values, 0));
    crew_grid *g = crew_grid_open(group, 40, 40, 8, 1);
    INVALID(crew_grid_gather(g, values, -1));
    INVALID(crew_grid_gather(g, values, ranks));
    INVALID(crew_grid_gather(g, NULL, 0));
    crew_grid_close(g);
    crew_grid_close(NULL);
    close_all();
}

static int fold(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < end - begin; i++)
        *(double *)acc += ((const double *)rows)[i];
    return 0;
}

static int fold_numbers(size_t begin, size_t end, void *acc, void *ctx)
{
    return fold(begin, end, (const double *)ctx + begin, acc, NULL);
}

static void add(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static void drop(void *acc, void *ctx)
{
    (void)acc;
    (void)ctx;
}

static void test_callbacks(void)
{
    const double one = 1;
    const crew_array_reducer good = {8, &one, fold, add, NULL}, bad[] = {{0, NULL, fold, add, NULL},
                                                                         {8, NULL, NULL, add, NULL},
                                                                         {8, NULL, fold, NULL, NULL},
                                                                         {8, NULL, fold, add, drop}};
    const crew_reducer good_numbers = {8, &one, fold_numbers, add, NULL},
                       bad_numbers[] = {{0, NULL, fold_numbers, add, NULL},
                                        {8, NULL, NULL, add, NULL},
                                        {8, NULL, fold_numbers, NULL, NULL},
                                        {8, NULL, fold_numbers, add, drop}};
    const crew_options late = {.timeout = NAN};
    double sum = 77;
    size_t count = 77;
    crew_dist *out = NULL;
    open_all();
    INVALID(crew_for_dist(x, NULL, NULL, NULL));
    INVALID(crew_for_dist(NULL, body, NULL, NULL));
    INVALID(crew_map_dist(x, x, NULL, NULL, NULL));
    INVALID(crew_for_dist(x, body, NULL, &late));
    INVALID(crew_map_dist(NULL, x, copy, NULL, NULL));
    INVALID(crew_map_dist(x, NULL, copy, NULL, NULL));
    if (ranks > 1)
        INVALID(crew_map_dist(x, other, copy, NULL, NULL));
    INVALID(crew_reduce_dist(NULL, &good, NULL, &sum, NULL));
    INVALID(crew_reduce_dist(x, NULL, NULL, &sum, NULL));
    INVALID(crew_reduce_dist(x, &good, NULL, NULL, NULL));
    INVALID(crew_reduce_dist(x, &good, NULL, &sum, &late));
    INVALID(crew_mpi_reduce(NULL, N, &good_numbers, values, &sum, NULL));
    INVALID(crew_mpi_reduce(group, N, NULL, values, &sum, NULL));
    INVALID(crew_mpi_reduce(group, N, &good_numbers, values, NULL, NULL));
    INVALID(crew_mpi_reduce(group, N, &good_numbers, values, &sum, &late));
    for (int k = 0; k < 4; k++) {
        INVALID(crew_reduce_dist(x, &bad[k], NULL, &sum, NULL));
        INVALID(crew_mpi_reduce(group, N, &bad_numbers[k], values, &sum, NULL));
    }
    INVALID(crew_filter_dist(NULL, predicate, NULL, &out, NULL));
    INVALID(crew_filter_dist(x, NULL, NULL, &out, NULL));
    INVALID(crew_filter_dist(x, predicate, NULL, NULL, NULL));
    INVALID(crew_count_if_dist(NULL, predicate, NULL, &count, NULL));
    INVALID(crew_count_if_dist(x, NULL, NULL, &count, NULL));
    INVALID(crew_count_if_dist(x, predicate, NULL, NULL, NULL));
    INVALID(crew_find_first_dist(NULL, predicate, NULL, &count, NULL));
    INVALID(crew_find_first_dist(x, NULL, NULL, &count, NULL));
    INVALID(crew_find_first_dist(x, predicate, NULL, NULL, NULL));
    INVALID(crew_find_dist_f64(NULL, 1, &count));
    INVALID(crew_find_dist_f64(x, 1, NULL));
    INVALID(crew_find_dist_f64(small, 1, &count));
    INVALID(crew_sort_dist(x, NULL, NULL, NULL));
    INVALID(crew_sort_dist(NULL, compare, NULL, NULL));
    INVALID(crew_sort_dist_f64(NULL));
    EXPECT(sum == 77 && count == 77 && !out);
    close_all();
}

/* Elements of 3 bytes, which no type has. */
#define COUNTS_NOTHING(type) INVALID(crew_bincount_dist_##type(odd, counts, BINS, &out_of_range))

static void test_typed(void)
{
    double result = 77;
    size_t index = 77, out_of_range;
    uint64_t counts[BINS] = {77};
    open_all();
    INVALID(crew_sum_dist_f64(NULL, &result));
    INVALID(crew_sum_dist_f64(x, NULL));
    INVALID(crew_dot_dist_f64(x, NULL, &result));
    INVALID(crew_dot_dist_f64(x, small, &result));
    INVALID(crew_dot_dist_f64(x, x, NULL));
    INVALID(crew_mean_dist_f64(x, NULL));
    INVALID(crew_mean_dist_f64(NULL, &result));
    INVALID(crew_min_dist_f64(x, NULL));
    INVALID(crew_max_dist_f64(small, &result));
    INVALID(crew_max_dist_f64(x, NULL));
    INVALID(crew_argmin_dist_f64(x, NULL));
    INVALID(crew_argmax_dist_f64(x, NULL));
    INVALID(crew_argmax_dist_f64(NULL, &index));
    INVALID(crew_scan_inclusive_sum_dist_f64(NULL, x, &result));
    INVALID(crew_scan_inclusive_sum_dist_f64(x, NULL, &result));
    INVALID(crew_bincount_dist_u32(NULL, counts, BINS, &out_of_range));
    INVALID(crew_bincount_dist_u32(x, counts, BINS, &out_of_range));
    crew_dist *odd = crew_dist_open(group, N, 3);
    COUNTS_NOTHING(u8);
    COUNTS_NOTHING(u16);
    COUNTS_NOTHING(i32);
    COUNTS_NOTHING(i64);
    COUNTS_NOTHING(u64);
    INVALID(crew_histogram_dist_f32(odd, 0, 1, counts, BINS, &out_of_range));
    INVALID(crew_histogram_by_edges_dist_f32(odd, NULL, counts, BINS, &out_of_range));
    INVALID(crew_histogram_by_edges_dist_f64(odd, NULL, counts, BINS, &out_of_range));
    INVALID(crew_dist_save(odd, "x.npy", (crew_type)99));
    crew_dist_close(odd);
    INVALID(crew_scan_inclusive_sum_dist_f64(small, x, &result));
    INVALID(crew_scan_inclusive_sum_dist_f64(x, small, &result));
    if (ranks > 1)
        INVALID(crew_scan_inclusive_sum_dist_f64(x, other, &result));
    if (ranks > 1)
        INVALID(crew_dot_dist_f64(x, other, &result));
    INVALID(crew_histogram_dist_f64(NULL, 0, 1, counts, BINS, &out_of_range));
    INVALID(crew_histogram_dist_f64(small, 0, 1, counts, BINS, &out_of_range));
    EXPECT(result == 77 && index == 77 && counts[0] == 77);
    EXPECT(crew_minmax_dist_f64(x, &result, NULL) == 0 && result == 0);
    EXPECT(crew_minmax_dist_f64(x, NULL, &result) == 0 && result == BINS - 1);
    close_all();
}

#define COUNTED(type, CTYPE)                                                                                           \
    do {                                                                                                               \
        CTYPE keys[N];                                                                                                 \
        for (int i = 0; i < N; i++)                                                                                    \
            keys[i] = (CTYPE)(i % BINS);                                                                               \
        crew_dist *d = distribute(2, keys, N, sizeof *keys);                                                           \
        uint64_t counts[BINS];                                                                                         \
        EXPECT(crew_bincount_dist_##type(d, counts, BINS, NULL) == 0);                                                 \
        for (int b = 0; b < BINS; b++)                                                                                 \
            EXPECT(counts[b] == N / BINS);                                                                             \
        crew_dist_close(d);                                                                                            \
    } while (0)

static void test_each_type(void)
{
    COUNTED(u8, uint8_t);
    COUNTED(u16, uint16_t);
    COUNTED(i32, int32_t);
    COUNTED(u32, uint32_t);
    COUNTED(i64, int64_t);
    COUNTED(u64, uint64_t);
    float singles[N];
    uint64_t counts[BINS];
    for (int i = 0; i < N; i++)
        singles[i] = (float)(i % BINS);
    crew_dist *d = distribute(2, singles, N, sizeof *singles);
    EXPECT(crew_histogram_dist_f32(d, 0, BINS, counts, BINS, NULL) == 0);
    for (int b = 0; b < BINS; b++)
        EXPECT(counts[b] == N / BINS);
    crew_dist_close(d);
}

/* Scans whose operation the other suites leave to one that they have: against a loop. */
static void test_each_scan(void)
{
    static int (*const scans[])(const crew_dist *, crew_dist *, double *) = {
        crew_scan_inclusive_min_dist_f64, crew_scan_inclusive_max_dist_f64,     crew_scan_exclusive_min_dist_f64,
        crew_scan_exclusive_max_dist_f64, crew_scan_inclusive_product_dist_f64, crew_scan_exclusive_product_dist_f64};
    double in[N], want[N];
    for (int i = 0; i < N; i++)
        in[i] = i % 2 ? 2 : 0.5;
    for (int k = 0; k < 6; k++) {
        const int exclusive = k == 2 || k == 3 || k == 5;
        double before = k >= 4 ? 1 : k % 2 ? -INFINITY : INFINITY, total = 77;
        for (int i = 0; i < N; i++) {
            double after = k >= 4 ? before * in[i] : k % 2 ? fmax(before, in[i]) : fmin(before, in[i]);
            want[i] = exclusive ? before : after;
            before = after;
        }
        crew_dist *d = distribute(0, in, N, 8), *out = crew_dist_like(d, 8);
        EXPECT(scans[k](d, out, &total) == 0 && total == before);
        EXPECT(holds(out, want, N, 8));
        EXPECT(scans[k](d, d, NULL) == 0 && holds(d, want, N, 8));
        crew_dist_close(d);
        crew_dist_close(out);
    }
}

static void combine(void *acc, const void *right, void *ctx)
{
    add(acc, right, ctx);
}

/* Sorting, scanning and reducing by key. */
static void test_keys(void)
{
    const crew_array_reducer good = {8, NULL, fold, add, NULL}, bad[] = {{0, NULL, fold, add, NULL},
                                                                         {8, NULL, NULL, add, NULL},
                                                                         {8, NULL, fold, NULL, NULL},
                                                                         {8, NULL, fold, add, drop}};
    const crew_scanner scanner = {NULL, combine}, none = {NULL, NULL};
    const crew_options late = {.timeout = NAN}, asks = {.failed = &(size_t){0}};
    crew_dist *out = NULL, *results = NULL;
    double sums[BINS] = {77}, result = 77;
    open_all();
    INVALID(crew_reduce_by_key_dist_i64(NULL, x, &good, NULL, &out, &results, NULL));
    INVALID(crew_reduce_by_key_dist_i64(x, NULL, &good, NULL, &out, &results, NULL));
    INVALID(crew_reduce_by_key_dist_i64(x, x, NULL, NULL, &out, &results, NULL));
    INVALID(crew_reduce_by_key_dist_i64(x, x, &good, NULL, &out, NULL, NULL));
    INVALID(crew_reduce_by_key_dist_i64(x, x, &good, NULL, &out, &results, &late));
    INVALID(crew_reduce_by_key_dist_i64(x, x, &good, NULL, &out, &results, &asks));
    INVALID(crew_reduce_by_key_dist_i32(x, x, &good, NULL, &out, &results, NULL));
    for (int k = 0; k < 4; k++)
        INVALID(crew_reduce_by_key_dist_i64(x, x, &bad[k], NULL, &out, &results, NULL));
    INVALID(crew_reduce_by_key_sum_dist_i64_f64(x, small, &out, &results));
    INVALID(crew_reduce_by_key_sum_dist_i64_f64(x, NULL, &out, &results));
    INVALID(crew_reduce_by_key_min_dist_i64_f64(x, NULL, &out, &results));
    INVALID(crew_reduce_by_key_max_dist_i64_f64(x, NULL, &out, &results));
    INVALID(crew_reduce_by_key_sum_dist_i64_i64(x, NULL, &out, &results));
    INVALID(crew_reduce_by_key_min_dist_i64_i64(x, NULL, &out, &results));
    INVALID(crew_reduce_by_key_max_dist_i64_i64(x, NULL, &out, &results));
    INVALID(crew_sort_by_key_dist(x, x, compare, NULL, NULL));
    INVALID(crew_sort_by_key_dist(x, NULL, compare, NULL, NULL));
    INVALID(crew_sort_by_key_dist(NULL, x, compare, NULL, NULL));
    INVALID(crew_sort_by_key_dist(x, small, NULL, NULL, NULL));
    INVALID(crew_argsort_dist(NULL, x, compare, NULL, NULL));
    INVALID(crew_argsort_dist(x, NULL, compare, NULL, NULL));
    INVALID(crew_argsort_dist(x, x, compare, NULL, NULL));
    INVALID(crew_argsort_dist(x, small, compare, NULL, NULL));
    INVALID(crew_argsort_dist(small, x, NULL, NULL, NULL));
    INVALID(crew_argsort_dist_f64(small, x));
    INVALID(crew_scan_inclusive_dist(NULL, x, &scanner, NULL, &result, NULL));
    INVALID(crew_scan_inclusive_dist(x, NULL, &scanner, NULL, &result, NULL));
    INVALID(crew_scan_inclusive_dist(x, x, NULL, NULL, &result, NULL));
    INVALID(crew_scan_inclusive_dist(x, x, &none, NULL, &result, NULL));
    INVALID(crew_scan_inclusive_dist(x, small, &scanner, NULL, &result, NULL));
    INVALID(crew_scan_exclusive_dist(x, x, &scanner, NULL, &result, &late));
    INVALID(crew_bincount_weighted_dist_u64_f64(NULL, x, sums, BINS, NULL));
    INVALID(crew_bincount_weighted_dist_u64_f64(x, NULL, sums, BINS, NULL));
    INVALID(crew_bincount_weighted_dist_u64_f64(x, x, NULL, BINS, NULL));
    INVALID(crew_bincount_weighted_dist_u64_f64(small, x, sums, BINS, NULL));
    INVALID(crew_bincount_weighted_dist_u64_f64(x, small, sums, BINS, NULL));
    EXPECT(crew_bincount_weighted_dist_u64_f64(x, x, sums, SIZE_MAX / 16 + 1, NULL) == -EOVERFLOW);
    EXPECT(crew_bincount_weighted_dist_u64_f64(x, x, sums, SIZE_MAX / 16, NULL) == -EOVERFLOW);
    INVALID(crew_dot_exact_dist_f64(x, NULL, &result));
    INVALID(crew_dot_exact_dist_f64(NULL, x, &result));
    INVALID(crew_dot_exact_dist_f64(x, small, &result));
    INVALID(crew_dot_exact_dist_f64(small, x, &result));
    INVALID(crew_sum_exact_dist_f64(x, NULL));
    INVALID(crew_sum_exact_dist_f64(NULL, &result));
    INVALID(crew_nansum_dist_f64(NULL, &result));
    INVALID(crew_nansum_dist_f64(x, NULL));
    INVALID(crew_nanmean_dist_f64(x, NULL));
    INVALID(crew_nanmean_dist_f64(NULL, &result));
    INVALID(crew_nanmin_dist_f64(x, NULL));
    INVALID(crew_nanmax_dist_f64(x, NULL));
    INVALID(crew_norm2_dist_f64(x, NULL));
    INVALID(crew_norm2_dist_f64(NULL, &result));
    if (ranks > 1) {
        INVALID(crew_sort_by_key_dist(x, other, compare, NULL, NULL));
        INVALID(crew_argsort_dist(x, other, compare, NULL, NULL));
        INVALID(crew_reduce_by_key_dist_i64(x, other, &good, NULL, &out, &results, NULL));
        INVALID(crew_scan_inclusive_dist(x, other, &scanner, NULL, &result, NULL));
        INVALID(crew_bincount_weighted_dist_u64_f64(x, other, sums, BINS, NULL));
        INVALID(crew_dot_exact_dist_f64(x, other, &result));
    }
    EXPECT(!out && !results && sums[0] == 77 && result == 77);
    close_all();
}

int main(void)
{
    static const struct mpi_case cases[] = {{"handles", test_handles},     {"callbacks", test_callbacks},
                                            {"typed", test_typed},         {"each type", test_each_type},
                                            {"each scan", test_each_scan}, {"keys", test_keys}};
    return run_cases("test_mpi_refused", cases, sizeof cases / sizeof *cases);
}
