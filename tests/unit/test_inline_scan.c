/* crew/inline/scan.h against naive loops and the callback forms, to the bit. */
#include "../support/suite.h"
#include <crew/scan.h>
#include <errno.h>
#include <string.h>

/* Functions a x + b modulo 2^32: composing them is associative and does not commute. */
struct affine {
    uint32_t a, b;
};

static inline void compose(struct affine *f, const struct affine *g)
{
    f->b = g->a * f->b + g->b;
    f->a *= g->a;
}

#define CREW_NAME affines
#define CREW_TYPE struct affine
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0                                                                                                           \
    }
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/scan.h>

#define CREW_NAME affines_before
#define CREW_TYPE struct affine
#define CREW_EXCLUSIVE
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0                                                                                                           \
    }
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/scan.h>

#define CREW_NAME affine_segments
#define CREW_TYPE struct affine
#define CREW_SEGMENTED
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0                                                                                                           \
    }
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/scan.h>

#define CREW_NAME affine_segments_before
#define CREW_TYPE struct affine
#define CREW_SEGMENTED
#define CREW_EXCLUSIVE
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        1, 0                                                                                                           \
    }
#define CREW_MERGE(acc, right) compose(acc, right)
#include <crew/inline/scan.h>

#define CREW_NAME sums
#define CREW_TYPE double
#define CREW_MERGE(acc, right) *(acc) += *(right)
#include <crew/inline/scan.h>

/* Rounds as sums do, so brackets show, and reads its context. */
#define CREW_NAME sums_before
#define CREW_TYPE double
#define CREW_EXCLUSIVE
#define CREW_CONTEXT const double *
#define CREW_MERGE(acc, right) *(acc) += *ctx * *(right)
#include <crew/inline/scan.h>

enum { LARGEST = TESTS_VALGRIND ? 9001 : 70001 };
static const size_t sizes[] = {0, 1, 2, 3, 31, 1000, 1023, 1024, 1025, 1026, 2047, 2048, 2049, 5000, LARGEST};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void combine_affine(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    compose(acc, right);
}

static void combine_sum(void *acc, const void *right, void *ctx)
{
    *(double *)acc += ctx ? *(double *)ctx * *(const double *)right : *(const double *)right;
}

struct arrays {
    struct affine *x, *out, *expected;
    unsigned char *flags;
    double *numbers, *sums, *expected_sums;
};

static struct arrays make(void)
{
    struct arrays a = {malloc((LARGEST + 1) * sizeof *a.x),    malloc((LARGEST + 1) * sizeof *a.x),
                       malloc((LARGEST + 1) * sizeof *a.x),    malloc(LARGEST + 1),
                       malloc((LARGEST + 1) * sizeof(double)), malloc((LARGEST + 1) * sizeof(double)),
                       malloc((LARGEST + 1) * sizeof(double))};
    ck_assert(a.x && a.out && a.expected && a.flags && a.numbers && a.sums && a.expected_sums);
    uint32_t state = 7;
    for (size_t i = 0; i <= LARGEST; i++) {
        state = state * 1664525U + 1013904223U;
        a.x[i] = (struct affine){state | 1, state >> 7};
        a.flags[i] = i / 3000 % 2 ? 0 : state >> 20 < 40;
        a.numbers[i] = (double)(state >> 5) / 7;
    }
    return a;
}

static void drop(const struct arrays *a)
{
    free(a->x);
    free(a->out);
    free(a->expected);
    free(a->flags);
    free(a->numbers);
    free(a->sums);
    free(a->expected_sums);
}

static struct affine naive(const struct arrays *a, size_t n, bool exclusive, bool segmented)
{
    struct affine acc = {1, 0};
    for (size_t i = 0; i < n; i++) {
        if (segmented && a->flags[i])
            acc = (struct affine){1, 0};
        if (exclusive)
            a->expected[i] = acc;
        compose(&acc, &a->x[i]);
        if (!exclusive)
            a->expected[i] = acc;
    }
    a->expected[n] = (struct affine){77, 77}; /* what is behind the end stays */
    return acc;
}

static int scan(const struct arrays *a, const struct affine *in, size_t n, bool exclusive, bool segmented,
                struct affine *total, const crew_options *opt)
{
    if (segmented)
        return exclusive ? affine_segments_before(in, a->flags, a->out, n, total, opt)
                         : affine_segments(in, a->flags, a->out, n, total, opt);
    return exclusive ? affines_before(in, a->out, n, total, opt) : affines(in, a->out, n, total, opt);
}

START_TEST(equal_naive_loops)
{
    use_threads(_i);
    struct arrays a = make();
    const crew_options options[] = {{.threads = 2}, {.grain = 100}, {.grain = 7}};
    for (size_t k = 0; k < SIZES; k++)
        for (int form = 0; form < 4; form++)
            for (int in_place = 0; in_place < 2; in_place++)
                for (int o = -1; o < 3; o++) {
                    const size_t n = sizes[k];
                    struct affine total = {5, 5}, expected = naive(&a, n, form & 1, form & 2);
                    if (in_place)
                        memcpy(a.out, a.x, n * sizeof *a.x);
                    a.out[n] = (struct affine){77, 77};
                    ck_assert_int_eq(scan(&a, in_place ? a.out : a.x, n, form & 1, form & 2, o == 0 ? NULL : &total,
                                          o < 0 ? NULL : &options[o]),
                                     0);
                    ck_assert_mem_eq(a.out, a.expected, (n + 1) * sizeof *a.x);
                    if (o != 0)
                        ck_assert_mem_eq(&total, &expected, sizeof total);
                }
    drop(&a);
}
END_TEST

/* With a team from the first block on and without. */
START_TEST(brackets_are_those_of_the_callback_forms)
{
    use_threads(_i);
    struct arrays a = make();
    double factor = 1.25;
    const crew_scanner s = {NULL, combine_sum};
    for (size_t k = 0; k < SIZES; k++)
        for (int o = 0; o < 2; o++)
            for (int open = 0; open < 2; open++) {
                const size_t n = sizes[k], bytes = n * sizeof(double);
                const crew_options *opt = o ? &(crew_options){.grain = 300} : NULL;
                double total = 1, expected = 2;
                crew__tuning.always_open = !open;
                ck_assert_int_eq(crew_scan_inclusive(a.numbers, a.expected_sums, 8, n, &s, NULL, &expected, opt), 0);
                crew__tuning.always_open = open;
                ck_assert_int_eq(sums(a.numbers, a.sums, n, &total, opt), 0);
                ck_assert(memcmp(a.sums, a.expected_sums, bytes) == 0 && memcmp(&total, &expected, sizeof total) == 0);
                crew__tuning.always_open = !open;
                ck_assert_int_eq(crew_scan_exclusive(a.numbers, a.expected_sums, 8, n, &s, &factor, &expected, opt), 0);
                crew__tuning.always_open = open;
                ck_assert_int_eq(sums_before(a.numbers, a.sums, n, &total, &factor, opt), 0);
                ck_assert(memcmp(a.sums, a.expected_sums, bytes) == 0 && memcmp(&total, &expected, sizeof total) == 0);
            }
    drop(&a);
}
END_TEST

START_TEST(errors_are_those_of_the_callback_forms)
{
    struct affine x[40] = {{1, 2}}, total = {5, 6};
    const struct affine one = {1, 0};
    unsigned char *flags = (unsigned char *)x;
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    const crew_scanner s = {&one, combine_affine};
    const crew_options cancelled = {.cancel = &stop};
    ck_assert_int_eq(affines(NULL, NULL, 0, &total, NULL), 0);
    ck_assert_mem_eq(&total, &one, sizeof one);
    ck_assert_int_eq(affines(NULL, x, 1, NULL, NULL), -EINVAL);
    ck_assert_int_eq(affines(x, NULL, 1, NULL, NULL), -EINVAL);
    ck_assert_int_eq(affines(x, x + 1, 10, NULL, NULL), -EINVAL);
    ck_assert_int_eq(affines(x + 1, x, 10, NULL, NULL), -EINVAL);
    ck_assert_int_eq(affines(x, x + 20, 20, NULL, NULL), 0);
    ck_assert_int_eq(affines(x, x + 20, SIZE_MAX / 2, NULL, NULL), -EOVERFLOW);
    ck_assert_int_eq(affines(x, x + 20, 20, NULL, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(affine_segments(x, NULL, x + 20, 20, NULL, NULL), -EINVAL);
    ck_assert_int_eq(affine_segments(NULL, NULL, NULL, 0, NULL, NULL), 0);
    ck_assert_int_eq(affine_segments(x + 1, flags, x, 1, NULL, NULL), -EINVAL);
    ck_assert_int_eq(affines(x, x, 20, NULL, &cancelled),
                     crew_scan_inclusive(x, x, sizeof *x, 20, &s, NULL, NULL, &cancelled));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inline_scan");
    TCase *tc = parallel_case(suite, "scan");
    tcase_add_loop_test(tc, equal_naive_loops, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, brackets_are_those_of_the_callback_forms, 0, ORACLE_THREADS);
    tcase_add_test(tc, errors_are_those_of_the_callback_forms);
    TCase *alone = tcase_create("few threads");
    suite_add_tcase(suite, alone);
    tcase_set_timeout(alone, 120);
    tcase_add_loop_test(alone, equal_naive_loops, 0, ORACLE_THREADS);
    return run_suite(suite);
}
