/* crew_merge_in_place in all its forms against a stable sort. */
#include "array_test.h"
#include <crew/sort.h>
#include <errno.h>

struct record {
    uint32_t key, place;
};

#define CREW_NAME join_by_key
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/merge_in_place.h>

static int compare(const void *a, const void *b, void *ctx)
{
    const struct record *x = a, *y = b;
    (void)ctx;
    return (x->key > y->key) - (x->key < y->key);
}

START_TEST(equals_a_stable_sort)
{
    static const size_t lengths[] = {0, 1, 2, 3, 100, 8192, 8193, 70001};
    static const uint32_t ranges[] = {1, 5, 1000, 1 << 30};
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++)
            for (int k = 0; k < 5; k++) {
                const size_t n = lengths[l], middle = k == 0   ? 0
                                                      : k == 1 ? n
                                                      : k == 2 ? n / 2
                                                      : k == 3 ? n / 10
                                                               : n - n / 7;
                struct record *x = test_alloc(n * sizeof *x), *y = test_alloc(n * sizeof *x);
                uint64_t *words = test_alloc(n * sizeof *words), *sorted = test_alloc(n * sizeof *words);
                for (size_t i = 0; i < n; i++)
                    x[i] = (struct record){(uint32_t)(test_random(&seed) % ranges[r]), (uint32_t)i};
                ck_assert_int_eq(crew_sort(x, middle, sizeof *x, compare, NULL, NULL), 0);
                ck_assert_int_eq(crew_sort(x + middle, n - middle, sizeof *x, compare, NULL, NULL), 0);
                for (size_t i = 0; i < n; i++)
                    words[i] = sorted[i] = x[i].key;
                memcpy(y, x, n * sizeof *x);
                struct record *want = test_alloc(n * sizeof *x);
                memcpy(want, x, n * sizeof *x);
                ck_assert_int_eq(crew_sort(want, n, sizeof *x, compare, NULL, NULL), 0);
                ck_assert_int_eq(crew_merge_in_place(x, middle, n, sizeof *x, compare, NULL,
                                                     n % 2 ? &(crew_options){.threads = 2} : NULL),
                                 0);
                ck_assert_mem_eq(x, want, n * sizeof *x);
                ck_assert_int_eq(join_by_key(y, middle, n, NULL), 0);
                ck_assert_mem_eq(y, want, n * sizeof *x);
                ck_assert_int_eq(crew_sort_u64(sorted, n), 0);
                ck_assert_int_eq(crew_merge_in_place_u64(words, middle, n), 0);
                ck_assert_mem_eq(words, sorted, n * sizeof *words);
                free(x), free(y), free(want), free(words), free(sorted);
            }
}
END_TEST

#define TYPED(type, element)                                                                                           \
    {                                                                                                                  \
        element x[6] = {(element)3, (element)5, (element)9, (element)1, (element)5, (element)7};                       \
        const element want[6] = {(element)1, (element)3, (element)5, (element)5, (element)7, (element)9};              \
        ck_assert_int_eq(crew_merge_in_place_##type(x, 3, 6), 0);                                                      \
        ck_assert_mem_eq(x, want, sizeof x);                                                                           \
        ck_assert_int_eq(crew_merge_in_place_##type(x, 7, 6), -EINVAL);                                                \
        ck_assert_int_eq(crew_merge_in_place_##type(NULL, 1, 6), -EINVAL);                                             \
        ck_assert_int_eq(crew_merge_in_place_##type(NULL, 0, 0), 0);                                                   \
    }

START_TEST(types_and_arguments)
{
    TYPED(f32, float)
    TYPED(f64, double)
    TYPED(i32, int32_t)
    TYPED(i64, int64_t)
    TYPED(u32, uint32_t)
    TYPED(u64, uint64_t)
    struct record x[4] = {{2, 0}, {3, 1}, {1, 2}, {2, 3}}, was[4];
    memcpy(was, x, sizeof x);
    const size_t size = sizeof *x;
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    crew_options cancelled = {.cancel = &stop}, bad = {.timeout = -1};
    ck_assert_int_eq(crew_merge_in_place(x, 2, 4, size, compare, NULL, &cancelled), -ECANCELED);
    ck_assert_int_eq(crew_merge_in_place(x, 2, 4, size, compare, NULL, &bad), -EINVAL);
    ck_assert_int_eq(crew_merge_in_place(x, 5, 4, size, compare, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_merge_in_place(x, 2, 4, 0, compare, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_merge_in_place(x, 2, 4, size, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_merge_in_place(NULL, 2, 4, size, compare, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_merge_in_place(x, 2, SIZE_MAX, size, compare, NULL, NULL), -EOVERFLOW);
    ck_assert_mem_eq(x, was, sizeof x);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("merge_in_place");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, equals_a_stable_sort, 0, CONFIGURATIONS);
    tcase_add_test(tc, types_and_arguments);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
