/* Callbacks whose items take long, in filters and searches: few of them are shared out, and the results are those of
   the loops. */
#include "../support/meeting.h"
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/filter.h>
#include <crew/find.h>
#include <stdint.h>
#include <string.h>

struct asked {
    const unsigned char *flags;
    size_t fail_at;
    int code;
};

static int same_parity(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x % 2 == y % 2;
}

static int slow_items(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    for (double until = crew__seconds() + 2e-6 * (double)(end - begin); crew__seconds() < until;)
        continue;
    const struct asked *a = ctx;
    for (size_t i = begin; i < end; i++) {
        if (a->code && i >= a->fail_at)
            return a->code + (i > a->fail_at);
        flags[i - begin] = a->flags[i];
    }
    return 0;
}

static int slow_equal(const void *a, const void *b, void *ctx)
{
    for (double until = crew__seconds() + 2e-6; crew__seconds() < until;)
        continue;
    return same_parity(a, b) && ctx == NULL;
}

/* Items that take microseconds, at the first call of a site and when they are known: few, and more than a first block
   tells of; in place, where elements that the predicate reads are not written before it is asked. */
START_TEST(items_that_take_long)
{
    enum { MOST = TESTS_SANITIZED ? 1100 : 3000 };
    static const size_t counts[] = {2, 3, 64, 65, 1024, 1025, MOST};
    uint64_t seed = oracle_seed();
    crew__tuning.always_open = 0;
    use_threads(_i);
    static uint64_t x[MOST], out[MOST], yes[MOST], no[MOST];
    static unsigned char flags[MOST];
    for (size_t k = 0; k < 3 * sizeof counts / sizeof *counts; k++) {
        const size_t n = counts[k / 3], at = oracle_below(&seed, n);
        size_t count, kept = 0, others = 0, differ = 0, failed = 77;
        for (size_t i = 0; i < n; i++) {
            x[i] = oracle_random(&seed);
            flags[i] = oracle_below(&seed, 2) != 0;
            if (flags[i])
                yes[kept++] = x[i];
            else
                no[others++] = x[i];
        }
        struct asked a = {.flags = flags};
        memcpy(out, x, n * 8);
        ck_assert_int_eq(crew_filter(out, out, 8, n, slow_items, &a, &count, NULL), 0);
        ck_assert_uint_eq(count, kept);
        ck_assert_mem_eq(out, yes, kept * 8);
        memcpy(out, x, n * 8);
        ck_assert_int_eq(crew_partition(out, out, NULL, 8, n, slow_items, &a, &count, NULL), 0);
        ck_assert_uint_eq(count, kept);
        ck_assert_mem_eq(out, yes, kept * 8);
        ck_assert_mem_eq(out + kept, no, others * 8);
        ck_assert_int_eq(crew_count_if(n, slow_items, &a, &count, NULL), 0);
        ck_assert_uint_eq(count, kept);
        for (size_t i = 0; i < n; i++)
            if (i == 0 || !same_parity(&x[i - 1], &x[i]))
                yes[differ++] = x[i];
        memcpy(out, x, n * 8);
        ck_assert_int_eq(crew_unique(out, out, 8, n, slow_equal, NULL, &count, NULL), 0);
        ck_assert_uint_eq(count, differ);
        ck_assert_mem_eq(out, yes, differ * 8);
        a = (struct asked){.flags = flags, .fail_at = at, .code = 5};
        count = 78;
        ck_assert_int_eq(crew_filter(x, out, 8, n, slow_items, &a, &count, NULL), 5);
        ck_assert_int_eq(crew_filter(x, out, 8, n, slow_items, &a, &count, &(crew_options){.failed = &failed}), 5);
        ck_assert_uint_eq(failed, at);
        ck_assert_uint_eq(count, 78);
    }
}
END_TEST

static int meet_items(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    meet(ctx, end - begin);
    memset(flags, 1, end - begin);
    return 0;
}

static int meet_equal(const void *a, const void *b, void *ctx)
{
    meet(ctx, 1);
    return a == b;
}

/* Two of them run side by side, in the first call and in those after it. */
START_TEST(few_heavy_items_open_a_team)
{
    double x[3] = {1, 2, 3}, out[3], rest[3];
    if (!meeting_can_be())
        return;
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    for (int round = 0; round < 10; round++) {
        struct meeting m = {0};
        meeting_is_cheap((uintptr_t)meet_items, 2);
        meeting_is_cheap((uintptr_t)meet_equal, 3);
        const crew_options two = {.threads = 2}, *opt = round / 5 ? &two : NULL;
        size_t count = 0;
        switch (round % 5) {
        case 0:
            ck_assert_int_eq(crew_filter(x, out, 8, 2, meet_items, &m, &count, opt), 0);
            break;
        case 1:
            ck_assert_int_eq(crew_partition(x, out, rest, 8, 2, meet_items, &m, &count, opt), 0);
            break;
        case 2:
            ck_assert_int_eq(crew_partition(x, out, NULL, 8, 2, meet_items, &m, &count, opt), 0);
            break;
        case 3:
            ck_assert_int_eq(crew_count_if(2, meet_items, &m, &count, opt), 0);
            break;
        default:
            ck_assert_int_eq(crew_unique(x, out, 8, 3, meet_equal, &m, &count, opt), 0);
        }
        ck_assert_uint_eq(count, round % 5 == 4 ? 3 : 2);
        ck_assert_int_eq(m.missed, 0);
    }
}
END_TEST

static int meet_after_first(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    memset(flags, 0, end - begin);
    if (end > 1)
        meet(ctx, end - begin - (begin == 0));
    for (double until = crew__seconds() + 0.005; crew__seconds() < until;) /* the first one is heavy too */
        continue;
    return 0;
}

/* The first item of a search is asked about alone, since it may be the one; then heavy ones run side by side, also once
   they are known. */
START_TEST(searches_open_a_team)
{
    if (!meeting_can_be())
        return;
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    for (int round = 0; round < 4; round++) {
        struct meeting m = {0};
        meeting_is_cheap((uintptr_t)meet_after_first, 3);
        size_t index = 0;
        ck_assert_int_eq(
            crew_find_first(3, meet_after_first, &m, &index, round % 2 ? &(crew_options){.threads = 2} : NULL), 0);
        ck_assert_uint_eq(index, 3);
        ck_assert_int_eq(m.missed, 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("heavy_items");
    TCase *tc = tcase_create("heavy_items");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, items_that_take_long, 0, ORACLE_THREADS);
    tcase_add_test(tc, few_heavy_items_open_a_team);
    tcase_add_test(tc, searches_open_a_team);
    return run_suite(suite);
}
