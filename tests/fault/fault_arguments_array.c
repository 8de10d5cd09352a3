/* What array algorithms refuse: each argument that cannot be right by itself, with the documented code and nothing
   written. fault_input tries the generic ones two at a time. */
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { N = 24 };

/* Numbers of elements of which no array can have so many, or whose scratch could not be addressed. */
static const size_t BEYOND = SIZE_MAX / 2, BEYOND_16 = SIZE_MAX / 16 + 2;

static double x[N], y[N], out[4 * N], untouched[4 * N];
static uint32_t keys[N], keys_out[N];
static uint8_t bytes[N];
static uint64_t wide[N];
static uint32_t narrow[N];
static size_t number, index_of[N];
static bool flag;

static void fill(void)
{
    for (int i = 0; i < N; i++) {
        x[i] = y[i] = i;
        keys[i] = (uint32_t)i / 3;
        bytes[i] = (uint8_t)i;
        keys_out[i] = narrow[i] = 77;
        wide[i] = index_of[i] = 77;
    }
    for (int i = 0; i < 4 * N; i++)
        out[i] = untouched[i] = -1;
    number = 77;
}

static void check_untouched(void)
{
    ck_assert(memcmp(out, untouched, sizeof out) == 0 && number == 77);
    for (size_t i = 0; i < N; i++) {
        ck_assert(x[i] == (double)i && y[i] == (double)i && keys[i] == i / 3 && bytes[i] == i);
        ck_assert(keys_out[i] == 77 && narrow[i] == 77 && wide[i] == 77 && index_of[i] == 77);
    }
}

/* An address that nobody reads or writes, for arrays that are refused by their size. */
static void *far_away(size_t at)
{
    return (void *)(uintptr_t)at; /* NOLINT(performance-no-int-to-ptr) */
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)begin;
    (void)end;
    (void)acc;
    (void)ctx;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)acc;
    (void)right;
    (void)ctx;
}

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b;
}

#define INVALID(call) ck_assert_int_eq(call, -EINVAL)
#define OVERFLOWS(call) ck_assert_int_eq(call, -EOVERFLOW)

START_TEST(by_key)
{
    const crew_reducer good = {8, NULL, fold, merge, NULL};
    const crew_reducer bad[] = {
        {0, NULL, fold, merge, NULL}, {8, NULL, NULL, merge, NULL}, {8, NULL, fold, NULL, NULL}};
    const crew_reducer large = {SIZE_MAX / 4, NULL, fold, merge, NULL},
                       larger = {SIZE_MAX / N + 1, NULL, fold, merge, NULL};
    size_t failed;
    INVALID(crew_reduce_by_key_u32(keys, N, NULL, NULL, keys_out, out, &number, NULL));
    for (int k = 0; k < 3; k++)
        INVALID(crew_reduce_by_key_u32(keys, N, &bad[k], NULL, keys_out, out, &number, NULL));
    INVALID(crew_reduce_by_key_u32(keys, N, &good, NULL, keys_out, NULL, &number, NULL));
    INVALID(crew_reduce_by_key_u32(keys, N, &good, NULL, keys_out, out, NULL, NULL));
    INVALID(crew_reduce_by_key_u32(NULL, N, &good, NULL, keys_out, out, &number, NULL));
    INVALID(crew_reduce_by_key_u32(keys, N, &good, NULL, keys, out, &number, NULL));
    INVALID(crew_reduce_by_key_u32(keys, N, &good, NULL, keys_out, out, &number, &(crew_options){.failed = &failed}));
    OVERFLOWS(crew_reduce_by_key_u32(keys, 1, &large, NULL, keys_out, out, &number, NULL));
    OVERFLOWS(crew_reduce_by_key_u32(keys, N, &larger, NULL, keys_out, out, &number, NULL));
    INVALID(crew_unique_counts_u32(keys, N, keys_out, wide, NULL));
    INVALID(crew_unique_counts_u32(NULL, N, keys_out, wide, &number));
    OVERFLOWS(crew_unique_counts_u32(keys, BEYOND, keys_out, wide, &number));
    INVALID(crew_reduce_by_key_sum_u32_f64(keys, NULL, N, keys_out, out, &number));
    INVALID(crew_group_by_key_u32(NULL, N, keys_out, index_of, index_of, &number));
    check_untouched();
    ck_assert_int_eq(crew_reduce_by_key_u32(NULL, 0, &good, NULL, NULL, NULL, &number, NULL), 0);
    ck_assert_uint_eq(number, 0);
}
END_TEST

START_TEST(group_by_index)
{
    size_t offsets[N];
    memset(offsets, 0x55, sizeof offsets);
    INVALID(crew_group_by_index_u32(keys, N, 8, NULL, index_of));
    INVALID(crew_group_by_index_u32(NULL, N, 8, offsets, index_of));
    INVALID(crew_group_by_index_u32(keys, N, 8, offsets, NULL));
    OVERFLOWS(crew_group_by_index_u32(keys, BEYOND, 8, offsets, index_of));
    OVERFLOWS(crew_group_by_index_u32(keys, BEYOND / 4, 8, offsets, index_of));
    OVERFLOWS(crew_group_by_index_u32(keys, N, SIZE_MAX, offsets, index_of));
    OVERFLOWS(crew_group_by_index_u32(keys, N, BEYOND, offsets, index_of));
    INVALID(crew_group_by_index_u32(keys, N, 8, (size_t *)(void *)keys, index_of));
    INVALID(crew_group_by_index_u32(keys, N, 8, offsets, (size_t *)(void *)keys));
    INVALID(crew_group_by_index_u32(keys, N, 8, index_of + 1, index_of));
    check_untouched();
    ck_assert(offsets[0] == offsets[N - 1] && offsets[0] > N);
}
END_TEST

START_TEST(search)
{
    INVALID(crew_search_sorted(x, 8, N, y, 8, N, NULL, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_search_sorted(x, 0, N, y, 8, N, compare, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_search_sorted(x, 8, N, y, 0, N, compare, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_search_sorted(NULL, 8, N, y, 8, N, compare, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_search_sorted(x, 8, N, NULL, 8, N, compare, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_search_sorted(x, 8, N, y, 8, N, compare, NULL, CREW_LEFT, NULL, NULL));
    INVALID(crew_search_sorted(x, 8, N, y, 8, N, compare, NULL, (crew_side)7, index_of, NULL));
    INVALID(crew_search_sorted(index_of, 8, N, y, 8, N, compare, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_search_sorted(x, 8, N, index_of, 8, N, compare, NULL, CREW_LEFT, index_of + 3, NULL));
    OVERFLOWS(crew_search_sorted(x, 8, BEYOND, y, 8, N, compare, NULL, CREW_LEFT, index_of, NULL));
    OVERFLOWS(crew_search_sorted(x, 8, N, y, 8, BEYOND, compare, NULL, CREW_LEFT, index_of, NULL));
    OVERFLOWS(crew_search_sorted(x, 8, N, y, 1, BEYOND / 2, compare, NULL, CREW_LEFT, index_of, NULL));
    INVALID(crew_find_first(N, NULL, NULL, NULL, NULL));
    INVALID(crew_any(N, NULL, NULL, NULL, NULL));
    INVALID(crew_all(N, NULL, NULL, NULL, NULL));
    INVALID(crew_none(N, NULL, NULL, NULL, NULL));
    INVALID(crew_is_sorted_until(x, N, 8, NULL, NULL, &number, NULL));
    INVALID(crew_is_sorted_until(x, N, 8, compare, NULL, NULL, NULL));
    INVALID(crew_lexicographical_compare(x, N, y, N, 8, compare, NULL, NULL, NULL));
    check_untouched();
    ck_assert_int_eq(crew_search_sorted(NULL, 8, 0, NULL, 8, 0, compare, NULL, CREW_RIGHT, NULL, NULL), 0);
}
END_TEST

START_TEST(counts)
{
    INVALID(crew_bincount_u32(NULL, N, wide, 8, &number));
    INVALID(crew_bincount_u32(keys, N, NULL, 8, &number));
    INVALID(crew_bincount_u32(keys, N, (uint64_t *)(void *)keys, 8, &number));
    OVERFLOWS(crew_bincount_u32(keys, BEYOND, wide, 8, &number));
    OVERFLOWS(crew_bincount_u32(keys, N, wide, BEYOND, &number));
    OVERFLOWS(crew_bincount32_u32(keys, (size_t)UINT32_MAX + 1, narrow, 8, &number));
    INVALID(crew_bincount32_u8(NULL, N, narrow, 8, &number));
    INVALID(crew_bincount32_u8(bytes, N, NULL, 8, &number));
    INVALID(crew_bincount32_u8(bytes, N, (uint32_t *)(void *)bytes, 4, &number));
    OVERFLOWS(crew_bincount32_u8(bytes, (size_t)UINT32_MAX + 1, narrow, 8, &number));
    OVERFLOWS(crew_bincount32_u8(bytes, N, narrow, SIZE_MAX / 2, &number));
    INVALID(crew_bincount_weighted_u32_f64(NULL, x, N, out, 8, &number));
    INVALID(crew_bincount_weighted_u32_f64(keys, NULL, N, out, 8, &number));
    INVALID(crew_bincount_weighted_u32_f64(keys, x, N, NULL, 8, &number));
    INVALID(crew_bincount_weighted_u32_f64(keys, x, N, x + 3, 8, &number));
    INVALID(crew_bincount_weighted_u32_f64(keys, x, N, (double *)(void *)keys, 8, &number));
    OVERFLOWS(crew_bincount_weighted_u32_f64(keys, x, BEYOND, out, 8, &number));
    OVERFLOWS(crew_bincount_weighted_u32_f64(keys, x, BEYOND / 4, out, 8, &number));
    OVERFLOWS(crew_bincount_weighted_u32_f64(keys, x, N, out, BEYOND, &number));
    check_untouched();
}
END_TEST

START_TEST(histograms)
{
    const double falling[] = {0, 2, 1}, missing[] = {0, NAN, 1};
    INVALID(crew_histogram_f64(NULL, N, 0, 1, wide, 4, &number));
    INVALID(crew_histogram_f64(x, N, 0, 1, NULL, 4, &number));
    INVALID(crew_histogram_f64(x, N, 0, 1, wide, 0, &number));
    INVALID(crew_histogram_f64(x, N, 0, 1, wide, SIZE_MAX, &number));
    INVALID(crew_histogram_f64(x, N, 1, 0, wide, 4, &number));
    INVALID(crew_histogram_f64(x, N, NAN, 1, wide, 4, &number));
    INVALID(crew_histogram_f64(x, N, -INFINITY, 1, wide, 4, &number));
    INVALID(crew_histogram_f64(x, N, 0, INFINITY, wide, 4, &number));
    INVALID(crew_histogram_f64(x, N, 0, 1, (uint64_t *)(void *)x, 4, &number));
    OVERFLOWS(crew_histogram_f64(x, BEYOND, 0, 1, wide, 4, &number));
    INVALID(crew_histogram_edges_f64(0, 1, 0, out));
    INVALID(crew_histogram_edges_f64(1, 1, 4, out));
    INVALID(crew_histogram_edges_f64(0, 1, 4, NULL));
    INVALID(crew_histogram_edges_f64(0, 1, SIZE_MAX, out));
    INVALID(crew_histogram_by_edges_f64(NULL, N, y, wide, 4, &number));
    INVALID(crew_histogram_by_edges_f64(x, N, NULL, wide, 4, &number));
    INVALID(crew_histogram_by_edges_f64(x, N, falling, wide, 2, &number));
    INVALID(crew_histogram_by_edges_f64(x, N, missing, wide, 2, &number));
    INVALID(crew_histogram_by_edges_f64(x, N, (double *)(void *)wide, wide, 4, &number));
    INVALID(crew_histogram_2d_f64(NULL, y, N, 0, 1, 2, 0, 1, 2, wide, &number));
    INVALID(crew_histogram_2d_f64(x, NULL, N, 0, 1, 2, 0, 1, 2, wide, &number));
    INVALID(crew_histogram_2d_f64(x, y, N, 0, 1, 0, 0, 1, 2, wide, &number));
    INVALID(crew_histogram_2d_f64(x, y, N, 0, 1, 2, 0, 1, 0, wide, &number));
    INVALID(crew_histogram_2d_f64(x, y, N, 0, 1, SIZE_MAX, 0, 1, 2, wide, &number));
    INVALID(crew_histogram_2d_f64(x, y, N, 1, 0, 2, 0, 1, 2, wide, &number));
    INVALID(crew_histogram_2d_f64(x, y, N, 0, 1, 2, 1, 0, 2, wide, &number));
    INVALID(crew_histogram_2d_f64(x, y, N, 0, 1, 2, 0, 1, 2, (uint64_t *)(void *)y, &number));
    check_untouched();
}
END_TEST

START_TEST(sorts)
{
    void *const low = far_away(64), *const high = far_away(SIZE_MAX / 2 + 1);
    INVALID(crew_nth_element(x, N, 8, N, compare, NULL, NULL));
    INVALID(crew_nth_element(NULL, N, 8, 0, compare, NULL, NULL));
    OVERFLOWS(crew_nth_element(low, BEYOND, SIZE_MAX, 0, compare, NULL, NULL));
    OVERFLOWS(crew_nth_element(low, BEYOND_16, 16, 0, compare, NULL, NULL));
    INVALID(crew_top_k(x, N, 8, N + 1, out, NULL, compare, NULL, NULL));
    INVALID(crew_top_k(x, N, 8, 3, NULL, NULL, compare, NULL, NULL));
    INVALID(crew_top_k(x, N, 8, 3, x + 1, NULL, compare, NULL, NULL));
    INVALID(crew_top_k(x, N, 8, 3, out, (size_t *)(void *)x, compare, NULL, NULL));
    INVALID(crew_top_k(x, N, 8, 3, out, (size_t *)(void *)out, compare, NULL, NULL));
    OVERFLOWS(crew_top_k(high, BEYOND_16, 1, 300, low, NULL, compare, NULL, NULL));
    ck_assert_int_eq(crew_top_k(x, N, 8, 0, NULL, NULL, compare, NULL, NULL), 0);
    INVALID(crew_top_k_f64(x, N, N + 1, out, NULL));
    INVALID(crew_top_k_f64(NULL, N, 3, out, NULL));
    INVALID(crew_top_k_f64(x, N, 3, NULL, NULL));
    INVALID(crew_top_k_f64(x, N, 3, x + 2, NULL));
    INVALID(crew_top_k_f64(x, N, 3, out, (size_t *)(void *)x));
    INVALID(crew_top_k_f64(x, N, 3, out, (size_t *)(void *)out));
    ck_assert_int_eq(crew_top_k_f64(x, N, 0, NULL, NULL), 0);
    OVERFLOWS(crew_sort_by_key(low, 1, high, 1, BEYOND_16, compare, NULL, NULL));
    OVERFLOWS(crew_sort_by_key(low, 8, high, 4, SIZE_MAX / 20, compare, NULL, NULL));
    OVERFLOWS(crew_sort_by_key(low, 4, high, 8, SIZE_MAX / 20, compare, NULL, NULL));
    OVERFLOWS(crew_sort_records_i32(low, SIZE_MAX / 8 + 2, 5, 0));
    OVERFLOWS(crew_sort_records_i32(low, SIZE_MAX / 12, 5, 1));
    INVALID(crew_sort_by_key(x, 8, x + 1, 8, N - 1, compare, NULL, NULL));
    INVALID(crew_sort_by_key(x, 8, NULL, 8, N, compare, NULL, NULL));
    INVALID(crew_sort_by_key_f64(x, NULL, 8, N));
    INVALID(crew_sort_by_key_f64(NULL, y, 8, N));
    INVALID(crew_sort_by_key_f64(x, x + 1, 8, N - 1));
    OVERFLOWS(crew_sort_by_key_f64(x, y, SIZE_MAX / 4, N));
    INVALID(crew_argsort_f64(NULL, N, index_of));
    INVALID(crew_argsort_f64(x, N, NULL));
    INVALID(crew_argsort_f64(x, N, (size_t *)(void *)x));
    INVALID(crew_sort_records_f64(x, N, 4, 0));
    INVALID(crew_sort_records_f64(x, N, 16, 9));
    INVALID(crew_sort_records_f64(NULL, N, 16, 0));
    OVERFLOWS(crew_sort_records_f64(low, BEYOND_16 / 2, 24, 0));
    INVALID(crew_sort_f64(NULL, N));
    INVALID(crew_merge(x, N, y, N, 8, x, compare, NULL, NULL));
    INVALID(crew_merge(x, N, y, N, 8, y, compare, NULL, NULL));
    INVALID(crew_merge(x, N, NULL, N, 8, out, compare, NULL, NULL));
    OVERFLOWS(crew_merge(x, BEYOND, y, N, 8, out, compare, NULL, NULL));
    OVERFLOWS(crew_merge(low, BEYOND, high, BEYOND, 1, out, compare, NULL, NULL));
    OVERFLOWS(crew_merge(low, SIZE_MAX - 99, high, 100, 1, out, compare, NULL, NULL));
    INVALID(crew_sort_by_key(x, 8, y, 8, N, NULL, NULL, NULL));
    INVALID(crew_merge_in_place(x, N + 1, N, 8, compare, NULL, NULL));
    INVALID(crew_merge_in_place(x, 3, N, 8, NULL, NULL, NULL));
    INVALID(crew_merge_in_place(x, 3, N, 8, compare, NULL, &(crew_options){.timeout = -1}));
    INVALID(crew_merge_in_place_f64(x, N + 1, N));
    INVALID(crew_merge_in_place_f64(NULL, 1, N));
    check_untouched();
}
END_TEST

START_TEST(moves)
{
    const size_t one[1] = {0};
    INVALID(crew_gather(x, N, NULL, out, 1, 8));
    INVALID(crew_gather(x, N, one, NULL, 1, 8));
    INVALID(crew_gather(x, N, one, out, 1, 0));
    INVALID(crew_gather(NULL, N, one, out, 1, 8));
    OVERFLOWS(crew_gather(x, BEYOND, one, out, 1, 8));
    OVERFLOWS(crew_gather(x, N, one, out, BEYOND, 8));
    OVERFLOWS(crew_gather(x, N, one, out, BEYOND / 2, 1));
    INVALID(crew_scatter(x, NULL, 1, out, N, 8));
    INVALID(crew_scatter(NULL, one, 1, out, N, 8));
    INVALID(crew_fill(NULL, N, 8, x));
    INVALID(crew_fill(out, N, 8, NULL));
    INVALID(crew_fill(out, N, 0, x));
    INVALID(crew_rotate(x, x + 1, N - 1, 8, 2));
    INVALID(crew_shift_left(NULL, N, 8, 2));
    INVALID(crew_shift_right(x, N, 0, 2));
    INVALID(crew_partition(x, out, out + 2, 8, N, NULL, NULL, &number, NULL));
    INVALID(crew_pack(x, out, 8, N, NULL, &number, NULL));
    check_untouched();
    ck_assert_int_eq(crew_includes(x, N, y, N, 8, compare, NULL, NULL, NULL), -EINVAL);
    INVALID(crew_includes(x, N, y, N, 0, compare, NULL, &flag, NULL));
    INVALID(crew_set_union(x, N, y, N, 8, x + 2, compare, NULL, &number, NULL));
    INVALID(crew_set_union(x, N, y, N, 8, y + 2, compare, NULL, &number, NULL));
    INVALID(crew_set_union(x, N, y, N, 8, out, NULL, NULL, &number, NULL));
    INVALID(crew_set_union(x, N, y, N, 8, out, compare, NULL, NULL, NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arguments_array");
    TCase *tc = tcase_create("arguments_array");
    tcase_add_checked_fixture(tc, fill, NULL);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, by_key);
    tcase_add_test(tc, group_by_index);
    tcase_add_test(tc, search);
    tcase_add_test(tc, counts);
    tcase_add_test(tc, histograms);
    tcase_add_test(tc, sorts);
    tcase_add_test(tc, moves);
    return run_suite(suite);
}
