/* crew/inline/sort.h and nth.h against crew_sort and crew_nth_element, to the bit. */
#include "../support/suite.h"
#include <errno.h>
#include <string.h>

struct record {
    uint32_t key, place;
};

#define CREW_NAME by_key
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/sort.h>

struct wide {
    uint32_t key, place;
    char rest[292];
};

#define CREW_NAME wide_by_key
#define CREW_TYPE struct wide
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/sort.h>

#define CREW_NAME bytes_down
#define CREW_TYPE unsigned char
#define CREW_LESS(a, b) (*(a) > *(b))
#include <crew/inline/sort.h>

/* Contradicts itself: nothing is read or written outside, and elements stay the same. */
#define CREW_NAME by_nonsense
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((((a)->key ^ (b)->place) & 1) != 0)
#include <crew/inline/sort.h>

#define CREW_NAME nth_by_key
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/nth.h>

#define CREW_NAME nth_wide
#define CREW_TYPE struct wide
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/nth.h>

#define CREW_NAME nth_of_nonsense
#define CREW_TYPE struct record
#define CREW_LESS(a, b) ((((a)->key ^ (b)->place) & 1) != 0)
#include <crew/inline/nth.h>

enum { LARGEST = TESTS_VALGRIND ? 9001 : 70001 };
static const size_t sizes[] = {0,  1,   2,   3,   4,   11,   12,   13,   14,   31,     32,
                               33, 127, 128, 512, 513, 1023, 1024, 1025, 5000, LARGEST};
enum { SIZES = sizeof sizes / sizeof *sizes };

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct record *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* range: how many keys there are; 0: ascending, 1: descending. */
static void fill(struct record *x, size_t n, uint32_t range)
{
    uint32_t state = 99;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525U + 1013904223U;
        x[i].key = range == 0 ? (uint32_t)i : range == 1 ? (uint32_t)(n - i) : (state >> 8) % range;
        x[i].place = (uint32_t)i;
    }
}

START_TEST(equals_crew_sort)
{
    use_threads(_i);
    struct record *x = malloc((LARGEST + 1) * sizeof *x), *expected = malloc((LARGEST + 1) * sizeof *x);
    ck_assert(x && expected);
    const uint32_t ranges[] = {0, 1, 2, 10, 1000, 1 << 24};
    for (size_t k = 0; k < SIZES; k++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
            size_t n = sizes[k];
            fill(x, n, ranges[r]);
            x[n] = (struct record){7, 7};
            memcpy(expected, x, (n + 1) * sizeof *x);
            ck_assert_int_eq(crew_sort(expected, n, sizeof *x, compare, NULL, NULL), 0);
            ck_assert_int_eq(by_key(x, n, NULL), 0);
            ck_assert_mem_eq(x, expected, (n + 1) * sizeof *x);
            fill(x, n, ranges[r]);
            ck_assert_int_eq(by_key(x, n, &(crew_options){.threads = 2}), 0);
            ck_assert_mem_eq(x, expected, (n + 1) * sizeof *x);
        }
    free(x);
    free(expected);
}
END_TEST

START_TEST(is_stable_and_sorted)
{
    use_threads(_i);
    struct record *x = malloc(LARGEST * sizeof *x);
    ck_assert_ptr_nonnull(x);
    fill(x, LARGEST, 50);
    ck_assert_int_eq(by_key(x, LARGEST, NULL), 0);
    bool stable = true;
    for (size_t i = 1; i < LARGEST; i++)
        stable &= x[i - 1].key < x[i].key || (x[i - 1].key == x[i].key && x[i - 1].place < x[i].place);
    ck_assert(stable);
    free(x);
}
END_TEST

START_TEST(other_sizes_of_elements)
{
    use_threads(_i);
    enum { N = 3000 };
    struct wide *w = calloc(N, sizeof *w);
    unsigned char bytes[N];
    ck_assert_ptr_nonnull(w);
    for (uint32_t i = 0; i < N; i++) {
        w[i].key = i * 7919 % 100;
        w[i].place = i;
        w[i].rest[291] = (char)i;
        bytes[i] = (unsigned char)(i * 31);
    }
    ck_assert_int_eq(wide_by_key(w, N, NULL), 0);
    ck_assert_int_eq(bytes_down(bytes, N, NULL), 0);
    ck_assert_int_eq(nth_wide(w, N, 10, NULL), 0); /* sorted already, and stable */
    for (size_t i = 0; i < N; i++) {
        ck_assert(i == 0 || w[i - 1].key < w[i].key || (w[i - 1].key == w[i].key && w[i - 1].place < w[i].place));
        ck_assert_int_eq(w[i].rest[291], (char)w[i].place);
        ck_assert(i == 0 || bytes[i - 1] >= bytes[i]);
    }
    free(w);
}
END_TEST

START_TEST(nth_equals_crew_nth_element)
{
    use_threads(_i);
    struct record *x = malloc((LARGEST + 1) * sizeof *x), *expected = malloc((LARGEST + 1) * sizeof *x);
    ck_assert(x && expected);
    const uint32_t ranges[] = {0, 1, 2, 10, 1 << 24};
    for (size_t k = 1; k < SIZES; k++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
            const size_t n = sizes[k], at[] = {0, n / 2, n - 1};
            for (int a = 0; a < 3; a++) {
                fill(x, n, ranges[r]);
                x[n] = (struct record){7, 7};
                memcpy(expected, x, (n + 1) * sizeof *x);
                ck_assert_int_eq(crew_nth_element(expected, n, sizeof *x, at[a], compare, NULL, NULL), 0);
                ck_assert_int_eq(nth_by_key(x, n, at[a], a == 1 ? &(crew_options){.threads = 2} : NULL), 0);
                ck_assert_mem_eq(x, expected, (n + 1) * sizeof *x);
                bool parted = true;
                for (size_t i = 0; i < n; i++)
                    parted &= i < at[a] ? x[i].key <= x[at[a]].key : x[i].key >= x[at[a]].key;
                ck_assert(parted);
            }
        }
    free(x);
    free(expected);
}
END_TEST

/* Each is there once. */
static void check_places(const struct record *x, size_t n, unsigned char *seen)
{
    bool once = true;
    memset(seen, 0, LARGEST);
    for (size_t i = 0; i < n && once; i++)
        once = x[i].place < n && seen[x[i].place]++ == 0;
    ck_assert(once);
}

START_TEST(an_order_that_contradicts_itself)
{
    use_threads(_i);
    struct record *x = malloc(LARGEST * sizeof *x);
    unsigned char *seen = malloc(LARGEST);
    ck_assert(x && seen);
    for (size_t k = 0; k < SIZES; k++) {
        fill(x, sizes[k], 1000);
        ck_assert_int_eq(by_nonsense(x, sizes[k], NULL), 0);
        check_places(x, sizes[k], seen);
        if (sizes[k] > 0)
            ck_assert_int_eq(nth_of_nonsense(x, sizes[k], sizes[k] / 3, NULL), 0);
        check_places(x, sizes[k], seen);
    }
    free(x);
    free(seen);
}
END_TEST

START_TEST(errors)
{
    struct record x[2] = {{2, 0}, {1, 1}};
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    ck_assert_int_eq(by_key(NULL, 0, NULL), 0);
    ck_assert_int_eq(by_key(NULL, 1, NULL), -EINVAL);
    ck_assert_int_eq(by_key(x, SIZE_MAX / 4, NULL), -EOVERFLOW);
    ck_assert_int_eq(by_key(x, 2, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(by_key(x, 2, &(crew_options){.cancel = &stop}),
                     crew_sort(x, 2, sizeof *x, compare, NULL, &(crew_options){.cancel = &stop}));
    ck_assert_int_eq(nth_by_key(NULL, 0, 0, NULL), -EINVAL);
    ck_assert_int_eq(nth_by_key(NULL, 1, 0, NULL), -EINVAL);
    ck_assert_int_eq(nth_by_key(x, 2, 2, NULL), -EINVAL);
    ck_assert_int_eq(nth_by_key(x, SIZE_MAX / 4, 0, NULL), -EOVERFLOW);
    ck_assert_int_eq(nth_by_key(x, 2, 0, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(nth_by_key(x, 2, 0, &(crew_options){.cancel = &stop}),
                     crew_nth_element(x, 2, sizeof *x, 0, compare, NULL, &(crew_options){.cancel = &stop}));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inline_sort");
    TCase *tc = parallel_case(suite, "sort");
    tcase_add_loop_test(tc, equals_crew_sort, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, is_stable_and_sorted, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, other_sizes_of_elements, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, nth_equals_crew_nth_element, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, an_order_that_contradicts_itself, 0, ORACLE_THREADS);
    tcase_add_test(tc, errors);
    return run_suite(suite);
}
