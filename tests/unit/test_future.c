/* Futures: their states, waits, callbacks and dependencies. */
#define _DEFAULT_SOURCE
#include "../support/sanitized.h"
#include "executor_test.h"
#include <errno.h>
#include <math.h>
#include <sys/wait.h>

START_TEST(cancel_and_states)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    atomic_int count = 0;
    crew_future *busy = crew_submit(ex, wait_at, &gate), *pending = crew_submit(ex, add_one, &count);
    wait_for(&gate.waiting, 1);
    ck_assert_int_eq(crew_future_status(busy), CREW_FUTURE_RUNNING);
    ck_assert_int_eq(crew_future_status(pending), CREW_FUTURE_PENDING);
    ck_assert(!crew_future_cancel(busy));
    ck_assert_int_eq(crew_future_wait(pending, 0), -ETIMEDOUT);
    ck_assert_int_eq(crew_future_wait(pending, 0.01), -ETIMEDOUT);
    ck_assert(crew_future_cancel(pending));
    ck_assert(crew_future_cancel(pending));
    ck_assert_int_eq(crew_future_status(pending), CREW_FUTURE_CANCELED);
    ck_assert_int_eq(crew_future_wait(pending, -1), 0);
    int result = 1;
    ck_assert_int_eq(crew_future_result(pending, &result), -ECANCELED);
    ck_assert_int_eq(result, -ECANCELED);
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_future_wait(busy, -1), 0);
    ck_assert_int_eq(crew_future_status(busy), CREW_FUTURE_DONE);
    ck_assert(!crew_future_cancel(busy));
    crew_future_release(pending);
    ck_assert_int_eq(result_of(busy), 7);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(count, 0);
}
END_TEST

static void note_done(crew_future *f, void *ctx)
{
    (void)f;
    note_task(ctx);
}

START_TEST(callbacks_in_order)
{
    crew_executor *ex = open_with(1);
    struct gate gate = {.open = !has_threads()};
    struct order order = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct mark marks[8];
    crew_future *f = crew_submit(ex, wait_at, &gate), *canceled = crew_submit(ex, wait_at, &gate);
    for (int i = 0; i < 8; i++)
        marks[i] = (struct mark){&order, i};
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(crew_future_on_done(f, note_done, &marks[i]), 0);
    if (has_threads()) {
        ck_assert_int_eq(order.count, 0);
        ck_assert_int_eq(crew_future_on_done(canceled, note_done, &marks[5]), 0);
        ck_assert(crew_future_cancel(canceled));
        ck_assert_int_eq(order.count, 1);
        ck_assert_int_eq(order.seen[0], 5);
        order.count = 0;
    }
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(crew_future_on_done(f, note_done, &marks[6]), 0); /* at once */
    ck_assert_int_eq(order.count, 6);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(order.seen[i], i < 5 ? i : 6);
    crew_future_release(f);
    crew_future_release(canceled);
}
END_TEST

struct ring {
    crew_executor *ex;
    crew_future *a, *b;
    atomic_int ready;
    int codes[2];
};

static int wait_for_b(void *arg)
{
    struct ring *r = arg;
    wait_for(&r->ready, 1);
    r->codes[0] = crew_future_wait(r->b, -1);
    return 0;
}

static int wait_for_a(void *arg)
{
    struct ring *r = arg;
    wait_for(&r->ready, 1);
    r->codes[1] = crew_future_wait(r->a, -1);
    return 0;
}

static int wait_for_self(void *arg)
{
    struct ring *r = arg;
    wait_for(&r->ready, 1);
    r->codes[0] = crew_future_wait(r->a, -1);
    r->codes[1] = crew_wait(&r->a, 1, CREW_WAIT_ANY, -1);
    return 0;
}

START_TEST(wait_cycles_are_found)
{
    if (!has_threads())
        return;
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        struct ring r = {.ex = ex};
        r.a = crew_submit(ex, wait_for_self, &r);
        atomic_store(&r.ready, 1);
        ck_assert_int_eq(crew_future_wait(r.a, -1), 0);
        ck_assert_int_eq(r.codes[0], -EDEADLK);
        ck_assert_int_eq(r.codes[1], -EDEADLK);
        crew_future_release(r.a);

        r = (struct ring){.ex = ex};
        r.a = crew_submit(ex, wait_for_b, &r);
        r.b = crew_submit(ex, wait_for_a, &r);
        atomic_store(&r.ready, 1);
        ck_assert_int_eq(crew_future_wait(r.a, -1), 0);
        ck_assert_int_eq(crew_future_wait(r.b, -1), 0);
        /* One of them is told, and then the other one's wait ends. */
        ck_assert_int_eq(r.codes[0] + r.codes[1], -EDEADLK);
        crew_future_release(r.a);
        crew_future_release(r.b);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

START_TEST(dependencies)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        struct order order = {.lock = PTHREAD_MUTEX_INITIALIZER};
        struct mark marks[10];
        crew_future *f[10];
        for (int i = 0; i < 10; i++) {
            marks[i] = (struct mark){&order, i};
            f[i] = crew_submit_after(ex, note_task, &marks[i], f, (size_t)i); /* all before it */
            ck_assert_ptr_nonnull(f[i]);
        }
        ck_assert_int_eq(crew_wait(f, 10, CREW_WAIT_ALL, -1), 0);
        for (int i = 0; i < 10; i++) {
            ck_assert_int_eq(order.seen[i], i);
            crew_future_release(f[i]);
        }
        atomic_int count = 0;
        crew_future *bad = crew_submit(ex, give_13, NULL), *good = crew_submit(ex, add_one, &count);
        crew_future *after = crew_submit_after(ex, add_one, &count, (crew_future *[]){good, bad}, 2);
        crew_future *later = crew_submit_after(ex, add_one, &count, &after, 1);
        int result = 0;
        ck_assert_int_eq(crew_future_result(later, &result), -ECANCELED);
        ck_assert_int_eq(result, 13);
        ck_assert_int_eq(crew_future_result(after, &result), -ECANCELED);
        ck_assert_int_eq(result, 13);
        crew_future_release(bad);
        crew_future_release(good);
        crew_future_release(after);
        crew_future_release(later);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        ck_assert_int_eq(count, 1);
    }
}
END_TEST

START_TEST(waits)
{
    crew_executor *ex = open_with(3);
    struct gate gate = {.open = !has_threads()};
    crew_future *f[3] = {crew_submit(ex, wait_at, &gate), crew_submit(ex, wait_at, &gate),
                         crew_submit(ex, give_13, NULL)};
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_ANY, -1), 0);
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_FIRST_FAILURE, -1), 0);
    ck_assert_int_eq(crew_future_wait(f[2], -1), 0);
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_ALL, 0.01), has_threads() ? -ETIMEDOUT : 0);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_ANY, 0.01), has_threads() ? -ETIMEDOUT : 0);
    ck_assert_int_eq(crew_wait((crew_future *[]){f[0], NULL}, 2, CREW_WAIT_ALL, 0), -EINVAL);
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_ALL, -1), 0);
    for (int i = 0; i < 3; i++)
        crew_future_release(f[i]);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

/* A wait of no time says what there is, for each mode; one of no number is refused. */
START_TEST(looks)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    atomic_int count = 0;
    crew_future *good = crew_submit(ex, add_one, &count), *bad = crew_submit(ex, give_13, NULL);
    crew_future *busy = crew_submit(ex, wait_at, &gate);
    wait_for(&gate.waiting, 1);
    crew_future *all[] = {bad, good, busy};
    for (size_t first = 0; first < 3; first++) {
        const size_t n = 3 - first;
        crew_future **f = all + first;
        ck_assert_int_eq(crew_wait(f, n, CREW_WAIT_ALL, 0), -ETIMEDOUT);
        ck_assert_int_eq(crew_wait(f, n, CREW_WAIT_ANY, 0), first < 2 ? 0 : -ETIMEDOUT);
        ck_assert_int_eq(crew_wait(f, n, CREW_WAIT_FIRST_FAILURE, 0), first < 1 ? 0 : -ETIMEDOUT);
        ck_assert_int_eq(crew_wait(f, n, CREW_WAIT_ANY, NAN), -EINVAL);
        ck_assert_int_eq(crew_wait(f, n, (crew_wait_mode)99, 0), -EINVAL);
    }
    ck_assert_int_eq(crew_wait(all, 2, CREW_WAIT_ALL, 0), 0);
    ck_assert_int_eq(crew_future_wait(busy, NAN), -EINVAL);
    crew_completion *set = crew_completion_open(all, 3);
    ck_assert_int_eq(crew_completion_add(set, NULL), -EINVAL);
    errno = 0;
    ck_assert_ptr_null(crew_next_done_within(set, NAN));
    ck_assert_int_eq(errno, EINVAL);
    crew_completion_close(set);
    atomic_store(&gate.open, 1);
    for (int i = 0; i < 3; i++)
        crew_future_release(all[i]);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(completion_order)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        crew_future *f[100];
        int values[100];
        for (int i = 0; i < 100; i++) {
            values[i] = i;
            f[i] = crew_submit(ex, give_back, &values[i]);
        }
        crew_completion *set = crew_completion_open(f, 100);
        ck_assert_ptr_nonnull(set);
        bool seen[100] = {false};
        for (int i = 0; i < 100; i++) {
            crew_future *next = crew_next_done(set);
            ck_assert_ptr_nonnull(next);
            ck_assert_int_eq(crew_future_status(next), CREW_FUTURE_DONE);
            int value = result_of(next);
            ck_assert(!seen[value]);
            seen[value] = true;
        }
        errno = 1;
        ck_assert_ptr_null(crew_next_done(set));
        ck_assert_int_eq(errno, 0);
        ck_assert_int_eq(crew_completion_add(set, f[0]), 0);
        crew_completion_close(set); /* with one that was not given */
        for (int i = 0; i < 100; i++)
            crew_future_release(f[i]);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

/* A future is in a set once, however often it was added, until it was given. */
START_TEST(completion_has_each_once)
{
    enum { N = 300 };
    crew_executor *ex = open_with(2);
    crew_future *f[N];
    atomic_int count = 0;
    for (int i = 0; i < N; i++)
        f[i] = i % 3 == 2 ? crew_future_retain(f[i - 1]) : crew_submit(ex, add_one, &count);
    crew_completion *set = crew_completion_open(f, N);
    ck_assert_ptr_nonnull(set);
    for (int i = 0; i < N; i += 2)
        ck_assert_int_eq(crew_completion_add(set, f[i]), 0);
    int given = 0;
    for (crew_future *next; (next = crew_next_done(set)); given++) {
        ck_assert_int_lt(given, N);
        crew_future_release(next);
    }
    ck_assert_int_eq(errno, 0);
    ck_assert_int_eq(given, N / 3 * 2);
    ck_assert_int_eq(count, given);
    ck_assert_int_eq(crew_completion_add(set, f[0]), 0); /* anew */
    ck_assert_int_eq(crew_completion_add(set, f[0]), 0);
    ck_assert_ptr_eq(crew_next_done(set), f[0]);
    crew_future_release(f[0]);
    ck_assert_ptr_null(crew_next_done(set));
    crew_completion_close(set);
    ck_assert_int_eq(crew_wait((crew_future *[]){f[0], f[0]}, 2, CREW_WAIT_FIRST_FAILURE, -1), 0);
    for (int i = 0; i < N; i++)
        crew_future_release(f[i]);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

static void *next_of(void *set)
{
    crew_future *f;
    while (!(f = crew_next_done(set)) && errno == EBUSY) /* it has met a look */
        ;
    crew_future_release(f);
    return f;
}

START_TEST(completion_is_one_threads)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    crew_future *f = crew_submit(ex, wait_at, &gate);
    crew_completion *set = crew_completion_open(&f, 1);
    pthread_t other;
    void *found;
    ck_assert_int_eq(pthread_create(&other, NULL, next_of, set), 0);
    /* Until the other thread waits. On one processor it would meet a look for ever that goes on without a pause. */
    for (int error = 0; error != EBUSY; usleep(100)) {
        ck_assert_ptr_null(crew_next_done_within(set, 0));
        error = errno;
        ck_assert(error == EBUSY || error == ETIMEDOUT);
    }
    ck_assert_int_eq(crew_completion_add(set, f), -EBUSY);
    atomic_store(&gate.open, 1);
    pthread_join(other, &found);
    ck_assert_ptr_eq(found, f);
    crew_completion_close(set);
    ck_assert_int_eq(result_of(f), 7);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(completion_waits)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    crew_future *f = crew_submit(ex, wait_at, &gate);
    crew_completion *set = crew_completion_open(&f, 1);
    ck_assert_ptr_nonnull(set);
    ck_assert_ptr_null(crew_next_done_within(set, 0.01));
    ck_assert_int_eq(errno, ETIMEDOUT);
    crew_completion_close(set); /* before its future ends */
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(result_of(f), 7);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

/* A child has the futures of its parent, but not the threads that would end them. */
START_TEST(after_fork)
{
    if (!has_threads())
        return;
    struct gate gate = {0};
    int value = 3;
    crew_future *busy = crew_submit(NULL, wait_at, &gate), *before = crew_submit(NULL, give_back, &value);
    ck_assert(busy && before);
    wait_for(&gate.waiting, 1);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        int result = 0;
        bool good = crew_future_status(busy) == CREW_FUTURE_CANCELED && crew_future_wait(busy, -1) == 0 &&
                    crew_future_result(busy, &result) == -ECANCELED;
        crew_future *f = crew_submit(NULL, give_back, &value); /* threads of the child's own */
        good = good && f && crew_future_result(f, &result) == 0 && result == 3;
        crew_future_release(f);
        good = good && crew_executor_shutdown(NULL, 0) == 0;
        _exit(good ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(result_of(busy), 7);
    ck_assert_int_eq(result_of(before), 3);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("future");
    TCase *tc = parallel_case(suite, "future");
    tcase_add_test(tc, cancel_and_states);
    tcase_add_test(tc, callbacks_in_order);
    tcase_add_test(tc, wait_cycles_are_found);
    tcase_add_test(tc, dependencies);
    tcase_add_test(tc, waits);
    tcase_add_test(tc, looks);
    tcase_add_test(tc, completion_order);
    tcase_add_test(tc, completion_has_each_once);
    tcase_add_test(tc, completion_is_one_threads);
    tcase_add_test(tc, completion_waits);
    if (!TESTS_RACES) /* ThreadSanitizer has no threads after a fork */
        tcase_add_test(tc, after_fork);
    return run_suite(suite);
}
