/* Workers with a thread each: started on demand, replaced after some tasks, left out where they cannot be had. */
#define _DEFAULT_SOURCE
#include "executor_test.h"
#include <crew/for.h>
#include <crew/process.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>

enum { MOST = 64 };

/* What initializers and finalizers count. */
struct workers {
    atomic_int begun, ended, tasks;
    atomic_int fail_from; /* the number of the initializer's call from which on it fails; 0: never */
    pthread_mutex_t lock;
    pthread_t threads[2 * MOST]; /* different ones that ran tasks */
    int nthreads;
};

static int initialize(void **local, void *ctx)
{
    struct workers *w = ctx;
    int number = atomic_fetch_add(&w->begun, 1) + 1;
    if (w->fail_from && number >= w->fail_from) {
        atomic_fetch_sub(&w->begun, 1);
        return 5;
    }
    *local = malloc(1);
    return *local ? 0 : -ENOMEM;
}

static void finalize(void *local, void *ctx)
{
    struct workers *w = ctx;
    free(local);
    atomic_fetch_add(&w->ended, 1);
}

static int note_thread(void *arg)
{
    struct workers *w = arg;
    ck_assert_ptr_nonnull(crew_executor_local());
    pthread_mutex_lock(&w->lock);
    int i = 0;
    while (i < w->nthreads && !pthread_equal(w->threads[i], pthread_self()))
        i++;
    if (i == w->nthreads && i < 2 * MOST)
        w->threads[w->nthreads++] = pthread_self();
    pthread_mutex_unlock(&w->lock);
    atomic_fetch_add(&w->tasks, 1);
    return 0;
}

static crew_executor *open_workers(struct workers *w, crew_executor_options opt)
{
    opt.initializer = initialize;
    opt.finalizer = finalize;
    opt.ctx = w;
    return crew_executor_open(&opt);
}

static void close_workers(crew_executor *ex, struct workers *w)
{
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(w->begun, w->ended);
}

START_TEST(on_demand)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        int threads = oracle_threads[round];
        struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
        crew_executor *ex = open_workers(&w, (crew_executor_options){.threads = threads, .on_demand = true});
        ck_assert_ptr_nonnull(ex);
        ck_assert_int_eq(crew_executor_threads(ex), has_threads() ? threads : 1);
        ck_assert_int_eq(w.begun, 1);
        /* one after the other: the first worker runs them all, but that it may be on its way to sleep */
        struct gate gate = {0};
        gate.open = !has_threads();
        crew_future *f[MOST];
        for (int i = 0; i < threads; i++)
            ck_assert_ptr_nonnull(f[i] = crew_submit(ex, wait_at, &gate));
        /* each runs at the same time as the others, so each has a worker */
        if (has_threads())
            wait_for(&gate.waiting, threads);
        ck_assert_int_eq(w.begun, crew_executor_threads(ex));
        atomic_store(&gate.open, 1);
        for (int i = 0; i < threads; i++)
            ck_assert_int_eq(result_of(f[i]), 7);
        for (int i = 0; i < 500; i++)
            ck_assert_int_eq(crew_submit_with(ex, note_thread, &w, NULL, NULL), 0);
        close_workers(ex, &w);
        ck_assert_int_eq(w.tasks, 500);
        ck_assert_int_eq(w.begun, has_threads() ? threads : 1);
    }
}
END_TEST

START_TEST(demand_of_one)
{
    struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
    crew_executor *ex = open_workers(&w, (crew_executor_options){.threads = 8, .on_demand = true});
    close_workers(ex, &w);
    ck_assert_int_eq(w.begun, 1);
}
END_TEST

/* Tasks that wait for each other's workers: all are started. */
static int meet(void *arg)
{
    struct gate *g = arg;
    int all = g->open;
    atomic_fetch_add(&g->waiting, 1);
    while (atomic_load(&g->waiting) < all)
        sched_yield();
    return 0;
}

START_TEST(demand_from_inside)
{
    if (!has_threads())
        return;
    for (int round = 0; round < 4; round++) {
        int threads = oracle_threads[round];
        struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
        crew_executor *ex = open_workers(&w, (crew_executor_options){.threads = threads, .on_demand = true});
        struct gate gate = {.open = threads};
        for (int i = 0; i < threads; i++)
            ck_assert_int_eq(crew_submit_with(ex, meet, &gate, NULL, NULL), 0);
        close_workers(ex, &w);
        ck_assert_int_eq(w.begun, threads);
    }
}
END_TEST

START_TEST(later_initializers_fail)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER, .fail_from = 2};
        crew_executor *ex =
            open_workers(&w, (crew_executor_options){.threads = oracle_threads[round], .on_demand = true});
        ck_assert_ptr_nonnull(ex);
        for (int i = 0; i < 300; i++)
            ck_assert_int_eq(crew_submit_with(ex, note_thread, &w, NULL, NULL), 0);
        close_workers(ex, &w);
        ck_assert_int_eq(w.begun, 1);
        ck_assert_int_eq(w.tasks, 300);
        ck_assert_int_eq(w.nthreads, 1);
    }
}
END_TEST

START_TEST(first_initializer_fails)
{
    for (int demand = 0; demand < 2; demand++) {
        struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER, .fail_from = demand ? 1 : 3};
        errno = 0;
        crew_executor *ex =
            open_workers(&w, (crew_executor_options){.threads = 3, .max_tasks = 4, .on_demand = demand});
        if (!has_threads() && !demand) {
            close_workers(ex, &w);
            continue;
        }
        ck_assert_ptr_null(ex);
        ck_assert_int_eq(errno, ECANCELED);
        ck_assert_int_eq(w.begun, w.ended);
    }
}
END_TEST

START_TEST(replaced)
{
    for (int round = 0; round < ORACLE_THREADS; round++)
        for (size_t most = 1; most <= 10; most += 9) {
            struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
            crew_executor *ex =
                open_workers(&w, (crew_executor_options){.threads = oracle_threads[round], .max_tasks = most});
            ck_assert_ptr_nonnull(ex);
            for (int i = 0; i < 100; i++)
                ck_assert_int_eq(crew_submit_with(ex, note_thread, &w, NULL, NULL), 0);
            close_workers(ex, &w);
            ck_assert_int_eq(w.tasks, 100);
            if (!has_threads())
                ck_assert_int_eq(w.begun, 1);
            else if (most == 1)
                ck_assert_int_eq(w.begun, oracle_threads[round] + 100);
            else
                ck_assert_int_ge(w.begun, oracle_threads[round] + (100 - 9 * oracle_threads[round]) / 10);
        }
}
END_TEST

/* The thread is another one: its number is that of a thread that lives, so one that waits is compared. */
static int two_threads(void *arg)
{
    struct workers *w = arg;
    pthread_mutex_lock(&w->lock);
    static _Thread_local int runs;
    w->nthreads += ++runs > 1; /* the thread has run one before */
    pthread_mutex_unlock(&w->lock);
    return 0;
}

START_TEST(replaced_by_another_thread)
{
    struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
    crew_executor *ex = open_workers(&w, (crew_executor_options){.threads = 2, .max_tasks = 1});
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(result_of(crew_submit(ex, two_threads, &w)), 0);
    close_workers(ex, &w);
    ck_assert_int_eq(w.nthreads, has_threads() ? 0 : 49);
}
END_TEST

START_TEST(no_replacement_to_be_had)
{
    for (int round = 0; round < 4; round++) {
        struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
        w.fail_from = (has_threads() ? oracle_threads[round] : 1) + 1;
        crew_executor *ex = open_workers(&w, (crew_executor_options){.threads = oracle_threads[round], .max_tasks = 3});
        ck_assert_ptr_nonnull(ex);
        for (int i = 0; i < 100; i++)
            ck_assert_int_eq(crew_submit_with(ex, note_thread, &w, NULL, NULL), 0);
        close_workers(ex, &w);
        ck_assert_int_eq(w.tasks, 100);
        ck_assert_int_eq(w.begun, w.fail_from - 1);
    }
}
END_TEST

static int add_item(size_t begin, size_t end, void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, (int)(end - begin));
    return 0;
}

/* Waits, forks and loops inside tasks, on workers that come and go. */
static int nested(void *arg)
{
    crew_executor *ex = arg;
    atomic_int items = 0, more = 0;
    crew_future *f[5];
    for (int i = 0; i < 5; i++)
        f[i] = crew_submit(ex, add_one, &more);
    int code = crew_for(1000, add_item, &items, NULL);
    for (int i = 0; i < 5; i++) {
        code |= crew_future_wait(f[i], -1);
        crew_future_release(f[i]);
    }
    return code || items != 1000 || more != 5;
}

START_TEST(tasks_inside)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        struct workers w = {.lock = PTHREAD_MUTEX_INITIALIZER};
        crew_executor *ex = open_workers(
            &w, (crew_executor_options){.threads = oracle_threads[round], .max_tasks = 2, .on_demand = round % 2});
        crew_future *f[20];
        for (int i = 0; i < 20; i++)
            f[i] = crew_submit(ex, nested, ex);
        for (int i = 0; i < 20; i++)
            ck_assert_int_eq(result_of(f[i]), 0);
        close_workers(ex, &w);
    }
}
END_TEST

START_TEST(closed_without_waiting)
{
    /* A worker that was asked for may begin after all that there was to do. */
    static struct workers all[ORACLE_THREADS][2];
    for (int round = 0; round < ORACLE_THREADS; round++)
        for (int demand = 0; demand < 2; demand++) {
            struct workers *w = &all[round][demand];
            pthread_mutex_init(&w->lock, NULL);
            crew_executor *ex = open_workers(w, (crew_executor_options){.threads = oracle_threads[round],
                                                                        .max_tasks = demand ? 0 : 3,
                                                                        .on_demand = demand});
            for (int i = 0; i < 50; i++)
                ck_assert_int_eq(crew_submit_with(ex, note_thread, w, NULL, NULL), 0);
            ck_assert_int_eq(crew_executor_shutdown(ex, CREW_NO_WAIT), 0);
            bool over = false; /* another worker may begin, and end, after that */
            for (int i = 0; i < 500000 && !over; i++) {
                int ended = w->ended;
                over = w->tasks == 50 && w->begun == ended;
                usleep(over ? 0 : 100);
            }
            ck_assert(over);
        }
}
END_TEST

START_TEST(processes)
{
    errno = 0;
    ck_assert_ptr_null(crew_executor_open(&(crew_executor_options){.processes = 2, .on_demand = true}));
    ck_assert_int_eq(errno, ENOTSUP);
    atomic_int *begun = crew_shared_alloc(sizeof *begun);
    ck_assert_ptr_nonnull(begun);
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 1, .max_tasks = 2});
    if (!ex && errno == ENOTSUP) {
        printf("SKIP executor_workers processes: no process workers on this system\n");
        crew_shared_free(begun);
        return;
    }
    ck_assert_ptr_nonnull(ex);
    /* what a worker process writes to memory of its own is gone with it */
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(result_of(crew_submit(ex, add_one, begun)), 0);
    ck_assert_int_eq(*begun, 6);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    crew_shared_free(begun);
}
END_TEST

static int own_runs(void *arg)
{
    static int runs;
    (void)arg;
    return ++runs;
}

START_TEST(processes_are_replaced)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 1, .max_tasks = 2});
    if (!ex && errno == ENOTSUP) {
        printf("SKIP executor_workers processes_are_replaced: no process workers on this system\n");
        return;
    }
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(result_of(crew_submit(ex, own_runs, NULL)), 1 + i % 2);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("executor_workers");
    TCase *tc = tcase_create("executor_workers");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, on_demand);
    tcase_add_test(tc, demand_of_one);
    tcase_add_test(tc, demand_from_inside);
    tcase_add_test(tc, later_initializers_fail);
    tcase_add_test(tc, first_initializer_fails);
    tcase_add_test(tc, replaced);
    tcase_add_test(tc, replaced_by_another_thread);
    tcase_add_test(tc, no_replacement_to_be_had);
    tcase_add_test(tc, tasks_inside);
    tcase_add_test(tc, closed_without_waiting);
    tcase_add_test(tc, processes);
    tcase_add_test(tc, processes_are_replaced);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
