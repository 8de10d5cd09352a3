/* What the library's own loops ask of the runner: blocks in order, first items at once, the part before a team. */
#include "../../lib/core/base/clock.h"
#include "../../lib/core/base/threads.h"
#include "../../lib/core/loop/launch.h"
#include "../../lib/core/loop/watch.h"
#include "../support/meeting.h"
#include "../support/suite.h"
#include <crew/for.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum { N = 4000, BLOCK = 8 };

struct order {
    atomic_size_t begun, late; /* items begun; blocks that began too far ahead of them */
    size_t ahead;
    atomic_uchar counts[N];
};

static int note_order(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct order *o = ctx;
    (void)failed;
    size_t before = atomic_fetch_add(&o->begun, end - begin);
    if (end - begin > BLOCK || begin > before + o->ahead)
        atomic_fetch_add(&o->late, 1);
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add(&o->counts[i], 1);
    oracle_sleep_us(5);
    return 0;
}

START_TEST(blocks_in_order)
{
    int threads = use_threads(_i);
    static struct order o;
    memset(&o, 0, sizeof o);
    /* Each thread has one block that others may overtake, between its hand-out and its begin. */
    o.ahead = (size_t)threads * BLOCK;
    struct crew__loop loop = {.n = N, .fn = note_order, .ctx = &o, .max_block = BLOCK, .in_order = 1, .item_ns = 1};
    ck_assert_int_eq(crew__run(&loop), 0);
    ck_assert_uint_eq(o.late, 0);
    size_t i = 0;
    while (i < N && o.counts[i] == 1)
        i++;
    ck_assert_uint_eq(i, N);
}
END_TEST

struct failing {
    atomic_size_t begun; /* highest item begun */
    size_t at;
};

static int fail_from(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct failing *f = ctx;
    size_t begun = atomic_load(&f->begun);
    while (begun < begin && !atomic_compare_exchange_weak(&f->begun, &begun, begin))
        ;
    oracle_sleep_us(5);
    if (end <= f->at)
        return 0;
    *failed = begin > f->at ? begin : f->at;
    return 1 + (int)*failed;
}

START_TEST(lowest_failure_in_order)
{
    int threads = use_threads(_i);
    const size_t at[] = {0, 1, 777, N - 1};
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        struct failing f = {.at = at[k]};
        size_t failed = SIZE_MAX;
        crew_options opt = {.failed = &failed};
        struct crew__loop loop = {.n = N, .fn = fail_from, .ctx = &f, .opt = &opt, .max_block = BLOCK, .in_order = 1};
        ck_assert_int_eq(crew__run(&loop), 1 + (int)at[k]);
        ck_assert_uint_eq(failed, at[k]);
        if (threads == 1)
            ck_assert_uint_le(f.begun, at[k]);
    }
}
END_TEST

struct calls {
    size_t first; /* items of the first call */
    atomic_size_t count, done;
    int worker, slow;
};

static int note_calls(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct calls *c = ctx;
    (void)failed;
    atomic_fetch_add(&c->count, 1);
    atomic_fetch_add(&c->done, end - begin);
    if (begin == 0) {
        c->first = end;
        c->worker = crew_worker();
    }
    if (c->slow)
        oracle_sleep_us(200);
    return 0;
}

START_TEST(first_items_at_once)
{
    int threads = use_threads(_i);
    for (size_t n = 1; n < 200; n++) {
        struct calls c = {0};
        struct crew__loop loop = {.n = n, .fn = note_calls, .ctx = &c, .first = 50};
        ck_assert_int_eq(crew__run(&loop), 0);
        ck_assert_uint_eq(c.done, n);
        ck_assert_int_eq(c.worker, 0);
        ck_assert_uint_eq(c.first, threads == 1 || n < 50 ? n : 50);
        if (n <= 50)
            ck_assert_uint_eq(c.count, 1);
    }
    ck_assert_int_eq(crew_worker(), -1);
}
END_TEST

START_TEST(part_before_a_team)
{
    int threads = use_threads(_i);
    double item_ns = 0;
    size_t done;
    struct calls few = {0}, slow = {.slow = 1};
    struct crew__loop loop = {.n = 10, .fn = note_calls, .ctx = &few, .first = 10};
    ck_assert_int_eq(crew__run_first(&loop, &done, &item_ns), 0);
    ck_assert_uint_eq(done, 10);
    ck_assert_uint_eq(few.count, 1);
    ck_assert_uint_eq(few.done, 10);

    /* 20 us an item at first */
    loop.n = 100000;
    loop.ctx = &slow;
    ck_assert_int_eq(crew__run_first(&loop, &done, &item_ns), 0);
    ck_assert_uint_eq(done, slow.done);
    bool alone = threads == 1 || strcmp(crew_backend(), "sequential") == 0;
    ck_assert(alone ? done == loop.n : done >= 10 && done < loop.n / 10);
    ck_assert(alone || item_ns > 100);
}
END_TEST

static int meet_items(size_t begin, size_t end, void *ctx)
{
    meet(ctx, end - begin);
    return 0;
}

/* Two heavy items of a callback that nothing is known of run side by side, and so they do once they are known. */
START_TEST(few_items_open_a_team)
{
    if (!meeting_can_be())
        return;
    crew__tuning.always_open = 0;
    for (int round = 0; round < 3; round++) {
        struct meeting m = {0};
        meeting_is_cheap((uintptr_t)meet_items, 2);
        ck_assert_int_eq(crew_for(2, meet_items, &m, &(crew_options){.threads = 2}), 0);
        ck_assert_int_eq(m.missed, 0);
    }
}
END_TEST

static int count_items(size_t begin, size_t end, void *ctx)
{
    atomic_fetch_add((atomic_size_t *)ctx, end - begin);
    return 0;
}

/* Sites come and go in the table, whatever their number. */
START_TEST(few_items_of_many_sites)
{
    crew__tuning.always_open = 0;
    for (size_t n = 0; n <= 130; n++) {
        for (int round = 0; round < 3; round++) {
            atomic_size_t done = 0;
            ck_assert_int_eq(crew_for(n, count_items, &done, &(crew_options){.threads = round}), 0);
            ck_assert_uint_eq(done, n);
        }
    }
}
END_TEST

START_TEST(who_watches)
{
    crew__tuning.always_open = 0;
    crew_cancel never = {0};
    size_t failed;
    ck_assert(crew__unwatched(NULL));
    ck_assert(crew__unwatched(&(crew_options){.threads = 3, .grain = 7, .failed = &failed}));
    ck_assert(!crew__unwatched(&(crew_options){.timeout = 1}));
    ck_assert(!crew__unwatched(&(crew_options){.cancel = &never}));
    ck_assert(!crew__unwatched(&(crew_options){.progress = crew_progress_bar}));
    /* What watches a call sees its first items too. */
    crew_cancel_request(&never);
    struct calls c = {0};
    struct crew__loop loop = {
        .n = 5, .fn = note_calls, .ctx = &c, .first = 10, .opt = &(crew_options){.cancel = &never}};
    ck_assert_int_eq(crew__run(&loop), -ECANCELED);
    ck_assert_uint_eq(c.count, 0);
}
END_TEST

/* A launch is believed to cost that much from now on, after any pause. */
static void believe_launch_costs(double ns)
{
    const double per_ns = crew__ticks_per_ns();
    const int64_t now = crew__ticks(), closed = now - (int64_t)(1e9 * per_ns);
    for (int k = 0; k < 60; k++)
        crew__launch_learn(now, closed, (int64_t)(ns * per_ns));
}

static void count_each(size_t begin, size_t end, void *ctx)
{
    unsigned char *counts = ctx;
    for (size_t i = begin; i < end; i++)
        counts[i]++;
}

/* Too much to be small, too little for a team: the caller does the rest after its first items. */
START_TEST(declined_after_first_items)
{
    unsigned char counts[N] = {0};
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    believe_launch_costs(1e6);
    struct crew__loop loop = {.n = N, .each = count_each, .ctx = counts, .item_ns = 10, .first = (size_t)_i};
    ck_assert_int_eq(crew__run(&loop), 0);
    for (size_t i = 0; i < N; i++)
        ck_assert_uint_eq(counts[i], 1);
}
END_TEST

static int take_5_us(size_t begin, size_t end, void *ctx, size_t *failed)
{
    (void)ctx;
    (void)failed;
    for (int64_t until = crew__ticks() + (int64_t)(5e3 * (double)(end - begin) * crew__ticks_per_ns());
         crew__ticks() < until;)
        ;
    return 0;
}

/* However often a call asks whether a team pays, what a launch costs is believed less only once. */
START_TEST(declined_once_a_call)
{
    size_t done;
    double item_ns;
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    believe_launch_costs(5e6);
    double before = crew__launch_cost(crew__ticks());
    struct crew__loop loop = {.n = 100, .fn = take_5_us};
    ck_assert_int_eq(crew__run_first(&loop, &done, &item_ns), 0);
    ck_assert_double_gt(crew__launch_cost(crew__ticks()), 0.95 * before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("runner");
    TCase *tc = parallel_case(suite, "in order");
    tcase_add_loop_test(tc, blocks_in_order, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, lowest_failure_in_order, 0, ORACLE_THREADS);
    tc = tcase_create("first");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, first_items_at_once, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, part_before_a_team, 0, ORACLE_THREADS);
    tcase_add_test(tc, few_items_open_a_team);
    tcase_add_test(tc, few_items_of_many_sites);
    tcase_add_test(tc, who_watches);
    tcase_add_loop_test(tc, declined_after_first_items, 0, 3);
    tcase_add_test(tc, declined_once_a_call);
    return run_suite(suite);
}
