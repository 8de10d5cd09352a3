/* crew_tally against counting by linear search. */
#include "../support/suite.h"
#include <crew/tally.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { KEYS = 3000 };

struct counted {
    char key[16];
    size_t size, count;
    double sum;
};

static void count(struct counted *c, size_t *n, const char *key, size_t size, double value)
{
    size_t i = 0;
    while (i < *n && (c[i].size != size || memcmp(c[i].key, key, size) != 0))
        i++;
    if (i == *n) {
        memcpy(c[i].key, key, size);
        c[i].size = size;
        ++*n;
    }
    c[i].count++;
    c[i].sum += value;
}

static void check_equal(const crew_tally *t, const struct counted *c, size_t n)
{
    size_t used;
    const crew_tally_entry *e = crew_tally_entries(t, &used);
    ck_assert_uint_eq(used, n);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(e[i].size, c[i].size);
        ck_assert_mem_eq(e[i].key, c[i].key, c[i].size);
        ck_assert_int_eq(e[i].key[e[i].size], '\0');
        ck_assert_uint_eq(e[i].count, c[i].count);
        ck_assert(e[i].sum == c[i].sum);
        ck_assert_ptr_eq(crew_tally_find(t, c[i].key, c[i].size), &e[i]);
    }
}

START_TEST(equals_the_search)
{
    static struct counted c[KEYS];
    uint64_t seed = oracle_seed();
    crew_tally t = {0}, half = {0};
    size_t n = 0;
    for (int i = 0; i < 10000; i++) {
        char key[16];
        size_t size = oracle_below(&seed, 16);
        memset(key, 0, sizeof key); /* keys of zero bytes, of any length */
        if (oracle_below(&seed, 3) > 0 && size > 0)
            key[oracle_below(&seed, size)] = (char)oracle_below(&seed, 8);
        double value = (double)oracle_below(&seed, 1000);
        count(c, &n, key, size, value);
        ck_assert_int_eq(crew_tally_add(i < 5000 ? &t : &half, key, size, value), 0);
    }
    ck_assert_int_eq(crew_tally_merge(&t, &half), 0);
    ck_assert_uint_eq(half.used, 0);
    check_equal(&t, c, n);
    ck_assert_ptr_null(crew_tally_find(&t, "no such key here", 16));
    crew_tally empty = {0};
    ck_assert_int_eq(crew_tally_merge(&empty, &t), 0);
    check_equal(&empty, c, n);
    ck_assert_uint_eq(t.used, 0);
    crew_tally_free(&empty);
    crew_tally_free(&empty);
    crew_tally_free(NULL);
}
END_TEST

START_TEST(orders)
{
    crew_tally t = {0};
    const char *keys[] = {"pear", "fig", "apple", "fig", "app", "\xff", "pear", "fig"};
    const double values[] = {1, 2, 30, 2, 5, NAN, 1, 2};
    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq(crew_tally_add(&t, keys[i], strlen(keys[i]), values[i]), 0);
    static const char *const seen[] = {"pear", "fig", "apple", "app", "\xff"};
    static const char *const by_key[] = {"app", "apple", "fig", "pear", "\xff"};
    static const char *const by_count[] = {"fig", "pear", "app", "apple", "\xff"};
    static const char *const by_sum[] = {"apple", "fig", "app", "pear", "\xff"};
    const char *const *const expected[] = {seen, by_key, by_count, by_sum};
    for (int order = 0; order < 4; order++) {
        if (order == 1)
            crew_tally_sort_by_key(&t);
        if (order == 2)
            crew_tally_sort_by_count(&t);
        if (order == 3)
            crew_tally_sort_by_sum(&t);
        size_t n;
        const crew_tally_entry *e = crew_tally_entries(&t, &n);
        ck_assert_uint_eq(n, 5);
        for (size_t i = 0; i < n; i++) {
            ck_assert_str_eq(e[i].key, expected[order][i]);
            ck_assert_ptr_eq(crew_tally_find(&t, e[i].key, e[i].size), &e[i]);
        }
    }
    ck_assert_int_eq(crew_tally_add(&t, "fig", 3, 1), 0); /* after a sort too */
    ck_assert_uint_eq(crew_tally_find(&t, "fig", 3)->count, 4);
    crew_tally_free(&t);
}
END_TEST

START_TEST(many_and_none)
{
    crew_tally t = {0};
    size_t n = 7;
    ck_assert_ptr_null(crew_tally_find(&t, "a", 1));
    crew_tally_entries(&t, &n);
    ck_assert_uint_eq(n, 0);
    crew_tally_sort_by_key(&t);
    for (size_t i = 0; i < 100000; i++)
        ck_assert_int_eq(crew_tally_add(&t, &i, sizeof i, (double)i), 0);
    crew_tally_entries(&t, &n);
    ck_assert_uint_eq(n, 100000);
    for (size_t i = 0; i < 100000; i++)
        ck_assert(crew_tally_find(&t, &i, sizeof i)->sum == (double)i);
    char *large = calloc(1, 100000);
    ck_assert_ptr_nonnull(large);
    ck_assert_int_eq(crew_tally_add(&t, large, 100000, 1), 0);
    ck_assert_int_eq(crew_tally_add(&t, NULL, 0, 1), 0);
    ck_assert_int_eq(crew_tally_add(&t, "", 0, 1), 0);
    ck_assert_uint_eq(crew_tally_find(&t, NULL, 0)->count, 2);
    ck_assert_int_eq(crew_tally_add(&t, NULL, 1, 1), -EINVAL);
    ck_assert_int_eq(crew_tally_add(NULL, "a", 1, 1), -EINVAL);
    ck_assert_int_eq(crew_tally_merge(&t, &t), -EINVAL);
    free(large);
    crew_tally_free(&t);
}
END_TEST

enum { ITEMS = 3000 };

static char texts[ITEMS][12];
static crew_bytes items[ITEMS];

static void make_items(uint64_t *seed, size_t distinct)
{
    for (size_t i = 0; i < ITEMS; i++) {
        uint64_t k = oracle_below(seed, distinct);
        memset(texts[i], 0, sizeof texts[i]);
        if (k > 1) /* keys 0 and 1: one of no bytes, and one of a zero byte */
            snprintf(texts[i], sizeof texts[i], "%llu", (unsigned long long)(k * 7919 % 100003));
        items[i] = (crew_bytes){k == 0 ? NULL : texts[i], k == 0 ? 0 : k == 1 ? 1 : strlen(texts[i])};
    }
}

static bool same(const crew_bytes *a, const crew_bytes *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

static int compare(const crew_bytes *a, const crew_bytes *b)
{
    size_t common = a->size < b->size ? a->size : b->size;
    int order = common ? memcmp(a->data, b->data, common) : 0;
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* Every item once, in the group of its key, ascending; groups in order. */
static void check_groups(size_t n, crew_bytes_order order, const size_t *offsets, const size_t *indices, size_t groups)
{
    size_t expected = 0;
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        while (j < i && !same(&items[j], &items[i]))
            j++;
        expected += j == i;
    }
    ck_assert_uint_eq(groups, expected);
    ck_assert_uint_eq(offsets[0], 0);
    ck_assert_uint_eq(offsets[groups], n);
    for (size_t g = 0; g < groups; g++) {
        const crew_bytes *key = &items[indices[offsets[g]]];
        ck_assert_uint_lt(offsets[g], offsets[g + 1]);
        for (size_t k = offsets[g]; k < offsets[g + 1]; k++) {
            ck_assert(same(&items[indices[k]], key));
            ck_assert(k == offsets[g] || indices[k - 1] < indices[k]);
        }
        if (g > 0 && order == CREW_BYTES_FIRST_SEEN)
            ck_assert_uint_lt(indices[offsets[g - 1]], indices[offsets[g]]);
        else if (g > 0)
            ck_assert_int_lt(compare(&items[indices[offsets[g - 1]]], key), 0);
    }
}

START_TEST(groups)
{
    static const size_t sizes[] = {0, 1, 2, 65, ITEMS}, distinct[] = {1, 2, 50, 100000};
    static size_t offsets[ITEMS + 1], indices[ITEMS], other[ITEMS + 1];
    uint64_t seed = oracle_seed();
    for (size_t d = 0; d < 4; d++) {
        make_items(&seed, distinct[d]);
        for (size_t s = 0; s < 5; s++)
            for (int order = 0; order < 2; order++)
                for (int round = 0; round < ORACLE_THREADS - 1; round++) {
                    use_threads(round);
                    size_t n = sizes[s], count = 99, again = 99;
                    crew_bytes_order by = (crew_bytes_order)order;
                    ck_assert_int_eq(crew_group_by_bytes(items, n, by, offsets, indices, &count, NULL), 0);
                    if (round == 0)
                        check_groups(n, by, offsets, indices, count);
                    else
                        ck_assert(n == 0 || memcmp(other, indices, n * sizeof *indices) == 0);
                    memcpy(other, indices, n * sizeof *indices);
                    ck_assert_int_eq(crew_group_by_bytes(items, n, by, NULL, indices, &again, NULL), 0);
                    ck_assert_uint_eq(count, again);
                    ck_assert(n == 0 || memcmp(other, indices, n * sizeof *indices) == 0);
                    ck_assert_int_eq(crew_group_by_bytes(items, n, by, NULL, NULL, &again, NULL), 0);
                    ck_assert_uint_eq(count, again);
                    memcpy(other, offsets, (count + 1) * sizeof *offsets);
                    ck_assert_int_eq(crew_group_by_bytes(items, n, by, offsets, NULL, &again, NULL), 0);
                    ck_assert_mem_eq(other, offsets, (count + 1) * sizeof *offsets);
                    memcpy(other, indices, n * sizeof *indices);
                }
    }
}
END_TEST

static void note_done(size_t done, size_t total, void *ctx)
{
    size_t *last = ctx;
    ck_assert_uint_ge(done, last[0]);
    last[0] = done;
    last[1] = total;
}

START_TEST(group_options)
{
    uint64_t seed = oracle_seed();
    size_t offsets[ITEMS + 1], indices[ITEMS], count, last[2] = {0};
    crew_cancel stop = {0};
    make_items(&seed, 100);
    crew_options opt = {.cancel = &stop, .timeout = 100, .progress = note_done, .progress_ctx = last};
    ck_assert_int_eq(crew_group_by_bytes(items, ITEMS, CREW_BYTES_SORTED, offsets, indices, &count, &opt), 0);
    ck_assert_uint_eq(last[0], 2 * ITEMS);
    ck_assert_uint_eq(last[1], 2 * ITEMS);
    crew_cancel_request(&stop);
    opt.progress = NULL;
    ck_assert_int_eq(crew_group_by_bytes(items, ITEMS, CREW_BYTES_SORTED, offsets, indices, &count, &opt), -ECANCELED);
    const double bad[] = {-1, NAN, -INFINITY};
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(crew_group_by_bytes(items, ITEMS, CREW_BYTES_SORTED, offsets, indices, &count,
                                             &(crew_options){.timeout = bad[i]}),
                         -EINVAL);
    ck_assert_int_eq(crew_group_by_bytes(NULL, 1, CREW_BYTES_SORTED, offsets, indices, &count, NULL), -EINVAL);
    for (size_t most = SIZE_MAX; most > SIZE_MAX / 8; most /= 2) /* too many for the memory that it takes */
        if (most > SIZE_MAX / 4)
            ck_assert_int_eq(crew_group_by_bytes(items, most, CREW_BYTES_SORTED, offsets, indices, &count, NULL),
                             -EOVERFLOW);
    ck_assert_int_eq(crew_group_by_bytes(NULL, 0, CREW_BYTES_SORTED, offsets, indices, &count, NULL), 0);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(crew_group_by_bytes(items, 1, CREW_BYTES_SORTED, offsets, indices, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_group_by_bytes(items, 1, (crew_bytes_order)2, offsets, indices, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_group_by_bytes(items, SIZE_MAX / 2, CREW_BYTES_SORTED, offsets, indices, &count, NULL),
                     -EOVERFLOW);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tc = parallel_case(suite, "tally");
    tcase_add_test(tc, equals_the_search);
    tcase_add_test(tc, orders);
    tcase_add_test(tc, groups);
    tcase_add_test(tc, group_options);
    tcase_add_test(tc, many_and_none);
    return run_suite(suite);
}
