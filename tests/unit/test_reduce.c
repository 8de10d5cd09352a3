/* crew_reduce against the documented cut and tree, with merges that do not commute and accumulators that own memory. */
#include "../support/meeting.h"
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static const size_t sizes[] = {0,   1,    2,    3,    63,   64,    65,    127,   128,
                               129, 1000, 4095, 4096, 4097, 65535, 65536, 65537, 300007};
enum { ALL = sizeof sizes / sizeof *sizes, SIZES = TESTS_VALGRIND ? ALL - 4 : ALL };

/* x -> a x + b, composed left to right: associative, does not commute, exact in 64-bit wrapping integers. */
struct affine {
    uint64_t a, b;
};

static const struct affine affine_identity = {1, 0};

static void then(struct affine *left, struct affine right)
{
    left->b = right.a * left->b + right.b;
    left->a *= right.a;
}

static int fold_affine(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    if (begin >= end)
        return -1;
    for (size_t i = begin; i < end; i++)
        then(acc, (struct affine){2 * i + 3, i * i + 1});
    return 0;
}

static void merge_affine(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    then(acc, *(const struct affine *)right);
}

START_TEST(order_is_kept)
{
    use_threads(_i);
    const crew_reducer r = {sizeof(struct affine), &affine_identity, fold_affine, merge_affine, NULL};
    for (int s = 0; s < SIZES; s++) {
        struct affine expected = affine_identity, got = {7, 7};
        if (sizes[s] > 0)
            fold_affine(0, sizes[s], &expected, NULL);
        for (size_t grain = 0; grain < 300; grain = grain * 3 + 1) {
            ck_assert_int_eq(crew_reduce(sizes[s], &r, NULL, &got, &(crew_options){.grain = grain}), 0);
            ck_assert_uint_eq(got.a, expected.a);
            ck_assert_uint_eq(got.b, expected.b);
        }
    }
}
END_TEST

/* Products of 2 x 2 matrices of doubles round: the bits depend on where blocks are cut and how they are bracketed. */
struct matrix {
    double m[4];
};

static void multiply(struct matrix *a, const struct matrix *b)
{
    struct matrix c;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            c.m[2 * i + j] = a->m[2 * i] * b->m[j] + a->m[2 * i + 1] * b->m[2 + j];
    *a = c;
}

static int fold_matrix(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        double t = sin((double)i);
        multiply(acc, &(struct matrix){{cos(t), -sin(t), sin(t), cos(t)}});
    }
    return 0;
}

static void merge_matrix(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    multiply(acc, right);
}

START_TEST(bits_are_those_of_the_documented_tree)
{
    use_threads(_i);
    const struct matrix one = {{1, 0, 0, 1}};
    const crew_reducer r = {sizeof one, &one, fold_matrix, merge_matrix, NULL};
    for (int s = 0; s < SIZES; s++) {
        const size_t grains[] = {0, 5, 1000, SIZE_MAX};
        for (int g = 0; g < 4; g++) {
            struct matrix expected, got;
            ck_assert_int_eq(oracle_reduce(sizes[s], &r, NULL, &expected, grains[g]), 0);
            crew__tuning.always_open = g % 2 == 0;
            ck_assert_int_eq(crew_reduce(sizes[s], &r, NULL, &got, &(crew_options){.grain = grains[g]}), 0);
            ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "n=%zu grain=%zu", sizes[s], grains[g]);
            if (grains[g] > 0)
                continue;
            crew__tuning.always_open = 0; /* without options the first blocks are folded without a loop */
            ck_assert_int_eq(crew_reduce(sizes[s], &r, NULL, &got, NULL), 0);
            ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "n=%zu without options", sizes[s]);
        }
    }
}
END_TEST

/* Accumulators of any size: every byte k counts items with weights that depend on k; identity NULL. */
static int fold_bytes(size_t begin, size_t end, void *acc, void *ctx)
{
    unsigned char *p = acc;
    size_t size = *(const size_t *)ctx;
    for (size_t i = begin; i < end; i++) {
        size_t k = i * 2654435761u % size;
        p[k] = (unsigned char)(p[k] + i);
        p[size - 1]++;
    }
    return (uintptr_t)acc % 64 == 0 ? 0 : -1; /* the documented alignment */
}

static void merge_bytes(void *acc, const void *right, void *ctx)
{
    unsigned char *p = acc;
    const unsigned char *q = right;
    for (size_t k = 0; k < *(const size_t *)ctx; k++)
        p[k] = (unsigned char)(p[k] + q[k]);
}

/* Sanitizers watch every byte of the 64 MiB that large accumulators take; faults do not depend on their size. */
enum { LARGEST = TESTS_RACES ? 4096 : TESTS_MEMORY ? 100000 : 1 << 20 };

START_TEST(accumulators_of_any_size)
{
    use_threads(_i);
    size_t bytes[] = {1, 2, 3, 7, 8, 63, 64, 65, 1000, 4096, 65537, 1 << 20};
    for (size_t b = 0; b < sizeof bytes / sizeof *bytes; b++)
        for (size_t n = 0; n < 400; n = n * 5 + 1) {
            size_t size = bytes[b];
            if (size > LARGEST || (size > 65537 && n > 31 && _i != 1))
                continue; /* 64 MiB a call: at one thread count */
            const crew_reducer r = {size, NULL, fold_bytes, merge_bytes, NULL};
            unsigned char *got = malloc(size + 1), *expected = calloc(1, size);
            ck_assert(got && expected);
            got[size] = 0x5A;
            for (size_t i = 0; i < n; i++) {
                size_t k = i * 2654435761u % size;
                expected[k] = (unsigned char)(expected[k] + i);
                expected[size - 1]++;
            }
            ck_assert_int_eq(crew_reduce(n, &r, &size, got, NULL), 0);
            ck_assert_int_eq(memcmp(got, expected, size), 0);
            ck_assert_int_eq(got[size], 0x5A);
            free(got);
            free(expected);
        }
}
END_TEST

/* The blocks themselves, also where accumulators are so large that there are fewer of them. */
static int fold_note(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)acc;
    oracle_note(ctx, begin, end);
    return 0;
}

static void merge_nothing(void *acc, const void *right, void *ctx)
{
    (void)acc;
    (void)right;
    (void)ctx;
}

START_TEST(blocks_are_the_documented_ones)
{
    use_threads(_i);
    const size_t bytes[] = {1, 4096, 65536, 65537, 100000, 1 << 20};
    const size_t ns[] = {1, 64, 65, 4095, 4097, 65536, 65537, 1000003, (size_t)UINT32_MAX + 2, SIZE_MAX};
    char *result = malloc(1 << 20);
    ck_assert_ptr_nonnull(result);
    for (size_t b = 0; b < sizeof bytes / sizeof *bytes; b++)
        for (size_t k = 0; k < sizeof ns / sizeof *ns; k++) {
            struct oracle_blocks blocks = {0};
            const crew_reducer r = {bytes[b], NULL, fold_note, merge_nothing, NULL};
            size_t n = ns[k], block = oracle_block(n, bytes[b], 0);
            if (bytes[b] > LARGEST || (bytes[b] > 65536 && (k % 3 || _i != 1)))
                continue; /* 64 MiB a call: at one thread count */
            ck_assert_int_eq(crew_reduce(n, &r, &blocks, result, NULL), 0);
            ck_assert_uint_eq(blocks.count, n / block + (n % block != 0));
            ck_assert(oracle_is_partition(&blocks, n));
            for (size_t i = 0; i + 1 < blocks.count; i++)
                if (blocks.at[i][1] - blocks.at[i][0] != block)
                    ck_abort_msg("n=%zu: block %zu", n, i);
            oracle_clear(&blocks);
        }
    free(result);
}
END_TEST

/* Strings: an accumulator owns memory, so leaks, lost and doubled drops show. */
struct text {
    char *p;
    size_t length, room;
};

struct writer {
    size_t fail_at; /* an item; SIZE_MAX: none */
    size_t fail_too;
    int code;
    crew_cancel *cancel; /* requested at fail_at, which then succeeds */
    bool once;           /* the failure does not come back */
    atomic_int failures, live, drops;
};

static int append(struct text *t, const char *p, size_t length, struct writer *w)
{
    if (length == 0)
        return 0;
    if (!t->p)
        atomic_fetch_add(&w->live, 1);
    if (t->length + length > t->room) { /* doubled: AddressSanitizer copies at each realloc */
        t->room = 2 * (t->length + length);
        t->p = realloc(t->p, t->room);
        if (!t->p)
            abort();
    }
    memcpy(t->p + t->length, p, length);
    t->length += length;
    return 0;
}

static int fold_text(size_t begin, size_t end, void *acc, void *ctx)
{
    struct writer *w = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i == w->fail_at || i == w->fail_too) {
            int before = atomic_fetch_add(&w->failures, 1);
            if (w->cancel)
                crew_cancel_request(w->cancel);
            else if (!w->once || before == 0)
                return w->code + (i != w->fail_at);
        }
        char item[24];
        append(acc, item, (size_t)snprintf(item, sizeof item, "%zu,", i), w);
    }
    return 0;
}

static void merge_text(void *acc, const void *right, void *ctx)
{
    const struct text *t = right;
    struct writer *w = ctx;
    append(acc, t->p, t->length, w);
    if (t->p)
        atomic_fetch_sub(&w->live, 1);
    free(t->p);
}

static void drop_text(void *acc, void *ctx)
{
    struct text *t = acc;
    struct writer *w = ctx;
    atomic_fetch_add(&w->drops, 1);
    if (t->p)
        atomic_fetch_sub(&w->live, 1);
    free(t->p);
    memset(acc, 0xDB, sizeof *t); /* a second drop of it would crash */
}

static const crew_reducer texts = {sizeof(struct text), NULL, fold_text, merge_text, drop_text};

START_TEST(strings_are_concatenated_in_order)
{
    use_threads(_i);
    for (int s = 0; s < SIZES && sizes[s] < 70000; s++) {
        struct writer w = {.fail_at = SIZE_MAX, .fail_too = SIZE_MAX};
        struct text expected = {NULL, 0, 0}, got = {(char *)&w, 1, 0};
        fold_text(0, sizes[s], &expected, &w);
        ck_assert_int_eq(crew_reduce(sizes[s], &texts, &w, &got, NULL), 0);
        ck_assert_uint_eq(got.length, expected.length);
        if (got.length)
            ck_assert_int_eq(memcmp(got.p, expected.p, got.length), 0);
        ck_assert_int_eq(w.drops, 0);
        ck_assert_int_eq(w.live, sizes[s] ? 2 : 0); /* expected and got */
        free(got.p);
        free(expected.p);
    }
}
END_TEST

static int meet_and_count(size_t begin, size_t end, void *acc, void *ctx)
{
    meet(ctx, end - begin);
    *(size_t *)acc += end - begin;
    return 0;
}

static void add_counts(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(const size_t *)right;
}

/* Two heavy folds run side by side, in the first call and in those after it. */
START_TEST(few_heavy_folds_open_a_team)
{
    const crew_reducer counts = {sizeof(size_t), NULL, meet_and_count, add_counts, NULL};
    if (!meeting_can_be())
        return;
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    for (int round = 0; round < 4; round++) {
        struct meeting m = {0};
        meeting_is_cheap((uintptr_t)meet_and_count, 2);
        size_t count = 0;
        ck_assert_int_eq(crew_reduce(2, &counts, &m, &count, round % 2 ? &(crew_options){.threads = 2} : NULL), 0);
        ck_assert_uint_eq(count, 2);
        ck_assert_int_eq(m.missed, 0);
    }
}
END_TEST

/* The data decide how long a fold takes: quick calls of a site, slow ones, quick ones again, each with the same bits.
 */
static int fold_for(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *ns = ctx;
    for (size_t i = begin; i < end; i++) {
        for (double until = crew__seconds() + 1e-9 * *ns; *ns > 0 && crew__seconds() < until;)
            continue;
        *(double *)acc += 1 / (double)(i + 1);
    }
    return 0;
}

START_TEST(quick_and_slow_calls_of_a_site)
{
    const crew_reducer sum = {sizeof(double), NULL, fold_for, suite_add, NULL};
    crew__tuning.always_open = 0;
    use_threads(_i);
    double expected = 0, quick = 0;
    ck_assert_int_eq(crew_reduce(1000, &sum, &quick, &expected, &(crew_options){.threads = 1}), 0);
    for (int call = 0; call < 200; call++) {
        double ns = call / 20 % 2 ? 300 : 0, got = 0;
        ck_assert_int_eq(crew_reduce(1000, &sum, &ns, &got, NULL), 0);
        ck_assert_mem_eq(&got, &expected, sizeof got);
    }
}
END_TEST

START_TEST(failures_drop_every_accumulator_once)
{
    use_threads(_i);
    const size_t ns[] = {1, 64, 1000, 10007};
    for (size_t k = 0; k < 4; k++) {
        const size_t at[] = {0, 1, ns[k] / 2, ns[k] - 1};
        for (size_t a = 0; a < 4 * 3; a++) {
            struct writer w = {.fail_at = at[a % 4], .fail_too = a / 4 == 1 ? ns[k] - 1 : SIZE_MAX, .code = 50};
            if (w.fail_at >= ns[k])
                continue;
            bool ask = a / 4 < 2;
            struct text result = {(char *)&w, 12345, 0};
            size_t failed = SIZE_MAX - 1;
            crew_options opt = {.failed = ask ? &failed : NULL};
            crew__tuning.always_open = a % 2 == 0;
            ck_assert_int_eq(crew_reduce(ns[k], &texts, &w, &result, ask ? &opt : NULL), 50);
            ck_assert_uint_eq(failed, ask ? w.fail_at : SIZE_MAX - 1);
            ck_assert(result.p == (char *)&w && result.length == 12345);
            ck_assert_int_eq(w.live, 0);
            ck_assert_int_ge(w.drops, 1);
        }
    }
}
END_TEST

/* The block is folded a second time to find the index; where the failure is gone then, the block's first item stands.
 */
START_TEST(a_failure_that_does_not_come_back)
{
    use_threads(_i);
    struct writer w = {.fail_at = 5037, .fail_too = SIZE_MAX, .code = 3, .once = true};
    struct text result = {(char *)&w, 12345, 0};
    size_t failed = 0;
    ck_assert_int_eq(crew_reduce(10000, &texts, &w, &result, &(crew_options){.failed = &failed}), 3);
    ck_assert_uint_eq(failed, 5037 / 64 * 64);
    ck_assert_int_eq(w.live, 0);
    ck_assert(result.p == (char *)&w && result.length == 12345);
}
END_TEST

START_TEST(cancelled_calls_drop_and_write_nothing)
{
    use_threads(_i);
    for (size_t at = 0; at < 10000; at += 1111) {
        crew_cancel cancel = {0};
        struct writer w = {.fail_at = at, .fail_too = SIZE_MAX, .cancel = &cancel};
        struct text result = {(char *)&w, 12345, 0};
        size_t failed = 99;
        crew_options opt = {.cancel = &cancel, .failed = &failed};
        ck_assert_int_eq(crew_reduce(10000, &texts, &w, &result, &opt), -ECANCELED);
        ck_assert_int_eq(w.live, 0);
        ck_assert_uint_eq(failed, 99);
        ck_assert(result.p == (char *)&w && result.length == 12345);
        w.drops = 0;
        ck_assert_int_eq(crew_reduce(10000, &texts, &w, &result, &opt), -ECANCELED); /* set before the call */
        ck_assert_int_eq(w.drops, 0);
        ck_assert(result.p == (char *)&w && result.length == 12345);
    }
}
END_TEST

static int fold_slowly(size_t begin, size_t end, void *acc, void *ctx)
{
    oracle_sleep_us(2000);
    return fold_text(begin, end, acc, ctx);
}

START_TEST(timed_out_calls_drop_and_write_nothing)
{
    use_threads(_i);
    crew_reducer slow = texts;
    slow.fold = fold_slowly;
    struct writer w = {.fail_at = SIZE_MAX, .fail_too = SIZE_MAX};
    struct text result = {(char *)&w, 12345, 0};
    ck_assert_int_eq(crew_reduce(1000, &slow, &w, &result, &(crew_options){.timeout = 0.001}), -ETIMEDOUT);
    ck_assert_int_eq(w.live, 0);
    ck_assert(result.p == (char *)&w && result.length == 12345);
}
END_TEST

struct seen {
    size_t last, calls;
    int wrong;
};

static void on_progress(size_t done, size_t total, void *ctx)
{
    struct seen *s = ctx;
    s->wrong |= done < s->last || done > total || total != 10007;
    s->last = done;
    s->calls++;
}

START_TEST(progress_counts_items)
{
    use_threads(_i);
    const crew_reducer r = {sizeof(struct affine), &affine_identity, fold_affine, merge_affine, NULL};
    struct affine result;
    struct seen seen = {0};
    crew_options opt = {.progress = on_progress, .progress_ctx = &seen};
    ck_assert_int_eq(crew_reduce(10007, &r, NULL, &result, &opt), 0);
    ck_assert_uint_eq(seen.last, 10007);
    ck_assert_uint_ge(seen.calls, 1);
    ck_assert_int_eq(seen.wrong, 0);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
    use_threads(_i);
    crew_reducer good = {sizeof(struct affine), &affine_identity, fold_affine, merge_affine, NULL}, r;
    struct affine result = {5, 6};
    size_t failed = 77;
    crew_options nan = {.timeout = NAN, .failed = &failed}, negative = {.timeout = -2, .failed = &failed};
    for (size_t n = 0; n < 200; n += 100) {
        ck_assert_int_eq(crew_reduce(n, NULL, NULL, &result, NULL), -EINVAL);
        ck_assert_int_eq(crew_reduce(n, &good, NULL, NULL, NULL), -EINVAL);
        r = good;
        r.size = 0;
        ck_assert_int_eq(crew_reduce(n, &r, NULL, &result, NULL), -EINVAL);
        r = good;
        r.fold = NULL;
        ck_assert_int_eq(crew_reduce(n, &r, NULL, &result, NULL), -EINVAL);
        r = good;
        r.merge = NULL;
        ck_assert_int_eq(crew_reduce(n, &r, NULL, &result, NULL), -EINVAL);
        ck_assert_int_eq(crew_reduce(n, &good, NULL, &result, &nan), -EINVAL);
        ck_assert_int_eq(crew_reduce(n, &good, NULL, &result, &negative), -EINVAL);
    }
    r = good;
    r.identity = NULL; /* no bytes are read for it */
    r.size = SIZE_MAX;
    ck_assert_int_eq(crew_reduce(10, &r, NULL, &result, NULL), -EOVERFLOW);
    r.size = SIZE_MAX / 8;
    ck_assert_int_eq(crew_reduce(10, &r, NULL, &result, NULL), -EOVERFLOW);
    r.size = SIZE_MAX / 16;
    ck_assert_int_eq(crew_reduce(10, &r, NULL, &result, NULL), -ENOMEM);
    ck_assert(result.a == 5 && result.b == 6 && failed == 77);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reduce");
    TCase *tc = parallel_case(suite, "reduce");
    tcase_add_loop_test(tc, order_is_kept, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, bits_are_those_of_the_documented_tree, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, accumulators_of_any_size, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, blocks_are_the_documented_ones, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, strings_are_concatenated_in_order, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, failures_drop_every_accumulator_once, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_failure_that_does_not_come_back, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, cancelled_calls_drop_and_write_nothing, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, timed_out_calls_drop_and_write_nothing, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, progress_counts_items, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, bad_arguments_are_refused, 0, ORACLE_THREADS);
    tcase_add_test(tc, few_heavy_folds_open_a_team);
    tcase_add_loop_test(tc, quick_and_slow_calls_of_a_site, 0, ORACLE_THREADS);
    return run_suite(suite);
}
