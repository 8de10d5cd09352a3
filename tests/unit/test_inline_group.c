/* crew/inline/group.h against naive loops and the callback forms, to the bit. */
#include "../support/suite.h"
#include <crew/by_key.h>
#include <errno.h>
#include <string.h>

struct item {
    double value;
    int32_t key, place;
};

/* The sum, whose rounding shows brackets, and places in the order in which they came. */
struct seen {
    double sum;
    uint64_t order;
};

static inline void see(struct seen *s, const struct item *x)
{
    s->sum += x->value;
    s->order = s->order * 31 + (uint64_t)x->place;
}

static inline void merge(struct seen *s, const struct seen *right)
{
    s->sum += right->sum;
    s->order = s->order * 1000003 + right->order;
}

#define CREW_NAME by_key
#define CREW_TYPE struct item
#define CREW_KEY(x) ((x)->key)
#define CREW_KEY_TYPE int32_t
#define CREW_RESULT struct seen
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        0.5, 7                                                                                                         \
    }
#define CREW_FOLD(acc, x) see(acc, x)
#define CREW_MERGE(acc, right) merge(acc, right)
#include <crew/inline/group.h>

#define CREW_NAME by_part
#define CREW_TYPE struct item
#define CREW_CONTEXT uint64_t
#define CREW_KEY(x) ((uint64_t)(x)->place / ctx)
#define CREW_KEY_TYPE uint64_t
#define CREW_RESULT size_t
#define CREW_FOLD(acc, x) *(acc) += (x)->key != (int32_t)ctx
#define CREW_MERGE(acc, right) *(acc) += *(right)
#include <crew/inline/group.h>

#define CREW_NAME counts
#define CREW_TYPE uint32_t
#define CREW_RESULT size_t
#define CREW_FOLD(acc, x) ++*(acc)
#define CREW_MERGE(acc, right) *(acc) += *(right)
#include <crew/inline/group.h>

#define CREW_NAME places
#define CREW_TYPE struct item
#define CREW_CONTEXT int32_t
#define CREW_KEY(x) ((x)->key * ctx)
#define CREW_KEY_TYPE int64_t
#include <crew/inline/group.h>

enum { LARGEST = TESTS_VALGRIND ? 9011 : 30011 };
static const size_t sizes[] = {0, 1, 2, 31, 100, 2047, 2048, 4095, 4096, 4097, LARGEST};
enum { SIZES = sizeof sizes / sizeof *sizes };
enum spread { EQUAL, FEW, FAR, SORTED, SPREADS };

static struct item *items(enum spread spread)
{
    struct item *x = malloc(LARGEST * sizeof *x);
    ck_assert_ptr_nonnull(x);
    uint32_t state = 3;
    for (size_t i = 0; i < LARGEST; i++) {
        state = state * 1664525U + 1013904223U;
        int32_t key = spread == EQUAL    ? -3
                      : spread == SORTED ? (int32_t)(i / 3000) - 2
                                         : (int32_t)(state >> 8) % 17 - 8;
        x[i] = (struct item){(double)(state >> 9) / 7, spread == FAR ? key * 100000007 : key, (int32_t)i};
    }
    return x;
}

static int fold_items(size_t begin, size_t end, void *acc, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        see(acc, (const struct item *)ctx + i);
    return 0;
}

static void merge_seen(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    merge(acc, right);
}

START_TEST(reductions)
{
    use_threads(_i);
    struct seen *out = malloc(LARGEST * sizeof *out), *expected = malloc(LARGEST * sizeof *out);
    int32_t *keys = malloc(3 * LARGEST * sizeof *keys), *keys_out = keys + LARGEST, *expected_keys = keys_out + LARGEST;
    ck_assert(out && expected && keys);
    const struct seen start = {0.5, 7};
    const crew_reducer r = {sizeof *out, &start, fold_items, merge_seen, NULL};
    for (enum spread spread = 0; spread < SPREADS; spread++) {
        struct item *x = items(spread);
        for (size_t i = 0; i < LARGEST; i++)
            keys[i] = x[i].key;
        for (size_t k = 0; k < SIZES; k++)
            for (int o = 0; o < 2; o++) {
                size_t n = sizes[k], groups = 77, more = 78;
                const crew_options *opt = o ? &(crew_options){.threads = 2, .timeout = 1000} : NULL;
                ck_assert_int_eq(crew_reduce_by_key_i32(keys, n, &r, x, expected_keys, expected, &groups, opt), 0);
                ck_assert_int_eq(by_key(x, n, keys_out, out, &more, opt), 0);
                ck_assert_uint_eq(groups, more);
                ck_assert(memcmp(keys_out, expected_keys, groups * sizeof *keys) == 0);
                ck_assert(memcmp(out, expected, groups * sizeof *out) == 0);
                memset(out, 0, groups * sizeof *out);
                ck_assert_int_eq(by_key(x, n, NULL, out, &more, opt), 0);
                ck_assert(memcmp(out, expected, groups * sizeof *out) == 0);
            }
        free(x);
    }
    free(out);
    free(expected);
    free(keys);
}
END_TEST

START_TEST(keys_of_other_types)
{
    use_threads(_i);
    struct item *x = items(FEW);
    uint64_t *keys = malloc(LARGEST * sizeof *keys);
    uint32_t *small = malloc(LARGEST * sizeof *small), small_out[16];
    size_t *results = malloc(LARGEST * sizeof *results), groups, numbers[16], counted[16] = {0};
    ck_assert(keys && small && results);
    ck_assert_int_eq(by_part(x, LARGEST, keys, results, &groups, 100, NULL), 0);
    ck_assert_uint_eq(groups, (LARGEST + 99) / 100);
    for (size_t g = 0; g < groups; g++) {
        ck_assert_uint_eq(keys[g], g);
        ck_assert_uint_eq(results[g], g + 1 < groups ? 100 : LARGEST - 100 * g);
    }
    for (size_t i = 0; i < LARGEST; i++) {
        small[i] = (uint32_t)(i * i % 16);
        counted[small[i]]++;
    }
    ck_assert_int_eq(counts(small, LARGEST, small_out, numbers, &groups, NULL), 0);
    ck_assert_uint_eq(groups, 4);
    for (size_t g = 0; g < groups; g++)
        ck_assert_uint_eq(numbers[g], counted[small_out[g]]);
    free(x);
    free(keys);
    free(small);
    free(results);
}
END_TEST

START_TEST(indices)
{
    use_threads(_i);
    int64_t *keys = malloc(LARGEST * sizeof *keys);
    size_t *offsets = malloc((LARGEST + 1) * sizeof *offsets), *at = malloc(LARGEST * sizeof *at);
    ck_assert(keys && offsets && at);
    for (enum spread spread = 0; spread < SPREADS; spread++) {
        struct item *x = items(spread);
        for (size_t k = 0; k < SIZES; k++) {
            size_t n = sizes[k], groups = 77;
            ck_assert_int_eq(places(x, n, keys, offsets, at, &groups, 2), 0);
            ck_assert_uint_eq(offsets[groups], n);
            bool right = true;
            for (size_t g = 0; g < groups; g++) {
                right &= (g == 0 || keys[g - 1] < keys[g]) && offsets[g] < offsets[g + 1];
                for (size_t p = offsets[g]; p < offsets[g + 1]; p++)
                    right &= x[at[p]].key * 2 == keys[g] && (p == offsets[g] || at[p - 1] < at[p]);
            }
            ck_assert(right);
            ck_assert_int_eq(places(x, n, NULL, offsets, NULL, &groups, 2), 0);
            ck_assert_uint_eq(offsets[groups], n);
        }
        free(x);
    }
    free(keys);
    free(offsets);
    free(at);
}
END_TEST

START_TEST(errors)
{
    struct item x[3] = {{1, 2, 3}};
    struct seen out[3];
    size_t groups = 5, failed;
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    ck_assert_int_eq(by_key(NULL, 0, NULL, NULL, &groups, NULL), 0);
    ck_assert_uint_eq(groups, 0);
    ck_assert_int_eq(by_key(NULL, 1, NULL, out, &groups, NULL), -EINVAL);
    ck_assert_int_eq(by_key(x, 1, NULL, NULL, &groups, NULL), -EINVAL);
    ck_assert_int_eq(by_key(x, 1, NULL, out, NULL, NULL), -EINVAL);
    ck_assert_int_eq(by_key(x, SIZE_MAX / 2, NULL, out, &groups, NULL), -EOVERFLOW);
    ck_assert_int_eq(by_key(x, 3, NULL, out, &groups, &(crew_options){.failed = &failed}), -EINVAL);
    ck_assert_int_eq(by_key(x, 3, NULL, out, &groups, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(by_key(x, 3, NULL, out, &groups, &(crew_options){.cancel = &stop}), -ECANCELED);
    ck_assert_int_eq(places(NULL, 1, NULL, NULL, NULL, &groups, 1), -EINVAL);
    ck_assert_int_eq(places(x, 1, NULL, NULL, NULL, NULL, 1), -EINVAL);
    ck_assert_int_eq(places(NULL, 0, NULL, NULL, NULL, &groups, 1), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inline_group");
    TCase *tc = parallel_case(suite, "group");
    tcase_add_loop_test(tc, reductions, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, keys_of_other_types, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, indices, 0, ORACLE_THREADS);
    tcase_add_test(tc, errors);
    return run_suite(suite);
}
