/* Waits: what each kind says at each time, stacks that do not grow with what waits, and waits for oneself. */
#define _DEFAULT_SOURCE
#include "../support/sanitized.h"
#include "executor_test.h"
#include <errno.h>
#include <math.h>
#include <time.h>

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The kinds of wait, for one future. Each gives 0 or a negative errno value. */
static int wait_future(crew_future *f, double seconds)
{
    return crew_future_wait(f, seconds);
}

static int wait_all(crew_future *f, double seconds)
{
    return crew_wait(&f, 1, CREW_WAIT_ALL, seconds);
}

static int wait_any(crew_future *f, double seconds)
{
    return crew_wait(&f, 1, CREW_WAIT_ANY, seconds);
}

static int wait_failure(crew_future *f, double seconds)
{
    return crew_wait(&f, 1, CREW_WAIT_FIRST_FAILURE, seconds);
}

static int wait_next(crew_future *f, double seconds)
{
    crew_completion *set = crew_completion_open(&f, 1);
    ck_assert_ptr_nonnull(set);
    errno = 0;
    crew_future *next = crew_next_done_within(set, seconds);
    int error = errno;
    ck_assert(!next || next == f);
    crew_future_release(next);
    crew_completion_close(set);
    return next ? 0 : -error;
}

static int (*const waits[])(crew_future *f, double seconds) = {wait_future, wait_all, wait_any, wait_failure,
                                                               wait_next};
enum { WAITS = sizeof waits / sizeof *waits };

/* The table of crew/executor.h: what a wait says of a future that has ended, and of one that does not end. */
static const struct {
    double seconds;
    int ended, pending; /* pending 1: the wait goes on until it ends */
} times[] = {
    {0, 0, -ETIMEDOUT}, {-0.0, 0, -ETIMEDOUT},   {1e-9, 0, -ETIMEDOUT}, {0.01, 0, -ETIMEDOUT},
    {-1, 0, 1},         {-INFINITY, 0, 1},       {INFINITY, 0, 1},      {1e300, 0, 1},
    {1e10, 0, 1},       {NAN, -EINVAL, -EINVAL}, {-1e-300, 0, 1},
};
enum { TIMES = sizeof times / sizeof *times };

struct looks {
    crew_executor *ex;
    struct gate gate;
    atomic_int unrelated;
    bool in_time;
};

/* Another thread's executor keeps the future from ending. */
static void look_at_pending(struct looks *l, crew_executor *other, int kind, int row)
{
    struct gate gate = {0};
    crew_future *f = crew_submit(other, wait_at, &gate);
    pthread_t opener;
    bool opens = times[row].pending == 1;
    if (opens)
        ck_assert_int_eq(pthread_create(&opener, NULL, open_later, &gate), 0);
    int before = atomic_load(&l->unrelated), expected = opens ? 0 : times[row].pending;
    double begin = seconds_now();
    ck_assert_int_eq(waits[kind](f, times[row].seconds), expected);
    if (times[row].seconds == 0) {
        ck_assert_int_eq(atomic_load(&l->unrelated), before);
        l->in_time = l->in_time || seconds_now() - begin < 0.2;
    }
    atomic_store(&gate.open, 1);
    if (opens)
        pthread_join(opener, NULL);
    ck_assert_int_eq(result_of(f), 7);
}

static int look_inside(void *arg)
{
    struct looks *l = arg;
    crew_executor *other = open_with(1);
    for (int kind = 0; kind < WAITS; kind++) {
        for (int row = 0; row < TIMES; row++) {
            /* There is always something that a wait could run, and must not where it only looks. */
            crew_future *filler = crew_submit(l->ex, add_one, &l->unrelated);
            crew_future *ended = crew_submit(other, give_13, NULL);
            ck_assert_int_eq(crew_future_wait(ended, -1), 0);
            ck_assert_int_eq(waits[kind](ended, times[row].seconds), times[row].ended);
            crew_future_release(ended);
            if (has_threads())
                look_at_pending(l, other, kind, row);
            crew_future_release(filler);
        }
    }
    ck_assert_int_eq(crew_executor_shutdown(other, 0), 0);
    return 0;
}

START_TEST(times_inside_and_outside)
{
    struct looks l = {.ex = open_with(1)};
    crew_future *f = crew_submit(l.ex, look_inside, &l);
    ck_assert_int_eq(result_of(f), 0);
    ck_assert(l.in_time || !has_threads());
    /* Outside nobody helps. */
    crew_future *busy = has_threads() ? crew_submit(l.ex, wait_at, &l.gate) : NULL;
    if (busy) {
        wait_for(&l.gate.waiting, 1);
        look_inside(&l);
        atomic_store(&l.gate.open, 1);
        ck_assert_int_eq(result_of(busy), 7);
    } else {
        look_inside(&l);
    }
    ck_assert_int_eq(crew_executor_shutdown(l.ex, 0), 0);
}
END_TEST

/* A look at what the caller itself would have to run. */
static int look_at_own(void *arg)
{
    struct looks *l = arg;
    crew_future *f[2] = {crew_submit(l->ex, add_one, &l->unrelated), crew_submit(l->ex, add_one, &l->unrelated)};
    for (int kind = 0; kind < WAITS; kind++)
        ck_assert_int_eq(waits[kind](f[0], 0), -ETIMEDOUT);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_ALL, 0), -ETIMEDOUT);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_ANY, 0), -ETIMEDOUT);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_FIRST_FAILURE, 0), -ETIMEDOUT);
    ck_assert_int_eq(atomic_load(&l->unrelated), 0);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_ALL, -1), 0);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_FIRST_FAILURE, 0), 0);
    crew_future_release(f[0]);
    crew_future_release(f[1]);
    return 0;
}

START_TEST(a_look_runs_nothing)
{
    struct looks l = {.ex = open_with(1)};
    ck_assert_int_eq(result_of(crew_submit(l.ex, look_at_own, &l)), 0);
    ck_assert_int_eq(crew_executor_shutdown(l.ex, 0), 0);
}
END_TEST

/* How far a thread's stack reaches below the first task that ran on it. Each task has a frame of 16 KiB. */
enum { FRAME = 16 << 10, MOST_STACK = 128 << 10 };
static _Thread_local char *highest;
static atomic_long deepest;

static void note_stack(char *frame)
{
    memset(frame, 1, FRAME);
    highest = highest && highest > frame ? highest : frame;
    long depth = (long)(highest - frame) + FRAME, most = atomic_load(&deepest);
    while (depth > most && !atomic_compare_exchange_weak(&deepest, &most, depth))
        ;
}

static bool is_shallow(void)
{
    return TESTS_SANITIZED || atomic_load(&deepest) <= MOST_STACK; /* their frames are larger */
}

struct crowd {
    crew_executor *ex;
    crew_future *shared;
    struct gate gate;
    atomic_int ended;
    int n;
};

static int wait_for_shared(void *arg)
{
    char frame[FRAME];
    note_stack(frame);
    struct crowd *c = arg;
    int code = crew_future_wait(c->shared, -1);
    atomic_fetch_add(&c->ended, code == 0);
    return code;
}

static int wait_in_set(void *arg)
{
    char frame[FRAME];
    note_stack(frame);
    struct crowd *c = arg;
    crew_completion *set = crew_completion_open(&c->shared, 1);
    crew_future *f = crew_next_done(set);
    atomic_fetch_add(&c->ended, f == c->shared);
    crew_future_release(f);
    crew_completion_close(set);
    return 0;
}

enum { CROWD = TESTS_VALGRIND ? 100 : 3000 };

static void run_crowd(int threads, crew_task_fn *fn)
{
    crew_executor *other = open_with(1);
    struct crowd c = {.ex = open_with(threads), .gate = {.open = !has_threads()}};
    atomic_store(&deepest, 0);
    c.shared = crew_submit(other, wait_at, &c.gate);
    for (int i = 0; i < CROWD; i++)
        ck_assert_int_eq(crew_submit_with(c.ex, fn, &c, NULL, NULL), 0);
    usleep(20000);
    atomic_store(&c.gate.open, 1);
    ck_assert_int_eq(crew_executor_shutdown(c.ex, 0), 0);
    ck_assert_int_eq(c.ended, CROWD);
    ck_assert(is_shallow());
    crew_future_release(c.shared);
    ck_assert_int_eq(crew_executor_shutdown(other, 0), 0);
}

START_TEST(many_wait_for_one)
{
    run_crowd(oracle_threads[_i], wait_for_shared);
    run_crowd(oracle_threads[_i], wait_in_set);
}
END_TEST

static int wait_forked(void *arg)
{
    struct crowd *c = arg;
    crew_task *tasks = malloc(CROWD * sizeof *tasks);
    ck_assert_ptr_nonnull(tasks);
    for (int i = 0; i < CROWD; i++)
        crew_fork(&tasks[i], wait_for_shared, c);
    for (int i = CROWD; i-- > 0;)
        ck_assert_int_eq(crew_join(&tasks[i]), 0);
    free(tasks);
    return 0;
}

/* Forked tasks that wait, which others run in joins and waits. */
START_TEST(joins_that_wait)
{
    crew_executor *other = open_with(1);
    struct crowd c = {.gate = {.open = !has_threads()}};
    atomic_store(&deepest, 0);
    c.shared = crew_submit(other, wait_at, &c.gate);
    pthread_t opener;
    ck_assert_int_eq(pthread_create(&opener, NULL, open_later, &c.gate), 0);
    ck_assert_int_eq(crew_run(wait_forked, &c, &(crew_options){.threads = oracle_threads[_i]}), 0);
    pthread_join(opener, NULL);
    ck_assert_int_eq(c.ended, CROWD);
    ck_assert(is_shallow());
    crew_future_release(c.shared);
    ck_assert_int_eq(crew_executor_shutdown(other, 0), 0);
}
END_TEST

static int submit_two(void *arg)
{
    char frame[FRAME];
    note_stack(frame);
    struct crowd *c = arg;
    int step = atomic_fetch_add(&c->ended, 1);
    if (step >= c->n)
        return 0;
    int code = crew_submit_with(c->ex, submit_two, c, NULL, NULL);
    return code ? code : crew_submit_with(c->ex, step % 2 ? give_13 : submit_two, c, NULL, NULL);
}

static int submit_next(void *arg)
{
    char frame[FRAME];
    note_stack(frame);
    struct crowd *c = arg;
    return atomic_fetch_add(&c->ended, 1) < c->n ? crew_submit_with(c->ex, submit_next, c, NULL, NULL) : 0;
}

/* Tasks that submit others: to a full queue, and in a build without threads. */
START_TEST(tasks_that_submit)
{
    for (size_t limit = 0; limit < 3; limit++) {
        for (int k = 0; k < 2; k++) {
            struct crowd c = {.n = 20000};
            c.ex = crew_executor_open(&(crew_executor_options){.threads = oracle_threads[_i], .queue_limit = limit});
            ck_assert_ptr_nonnull(c.ex);
            atomic_store(&deepest, 0);
            ck_assert_int_eq(crew_submit_with(c.ex, k ? submit_two : submit_next, &c, NULL, NULL), 0);
            wait_for(&c.ended, c.n);
            ck_assert_int_eq(crew_executor_shutdown(c.ex, 0), 0);
            ck_assert_int_ge(c.ended, c.n);
            ck_assert(is_shallow());
        }
    }
}
END_TEST

enum { LINKS = TESTS_VALGRIND ? 500 : 200000 };

/* A long chain behind one future, given back with its last link. */
static crew_future *chain_after(crew_executor *ex, crew_future *first, int links, crew_task_fn *fn, void *arg)
{
    crew_future *last = crew_future_retain(first);
    for (int i = 0; i < links; i++) {
        crew_future *next = crew_submit_after(ex, fn, arg, &last, 1);
        ck_assert_ptr_nonnull(next);
        crew_future_release(last);
        last = next;
    }
    return last;
}

static int note_and_count(void *arg)
{
    char frame[FRAME];
    note_stack(frame);
    return add_one(arg);
}

static void *run_small(void *arg)
{
    struct crowd *c = arg;
    atomic_store(&deepest, 0);
    crew_future *pending = NULL, *gate = crew_submit(c->ex, wait_at, &c->gate);
    /* Cancelled by this thread, all of it. */
    if (has_threads()) {
        pending = crew_submit_after(c->ex, give_13, NULL, &gate, 1);
        crew_future *last = chain_after(c->ex, pending, LINKS, note_and_count, &c->ended);
        ck_assert(crew_future_cancel(pending));
        ck_assert_int_eq(crew_future_status(last), CREW_FUTURE_CANCELED);
        ck_assert_int_eq(c->ended, 0);
        crew_future_release(last);
    }
    /* Failed by its first link, and run to its end. */
    crew_future *bad = chain_after(c->ex, gate, LINKS, note_and_count, &c->ended);
    crew_future *zero = crew_submit(c->ex, add_one, &c->ended);
    crew_future *good = chain_after(c->ex, zero, LINKS / 10, note_and_count, &c->ended);
    atomic_store(&c->gate.open, 1);
    int code = 0;
    ck_assert_int_eq(crew_future_result(bad, &code), -ECANCELED);
    ck_assert_int_eq(code, 7);
    ck_assert_int_eq(result_of(good), 0);
    ck_assert_int_eq(c->ended, LINKS / 10 + 1);
    crew_future_release(pending);
    crew_future_release(gate);
    crew_future_release(bad);
    crew_future_release(zero);
    return NULL;
}

START_TEST(long_chains_end)
{
    struct crowd c = {.ex = open_with(1 + _i), .gate = {.open = !has_threads()}};
    pthread_attr_t small;
    pthread_t thread;
    pthread_attr_init(&small);
    ck_assert_int_eq(pthread_attr_setstacksize(&small, TESTS_SANITIZED ? 8 << 20 : MOST_STACK), 0);
    ck_assert_int_eq(pthread_create(&thread, &small, run_small, &c), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&small);
    ck_assert_int_eq(crew_executor_shutdown(c.ex, 0), 0);
    ck_assert(is_shallow());
}
END_TEST

struct calls {
    crew_future **f;
    int n, called;
    bool cancels;
};

static void cancel_next(crew_future *f, void *ctx)
{
    char frame[FRAME];
    note_stack(frame);
    struct calls *c = ctx;
    ck_assert_int_ge(crew_future_status(f), CREW_FUTURE_DONE);
    if (++c->called >= c->n)
        return;
    if (c->cancels) {
        ck_assert(crew_future_cancel(c->f[c->called]));
        /* A wait makes the calls that are left first, so it does not wait for itself. */
        if (c->called == c->n / 2)
            ck_assert_int_eq(crew_future_wait(c->f[c->called], -1), 0);
    } else {
        ck_assert_int_eq(crew_future_on_done(f, cancel_next, c), 0);
    }
}

/* Callbacks that end the next future, or register at one that has ended. */
START_TEST(callbacks_that_call)
{
    enum { N = TESTS_VALGRIND ? 200 : 5000 };
    crew_executor *ex = open_with(1);
    struct gate gate = {.open = !has_threads()};
    crew_future *busy = crew_submit(ex, wait_at, &gate), **f = malloc(N * sizeof(crew_future *));
    ck_assert_ptr_nonnull(f);
    atomic_store(&deepest, 0);
    struct calls c = {.f = f, .n = N, .cancels = true};
    for (int i = 0; i < N && has_threads(); i++) {
        f[i] = crew_submit(ex, give_13, NULL);
        ck_assert_int_eq(crew_future_on_done(f[i], cancel_next, &c), 0);
    }
    if (has_threads()) {
        ck_assert(crew_future_cancel(f[0]));
        ck_assert_int_eq(c.called, N);
    }
    for (int i = 0; i < N && has_threads(); i++)
        crew_future_release(f[i]);
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_future_wait(busy, -1), 0);
    c = (struct calls){.n = N};
    ck_assert_int_eq(crew_future_on_done(busy, cancel_next, &c), 0);
    ck_assert_int_eq(c.called, N);
    ck_assert(is_shallow());
    crew_future_release(busy);
    free(f);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

/* What waits for the end of a chain whose links stand behind it in the queue. */
START_TEST(workers_run_what_they_wait_for)
{
    enum { N = 60 };
    crew_executor *ex = open_with(1 + _i);
    struct gate gate = {.open = !has_threads()};
    struct crowd c = {.ex = ex};
    atomic_int ran = 0;
    atomic_store(&deepest, 0);
    for (int i = 0; i <= _i; i++)
        ck_assert_int_eq(crew_submit_with(ex, wait_at, &gate, NULL, NULL), 0);
    if (has_threads())
        wait_for(&gate.waiting, 1 + _i);
    crew_future *waiters[N], *first = crew_submit(ex, note_and_count, &ran);
    c.shared = chain_after(ex, first, 2000, note_and_count, &ran);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(crew_submit_with(ex, wait_for_shared, &c, &waiters[i],
                                          &(crew_submit_options){.priority = CREW_PRIORITY_HIGH}),
                         0);
    atomic_store(&gate.open, 1);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(result_of(waiters[i]), 0);
    ck_assert_int_eq(ran, 2001);
    ck_assert(is_shallow());
    crew_future_release(first);
    crew_future_release(c.shared);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

struct relay {
    crew_executor *own, *other;
    int left;
};

static int relay(void *arg)
{
    struct relay *r = arg;
    struct relay next = {r->other, r->own, r->left - 1};
    if (r->left == 0)
        return 1;
    int result = 0;
    crew_future *f = crew_submit(r->other, relay, &next);
    int code = f ? crew_future_result(f, &result) : -errno;
    crew_future_release(f);
    return code ? code : result;
}

/* Two executors whose tasks wait for each other's: more of them than may run on top of each other. */
START_TEST(executors_that_wait_for_each_other)
{
    enum { N = 100 };
    for (size_t limit = 0; limit < 3; limit++) {
        crew_executor_options opt = {.threads = 1 + _i, .queue_limit = limit};
        crew_executor *a = crew_executor_open(&opt), *b = crew_executor_open(&opt);
        ck_assert(a && b);
        struct relay ra = {a, b, 3}, rb = {b, a, 3};
        crew_future *f[N];
        for (int i = 0; i < N; i++)
            f[i] = i % 2 ? crew_submit(b, relay, &rb) : crew_submit(a, relay, &ra);
        for (int i = 0; i < N; i++)
            ck_assert_int_eq(result_of(f[i]), 1);
        ck_assert_int_eq(crew_executor_shutdown(a, 0), 0);
        ck_assert_int_eq(crew_executor_shutdown(b, 0), 0);
    }
}
END_TEST

struct pingpong {
    crew_executor *ex[2];
    atomic_int ran, ended;
};

static int submit_to_second(void *arg);

static int submit_to_first(void *arg)
{
    struct pingpong *p = arg;
    if (atomic_fetch_add(&p->ran, 1) < 2000)
        for (int i = 0; i < 2; i++)
            crew_submit_with(p->ex[0], submit_to_second, p, NULL, NULL);
    atomic_fetch_add(&p->ended, 1);
    return 0;
}

static int submit_to_second(void *arg)
{
    struct pingpong *p = arg;
    if (atomic_fetch_add(&p->ran, 1) < 2000)
        for (int i = 0; i < 2; i++)
            crew_submit_with(p->ex[1], submit_to_first, p, NULL, NULL);
    atomic_fetch_add(&p->ended, 1);
    return 0;
}

START_TEST(full_queues_that_feed_each_other)
{
    crew_executor_options opt = {.threads = 1 + _i, .queue_limit = 1};
    struct pingpong p = {.ex = {crew_executor_open(&opt), crew_executor_open(&opt)}};
    ck_assert(p.ex[0] && p.ex[1]);
    ck_assert_int_eq(crew_submit_with(p.ex[0], submit_to_second, &p, NULL, NULL), 0);
    wait_for(&p.ended, 4001); /* neither may be freed while the other one's tasks submit to it */
    ck_assert_int_eq(crew_executor_shutdown(p.ex[0], 0), 0);
    ck_assert_int_eq(crew_executor_shutdown(p.ex[1], 0), 0);
    ck_assert_int_eq(p.ran, 4001);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wait");
    TCase *tc = parallel_case(suite, "wait");
    tcase_add_test(tc, times_inside_and_outside);
    tcase_add_test(tc, a_look_runs_nothing);
    tcase_add_loop_test(tc, many_wait_for_one, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, joins_that_wait, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, tasks_that_submit, 0, 3);
    tcase_add_loop_test(tc, long_chains_end, 0, 2);
    tcase_add_test(tc, callbacks_that_call);
    tcase_add_loop_test(tc, workers_run_what_they_wait_for, 0, 2);
    tcase_add_loop_test(tc, executors_that_wait_for_each_other, 0, 2);
    tcase_add_loop_test(tc, full_queues_that_feed_each_other, 0, 2);
    return run_suite(suite);
}
