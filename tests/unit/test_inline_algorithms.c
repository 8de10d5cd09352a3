/* crew/inline/{map,reduce,filter,partition,find}.h against naive loops and the callback forms. */
#include "../support/suite.h"
#include <errno.h>
#include <string.h>

struct item {
    int32_t key, place;
};

#define CREW_NAME keep_below
#define CREW_TYPE struct item
#define CREW_CONTEXT int32_t
#define CREW_TEST(x) ((x)->key < ctx)
#include <crew/inline/filter.h>

#define CREW_NAME keep_even
#define CREW_TYPE struct item
#define CREW_TEST(x) ((x)->key % 2 == 0)
#include <crew/inline/filter.h>

static int slowly_even(const struct item *x)
{
    volatile int32_t key = x->key;
    for (int k = 0; k < 200; k++)
        key = key + 2;
    return key % 2 == 0;
}

#define CREW_NAME keep_even_slowly
#define CREW_TYPE struct item
#define CREW_TEST(x) slowly_even(x)
#include <crew/inline/filter.h>

#define CREW_NAME split_below
#define CREW_TYPE struct item
#define CREW_CONTEXT int32_t
#define CREW_TEST(x) ((x)->key < ctx)
#include <crew/inline/partition.h>

#define CREW_NAME find_place
#define CREW_TYPE struct item
#define CREW_CONTEXT int32_t
#define CREW_TEST(x) ((x)->place == ctx)
#include <crew/inline/find.h>

#define CREW_NAME doubled_keys
#define CREW_TYPE struct item
#define CREW_RESULT double
#define CREW_CONTEXT double
#define CREW_MAP(x) (ctx * (x)->key)
#include <crew/inline/map.h>

static int32_t slow_key(const struct item *x, int rounds)
{
    volatile int32_t key = x->key;
    for (int k = 0; k < rounds; k++)
        key = key + 2;
    return key - 2 * rounds;
}

#define CREW_NAME slow_keys
#define CREW_TYPE struct item
#define CREW_RESULT int32_t
#define CREW_CONTEXT int
#define CREW_MAP(x) slow_key(x, ctx)
#include <crew/inline/map.h>

#define CREW_NAME next
#define CREW_TYPE double
#define CREW_MAP(x) (*(x) + 1)
#include <crew/inline/map.h>

#define CREW_NAME total
#define CREW_TYPE double
#define CREW_RESULT double
#define CREW_FOLD(acc, x) *(acc) += *(x)
#define CREW_MERGE(acc, right) *(acc) += *(right)
#include <crew/inline/reduce.h>

#define CREW_NAME one_a_key
#define CREW_TYPE struct item
#define CREW_CONTEXT int32_t
#define CREW_EQUAL(a, b) ((a)->key / ctx == (b)->key / ctx)
#include <crew/inline/unique.h>

#define CREW_NAME merge_by_key
#define CREW_TYPE struct item
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/merge.h>

#define CREW_NAME sort_by_key
#define CREW_TYPE struct item
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/sort.h>

enum { LARGEST = TESTS_VALGRIND ? 12003 : 100003 };
static const size_t sizes[] = {0,  1,    2,    16,   17,   31,   32,   33,   63,   64,
                               65, 1000, 2047, 2048, 2049, 4095, 4096, 4097, 8193, LARGEST};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct item *items(void)
{
    struct item *x = malloc(LARGEST * sizeof *x);
    ck_assert_ptr_nonnull(x);
    uint32_t state = 5;
    for (size_t i = 0; i < LARGEST; i++) {
        state = state * 1664525U + 1013904223U;
        x[i] = (struct item){(int32_t)(state >> 16) % 1000, (int32_t)i};
    }
    return x;
}

static size_t filtered(const struct item *x, size_t n, int32_t below, int even, struct item *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (even ? x[i].key % 2 == 0 : x[i].key < below)
            out[kept++] = x[i];
    return kept;
}

START_TEST(filters)
{
    use_threads(_i);
    struct item *x = items(), *expected = malloc(LARGEST * sizeof *x), *out = malloc(LARGEST * sizeof *x);
    ck_assert(expected && out);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k], count = 77, kept;
        const int32_t limits[] = {0, 1, 500, 1000};
        for (int l = 0; l < 4; l++) {
            kept = filtered(x, n, limits[l], 0, expected);
            ck_assert_int_eq(keep_below(x, out, n, &count, limits[l], NULL), 0);
            ck_assert_uint_eq(count, kept);
            ck_assert(memcmp(out, expected, kept * sizeof *x) == 0);
            ck_assert_int_eq(keep_below(x, out, n, &count, limits[l], &(crew_options){.threads = 2}), 0);
            ck_assert_uint_eq(count, kept);
            ck_assert(memcmp(out, expected, kept * sizeof *x) == 0);
        }
        kept = filtered(x, n, 0, 1, expected);
        memcpy(out, x, n * sizeof *x);
        ck_assert_int_eq(keep_even(out, out, n, &count, NULL), 0);
        ck_assert_uint_eq(count, kept);
        ck_assert(memcmp(out, expected, kept * sizeof *x) == 0);
        size_t few = n < 3000 ? n : 3000;
        kept = filtered(x, few, 0, 1, expected);
        ck_assert_int_eq(keep_even_slowly(x, out, few, &count, NULL), 0);
        ck_assert_uint_eq(count, kept);
        ck_assert(memcmp(out, expected, kept * sizeof *x) == 0);
    }
    free(x);
    free(expected);
    free(out);
}
END_TEST

START_TEST(filter_errors)
{
    struct item x[40] = {{1, 2}};
    size_t count = 5;
    ck_assert_int_eq(keep_even(NULL, NULL, 0, &count, NULL), 0);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(keep_even(NULL, x, 1, &count, NULL), -EINVAL);
    ck_assert_int_eq(keep_even(x, NULL, 1, &count, NULL), -EINVAL);
    ck_assert_int_eq(keep_even(x, x, 1, NULL, NULL), -EINVAL);
    ck_assert_int_eq(keep_even(x, x + 1, 10, &count, NULL), -EINVAL);
    ck_assert_int_eq(keep_even(x + 1, x, 10, &count, NULL), 0);
    ck_assert_uint_eq(count, 10);
    ck_assert_int_eq(keep_even(x, x, 1, &count, &(crew_options){.timeout = -1}), -EINVAL);
}
END_TEST

START_TEST(partitions)
{
    use_threads(_i);
    struct item *x = items(), *kept = malloc(LARGEST * sizeof *x), *rest = malloc(LARGEST * sizeof *x);
    ck_assert(kept && rest);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k], count = 77, yes = 0, no = 0;
        ck_assert_int_eq(split_below(x, kept, rest, n, &count, 300, NULL), 0);
        for (size_t i = 0; i < n; i++)
            ck_assert_int_eq(x[i].key < 300 ? kept[yes++].place : rest[no++].place, x[i].place);
        ck_assert_uint_eq(count, yes);
    }
    free(x);
    free(kept);
    free(rest);
}
END_TEST

START_TEST(searches)
{
    use_threads(_i);
    struct item *x = items();
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        const size_t places[] = {0, n / 2, n > 0 ? n - 1 : 0, n};
        for (int p = 0; p < 4; p++) {
            size_t index = 77;
            ck_assert_int_eq(find_place(x, n, &index, (int32_t)places[p], NULL), 0);
            ck_assert_uint_eq(index, places[p] < n ? places[p] : n);
            ck_assert_int_eq(find_place(x, n, &index, (int32_t)places[p], &(crew_options){.threads = 2}), 0);
            ck_assert_uint_eq(index, places[p] < n ? places[p] : n);
        }
    }
    size_t index;
    ck_assert_int_eq(find_place(x, 5, NULL, 0, NULL), -EINVAL);
    ck_assert_int_eq(find_place(NULL, 0, &index, 0, NULL), 0);
    ck_assert_uint_eq(index, 0);
    free(x);
}
END_TEST

START_TEST(maps)
{
    use_threads(_i);
    struct item *x = items();
    double *out = malloc((LARGEST + 1) * sizeof *out);
    ck_assert_ptr_nonnull(out);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k];
        out[n] = -1;
        ck_assert_int_eq(doubled_keys(x, out, n, 2.5, NULL), 0);
        ck_assert_int_eq(next(out, out, n, NULL), 0);
        for (size_t i = 0; i < n; i++)
            ck_assert(out[i] == 2.5 * x[i].key + 1);
        ck_assert(out[n] == -1);
    }
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    ck_assert_int_eq(next(NULL, NULL, 0, NULL), 0);
    ck_assert_int_eq(next(NULL, out, 1, NULL), -EINVAL);
    ck_assert_int_eq(next(out, NULL, 1, NULL), -EINVAL);
    ck_assert_int_eq(next(out, out, 1, &(crew_options){.cancel = &stop}), -ECANCELED);
    free(x);
    free(out);
}
END_TEST

/* Items that are found to be expensive after the first one or after the first 32. */
START_TEST(short_maps)
{
    use_threads(_i);
    struct item *x = items();
    int32_t out[1026];
    const int rounds[] = {0, 20, 100, 3000};
    for (size_t n = 0; n <= 1025; n += n < 70 ? 1 : n < 1020 ? 50 : 1)
        for (int r = 0; r < 4; r++) {
            bool same = true;
            memset(out, 0x7F, sizeof out);
            ck_assert_int_eq(slow_keys(x, out, n, n < 200 ? rounds[r] : rounds[r] / 10, NULL), 0);
            for (size_t i = 0; i < n; i++)
                same &= out[i] == x[i].key;
            ck_assert(same && out[n] == 0x7F7F7F7F);
        }
    free(x);
}
END_TEST

START_TEST(reductions)
{
    use_threads(_i);
    double *x = malloc(LARGEST * sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (size_t i = 0; i < LARGEST; i++)
        x[i] = (double)(i * 2654435761U % 9973) / 7;
    for (size_t k = 0; k < SIZES; k++) {
        double sum = 0, expected = 0;
        ck_assert_int_eq(total(x, sizes[k], &sum, NULL), 0);
        ck_assert_int_eq(reduced_sum(x, sizes[k], &expected), 0);
        ck_assert_mem_eq(&sum, &expected, sizeof sum);
    }
    double sum = 0;
    ck_assert_int_eq(total(NULL, 1, &sum, NULL), -EINVAL);
    ck_assert_int_eq(total(x, 1, NULL, NULL), -EINVAL);
    ck_assert_int_eq(total(NULL, 0, &sum, NULL), 0);
    free(x);
}
END_TEST

START_TEST(uniques)
{
    use_threads(_i);
    struct item *x = items(), *out = malloc(LARGEST * sizeof *x), *expected = malloc(LARGEST * sizeof *x);
    ck_assert(out && expected);
    for (size_t k = 0; k < SIZES; k++) {
        size_t n = sizes[k], count = 77, kept = 0;
        for (size_t i = 0; i < n; i++)
            if (i == 0 || x[i - 1].key / 300 != x[i].key / 300)
                expected[kept++] = x[i];
        ck_assert_int_eq(one_a_key(x, out, n, &count, 300, NULL), 0);
        ck_assert_uint_eq(count, kept);
        ck_assert(memcmp(out, expected, kept * sizeof *x) == 0);
        memcpy(out, x, n * sizeof *x);
        ck_assert_int_eq(one_a_key(out, out, n, &count, 300, NULL), 0);
        ck_assert_uint_eq(count, kept);
        ck_assert(memcmp(out, expected, kept * sizeof *x) == 0);
    }
    size_t count = 0;
    ck_assert_int_eq(one_a_key(NULL, NULL, 0, &count, 1, NULL), 0);
    ck_assert_int_eq(one_a_key(NULL, out, 1, &count, 1, NULL), -EINVAL);
    ck_assert_int_eq(one_a_key(x, x + 1, 5, &count, 1, NULL), -EINVAL);
    free(x);
    free(out);
    free(expected);
}
END_TEST

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct item *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

START_TEST(merges)
{
    use_threads(_i);
    struct item *a = items(), *b = items();
    struct item *out = malloc(2 * LARGEST * sizeof *a), *expected = malloc(2 * LARGEST * sizeof *a);
    ck_assert(out && expected);
    ck_assert_int_eq(sort_by_key(a, LARGEST, NULL), 0);
    ck_assert_int_eq(sort_by_key(b, LARGEST, NULL), 0);
    for (size_t i = 0; i < LARGEST; i++)
        b[i].place += LARGEST;
    for (size_t k = 0; k < SIZES; k++)
        for (size_t j = 0; j < SIZES; j += 3) {
            size_t na = sizes[k], nb = sizes[j];
            ck_assert_int_eq(merge_by_key(a, na, b, nb, out, NULL), 0);
            ck_assert_int_eq(crew_merge(a, na, b, nb, sizeof *a, expected, compare, NULL, NULL), 0);
            ck_assert(memcmp(out, expected, (na + nb) * sizeof *a) == 0);
        }
    ck_assert_int_eq(merge_by_key(a, 2, b, 2, a + 1, NULL), -EINVAL);
    ck_assert_int_eq(merge_by_key(NULL, 0, NULL, 0, NULL, NULL), 0);
    free(a);
    free(b);
    free(out);
    free(expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inline_algorithms");
    TCase *tc = parallel_case(suite, "algorithms");
    tcase_add_loop_test(tc, filters, 0, ORACLE_THREADS);
    tcase_add_test(tc, filter_errors);
    tcase_add_loop_test(tc, partitions, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, searches, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, maps, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, short_maps, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, reductions, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, uniques, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, merges, 0, ORACLE_THREADS);
    return run_suite(suite);
}
