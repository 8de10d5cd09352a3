/* crew_tally against counting by linear search. */
#include "../support/suite.h"
#include <crew/tally.h>
#include <errno.h>
#include <math.h>
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

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tc = parallel_case(suite, "tally");
    tcase_add_test(tc, equals_the_search);
    tcase_add_test(tc, orders);
    tcase_add_test(tc, many_and_none);
    return run_suite(suite);
}
