/* crew_executor_map_with: the index, both orders, failures, options; on threads and on processes. */
#define _DEFAULT_SOURCE
#include "executor_test.h"
#include <crew/process.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { N = 300, UNTOUCHED = -77 };

/* What an item and its taker know. */
struct run {
    crew_cancel *cancel;
    size_t cancel_at;   /* the item that requests it; SIZE_MAX: none */
    size_t fail_every;  /* items fail whose number, plus 1, is a multiple; 0: none */
    size_t enough_at;   /* each returns 4 there; SIZE_MAX: never */
    size_t next, taken; /* each */
    bool ordered;
    unsigned char seen[N];
    atomic_int begun;
};

static bool fails(const struct run *r, size_t i)
{
    return r->fail_every && (i + 1) % r->fail_every == 0;
}

static int square(size_t index, const void *in, void *out, void *ctx)
{
    struct run *r = ctx;
    atomic_fetch_add(&r->begun, 1);
    ck_assert_uint_eq(*(const size_t *)in, index * 3);
    ck_assert_uint_eq((uintptr_t)out % _Alignof(max_align_t), 0);
    *(size_t *)out = index * index;
    if (index == r->cancel_at)
        crew_cancel_request(r->cancel);
    return fails(r, index) ? 100 + (int)index : 0;
}

static int take(size_t index, const void *out, void *ctx)
{
    struct run *r = ctx;
    ck_assert_uint_eq(*(const size_t *)out, index * index);
    ck_assert_uint_lt(index, N);
    ck_assert_uint_eq(r->seen[index]++, 0);
    ck_assert(!fails(r, index));
    if (r->ordered)
        ck_assert_uint_ge(index, r->next);
    r->next = index + 1;
    r->taken++;
    return index == r->enough_at ? 4 : 0;
}

static size_t input[N];

static void fill(void)
{
    for (size_t i = 0; i < N; i++)
        input[i] = 3 * i;
}

static int map(crew_executor *ex, size_t n, struct run *r, const crew_executor_map_options *opt)
{
    return crew_executor_map_with(ex, input, sizeof *input, sizeof(size_t), n, square, take, r, opt);
}

static struct run plain(bool unordered)
{
    return (struct run){.cancel_at = SIZE_MAX, .enough_at = SIZE_MAX, .ordered = !unordered};
}

/* Every case with in-order and as-they-end hand-over, at each thread count and some limits of what is ahead. */
static void each_way(void (*check)(crew_executor *, crew_executor_map_options))
{
    static const size_t aheads[] = {0, 1, 37, N + 1};
    fill();
    for (int round = 0; round < ORACLE_THREADS && oracle_threads[round] <= 8; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        for (int unordered = 0; unordered < 2; unordered++)
            for (size_t a = 0; a < sizeof aheads / sizeof *aheads; a++)
                check(ex, (crew_executor_map_options){.unordered = unordered, .ahead = aheads[a]});
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}

static void check_all(crew_executor *ex, crew_executor_map_options opt)
{
    static const size_t sizes[] = {0, 1, 2, 3, N};
    int status[N];
    size_t failed = 9999;
    opt.status = status;
    opt.failed = &failed;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        struct run r = plain(opt.unordered);
        for (int i = 0; i < N; i++)
            status[i] = UNTOUCHED;
        ck_assert_int_eq(map(ex, n, &r, &opt), 0);
        ck_assert_uint_eq(r.taken, n);
        ck_assert_uint_eq((size_t)r.begun, n);
        for (size_t i = 0; i < N; i++)
            ck_assert_int_eq(status[i], i < n ? 0 : UNTOUCHED);
    }
    ck_assert_uint_eq(failed, 9999);
}

START_TEST(all_items)
{
    each_way(check_all);
}
END_TEST

static void check_failure(crew_executor *ex, crew_executor_map_options opt)
{
    static const size_t every[] = {1, 113, N};
    int status[N];
    size_t failed;
    opt.status = status;
    opt.failed = &failed;
    for (size_t e = 0; e < sizeof every / sizeof *every; e++) {
        size_t first = every[e] - 1;
        struct run r = plain(opt.unordered);
        r.fail_every = every[e];
        failed = 9999;
        ck_assert_int_eq(map(ex, N, &r, &opt), 100 + (int)first);
        ck_assert_uint_eq(failed, first);
        for (size_t i = 0; i < first; i++) {
            ck_assert_uint_eq(r.seen[i], 1);
            ck_assert_int_eq(status[i], 0);
        }
        ck_assert_int_eq(status[first], 100 + (int)first);
        for (size_t i = first + 1; i < N; i++) {
            ck_assert(status[i] == 0 || status[i] == -ECANCELED || status[i] == 100 + (int)i);
            if (!opt.unordered)
                ck_assert_uint_eq(r.seen[i], 0);
        }
    }
}

START_TEST(a_failure_ends_it)
{
    each_way(check_failure);
}
END_TEST

static int slow_then_fails(size_t index, const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    (void)ctx;
    if (index == 0)
        usleep(3000);
    return index == 0 ? 0 : 100 + (int)index;
}

/* Items that a worker keeps for later while others above them fail already. */
static void check_lowest(crew_executor *ex, crew_executor_map_options opt)
{
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, N, slow_then_fails, NULL, NULL, &opt), 101);
}

START_TEST(the_lowest_failure_counts)
{
    each_way(check_lowest);
}
END_TEST

static int fails_at_once(size_t index, const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    atomic_fetch_add((atomic_int *)ctx, 1);
    usleep(index == 0 ? 0 : 20000);
    return index == 0;
}

/* The items above it would take 6 s. */
START_TEST(no_more_begin_after_a_failure)
{
    for (int unordered = 0; unordered < 2 && has_threads(); unordered++) {
        crew_executor *ex = open_with(1);
        atomic_int begun = 0;
        crew_executor_map_options opt = {.unordered = unordered, .ahead = N};
        ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, N, fails_at_once, NULL, &begun, &opt), 1);
        ck_assert_int_lt(begun, N);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

static void check_run_all(crew_executor *ex, crew_executor_map_options opt)
{
    int status[N];
    size_t failed = 9999;
    struct run r = plain(opt.unordered);
    r.fail_every = 7;
    opt.run_all = true;
    opt.status = status;
    opt.failed = &failed;
    ck_assert_int_eq(map(ex, N, &r, &opt), 106);
    ck_assert_uint_eq(failed, 6);
    ck_assert_uint_eq((size_t)r.begun, N);
    for (size_t i = 0; i < N; i++) {
        ck_assert_int_eq(status[i], fails(&r, i) ? 100 + (int)i : 0);
        ck_assert_uint_eq(r.seen[i], !fails(&r, i));
    }
    opt.status = NULL;
    opt.failed = NULL;
    struct run all = plain(opt.unordered);
    all.fail_every = 1;
    ck_assert_int_eq(map(ex, N, &all, &opt), 100);
    ck_assert_uint_eq((size_t)all.begun, N);
    ck_assert_uint_eq(all.taken, 0);
}

START_TEST(all_run_in_spite_of_failures)
{
    each_way(check_run_all);
}
END_TEST

static void check_enough(crew_executor *ex, crew_executor_map_options opt)
{
    int status[N];
    struct run r = plain(opt.unordered);
    r.enough_at = 20;
    opt.run_all = true; /* which this does not obey */
    opt.status = status;
    ck_assert_int_eq(map(ex, N, &r, &opt), 4);
    if (!opt.unordered)
        ck_assert_uint_eq(r.taken, 21);
    ck_assert_int_eq(status[20], 0);
    for (size_t i = 0; i < N; i++)
        ck_assert(status[i] == 0 || (status[i] == -ECANCELED && r.seen[i] == 0));
}

START_TEST(each_has_enough)
{
    each_way(check_enough);
}
END_TEST

static void check_cancel(crew_executor *ex, crew_executor_map_options opt)
{
    crew_cancel stop = {0};
    int status[N];
    struct run r = plain(opt.unordered);
    r.cancel = &stop;
    r.cancel_at = 30;
    opt.cancel = &stop;
    opt.status = status;
    /* where all have begun before anybody looks, all may have ended too */
    int code = map(ex, N, &r, &opt);
    ck_assert(code == -ECANCELED || (code == 0 && r.taken == N));
    /* in order, or one by one, nobody goes far past the item that requests it; unordered the others may, while it waits
       for a processor */
    if (opt.ahead == 1 || (opt.ahead == 37 && !opt.unordered)) {
        ck_assert_int_eq(code, -ECANCELED);
        ck_assert_int_eq(status[N - 1], -ECANCELED);
    }
    for (size_t i = 0; i < N; i++)
        ck_assert(status[i] == 0 || status[i] == -ECANCELED);
    struct run late = plain(opt.unordered);
    ck_assert_int_eq(map(ex, N, &late, &opt), -ECANCELED);
    ck_assert_int_eq(late.begun, 0);
}

START_TEST(cancel)
{
    each_way(check_cancel);
}
END_TEST

static int doze(size_t index, const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    atomic_fetch_add((atomic_int *)ctx, 1);
    if (index > 0)
        usleep(10000);
    return 0;
}

START_TEST(timeout)
{
    const double bad[] = {-1, NAN, -INFINITY};
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        for (int unordered = 0; unordered < 2; unordered++) {
            atomic_int begun = 0;
            int status[1000], done = 0;
            crew_executor_map_options opt = {.unordered = unordered, .timeout = 0.03, .status = status};
            ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 1000, doze, NULL, &begun, &opt), -ETIMEDOUT);
            for (int i = 0; i < 1000; i++) {
                ck_assert(status[i] == 0 || status[i] == -ETIMEDOUT);
                done += status[i] == 0;
            }
            ck_assert_int_eq(done, begun); /* none where the time is over before the first gets a processor */
            ck_assert_int_eq(status[999], -ETIMEDOUT);
            opt.timeout = 1000;
            ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 2, doze, NULL, &begun, &opt), 0);
            for (int i = 0; i < 3; i++) {
                opt.timeout = bad[i];
                ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 2, doze, NULL, &begun, &opt), -EINVAL);
            }
        }
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

/* A queue that others have filled, and workers that do not come to it. */
START_TEST(timeout_before_a_full_queue)
{
    if (!has_threads())
        return;
    for (int unordered = 0; unordered < 2; unordered++) {
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 1, .queue_limit = 1});
        struct gate gate = {0};
        crew_future *busy = crew_submit(ex, wait_at, &gate);
        wait_for(&gate.waiting, 1);
        crew_future *full = crew_submit(ex, wait_at, &gate);
        atomic_int begun = 0;
        crew_executor_map_options opt = {.unordered = unordered, .timeout = 0.03};
        ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 5, doze, NULL, &begun, &opt), -ETIMEDOUT);
        ck_assert_int_eq(begun, 0);
        atomic_store(&gate.open, 1);
        ck_assert_int_eq(result_of(busy) + result_of(full), 14);
        opt.timeout = 1000;
        ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 5, doze, NULL, &begun, &opt), 0);
        ck_assert_int_eq(begun, 5);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

struct told {
    size_t calls, done, total;
};

static void tell(size_t done, size_t total, void *ctx)
{
    struct told *t = ctx;
    ck_assert_uint_ge(done, t->done);
    *t = (struct told){t->calls + 1, done, total};
}

static void check_progress(crew_executor *ex, crew_executor_map_options opt)
{
    struct told told = {0};
    struct run r = plain(opt.unordered);
    opt.progress = tell;
    opt.progress_ctx = &told;
    ck_assert_int_eq(map(ex, N, &r, &opt), 0);
    ck_assert_uint_ge(told.calls, 1);
    ck_assert_uint_eq(told.done, N);
    ck_assert_uint_eq(told.total, N);
}

START_TEST(progress)
{
    each_way(check_progress);
}
END_TEST

struct inner {
    crew_executor *ex;
    bool unordered;
};

static int map_inside(void *arg)
{
    const struct inner *in = arg;
    struct run r = plain(in->unordered);
    int code = map(in->ex, 40, &r, &(crew_executor_map_options){.unordered = in->unordered});
    return code ? code : (int)r.taken;
}

/* Maps inside tasks on the workers that they need, also further down than these run unrelated tasks. */
static int nested_item(size_t index, const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    struct inner *inner = ctx;
    if (index % 8 != 0)
        return 0;
    struct inner deeper = {inner->ex, !inner->unordered};
    return map_inside(&deeper) == 40 ? 0 : 1;
}

START_TEST(inside_tasks)
{
    fill();
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        struct inner inner[2] = {{ex, false}, {ex, true}};
        crew_future *f[20];
        for (int i = 0; i < 20; i++)
            f[i] = crew_submit(ex, map_inside, &inner[i % 2]);
        for (int i = 0; i < 20; i++)
            ck_assert_int_eq(result_of(f[i]), 40);
        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 100, nested_item, NULL, &inner[i],
                                                    &(crew_executor_map_options){.unordered = i, .ahead = 30}),
                             0);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

START_TEST(arguments)
{
    crew_executor *ex = open_with(2);
    struct run r = plain(true);
    const crew_executor_map_options unordered = {.unordered = true};
    fill();
    ck_assert_int_eq(crew_executor_map_with(ex, input, 8, 8, 5, NULL, take, &r, &unordered), -EINVAL);
    ck_assert_int_eq(crew_executor_map_with(ex, input, SIZE_MAX, 8, 2, square, take, &r, &unordered), -EOVERFLOW);
    ck_assert_int_eq(crew_executor_map_with(ex, input, 8, SIZE_MAX, 2, square, take, &r, &unordered), -EOVERFLOW);
    ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, SIZE_MAX / 4, 100, square, take, &r,
                                            &(crew_executor_map_options){.unordered = true, .ahead = 100}),
                     -EOVERFLOW);
    ck_assert_int_eq(crew_executor_map_with(ex, input, sizeof *input, sizeof(size_t), N, square, NULL, &r, NULL), 0);
    ck_assert_int_eq(r.begun, N);
    errno = 0;
    ck_assert_ptr_null(crew_submit_copy(ex, give_back, input, SIZE_MAX));
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_int_eq(crew_executor_shutdown(ex, CREW_CANCEL_PENDING), 0);
}
END_TEST

static int risky(size_t index, const void *in, void *out, void *ctx)
{
    (void)ctx;
    if (index % 10 == 3)
        abort();
    if (index % 10 == 7)
        return 7;
    *(size_t *)out = *(const size_t *)in + index;
    return 0;
}

static int take_sum(size_t index, const void *out, void *ctx)
{
    ck_assert_uint_eq(*(const size_t *)out, 4 * index);
    ++*(int *)ctx;
    return 0;
}

START_TEST(on_processes)
{
    fill();
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2, .name = "in processes"});
    if (!ex && errno == ENOTSUP) {
        printf("SKIP executor_map on_processes: no process workers on this system\n");
        return;
    }
    ck_assert_ptr_nonnull(ex);
    for (int unordered = 0; unordered < 2; unordered++) {
        int status[30], taken = 0;
        size_t failed;
        crew_executor_map_options opt = {
            .unordered = unordered, .run_all = true, .status = status, .failed = &failed, .timeout = 100};
        int code = crew_executor_map_with(ex, input, sizeof *input, sizeof(size_t), 30, risky, take_sum, &taken, &opt);
        ck_assert(crew_process_died(code, NULL, NULL));
        ck_assert_uint_eq(failed, 3);
        ck_assert_int_eq(taken, 24);
        for (int i = 0; i < 30; i++)
            ck_assert(i % 10 == 3 ? crew_process_died(status[i], NULL, NULL) : status[i] == (i % 10 == 7 ? 7 : 0));
    }
    errno = 0;
    ck_assert_ptr_null(crew_submit_copy(ex, give_back, input, SIZE_MAX));
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("executor_map");
    TCase *tc = tcase_create("executor_map");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, all_items);
    tcase_add_test(tc, a_failure_ends_it);
    tcase_add_test(tc, the_lowest_failure_counts);
    tcase_add_test(tc, no_more_begin_after_a_failure);
    tcase_add_test(tc, all_run_in_spite_of_failures);
    tcase_add_test(tc, each_has_enough);
    tcase_add_test(tc, cancel);
    tcase_add_test(tc, timeout);
    tcase_add_test(tc, timeout_before_a_full_queue);
    tcase_add_test(tc, progress);
    tcase_add_test(tc, inside_tasks);
    tcase_add_test(tc, arguments);
    tcase_add_test(tc, on_processes);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
