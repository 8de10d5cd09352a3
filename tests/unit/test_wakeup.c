/* Each wake-up of the task layer, for sure: what sleeps is seen asleep first, and then only the wake-up can end its
   sleep within the time. (Waits and joins of workers are not here: they look again by themselves every millisecond.) */
#define _DEFAULT_SOURCE
#include "../../lib/core/task/executor.h"
#include "executor_test.h"
#include <stdio.h>
#include <time.h>

enum { ROUNDS = TESTS_VALGRIND ? 4 : 20, WORKERS = 4 };
static const double PATIENCE = 10,
                    CERTAIN = 0.003; /* seconds; who has said that it will sleep does within the latter */

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Without any sleep of crew's. */
static bool comes_to(atomic_int *word, int value)
{
    double end = seconds_now() + PATIENCE;
    while (atomic_load(word) < value && seconds_now() < end)
        usleep(50);
    return atomic_load(word) >= value;
}

static void let_sleep(struct crew__sleepers *s, int count)
{
    ck_assert(comes_to(&s->sleeping, count));
    usleep((useconds_t)(1e6 * CERTAIN));
}

START_TEST(a_submit_wakes_a_worker)
{
    crew_executor *ex = open_with(WORKERS);
    for (int i = 0; i < ROUNDS; i++) {
        atomic_int count = 0;
        let_sleep(&ex->scheduler.sleepers, ex->scheduler.width);
        ck_assert_int_eq(crew_submit_with(ex, add_one, &count, NULL, NULL), 0);
        ck_assert(comes_to(&count, 1));
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

struct meeting {
    atomic_int arrived, met;
    int expected;
};

/* Ends when all are there, each on a thread of its own. */
static int meet(void *arg)
{
    struct meeting *m = arg;
    atomic_fetch_add(&m->arrived, 1);
    bool all = comes_to(&m->arrived, m->expected);
    atomic_fetch_add(&m->met, all);
    return 0;
}

START_TEST(submits_wake_all_workers)
{
    crew_executor *ex = open_with(WORKERS);
    for (int i = 0; i < ROUNDS; i++) {
        struct meeting m = {.expected = ex->scheduler.width};
        let_sleep(&ex->scheduler.sleepers, ex->scheduler.width);
        for (int k = 0; k < m.expected; k++)
            ck_assert_int_eq(crew_submit_with(ex, meet, &m, NULL, NULL), 0);
        ck_assert(comes_to(&m.met, m.expected));
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

/* One task makes work for all the others, who are woken one by the other. */
struct maker {
    struct crew__scheduler *scheduler;
    struct meeting meeting;
};

static int fork_for_all(void *arg)
{
    struct maker *m = arg;
    crew_task tasks[WORKERS];
    let_sleep(&m->scheduler->sleepers, m->scheduler->width - 1);
    int count = m->scheduler->width - 1;
    for (int i = 0; i < count; i++)
        crew_fork(&tasks[i], meet, &m->meeting);
    meet(&m->meeting);
    for (int i = count; i-- > 0;)
        crew_join(&tasks[i]);
    return 0;
}

START_TEST(forks_wake_all_workers)
{
    crew_executor *ex = open_with(WORKERS);
    for (int i = 0; i < ROUNDS; i++) {
        struct maker m = {&ex->scheduler, {.expected = ex->scheduler.width}};
        ck_assert_int_eq(crew_submit_with(ex, fork_for_all, &m, NULL, NULL), 0);
        ck_assert(comes_to(&m.meeting.met, m.meeting.expected));
        let_sleep(&ex->scheduler.sleepers, ex->scheduler.width);
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

static int fork_in_team(void *arg)
{
    struct maker *m = arg;
    m->scheduler = crew__self->scheduler;
    m->meeting.expected = m->scheduler->width;
    return fork_for_all(m);
}

START_TEST(forks_wake_a_team)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct maker m = {NULL, {0}};
        ck_assert_int_eq(crew_run(fork_in_team, &m, &(crew_options){.threads = WORKERS}), 0);
        ck_assert_int_eq(m.meeting.met, m.meeting.expected);
    }
}
END_TEST

/* A thread of the program's that sleeps in a call, which then returns. */
struct sleeper {
    crew_executor *ex;
    crew_future *f;
    crew_completion *set;
    atomic_int begun, over, count;
    struct gate gate;
};

static void *sleep_on_future(void *arg)
{
    struct sleeper *s = arg;
    crew_future_wait(s->f, -1);
    atomic_store(&s->over, 1);
    return NULL;
}

static void *sleep_on_set(void *arg)
{
    struct sleeper *s = arg;
    atomic_store(&s->begun, 1);
    crew_future_release(crew_next_done(s->set));
    atomic_store(&s->over, 1);
    return NULL;
}

static void *sleep_for_room(void *arg)
{
    struct sleeper *s = arg;
    atomic_store(&s->over, crew_submit_with(s->ex, add_one, &s->count, NULL, NULL) == 0);
    return NULL;
}

static void *sleep_in_shutdown(void *arg)
{
    struct sleeper *s = arg;
    atomic_store(&s->begun, 1);
    atomic_store(&s->over, crew_executor_shutdown(s->ex, 0) == 0);
    return NULL;
}

static pthread_t begin_sleep(void *(*fn)(void *), struct sleeper *s)
{
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, fn, s), 0);
    return thread;
}

static void end_sleep(pthread_t thread, struct sleeper *s)
{
    ck_assert(comes_to(&s->over, 1));
    pthread_join(thread, NULL);
}

/* The end as it comes from a task, and from a cancel. */
START_TEST(an_end_wakes_who_waits)
{
    for (int i = 0; i < 2 * ROUNDS; i++) {
        struct sleeper s = {.ex = open_with(1)};
        crew_future *busy = crew_submit(s.ex, wait_at, &s.gate);
        s.f = i % 2 ? crew_future_retain(busy) : crew_submit(s.ex, give_13, NULL);
        pthread_t thread = begin_sleep(sleep_on_future, &s);
        double end = seconds_now() + PATIENCE;
        while (!(atomic_load(&s.f->state) & CREW__WAITED) && seconds_now() < end)
            usleep(50);
        usleep((useconds_t)(1e6 * CERTAIN));
        if (i % 2)
            atomic_store(&s.gate.open, 1);
        else
            ck_assert(crew_future_cancel(s.f));
        end_sleep(thread, &s);
        atomic_store(&s.gate.open, 1);
        crew_future_release(s.f);
        crew_future_release(busy);
        ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);
    }
}
END_TEST

START_TEST(an_end_wakes_a_set)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct sleeper s = {.ex = open_with(1)};
        s.f = crew_submit(s.ex, wait_at, &s.gate);
        s.set = crew_completion_open(&s.f, 1);
        pthread_t thread = begin_sleep(sleep_on_set, &s);
        ck_assert(comes_to(&s.begun, 1));
        usleep(10 * (useconds_t)(1e6 * CERTAIN));
        atomic_store(&s.gate.open, 1);
        end_sleep(thread, &s);
        crew_completion_close(s.set);
        crew_future_release(s.f);
        ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);
    }
}
END_TEST

START_TEST(room_wakes_who_submits)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct sleeper s = {.ex = crew_executor_open(&(crew_executor_options){.threads = 1, .queue_limit = 1})};
        ck_assert_ptr_nonnull(s.ex);
        ck_assert_int_eq(crew_submit_with(s.ex, wait_at, &s.gate, NULL, NULL), 0);
        ck_assert(comes_to(&s.gate.waiting, 1));
        ck_assert_int_eq(crew_submit_with(s.ex, add_one, &s.count, NULL, NULL), 0);
        pthread_t thread = begin_sleep(sleep_for_room, &s);
        ck_assert(comes_to(&s.ex->queue.waiting, 1));
        usleep((useconds_t)(1e6 * CERTAIN));
        atomic_store(&s.gate.open, 1);
        end_sleep(thread, &s);
        ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);
        ck_assert_int_eq(s.count, 2);
    }
}
END_TEST

/* Shutdown sleeps until nothing waits for dependencies; then the workers, who sleep too, are to leave. */
START_TEST(the_last_dependency_wakes_shutdown)
{
    crew_executor *other = open_with(1);
    for (int i = 0; i < ROUNDS; i++) {
        struct sleeper s = {.ex = open_with(WORKERS)};
        crew_future *first = crew_submit(other, wait_at, &s.gate);
        crew_future *after = crew_submit_after(s.ex, give_13, NULL, &first, 1);
        let_sleep(&s.ex->scheduler.sleepers, s.ex->scheduler.width);
        pthread_t thread = begin_sleep(sleep_in_shutdown, &s);
        ck_assert(comes_to(&s.begun, 1));
        usleep((useconds_t)(1e6 * CERTAIN));
        /* Without a task to run: the workers stay asleep. */
        ck_assert(i % 2 || crew_future_cancel(after));
        atomic_store(&s.gate.open, 1);
        end_sleep(thread, &s);
        crew_future_release(first);
        crew_future_release(after);
    }
    ck_assert_int_eq(crew_executor_shutdown(other, 0), 0);
}
END_TEST

int main(void)
{
    if (!has_threads()) {
        puts("SKIP wakeup: nobody sleeps without threads");
        return 77;
    }
    Suite *suite = suite_create("wakeup");
    TCase *tc = parallel_case(suite, "wakeup");
    tcase_add_test(tc, a_submit_wakes_a_worker);
    tcase_add_test(tc, submits_wake_all_workers);
    tcase_add_test(tc, forks_wake_all_workers);
    tcase_add_test(tc, forks_wake_a_team);
    tcase_add_test(tc, an_end_wakes_who_waits);
    tcase_add_test(tc, an_end_wakes_a_set);
    tcase_add_test(tc, room_wakes_who_submits);
    tcase_add_test(tc, the_last_dependency_wakes_shutdown);
    return run_suite(suite);
}
