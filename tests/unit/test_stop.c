#define _POSIX_C_SOURCE 200809L
/* How a call of crew_for ends early: failures, cancel, timeout; and progress, which watches it. */
#include "../../lib/core/base/clock.h"
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { N = 5003, CODES = 100 };

struct failing {
    size_t n;
    atomic_uchar counts[N];
    unsigned char fails[N];
    size_t lowest;
    bool slow; /* the lowest failure comes late, the others at once */
    bool says; /* the body names the item that failed */
};

enum ask { NOT_ASKED, ASKED, SAID };

static int code_of(size_t i)
{
    return (int)(i % CODES) - CODES; /* negative ones are handed on as well */
}

static int do_failing(size_t begin, size_t end, void *ctx)
{
    struct failing *f = ctx;
    for (size_t i = begin; i < end; i++) {
        atomic_fetch_add_explicit(&f->counts[i], 1, memory_order_relaxed);
        if (!f->fails[i])
            continue;
        if (f->slow && i == f->lowest)
            oracle_sleep_us(2000);
        return f->says ? crew_fail_at(i, code_of(i)) : code_of(i);
    }
    return 0;
}

/* Every item below the lowest failure runs once, none twice, and the code is that of the lowest. Where the index is
   asked for and the body does not say it, the items of the failing blocks up to the failing ones run once more. */
static void check_failing(struct failing *f, enum ask ask)
{
    const unsigned char most = ask == ASKED ? 2 : 1;
    f->says = ask == SAID;
    memset(f->counts, 0, sizeof f->counts);
    size_t failed = SIZE_MAX - 5;
    int code = crew_for(f->n, do_failing, f, &(crew_options){.failed = ask != NOT_ASKED ? &failed : NULL});
    bool any = f->lowest < f->n;
    ck_assert_int_eq(code, any ? code_of(f->lowest) : 0);
    ck_assert_uint_eq(failed, any && ask != NOT_ASKED ? f->lowest : SIZE_MAX - 5);
    for (size_t i = 0; i < f->n; i++)
        if (f->counts[i] > most || (f->counts[i] == 0 && i <= f->lowest))
            ck_abort_msg("n=%zu lowest=%zu: index %zu ran %d times", f->n, f->lowest, i, f->counts[i]);
}

/* Nothing runs twice before something fails, and a block that fails is found out about even if it does not fail again.
 */
static int fail_once(size_t begin, size_t end, void *ctx)
{
    static atomic_int failed;
    (void)end;
    (void)ctx;
    return begin == 0 && atomic_exchange(&failed, 1) == 0 ? 5 : 0;
}

START_TEST(a_failure_that_does_not_come_again)
{
    size_t failed = 99;
    ck_assert_int_eq(crew_for(1000, fail_once, NULL, &(crew_options){.failed = &failed}), 5);
    ck_assert_uint_eq(failed, 0);
}
END_TEST

/* An index outside the block says nothing. */
static int say_nonsense(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    return begin <= 700 && 700 < end ? crew_fail_at(5000, 3) : 0;
}

START_TEST(an_index_outside_the_block)
{
    size_t failed = 99;
    ck_assert_int_eq(crew_for(1000, say_nonsense, NULL, &(crew_options){.failed = &failed}), 3);
    ck_assert_uint_eq(failed, 700);
}
END_TEST

struct late {
    crew_cancel cancel;
    atomic_size_t after; /* items begun since */
};

/* Items of a microsecond; one that is far behind the first stops the loop. */
static int stop_far_behind(size_t begin, size_t end, void *ctx)
{
    struct late *late = ctx;
    for (size_t i = begin; i < end; i++) {
        if (crew_cancel_requested(&late->cancel))
            atomic_fetch_add_explicit(&late->after, 1, memory_order_relaxed);
        for (int64_t until = crew__ticks() + (int64_t)(1000 * crew__ticks_per_ns()); crew__ticks() < until;)
            ;
        if (i >= 3000)
            crew_cancel_request(&late->cancel);
    }
    return 0;
}

/* Beyond 2^32 items a block has millions: the stop must be seen within. */
START_TEST(a_cancel_is_seen_within_a_huge_block)
{
    struct late late = {.cancel = {0}};
    int threads = use_threads(_i);
    crew_options opt = {.cancel = &late.cancel};
    ck_assert_int_eq(crew_for((size_t)1 << 54, stop_far_behind, &late, &opt), -ECANCELED);
    ck_assert_uint_lt(atomic_load(&late.after), (size_t)threads * 100000);
}
END_TEST

START_TEST(one_failure_anywhere)
{
    use_threads(_i);
    const size_t sizes[] = {1, 2, 3, 64, 65, 1000, N};
    static struct failing f;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        f.n = sizes[s];
        const size_t at[] = {0, 1, f.n / 2, f.n - 2, f.n - 1};
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            if (at[k] >= f.n)
                continue;
            memset(f.fails, 0, sizeof f.fails);
            f.fails[at[k]] = 1;
            f.lowest = at[k];
            check_failing(&f, NOT_ASKED);
            check_failing(&f, ASKED);
            check_failing(&f, SAID);
        }
    }
}
END_TEST

START_TEST(the_lowest_of_several_failures)
{
    use_threads(_i);
    uint64_t seed = oracle_seed();
    static struct failing f;
    f.n = N;
    for (int round = 0; round < 40; round++) {
        size_t count = 1 + oracle_below(&seed, round % 2 ? 4 : N);
        memset(f.fails, 0, sizeof f.fails);
        f.lowest = N;
        for (size_t k = 0; k < count; k++) {
            size_t at = oracle_below(&seed, N);
            f.fails[at] = 1;
            f.lowest = at < f.lowest ? at : f.lowest;
        }
        f.slow = round % 4 > 1;
        check_failing(&f, NOT_ASKED);
        check_failing(&f, ASKED);
        check_failing(&f, SAID);
    }
}
END_TEST

START_TEST(every_item_fails)
{
    use_threads(_i);
    static struct failing f = {.n = N, .slow = true};
    memset(f.fails, 1, sizeof f.fails);
    check_failing(&f, ASKED);
    check_failing(&f, SAID);
    check_failing(&f, NOT_ASKED);
}
END_TEST

static int return_it(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    return *(int *)ctx;
}

START_TEST(codes_are_handed_on_unchanged)
{
    use_threads(_i);
    int codes[] = {1, -1, INT32_MAX, INT32_MIN, -ECANCELED, -ETIMEDOUT, -EINVAL};
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
        ck_assert_int_eq(crew_for(N, return_it, &codes[k], &(crew_options){.timeout = 1000}), codes[k]);
}
END_TEST

struct stopping {
    crew_cancel cancel;
    size_t at; /* the item that cancels */
    int code;  /* and returns this */
    atomic_size_t ran, after;
    atomic_int requested;
    long sleep_us;
    bool wait; /* items behind that one wait until it has cancelled */
};

static int do_stopping(size_t begin, size_t end, void *ctx)
{
    struct stopping *s = ctx;
    atomic_fetch_add(&s->ran, end - begin);
    if (atomic_load(&s->requested))
        atomic_fetch_add(&s->after, 1);
    for (int i = 0; s->wait && begin > s->at && i < 2000 && !atomic_load(&s->requested); i++)
        oracle_sleep_us(1000);
    if (s->sleep_us)
        oracle_sleep_us(s->sleep_us);
    if (s->at >= begin && s->at < end) {
        crew_cancel_request(&s->cancel);
        atomic_store(&s->requested, 1);
        return s->code;
    }
    return 0;
}

START_TEST(cancelled_before_the_call)
{
    use_threads(_i);
    static struct stopping s = {.at = SIZE_MAX};
    size_t failed = 9;
    crew_options opt = {.cancel = &s.cancel, .failed = &failed};
    crew_cancel_request(&s.cancel);
    ck_assert_int_eq(crew_for(N, do_stopping, &s, &opt), -ECANCELED);
    ck_assert_uint_eq(s.ran, 0);
    ck_assert_uint_eq(failed, 9);
    crew_cancel_reset(&s.cancel);
    ck_assert_int_eq(crew_for(N, do_stopping, &s, &opt), 0);
    ck_assert_uint_eq(s.ran, N);
}
END_TEST

START_TEST(cancelled_by_the_callback)
{
    int threads = use_threads(_i);
    const size_t at[] = {0, 1, 100, 2000, N - 1};
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        struct stopping s = {.at = at[k], .sleep_us = 20};
        crew_options opt = {.cancel = &s.cancel, .grain = 1};
        ck_assert_int_eq(crew_for(N, do_stopping, &s, &opt), -ECANCELED);
        /* what had begun may end: one block a worker */
        ck_assert_uint_le(s.after, (size_t)threads);
        ck_assert_uint_le(s.ran, N);
        if (threads == 1)
            ck_assert_uint_ge(s.ran, at[k] + 1);
    }
}
END_TEST

START_TEST(a_failure_comes_before_cancel)
{
    use_threads(_i);
    for (size_t at = 0; at < N; at += 1000) {
        struct stopping s = {.at = at, .code = 42};
        crew_options opt = {.cancel = &s.cancel};
        ck_assert_int_eq(crew_for(N, do_stopping, &s, &opt), 42);
    }
}
END_TEST

static void *cancel_soon(void *arg)
{
    oracle_sleep_us(20000);
    crew_cancel_request(arg);
    return NULL;
}

/* 10 million items that sleep: ends within the test's time only when it is stopped. */
START_TEST(cancelled_by_another_thread)
{
    use_threads(_i);
    struct stopping s = {.at = SIZE_MAX, .sleep_us = 100};
    crew_options opt = {.cancel = &s.cancel};
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, &s.cancel), 0);
    ck_assert_int_eq(crew_for((size_t)1 << 40, do_stopping, &s, &opt), -ECANCELED);
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(times_out)
{
    use_threads(_i);
    struct stopping s = {.at = SIZE_MAX, .sleep_us = 100};
    size_t failed = 9;
    crew_options opt = {.timeout = 0.02, .failed = &failed};
    /* a machine that is busy may take longer to begin with the first block */
    for (; s.ran == 0 && opt.timeout < 10; opt.timeout *= 4)
        ck_assert_int_eq(crew_for((size_t)1 << 40, do_stopping, &s, &opt), -ETIMEDOUT);
    ck_assert_uint_eq(failed, 9);
    ck_assert(TESTS_VALGRIND || s.ran >= 1); /* where the first block of so many items takes less than the time */

    /* a call whose only block takes too long has still taken too long */
    s.sleep_us = 30000;
    opt.timeout = 0.02;
    ck_assert_int_eq(crew_for(1, do_stopping, &s, &opt), -ETIMEDOUT);

    /* smallest possible: over before it begins or in between, but never without the error */
    s.sleep_us = 1000;
    ck_assert_int_eq(crew_for(64, do_stopping, &s, &(crew_options){.timeout = 4.9e-324}), -ETIMEDOUT);
}
END_TEST

/* Each of the two is looked at where the other one is set too. */
START_TEST(cancel_and_timeout_together)
{
    use_threads(_i);
    struct stopping s = {.at = SIZE_MAX, .sleep_us = 100};
    crew_options opt = {.cancel = &s.cancel, .timeout = 0.02};
    ck_assert_int_eq(crew_for((size_t)1 << 40, do_stopping, &s, &opt), -ETIMEDOUT);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, &s.cancel), 0);
    opt.timeout = 1000;
    ck_assert_int_eq(crew_for((size_t)1 << 40, do_stopping, &s, &opt), -ECANCELED);
    pthread_join(thread, NULL);
}
END_TEST

struct skipping {
    atomic_int failed;
    atomic_size_t ran;
};

/* The second item, which a team begins with, fails; the others wait for that, and go on slowly. */
static int fail_second(size_t begin, size_t end, void *ctx)
{
    struct skipping *s = ctx;
    if (begin <= 1 && end > 1) {
        atomic_store(&s->failed, 1);
        return 5;
    }
    atomic_fetch_add(&s->ran, end - begin);
    if (begin == 0)
        return 0;
    for (int i = 0; i < 20000 && !atomic_load(&s->failed); i++)
        oracle_sleep_us(1000);
    oracle_sleep_us(50000); /* who failed may wait for a processor before it says so */
    return 0;
}

START_TEST(blocks_above_a_failure_are_skipped)
{
    use_threads(_i);
    struct skipping s = {0, 0};
    ck_assert_int_eq(crew_for(N, fail_second, &s, NULL), 5);
    ck_assert_uint_lt(s.ran, N / 2);
}
END_TEST

START_TEST(long_timeouts_do_not_stop)
{
    use_threads(_i);
    const double enough[] = {-0.0, 1e3, 1e300, INFINITY};
    for (size_t k = 0; k < sizeof enough / sizeof *enough; k++) {
        struct stopping s = {.at = SIZE_MAX};
        ck_assert_int_eq(crew_for(N, do_stopping, &s, &(crew_options){.timeout = enough[k]}), 0);
        ck_assert_uint_eq(s.ran, N);
    }
}
END_TEST

struct watching {
    atomic_int inside;
    atomic_int overlapped;
    size_t last, total, calls;
    bool fell, other_total;
};

static void on_progress(size_t done, size_t total, void *ctx)
{
    struct watching *w = ctx;
    if (atomic_exchange(&w->inside, 1))
        atomic_store(&w->overlapped, 1);
    /* plain variables: what one call writes the next one sees */
    w->fell |= done < w->last;
    w->other_total |= total != w->total || done > total;
    w->last = done;
    w->calls++;
    oracle_sleep_us(200); /* room for a second call to come in between */
    atomic_store(&w->inside, 0);
}

START_TEST(progress_is_monotone_and_alone)
{
    use_threads(_i);
    struct watching w = {.total = 20000};
    struct stopping s = {.at = SIZE_MAX, .sleep_us = 10};
    crew_options opt = {.progress = on_progress, .progress_ctx = &w, .grain = 20, .name = "test"};
    double start = crew__seconds();
    ck_assert_int_eq(crew_for(w.total, do_stopping, &s, &opt), 0);
    /* every 10 ms at the most, and at the end */
    ck_assert_double_le((double)w.calls, (crew__seconds() - start) * 100 + 2);
    ck_assert_uint_eq(s.ran, w.total);
    ck_assert(!w.fell && !w.other_total);
    ck_assert_int_eq(w.overlapped, 0);
    ck_assert_uint_eq(w.last, w.total);
    ck_assert_uint_ge(w.calls, 1);
}
END_TEST

START_TEST(progress_comes_while_items_run)
{
    use_threads(_i);
    struct watching w = {.total = 200};
    struct stopping s = {.at = SIZE_MAX, .sleep_us = 30000 / (oracle_threads[_i] > 8 ? 1 : 8)};
    crew_options opt = {.progress = on_progress, .progress_ctx = &w};
    ck_assert_int_eq(crew_for(w.total, do_stopping, &s, &opt), 0);
    ck_assert_uint_eq(w.last, w.total);
    ck_assert_uint_gt(w.calls, 1);
    ck_assert(!w.fell && !w.other_total && !w.overlapped);
}
END_TEST

START_TEST(progress_of_stopped_calls_ends_below_the_total)
{
    use_threads(_i);
    for (int code = 0; code < 2; code++) {
        struct watching w = {.total = N};
        struct stopping s = {.at = 10, .sleep_us = 20, .code = code, .wait = true};
        crew_options opt = {.progress = on_progress, .progress_ctx = &w, .cancel = &s.cancel, .grain = 1};
        ck_assert_int_eq(crew_for(w.total, do_stopping, &s, &opt), code ? code : -ECANCELED);
        ck_assert_uint_ge(w.calls, 1);
        ck_assert_uint_lt(w.last, w.total);
        ck_assert(!w.fell && !w.other_total && !w.overlapped);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stop");
    TCase *tc = parallel_case(suite, "stop");
    tcase_add_test(tc, a_failure_that_does_not_come_again);
    tcase_add_test(tc, an_index_outside_the_block);
#if SIZE_MAX > UINT32_MAX
    tcase_add_loop_test(tc, a_cancel_is_seen_within_a_huge_block, 0, ORACLE_THREADS);
#endif
    tcase_add_loop_test(tc, codes_are_handed_on_unchanged, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, cancelled_before_the_call, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, cancelled_by_the_callback, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_failure_comes_before_cancel, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, cancelled_by_another_thread, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, times_out, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, long_timeouts_do_not_stop, 0, ORACLE_THREADS);
    TCase *failures = parallel_case(suite, "failures");
    tcase_add_loop_test(failures, one_failure_anywhere, 0, ORACLE_THREADS);
    tcase_add_loop_test(failures, the_lowest_of_several_failures, 0, ORACLE_THREADS);
    tcase_add_loop_test(failures, every_item_fails, 0, ORACLE_THREADS);
    TCase *progress = parallel_case(suite, "progress");
    tcase_add_loop_test(progress, progress_is_monotone_and_alone, 0, ORACLE_THREADS);
    tcase_add_loop_test(progress, progress_comes_while_items_run, 0, ORACLE_THREADS);
    tcase_add_loop_test(progress, progress_of_stopped_calls_ends_below_the_total, 0, ORACLE_THREADS);
    TCase *more = parallel_case(suite, "more");
    tcase_add_loop_test(more, cancel_and_timeout_together, 0, ORACLE_THREADS);
    tcase_add_loop_test(more, blocks_above_a_failure_are_skipped, 0, ORACLE_THREADS);
    return run_suite(suite);
}
