/* Out of memory at each allocation of the array algorithms in turn, once and from then on: the documented error,
   outputs as documented, nothing leaked, and the next call works. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/typed/isa.h"
#include "../support/counting_alloc.h"
#include "../support/suite.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { N = 40000, WIDE = 320, BINS = 1000 };

/* All that a call may touch: compared with what it was, or with what success made of it. */
static struct work {
    uint64_t x[N], v[N], out[N];
    size_t index[N + 1];
    unsigned char flags[N];
    uint32_t small[N];
    double d[N], out_d[N + N], ordered[N];
    size_t places[N];
    bool hit;
    int order;
    size_t count;
} fresh, w, expected;

static int by_value(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;
    return (p > q) - (p < q);
}

static int equal(const void *a, const void *b, void *ctx)
{
    return by_value(a, b, ctx) == 0;
}

static void add(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(uint64_t *)acc += *(const uint64_t *)right;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(uint64_t *)acc += w.v[i];
    return 0;
}

static int ask(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    (void)ctx;
    memcpy(flags, w.flags + begin, end - begin);
    return 0;
}

static int by_place(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    size_t p = *(const size_t *)a, q = *(const size_t *)b;
    return (p > q) - (p < q);
}

static const double steps[] = {0, 1e18, 1e19, 2e19};
static const crew_scanner sums = {NULL, add};
static const crew_reducer reducer = {8, NULL, fold, add, NULL};

#define USE(name, call)                                                                                                \
    static int name(void)                                                                                              \
    {                                                                                                                  \
        return call;                                                                                                   \
    }
USE(sort, crew_sort(w.x, N, 8, by_value, NULL, NULL))
USE(sort_wide, crew_sort(w.x, N * 8 / WIDE, WIDE, by_value, NULL, NULL))
USE(argsort, crew_argsort(w.x, N, 8, w.index, by_value, NULL, NULL))
USE(sort_by_key, crew_sort_by_key(w.x, 8, w.v, 8, N, by_value, NULL, NULL))
USE(nth, crew_nth_element(w.x, N, 8, N / 3, by_value, NULL, NULL))
USE(nth_wide, crew_nth_element(w.x, N * 8 / WIDE, WIDE, 9, by_value, NULL, NULL))
USE(top_k, crew_top_k(w.x, N, 8, 100, w.out, w.index, by_value, NULL, NULL))
USE(sort_u64, crew_sort_u64(w.x, N))
USE(sort_u32, crew_sort_u32(w.small, N))
USE(sort_plain, (crew__isa_limit(CREW__ISA_PLAIN), crew_sort_u64(w.x, N)))
USE(sort_plain_u32, (crew__isa_limit(CREW__ISA_PLAIN), crew_sort_u32(w.small, N)))
USE(pairs, crew_sort_by_key_u64(w.x, w.v, 8, N))
USE(pairs_far, crew_sort_by_key_u32(w.small, w.v, 6, N))
USE(records, crew_sort_records_u64(w.x, N / 2, 16, 8))
USE(records_far, crew_sort_records_u64(w.x, N / 3, 24, 8))
USE(argsort_u64, crew_argsort_u64(w.x, N, w.index))
USE(nth_u64, crew_nth_element_u64(w.x, N, N / 3))
USE(nth_few, crew_nth_element_u64(w.x, 5000, 7))
USE(top_k_u64, crew_top_k_u64(w.x, N, 3000, w.out, w.index))
USE(scan, crew_scan_inclusive(w.x, w.x, 8, N, &sums, NULL, &w.count, NULL))
USE(segmented, crew_scan_segmented_exclusive(w.x, w.flags, w.x, 8, N, &sums, NULL, &w.count, NULL))
USE(filter, crew_filter(w.x, w.x, 8, N, ask, NULL, &w.count, NULL))
USE(pack, crew_pack(w.x, w.out, 8, N, w.flags, &w.count, NULL))
USE(partition, crew_partition(w.x, w.x, w.out, 8, N, ask, NULL, &w.count, NULL))
USE(partition_in_place, crew_partition(w.x, w.x, NULL, 8, N, ask, NULL, &w.count, NULL))
USE(unique, crew_unique(w.v, w.v, 8, N, equal, NULL, &w.count, NULL))
USE(pack_u64, ((w.count = crew_pack_u64(w.x, w.x, N, w.flags)), 0))
USE(pack_index, ((w.count = crew_pack_index(w.index, N, w.flags)), 0))
USE(unique_u64, ((w.count = crew_unique_u64(w.v, w.v, N)), 0))
USE(bincount, crew_bincount_u64(w.v, N, w.out, BINS, &w.count))
USE(bincount_u8, crew_bincount_u8(w.flags, N, w.out, 256, &w.count))
USE(weighted, crew_bincount_weighted_u64_i64(w.v, (int64_t *)w.x, N, (int64_t *)w.out, BINS, &w.count))
USE(unique_counts, crew_unique_counts_u64(w.v, N, w.out, w.x, &w.count))
USE(group_by_key, crew_group_by_key_u64(w.v, N, w.out, NULL, w.index, &w.count))
USE(reduce_sum, crew_reduce_by_key_sum_u64_i64(w.v, (int64_t *)w.x, N, NULL, (int64_t *)w.out, &w.count))
USE(reduce, crew_reduce_by_key_u64(w.v, N, &reducer, NULL, NULL, w.out, &w.count, NULL))
USE(by_index, crew_group_by_index_u64(w.v, N, BINS, (size_t *)w.out, w.index))

USE(inclusive_sum, (w.d[0] += crew_scan_inclusive_sum_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(inclusive_product, (w.d[0] += crew_scan_inclusive_product_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(inclusive_min, (w.d[0] += crew_scan_inclusive_min_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(inclusive_max, (w.d[0] += crew_scan_inclusive_max_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(exclusive_sum, (w.d[0] += crew_scan_exclusive_sum_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(exclusive_product, (w.d[0] += crew_scan_exclusive_product_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(exclusive_min, (w.d[0] += crew_scan_exclusive_min_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(exclusive_max, (w.d[0] += crew_scan_exclusive_max_f64(w.d + 1, w.d + 1, N - 1), 0))
USE(seg_inclusive_sum, (crew_scan_segmented_inclusive_sum_f64(w.d, w.flags, w.d, N), 0))
USE(seg_inclusive_product, (crew_scan_segmented_inclusive_product_f64(w.d, w.flags, w.d, N), 0))
USE(seg_inclusive_min, (crew_scan_segmented_inclusive_min_f64(w.d, w.flags, w.d, N), 0))
USE(seg_inclusive_max, (crew_scan_segmented_inclusive_max_f64(w.d, w.flags, w.d, N), 0))
USE(seg_exclusive_sum, (crew_scan_segmented_exclusive_sum_f64(w.d, w.flags, w.d, N), 0))
USE(seg_exclusive_product, (crew_scan_segmented_exclusive_product_f64(w.d, w.flags, w.d, N), 0))
USE(seg_exclusive_min, (crew_scan_segmented_exclusive_min_f64(w.d, w.flags, w.d, N), 0))
USE(seg_exclusive_max, (crew_scan_segmented_exclusive_max_f64(w.d, w.flags, w.d, N), 0))
USE(sum, (w.d[0] = crew_sum_f64(w.d, N), 0))
USE(min, (w.d[0] = crew_min_f64(w.d, N), 0))
USE(max, (w.d[0] = crew_max_f64(w.d, N), 0))
USE(mean, (w.d[0] = crew_mean_f64(w.d, N), 0))
USE(norm2, (w.d[0] = crew_norm2_f64(w.d, N), 0))
USE(dot, (w.d[0] = crew_dot_f64(w.d, w.d, N), 0))
USE(minmax, (crew_minmax_f64(w.d, N, &w.d[0], &w.d[1]), 0))
USE(argmin, (w.count = crew_argmin_f64(w.d, N), 0))
USE(argmax, (w.count = crew_argmax_f64(w.d, N), 0))
USE(find_value, (w.count = crew_find_f64(w.d, N, -1), 0))
USE(contains, (w.count = crew_contains_f64(w.d, N, -1), 0))
USE(sorted, (w.count = crew_is_sorted_f64(w.d, N), 0))
USE(search, (crew_search_sorted_f64(w.d, N / 100, w.d, N, CREW_LEFT, w.index), 0))
USE(fill_value, (crew_fill_f64(w.d, N, 7), 0))
USE(iota, (crew_iota_f64(w.d, N, 1, 0.5), 0))
USE(normal, (crew_random_fill_normal_f64(w.d, N, 1, 2, 3), 0))
USE(uniform, (crew_random_fill_uniform_f64(w.d, N, 1, 2, 3), 0))
USE(random_words, (crew_random_fill_u64(w.x, N, 1, 2, 3), 0))
USE(fill, crew_fill(w.x, N, 8, &w.v[3]))
USE(copy, crew_copy(w.x, w.out, N, 8))
USE(reverse, crew_reverse(w.x, w.x, N, 8))
USE(gather, crew_gather(w.x, N, w.places, w.out, N, 8))
USE(scatter, crew_scatter(w.x, w.places, N, w.out, N, 8))
USE(transpose, crew_transpose(w.x, w.out, 200, N / 200, 8))
USE(equal_bytes, (w.count = crew_equal(w.x, w.v, 8, N), 0))
USE(mismatch, (w.count = crew_mismatch(w.x, w.x, 8, N), 0))
USE(merge, crew_merge(w.x, 0, w.x, N, 8, w.out, by_value, NULL, NULL))
USE(merge_f64, crew_merge_f64(w.d, 0, w.d, N, w.out_d))
USE(is_sorted, crew_is_sorted(w.x, N, 8, by_value, NULL, &w.hit, NULL))
USE(exclusive, crew_scan_exclusive(w.x, w.x, 8, N, &sums, NULL, &w.count, NULL))
USE(segmented_inclusive, crew_scan_segmented_inclusive(w.x, w.flags, w.x, 8, N, &sums, NULL, &w.count, NULL))
USE(search_generic, crew_search_sorted(w.places, sizeof(size_t), N, w.places, sizeof(size_t), N, by_place, NULL,
                                       CREW_LEFT, w.index, NULL))
USE(find_first, crew_find_first(N, ask, NULL, &w.count, NULL))
USE(any, crew_any(N, ask, NULL, &w.hit, NULL))
USE(all, crew_all(N, ask, NULL, &w.hit, NULL))
USE(none, crew_none(N, ask, NULL, &w.hit, NULL))
USE(count_if, crew_count_if(N, ask, NULL, &w.count, NULL))
USE(edges, crew_histogram_edges_f64(0, 1, 100, w.d))
USE(histogram, crew_histogram_f64(w.d, N, 0, 1e19, w.out, BINS, &w.count))
USE(by_edges, crew_histogram_by_edges_f64(w.d, N, steps, w.out, 3, &w.count))
USE(reduce_min, crew_reduce_by_key_min_u64_i64(w.v, (int64_t *)w.x, N, NULL, (int64_t *)w.out, &w.count))
USE(reduce_max, crew_reduce_by_key_max_u64_i64(w.v, (int64_t *)w.x, N, NULL, (int64_t *)w.out, &w.count))

USE(set_union,
    crew_set_union(w.places, N / 2, w.places + N / 4, N / 2, sizeof(size_t), w.index, by_place, NULL, &w.count, NULL))
USE(set_union_f64, ((w.count = crew_set_union_f64(w.ordered, N / 2, w.ordered + N / 4, N / 2, w.out_d)), 0))
USE(set_intersection, crew_set_intersection(w.places, N / 2, w.places + N / 4, N / 2, sizeof(size_t), w.index, by_place,
                                            NULL, &w.count, NULL))
USE(set_intersection_f64,
    ((w.count = crew_set_intersection_f64(w.ordered, N / 2, w.ordered + N / 4, N / 2, w.out_d)), 0))
USE(set_difference, crew_set_difference(w.places, N / 2, w.places + N / 4, N / 2, sizeof(size_t), w.index, by_place,
                                        NULL, &w.count, NULL))
USE(set_difference_f64, ((w.count = crew_set_difference_f64(w.ordered, N / 2, w.ordered + N / 4, N / 2, w.out_d)), 0))
USE(set_symmetric_difference, crew_set_symmetric_difference(w.places, N / 2, w.places + N / 4, N / 2, sizeof(size_t),
                                                            w.index, by_place, NULL, &w.count, NULL))
USE(set_symmetric_difference_f64,
    ((w.count = crew_set_symmetric_difference_f64(w.ordered, N / 2, w.ordered + N / 4, N / 2, w.out_d)), 0))
USE(includes, crew_includes(w.places, N, w.places + 7, N / 2, sizeof(size_t), by_place, NULL, &w.hit, NULL))
USE(includes_f64, ((w.hit = crew_includes_f64(w.ordered, N, w.ordered + 7, N / 2)), 0))
USE(rotate, crew_rotate(w.x, w.x, N, 8, 7))
USE(shift_left, crew_shift_left(w.x, N, 8, 77))
USE(shift_right, crew_shift_right(w.x, N, 8, 77))
USE(merge_in_place, crew_merge_in_place(w.places, N / 3, N, sizeof(size_t), by_place, NULL, NULL))
USE(merge_in_place_f64, crew_merge_in_place_f64(w.ordered, N / 3, N))
USE(find_adjacent, crew_find_adjacent(w.x, N, 8, equal, NULL, &w.count, NULL))
USE(find_adjacent_f64, ((w.count = crew_find_adjacent_f64(w.d, N)), 0))
USE(find_sequence, crew_find_sequence(w.x, N, w.x + N / 2, 9, 8, equal, NULL, &w.count, NULL))
USE(find_sequence_f64, ((w.count = crew_find_sequence_f64(w.d, N, w.d + N / 2, 9)), 0))
USE(sorted_until, crew_is_sorted_until(w.x, N, 8, by_value, NULL, &w.count, NULL))
USE(sorted_until_f64, ((w.count = crew_is_sorted_until_f64(w.d, N)), 0))
USE(lexicographical, crew_lexicographical_compare(w.x, N, w.x, N - 1, 8, by_value, NULL, &w.order, NULL))
USE(lexicographical_f64, ((w.order = crew_lexicographical_compare_f64(w.d, N, w.d, N - 1)), 0))
USE(histogram_2d_by_edges, crew_histogram_2d_by_edges_f64(w.d, w.d, N, (const double[]){0, 1, 1e19}, 2,
                                                          (const double[]){0, 2, 1e19}, 2, w.out, &w.count))
USE(histogram_2d, crew_histogram_2d_f64(w.d, w.d, N, 0, 1e19, 10, 0, 1e19, 10, w.out, &w.count))
USE(bincount32, crew_bincount32_u64(w.v, N, w.small, BINS, &w.count))
USE(nansum, ((w.d[0] = crew_nansum_f64(w.d, N)), 0))
USE(nanmean, ((w.d[0] = crew_nanmean_f64(w.d, N)), 0))
USE(nanmin, ((w.d[0] = crew_nanmin_f64(w.d, N)), 0))
USE(nanmax, ((w.d[0] = crew_nanmax_f64(w.d, N)), 0))

static int exact(void)
{
    crew_exact sum = {0}, other = {0};
    unsigned char bytes[CREW_EXACT_BYTES];
    crew_exact_add(&sum, w.d, N);
    crew_exact_add_dot(&other, w.d, w.d, N);
    crew_exact_to_bytes(&other, bytes);
    int code = crew_exact_from_bytes(&other, bytes);
    crew_exact_merge(&sum, &other);
    w.d[0] = crew_exact_value(&sum);
    w.d[1] = crew_sum_exact_f64(w.d, N) + crew_dot_exact_f64(w.d, w.d, N);
    return code;
}

static int alloc(void)
{
    errno = 0;
    void *p = crew_alloc(N, 8);
    int error = p ? 0 : -errno;
    crew_free(p);
    return error;
}

static int alloc_huge(void)
{
    void *p = crew_alloc((size_t)5 << 20, 1);
    int error = p ? 0 : -errno;
    crew_free(p);
    return error;
}

static const struct {
    const char *name;
    int (*use)(void);
    /* How outputs are after -ENOMEM; PERHAPS: untouched, but in vector registers it does without. */
    enum { NEVER, PERHAPS, UNTOUCHED, UNDEFINED } failure;
} uses[] = {
    {"sort", sort, UNTOUCHED},
    {"sort wide", sort_wide, UNTOUCHED},
    {"argsort", argsort, UNTOUCHED},
    {"sort_by_key", sort_by_key, UNTOUCHED},
    {"nth_element", nth, UNTOUCHED},
    {"nth_element wide", nth_wide, UNTOUCHED},
    {"top_k", top_k, UNTOUCHED},
    {"sort_u64", sort_u64, PERHAPS},
    {"sort_u32", sort_u32, PERHAPS},
    {"sort_u64 plain", sort_plain, UNTOUCHED},
    {"sort_u32 plain", sort_plain_u32, UNTOUCHED},
    {"sort_by_key_u64", pairs, UNTOUCHED},
    {"sort_by_key_u32 far", pairs_far, UNTOUCHED},
    {"sort_records", records, UNTOUCHED},
    {"sort_records far", records_far, UNTOUCHED},
    {"argsort_u64", argsort_u64, UNDEFINED},
    {"nth_element_u64", nth_u64, UNTOUCHED},
    {"nth_element_u64 few", nth_few, UNTOUCHED},
    {"top_k_u64", top_k_u64, UNTOUCHED},
    {"scan", scan, UNTOUCHED},
    {"scan_segmented", segmented, UNTOUCHED},
    {"filter", filter, UNDEFINED},
    {"pack", pack, UNDEFINED},
    {"partition", partition, UNDEFINED},
    {"partition in place", partition_in_place, UNDEFINED},
    {"unique", unique, UNDEFINED},
    {"pack_u64", pack_u64, NEVER},
    {"pack_index", pack_index, NEVER},
    {"unique_u64", unique_u64, NEVER},
    {"bincount_u64", bincount, NEVER},
    {"bincount_u8", bincount_u8, NEVER},
    {"bincount_weighted", weighted, UNTOUCHED},
    {"unique_counts", unique_counts, UNTOUCHED},
    {"group_by_key", group_by_key, UNTOUCHED},
    {"reduce_by_key_sum", reduce_sum, UNTOUCHED},
    {"reduce_by_key", reduce, UNTOUCHED},
    {"group_by_index", by_index, UNTOUCHED},
    {"scan_inclusive_sum", inclusive_sum, NEVER},
    {"scan_inclusive_product", inclusive_product, NEVER},
    {"scan_inclusive_min", inclusive_min, NEVER},
    {"scan_inclusive_max", inclusive_max, NEVER},
    {"scan_exclusive_sum", exclusive_sum, NEVER},
    {"scan_exclusive_product", exclusive_product, NEVER},
    {"scan_exclusive_min", exclusive_min, NEVER},
    {"scan_exclusive_max", exclusive_max, NEVER},
    {"scan_segmented_inclusive_sum", seg_inclusive_sum, NEVER},
    {"scan_segmented_inclusive_product", seg_inclusive_product, NEVER},
    {"scan_segmented_inclusive_min", seg_inclusive_min, NEVER},
    {"scan_segmented_inclusive_max", seg_inclusive_max, NEVER},
    {"scan_segmented_exclusive_sum", seg_exclusive_sum, NEVER},
    {"scan_segmented_exclusive_product", seg_exclusive_product, NEVER},
    {"scan_segmented_exclusive_min", seg_exclusive_min, NEVER},
    {"scan_segmented_exclusive_max", seg_exclusive_max, NEVER},
    {"sum", sum, NEVER},
    {"min", min, NEVER},
    {"max", max, NEVER},
    {"mean", mean, NEVER},
    {"norm2", norm2, NEVER},
    {"dot", dot, NEVER},
    {"minmax", minmax, NEVER},
    {"argmin", argmin, NEVER},
    {"argmax", argmax, NEVER},
    {"find", find_value, NEVER},
    {"contains", contains, NEVER},
    {"is_sorted_f64", sorted, NEVER},
    {"search_sorted_f64", search, NEVER},
    {"fill_f64", fill_value, NEVER},
    {"iota", iota, NEVER},
    {"random_fill_normal", normal, NEVER},
    {"random_fill_uniform", uniform, NEVER},
    {"random_fill_u64", random_words, NEVER},
    {"fill", fill, NEVER},
    {"copy", copy, NEVER},
    {"reverse", reverse, NEVER},
    {"gather", gather, NEVER},
    {"scatter", scatter, NEVER},
    {"transpose", transpose, NEVER},
    {"equal", equal_bytes, NEVER},
    {"mismatch", mismatch, NEVER},
    {"merge", merge, NEVER},
    {"merge_f64", merge_f64, NEVER},
    {"is_sorted", is_sorted, NEVER},
    {"scan_exclusive", exclusive, UNTOUCHED},
    {"scan_segmented_inclusive", segmented_inclusive, UNTOUCHED},
    {"search_sorted", search_generic, NEVER},
    {"find_first", find_first, UNDEFINED},
    {"any", any, UNDEFINED},
    {"all", all, UNDEFINED},
    {"none", none, UNDEFINED},
    {"count_if", count_if, UNDEFINED},
    {"histogram_edges", edges, NEVER},
    {"histogram", histogram, NEVER},
    {"histogram_by_edges", by_edges, NEVER},
    {"reduce_by_key_min", reduce_min, UNTOUCHED},
    {"reduce_by_key_max", reduce_max, UNTOUCHED},
    {"set_union", set_union, UNDEFINED},
    {"set_union_f64", set_union_f64, NEVER},
    {"set_intersection", set_intersection, UNDEFINED},
    {"set_intersection_f64", set_intersection_f64, NEVER},
    {"set_difference", set_difference, UNDEFINED},
    {"set_difference_f64", set_difference_f64, NEVER},
    {"set_symmetric_difference", set_symmetric_difference, UNDEFINED},
    {"set_symmetric_difference_f64", set_symmetric_difference_f64, NEVER},
    {"includes", includes, UNDEFINED},
    {"includes_f64", includes_f64, NEVER},
    {"rotate", rotate, NEVER},
    {"shift_left", shift_left, NEVER},
    {"shift_right", shift_right, NEVER},
    {"merge_in_place", merge_in_place, UNDEFINED},
    {"merge_in_place_f64", merge_in_place_f64, UNDEFINED},
    {"find_adjacent", find_adjacent, UNDEFINED},
    {"find_adjacent_f64", find_adjacent_f64, NEVER},
    {"find_sequence", find_sequence, UNDEFINED},
    {"find_sequence_f64", find_sequence_f64, NEVER},
    {"sorted_until", sorted_until, UNDEFINED},
    {"sorted_until_f64", sorted_until_f64, NEVER},
    {"lexicographical", lexicographical, UNDEFINED},
    {"lexicographical_f64", lexicographical_f64, NEVER},
    {"histogram_2d", histogram_2d, UNDEFINED},
    {"histogram_2d_by_edges", histogram_2d_by_edges, UNDEFINED},
    {"bincount32", bincount32, NEVER},
    {"nansum", nansum, NEVER},
    {"nanmean", nanmean, NEVER},
    {"nanmin", nanmin, NEVER},
    {"nanmax", nanmax, NEVER},
    {"exact", exact, NEVER},
    {"alloc", alloc, UNTOUCHED},
    {"alloc huge", alloc_huge, UNTOUCHED},
};
enum { USES = sizeof uses / sizeof *uses };

static long asked; /* by the last call of run */

static int run(int k, long at, bool on)
{
    w = fresh;
    crew_scratch_trim(); /* or what is kept is not asked for again */
    counting_begin(at, on);
    int error = uses[k].use();
    crew__isa_limit(CREW__ISA_AVX512);
    asked = counting_end();
    return error;
}

START_TEST(every_allocation_fails_in_turn)
{
    uint64_t seed = oracle_seed();
    for (size_t i = 0; i < N; i++) {
        fresh.x[i] = oracle_random(&seed);
        fresh.v[i] = oracle_below(&seed, BINS);
        fresh.flags[i] = (unsigned char)oracle_below(&seed, 2);
        fresh.small[i] = (uint32_t)oracle_random(&seed);
        fresh.d[i] = (double)oracle_random(&seed);
        fresh.places[i] = i;
        fresh.ordered[i] = (double)i;
    }
    fresh.count = 77;
    crew_set_num_threads(_i == 0 ? 1 : 3);
    for (int k = 0; k < USES; k++) {
        ck_assert_msg(run(k, -1, false) == 0, "%s", uses[k].name);
        expected = w;
        ck_assert_msg(run(k, -1, false) == 0, "%s", uses[k].name);
        long needed = asked;
        if (uses[k].failure == UNTOUCHED)
            ck_assert_msg(needed >= 1, "%s asks for no memory", uses[k].name);
        bool failed = false;
        size_t before = 0;
        for (long round = 0; round < 2 * (needed + 2) + 20; round++) {
            long at = round / 2 % (needed + 2);
            int error = run(k, at, round % 2);
            failed = failed || error;
            ck_assert_msg(error == 0 || (error == -ENOMEM && uses[k].failure != NEVER), "%s %ld: %d", uses[k].name, at,
                          error);
            if (error == 0)
                ck_assert_msg(memcmp(&w, &expected, sizeof w) == 0, "%s %ld: result", uses[k].name, at);
            else if (uses[k].failure != UNDEFINED)
                ck_assert_msg(memcmp(&w, &fresh, sizeof w) == 0, "%s %ld: touched", uses[k].name, at);
            else
                ck_assert_msg(w.count == fresh.count, "%s %ld: count", uses[k].name, at);
            crew_scratch_trim();
            /* The first round may let the runtime make what it keeps. */
            if (round == 2 * (needed + 2))
                before = bytes_in_use();
        }
        if (uses[k].failure == UNTOUCHED)
            ck_assert_msg(failed, "%s does not fail", uses[k].name);
        /* What malloc keeps for each thread counts as in use, and is below this. */
        ck_assert_msg(bytes_in_use() <= before + 16384, "%s leaks", uses[k].name);
        ck_assert_int_eq(run(k, -1, false), 0);
        ck_assert_msg(memcmp(&w, &expected, sizeof w) == 0, "%s afterwards", uses[k].name);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc_array");
    TCase *tc = parallel_case(suite, "alloc_array");
    tcase_add_loop_test(tc, every_allocation_fails_in_turn, 0, 2);
    return run_suite(suite);
}
