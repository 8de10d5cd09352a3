/* crew_find_adjacent, crew_is_sorted_until, crew_find_sequence and crew_lexicographical_compare against naive loops. */
#include "array_test.h"
#include <crew/crew.h>
#include <errno.h>
#include <math.h>

static const size_t lengths[] = {
    0, 1, 2, 3, 63, 64, 65, 66, 129, 4096, 4097, 4098, TESTS_VALGRIND ? 20000 : TESTS_SANITIZED ? 140000 : 300001};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

static int equal_u32(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return *(const uint32_t *)a == *(const uint32_t *)b;
}

static int compare_u32(const void *a, const void *b, void *ctx)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    (void)ctx;
    return x < y ? -7 : x > y;
}

struct pair {
    uint32_t key, place;
};

#define CREW_NAME same_key
#define CREW_TYPE struct pair
#define CREW_EQUAL(a, b) ((a)->key == (b)->key)
#include <crew/inline/find_adjacent.h>

#define CREW_NAME falls
#define CREW_TYPE struct pair
#define CREW_CONTEXT const uint32_t *
#define CREW_EQUAL(a, b) ((b)->key + *ctx < (a)->key)
#include <crew/inline/find_adjacent.h>

#define CREW_NAME keys_in_a_row
#define CREW_TYPE struct pair
#define CREW_EQUAL(a, b) ((a)->key == (b)->key)
#include <crew/inline/find_sequence.h>

#define CREW_NAME compare_keys
#define CREW_TYPE struct pair
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/lexicographical_compare.h>

#define CREW_NAME compare_roughly
#define CREW_TYPE struct pair
#define CREW_CONTEXT uint32_t
#define CREW_LESS(a, b) ((a)->key / ctx < (b)->key / ctx)
#include <crew/inline/lexicographical_compare.h>

START_TEST(inlined)
{
    configure((size_t)_i);
    for (size_t k = 0; k < LENGTHS; k++) {
        const size_t n = lengths[k];
        struct pair *x = test_alloc(n * sizeof *x);
        uint32_t *keys = test_alloc(n * sizeof *keys);
        for (size_t at = 0; at < n; at += n / 3 + 1) {
            for (size_t i = 0; i < n; i++) {
                keys[i] = (uint32_t)(i == at && i > 0 ? i - 1 : i);
                x[i] = (struct pair){keys[i], (uint32_t)i};
            }
            size_t index = 99;
            const uint32_t slack = 0;
            ck_assert_int_eq(same_key(x, n, &index, NULL), 0);
            ck_assert_uint_eq(index, crew_find_adjacent_u32(keys, n));
            ck_assert_int_eq(keys_in_a_row(x, n, x + n / 2, n - n / 2 < 3 ? n - n / 2 : 3, &index, NULL), 0);
            ck_assert_uint_eq(index, crew_find_sequence_u32(keys, n, keys + n / 2, n - n / 2 < 3 ? n - n / 2 : 3));
            if (at > 0)
                x[at].key = keys[at] = 0;
            ck_assert_int_eq(falls(x, n, &index, &slack, NULL), 0);
            ck_assert_uint_eq(index < n ? index + 1 : n, crew_is_sorted_until_u32(keys, n));
        }
        size_t index = 99;
        ck_assert_int_eq(same_key(x, 0, &index, NULL), 0);
        ck_assert_uint_eq(index, 0);
        ck_assert_int_eq(same_key(NULL, 2, &index, NULL), -EINVAL);
        ck_assert_int_eq(keys_in_a_row(x, n, x, 0, &index, NULL), 0);
        ck_assert_uint_eq(index, 0);
        ck_assert_int_eq(keys_in_a_row(NULL, 2, x, 1, &index, NULL), -EINVAL);
        free(x), free(keys);
    }
}
END_TEST

#define TEMPLATE "../../../tests/unit/find_pairs_template.h"
#include "../../lib/array/typed/each_type_template.h"

START_TEST(typed)
{
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t k = 0; k < LENGTHS; k++) {
        check_f32(lengths[k], &seed);
        check_f64(lengths[k], &seed);
        check_i32(lengths[k], &seed);
        check_i64(lengths[k], &seed);
        check_u32(lengths[k], &seed);
        check_u64(lengths[k], &seed);
    }
}
END_TEST

START_TEST(generic)
{
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t k = 0; k < LENGTHS; k++)
        for (int round = 0; round < 4; round++) {
            const size_t n = lengths[k], size = sizeof(uint32_t);
            uint32_t *x = test_alloc(n * size), *y = test_alloc(n * size);
            for (size_t i = 0; i < n; i++)
                x[i] = (uint32_t)i * 2;
            if (n > 1 && round > 0) {
                size_t at = 1 + (size_t)(test_random(&seed) % (n - 1));
                x[at] = round == 1 ? x[at - 1] : 0;
            }
            memcpy(y, x, n * size);
            if (n > 0 && round == 2)
                y[test_random(&seed) % n]++;
            size_t got = 99, again = 99;
            ck_assert_int_eq(crew_find_adjacent(x, n, size, equal_u32, NULL, &got, NULL), 0);
            ck_assert_uint_eq(got, crew_find_adjacent_u32(x, n));
            ck_assert_int_eq(crew_find_adjacent(x, n, size, NULL, NULL, &again, NULL), 0);
            ck_assert_uint_eq(again, got);
            ck_assert_int_eq(crew_is_sorted_until(x, n, size, compare_u32, NULL, &got, NULL), 0);
            ck_assert_uint_eq(got, crew_is_sorted_until_u32(x, n));
            for (size_t m = 0; m < n + 2 && m < 5; m++) {
                const uint32_t *part = n > m ? x + (n - m) / 2 : y;
                size_t many = m < n ? m : n;
                ck_assert_int_eq(crew_find_sequence(x, n, part, many, size, equal_u32, NULL, &got, NULL), 0);
                ck_assert_uint_eq(got, crew_find_sequence_u32(x, n, part, many));
                ck_assert_int_eq(crew_find_sequence(x, n, part, many, size, NULL, NULL, &again, NULL), 0);
                ck_assert_uint_eq(again, got);
            }
            int order = 9;
            for (size_t shorter = 0; shorter < 2 && shorter <= n; shorter++) {
                ck_assert_int_eq(
                    crew_lexicographical_compare(x, n - shorter, y, n, size, compare_u32, NULL, &order, NULL), 0);
                ck_assert_int_eq(order, crew_lexicographical_compare_u32(x, n - shorter, y, n));
            }
            free(x), free(y);
        }
}
END_TEST

START_TEST(inlined_compare)
{
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t k = 0; k < LENGTHS; k++)
        for (int round = 0; round < 6; round++) {
            const size_t n = lengths[k], at = n == 0 ? 0 : round == 1 ? n - 1 : (size_t)(test_random(&seed) % n);
            struct pair *a = test_alloc(n * sizeof *a), *b = test_alloc(n * sizeof *b);
            for (size_t i = 0; i < n; i++) {
                a[i] = (struct pair){(uint32_t)i * 2 + 10, (uint32_t)i};
                b[i] = (struct pair){a[i].key, 0};
            }
            if (n > 0 && round > 0)
                b[at].key += round & 1 ? 1 : UINT32_MAX;
            int want = n == 0 || round == 0 ? 0 : round & 1 ? -1 : 1, order = 9;
            ck_assert_int_eq(compare_keys(a, n, b, n, &order, NULL), 0);
            ck_assert_int_eq(order, want);
            ck_assert_int_eq(compare_keys(b, n, a, n, &order, &(crew_options){.threads = 2}), 0);
            ck_assert_int_eq(order, -want);
            ck_assert_int_eq(compare_keys(a, at, b, n, &order, NULL), 0); /* nothing differs below at */
            ck_assert_int_eq(order, at < n ? -1 : 0);
            ck_assert_int_eq(compare_keys(a, n, b, at, &order, NULL), 0);
            ck_assert_int_eq(order, at < n ? 1 : 0);
            ck_assert_int_eq(compare_roughly(a, n, b, n, &order, UINT32_MAX, NULL), 0);
            ck_assert_int_eq(order, 0);
            ck_assert_int_eq(compare_roughly(a, n, b, n, &order, 1, NULL), 0);
            ck_assert_int_eq(order, want);
            free(a), free(b);
        }
    struct pair x[2] = {{1, 0}, {2, 0}};
    int order = 9;
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    ck_assert_int_eq(compare_keys(NULL, 1, x, 2, &order, NULL), -EINVAL);
    ck_assert_int_eq(compare_keys(x, 2, NULL, 1, &order, NULL), -EINVAL);
    ck_assert_int_eq(compare_keys(x, 2, x, 2, NULL, NULL), -EINVAL);
    ck_assert_int_eq(compare_keys(NULL, 0, x, SIZE_MAX / 2, &order, NULL), -EOVERFLOW);
    ck_assert_int_eq(compare_keys(x, 2, x, 2, &order, &(crew_options){.cancel = &stop}), -ECANCELED);
    ck_assert_int_eq(order, 9);
    ck_assert_int_eq(compare_keys(NULL, 0, x, 2, &order, NULL), 0);
    ck_assert_int_eq(order, -1);
    ck_assert_int_eq(compare_keys(NULL, 0, NULL, 0, &order, NULL), 0);
    ck_assert_int_eq(order, 0);
}
END_TEST

START_TEST(errors)
{
    uint32_t x[3] = {1, 2, 3};
    size_t index = 77;
    int order = 77;
    ck_assert_int_eq(crew_find_adjacent(NULL, 3, 4, NULL, NULL, &index, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_adjacent(x, 3, 0, NULL, NULL, &index, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_adjacent(x, 3, 4, NULL, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_adjacent(x, SIZE_MAX, 4, NULL, NULL, &index, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_is_sorted_until(x, 3, 4, NULL, NULL, &index, NULL), -EINVAL);
    ck_assert_int_eq(crew_is_sorted_until(NULL, 3, 4, compare_u32, NULL, &index, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_sequence(x, 3, NULL, 1, 4, NULL, NULL, &index, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_sequence(x, 3, x, 1, 4, NULL, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_find_sequence(x, 3, x, SIZE_MAX / 2, 4, NULL, NULL, &index, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_lexicographical_compare(x, 3, x, 3, 4, NULL, NULL, &order, NULL), -EINVAL);
    ck_assert_int_eq(crew_lexicographical_compare(x, 3, NULL, 3, 4, compare_u32, NULL, &order, NULL), -EINVAL);
    ck_assert_int_eq(crew_lexicographical_compare(x, 3, x, 3, 4, compare_u32, NULL, NULL, NULL), -EINVAL);
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    crew_options cancelled = {.cancel = &stop};
    ck_assert_int_eq(crew_is_sorted_until(x, 3, 4, compare_u32, NULL, &index, &cancelled), -ECANCELED);
    ck_assert_uint_eq(index, 77);
    ck_assert_int_eq(order, 77);
    ck_assert_int_eq(crew_find_sequence(NULL, 0, NULL, 0, 4, NULL, NULL, &index, NULL), 0);
    ck_assert_uint_eq(index, 0);
    ck_assert_uint_eq(crew_find_adjacent_f64(NULL, 0), 0);
    ck_assert_uint_eq(crew_is_sorted_until_f64(NULL, 0), 0);
    ck_assert_int_eq(crew_lexicographical_compare_f64(NULL, 0, NULL, 0), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("find_pairs");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, typed, 0, CONFIGURATIONS);
    tcase_add_loop_test(tc, generic, 0, CONFIGURATIONS);
    tcase_add_loop_test(tc, inlined, 0, CONFIGURATIONS);
    tcase_add_loop_test(tc, inlined_compare, 0, CONFIGURATIONS);
    tcase_add_test(tc, errors);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
