/* Promises and tags of futures, waits with options, executors that close by themselves, names of workers. */
#define _GNU_SOURCE
#include "executor_test.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

START_TEST(tags)
{
    int mine = 5, copied[100] = {0};
    void *tag = &mine;
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        crew_future *f[4];
        ck_assert_int_eq(crew_submit_with(ex, give_back, &mine, &f[0], &(crew_submit_options){.tag = tag}), 0);
        ck_assert_int_eq(
            crew_submit_with(ex, give_back, copied, &f[1], &(crew_submit_options){.tag = &f[1], .copy = sizeof copied}),
            0);
        ck_assert_int_eq(crew_submit_with(ex, give_back, &mine, &f[2],
                                          &(crew_submit_options){.tag = &f[2], .deps = &f[1], .ndeps = 1}),
                         0);
        f[3] = crew_submit(ex, give_back, &mine);
        ck_assert_ptr_eq(crew_future_tag(f[0]), tag);
        ck_assert_ptr_eq(crew_future_tag(f[1]), &f[1]);
        ck_assert_ptr_eq(crew_future_tag(f[2]), &f[2]);
        ck_assert_ptr_null(crew_future_tag(f[3]));
        crew_completion *set = crew_completion_open(f, 3);
        int given = 0;
        for (crew_future *next; (next = crew_next_done(set)); crew_future_release(next))
            given += crew_future_tag(next) == tag;
        ck_assert_int_eq(given, 1);
        crew_completion_close(set);
        ck_assert_int_eq(result_of(f[0]), 5);
        ck_assert_int_eq(result_of(f[1]), 0);
        ck_assert_int_eq(result_of(f[2]), 5);
        ck_assert_int_eq(result_of(f[3]), 5);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    ck_assert_ptr_null(crew_future_tag(NULL));
}
END_TEST

static void count_end(crew_future *f, void *ctx)
{
    (void)f;
    ++*(int *)ctx;
}

START_TEST(promise_is_set)
{
    crew_future *f;
    int ended = 0, value = 3;
    crew_promise *p = crew_promise_open(&f, &value);
    ck_assert_ptr_nonnull(p);
    ck_assert_ptr_eq(crew_future_tag(f), &value);
    ck_assert_int_eq(crew_future_status(f), CREW_FUTURE_PENDING);
    ck_assert_int_eq(crew_future_wait(f, 0), -ETIMEDOUT);
    ck_assert_int_eq(crew_future_wait(f, 0.001), -ETIMEDOUT);
    ck_assert_int_eq(crew_future_on_done(f, count_end, &ended), 0);
    crew_executor *ex = open_with(2);
    crew_future *after = crew_submit_after(ex, give_back, &value, &f, 1);
    ck_assert_int_eq(crew_future_status(after), CREW_FUTURE_PENDING);
    value = 4;
    ck_assert_int_eq(crew_promise_set(p, 0), 0);
    ck_assert_int_eq(ended, 1);
    ck_assert_int_eq(crew_promise_set(p, 9), -EALREADY);
    ck_assert(!crew_future_cancel(f));
    crew_promise_close(p);
    ck_assert_int_eq(result_of(f), 0);
    ck_assert_int_eq(result_of(after), 4);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(promise_that_fails)
{
    crew_future *f;
    crew_promise *p = crew_promise_open(&f, NULL);
    crew_executor *ex = open_with(1);
    int value = 3, result = 0;
    crew_future *after = crew_submit_after(ex, give_back, &value, &f, 1);
    ck_assert_int_eq(crew_promise_set(p, 17), 0);
    ck_assert_int_eq(crew_future_result(after, &result), -ECANCELED);
    ck_assert_int_eq(result, 17);
    crew_promise_close(p);
    ck_assert_int_eq(result_of(f), 17);
    crew_future_release(after);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(promise_is_dropped)
{
    crew_future *f;
    int ended = 0, result = 0;
    crew_promise *p = crew_promise_open(&f, NULL);
    ck_assert_int_eq(crew_future_on_done(f, count_end, &ended), 0);
    crew_promise_close(p);
    ck_assert_int_eq(ended, 1);
    ck_assert_int_eq(crew_future_result(f, &result), -ECANCELED);
    ck_assert_int_eq(result, -ECANCELED);
    crew_future_release(f);

    p = crew_promise_open(&f, NULL);
    ck_assert(crew_future_cancel(f));
    ck_assert_int_eq(crew_promise_set(p, 1), -ECANCELED);
    crew_future_release(f);
    ck_assert_int_eq(crew_promise_set(p, 1), -ECANCELED);
    crew_promise_close(p);

    crew_promise_close(NULL);
    ck_assert_int_eq(crew_promise_set(NULL, 1), -EINVAL);
    errno = 0;
    ck_assert_ptr_null(crew_promise_open(NULL, NULL));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_ptr_nonnull(strstr(crew_strerror(-EALREADY), "EALREADY"));
}
END_TEST

struct setter {
    crew_promise *p;
    int value, got;
};

static void *set_later(void *arg)
{
    struct setter *s = arg;
    usleep(2000);
    s->got = crew_promise_set(s->p, s->value);
    return NULL;
}

static int wait_for_promise(void *f)
{
    int result = 0;
    return crew_future_result(f, &result) ? -1 : result;
}

/* Two threads set it, and tasks wait for it; those wake with the value of the one that won. */
START_TEST(promise_between_threads)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        for (int k = 0; k < 5; k++) {
            crew_future *f, *waits[3];
            pthread_t thread[2];
            crew_promise *p = crew_promise_open(&f, NULL);
            struct setter s[2] = {{p, 1, 9}, {p, 2, 9}};
            for (int i = 0; i < 2; i++)
                ck_assert_int_eq(pthread_create(&thread[i], NULL, set_later, &s[i]), 0);
            for (int i = 0; i < 3; i++)
                waits[i] = crew_submit(ex, wait_for_promise, f);
            int results[3];
            for (int i = 0; i < 3; i++)
                results[i] = result_of(waits[i]);
            for (int i = 0; i < 2; i++)
                pthread_join(thread[i], NULL);
            ck_assert((s[0].got == 0 && s[1].got == -EALREADY) || (s[1].got == 0 && s[0].got == -EALREADY));
            for (int i = 0; i < 3; i++)
                ck_assert_int_eq(results[i], s[0].got == 0 ? 1 : 2);
            crew_promise_close(p);
            crew_future_release(f);
        }
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

START_TEST(promise_of_the_parent)
{
    crew_future *f;
    crew_promise *p = crew_promise_open(&f, NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(crew_promise_set(p, 1) == -ECANCELED && crew_future_wait(f, -1) == 0 ? 0 : 1);
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(crew_promise_set(p, 1), 0);
    crew_promise_close(p);
    ck_assert_int_eq(result_of(f), 1);
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

START_TEST(wait_with_options)
{
    enum { FUTURES = 6 };
    crew_future *f[FUTURES];
    crew_promise *p[FUTURES];
    for (int i = 0; i < FUTURES; i++)
        ck_assert_ptr_nonnull(p[i] = crew_promise_open(&f[i], NULL));
    struct told told = {0};
    crew_cancel stop = {0};
    crew_options opt = {.timeout = 0.005, .progress = tell, .progress_ctx = &told};
    ck_assert_int_eq(crew_promise_set(p[3], 0), 0);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ALL, &opt), -ETIMEDOUT);
    ck_assert_uint_ge(told.calls, 1);
    ck_assert_uint_eq(told.done, 1);
    ck_assert_uint_eq(told.total, FUTURES);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ANY, &opt), 0);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_FIRST_FAILURE, &opt), -ETIMEDOUT);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ALL, &(crew_options){.timeout = 0.005}), -ETIMEDOUT);
    opt = (crew_options){.cancel = &stop};
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ANY, &opt), 0);
    crew_cancel_request(&stop);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ALL, &opt), -ECANCELED);
    ck_assert_int_eq(crew_promise_set(p[1], 3), 0);
    crew_cancel_reset(&stop);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_FIRST_FAILURE, &opt), 0);
    for (int i = 0; i < FUTURES; i++) {
        crew_promise_set(p[i], 0);
        crew_promise_close(p[i]);
    }
    told = (struct told){0};
    opt = (crew_options){.progress = tell, .progress_ctx = &told, .timeout = 100};
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ALL, &opt), 0);
    ck_assert_uint_eq(told.done, FUTURES);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ALL, NULL), 0);
    ck_assert_int_eq(crew_wait_with(NULL, 0, CREW_WAIT_ALL, &opt), 0);
    ck_assert_int_eq(crew_wait_with(NULL, 1, CREW_WAIT_ALL, &opt), -EINVAL);
    ck_assert_int_eq(crew_wait_with((crew_future *[]){NULL}, 1, CREW_WAIT_ALL, &opt), -EINVAL);
    ck_assert_int_eq(crew_wait_with(f, FUTURES, (crew_wait_mode)9, &opt), -EINVAL);
    const double bad[] = {-1, NAN, -INFINITY};
    for (int i = 0; i < 3; i++) {
        opt.timeout = bad[i];
        ck_assert_int_eq(crew_wait_with(f, FUTURES, CREW_WAIT_ALL, &opt), -EINVAL);
    }
    for (int i = 0; i < FUTURES; i++)
        crew_future_release(f[i]);
}
END_TEST

/* Workers' values, counted. */
static int initialize(void **local, void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, 1);
    *local = ctx;
    return 0;
}

static void finalize(void *local, void *ctx)
{
    ck_assert_ptr_eq(local, ctx);
    atomic_fetch_sub((atomic_int *)ctx, 1);
}

static void wait_until_gone(atomic_int *workers)
{
    for (int i = 0; i < 500000 && atomic_load(workers) != 0; i++)
        usleep(100);
    ck_assert_int_eq(atomic_load(workers), 0);
}

static crew_executor *open_counted(int threads, atomic_int *workers)
{
    crew_executor *ex = crew_executor_open(
        &(crew_executor_options){.threads = threads, .initializer = initialize, .finalizer = finalize, .ctx = workers});
    ck_assert_ptr_nonnull(ex);
    return ex;
}

START_TEST(no_wait)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        atomic_int workers = 0, count = 0;
        crew_executor *ex = open_counted(oracle_threads[round], &workers);
        struct gate gate = {0};
        gate.open = !has_threads();
        crew_future *held = crew_submit(ex, wait_at, &gate);
        crew_future *after = crew_submit_after(ex, add_one, &count, &held, 1);
        for (int i = 0; i < 100; i++)
            ck_assert_int_eq(crew_submit_with(ex, add_one, &count, NULL, NULL), 0);
        ck_assert_int_eq(crew_executor_shutdown(ex, CREW_NO_WAIT), 0);
        if (has_threads()) {
            ck_assert_int_eq(crew_future_wait(held, 0), -ETIMEDOUT);
            ck_assert_int_gt(workers, 0);
        }
        atomic_store(&gate.open, 1);
        ck_assert_int_eq(result_of(held), 7);
        ck_assert_int_eq(crew_future_result(after, NULL), -ECANCELED); /* the one before it gives 7 */
        crew_future_release(after);
        wait_until_gone(&workers);
        ck_assert_int_eq(count, 100);
    }
}
END_TEST

START_TEST(no_wait_after_a_promise)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        atomic_int workers = 0, count = 0;
        crew_executor *ex = open_counted(oracle_threads[round], &workers);
        crew_future *f;
        crew_promise *p = crew_promise_open(&f, NULL);
        crew_future *after = crew_submit_after(ex, add_one, &count, &f, 1);
        ck_assert_int_eq(crew_executor_shutdown(ex, CREW_NO_WAIT), 0);
        ck_assert_int_gt(workers, 0);
        ck_assert_int_eq(crew_promise_set(p, 0), 0);
        crew_promise_close(p);
        crew_future_release(f);
        ck_assert_int_eq(result_of(after), 0);
        wait_until_gone(&workers);
        ck_assert_int_eq(count, 1);
    }
}
END_TEST

START_TEST(no_wait_and_cancel)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        atomic_int workers = 0;
        crew_executor *ex = open_counted(oracle_threads[round], &workers);
        crew_future *f;
        crew_promise *p = crew_promise_open(&f, NULL);
        crew_future *after = crew_submit_after(ex, give_13, NULL, &f, 1);
        ck_assert_int_eq(crew_executor_shutdown(ex, CREW_NO_WAIT | CREW_CANCEL_PENDING), 0);
        ck_assert_int_eq(crew_future_result(after, NULL), -ECANCELED);
        crew_future_release(after);
        crew_promise_close(p);
        crew_future_release(f);
        wait_until_gone(&workers);
    }
    ck_assert_int_eq(crew_executor_shutdown(NULL, CREW_NO_WAIT), 0);
    ck_assert_int_eq(result_of(crew_submit(NULL, give_13, NULL)), 13);
    ck_assert_int_eq(crew_executor_shutdown(NULL, CREW_NO_WAIT), 0);
    ck_assert_int_eq(result_of(crew_submit(NULL, give_13, NULL)), 13);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 0), 0);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 8), -EINVAL);
}
END_TEST

/* libomp aborts where the process ends while a thread leaves its region. */
START_TEST(no_wait_and_exit)
{
    for (int round = 0; round < (TESTS_VALGRIND ? 3 : 40); round++) {
        pid_t pid = fork();
        if (pid == 0) {
            static atomic_int count;
            crew_executor *ex = open_with(3);
            for (int i = 0; i < 10; i++)
                crew_submit_with(ex, add_one, &count, NULL, NULL);
            crew_executor_shutdown(ex, CREW_NO_WAIT);
            usleep(20 * (useconds_t)round);
            exit(0);
        }
        int status = -1;
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_int_eq(status, 0);
    }
}
END_TEST

static int close_own(void *arg)
{
    crew_executor **ex = arg;
    return crew_executor_shutdown(*ex, 0) == -EDEADLK && crew_executor_shutdown(*ex, CREW_NO_WAIT) == -EDEADLK ? 0 : 1;
}

static int close_it(void *arg)
{
    return crew_executor_shutdown(arg, CREW_NO_WAIT);
}

struct two {
    crew_executor *own, *other;
};

/* Without threads the other one's task runs on top of this one's. */
static int let_be_closed(void *arg)
{
    const struct two *two = arg;
    void *local = crew_executor_local();
    int code = result_of(crew_submit(two->other, close_it, two->own));
    return code ? code : crew_executor_local() == local && crew_submit(two->own, give_13, NULL) == NULL ? 0 : 2;
}

START_TEST(no_wait_inside)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        atomic_int workers = 0;
        struct two two = {open_counted(oracle_threads[round], &workers), open_with(1)};
        ck_assert_int_eq(result_of(crew_submit(two.own, close_own, &two.own)), 0);
        crew_future *f;
        crew_promise *p = crew_promise_open(&f, NULL);
        crew_future *after = crew_submit_after(two.own, let_be_closed, &two, &f, 1);
        ck_assert_int_eq(crew_promise_set(p, 0), 0);
        crew_promise_close(p);
        crew_future_release(f);
        ck_assert_int_eq(result_of(after), 0);
        wait_until_gone(&workers);
        ck_assert_int_eq(crew_executor_shutdown(two.other, 0), 0);
    }
}
END_TEST

#ifdef __linux__

static int read_name(void *arg)
{
    return prctl(PR_GET_NAME, arg, 0, 0, 0);
}

static const char *const names[] = {"short", "exactly 15 char", "a name that is too long for it", ""};

START_TEST(workers_have_its_name)
{
    char caller[17] = {0}, now[17] = {0};
    read_name(caller);
    for (int round = 0; round < ORACLE_THREADS; round++)
        for (int i = 0; i < 4; i++) {
            crew_executor *ex =
                crew_executor_open(&(crew_executor_options){.threads = oracle_threads[round], .name = names[i]});
            ck_assert_ptr_nonnull(ex);
            char name[17] = {0}, expected[16];
            snprintf(expected, sizeof expected, "%.15s", names[i]);
            ck_assert_int_eq(result_of(crew_submit(ex, read_name, name)), 0);
            ck_assert_str_eq(name, has_threads() ? expected : caller);
            ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
            read_name(now);
            ck_assert_str_eq(now, caller);
        }
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("promise");
    TCase *tc = tcase_create("promise");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, tags);
    tcase_add_test(tc, promise_is_set);
    tcase_add_test(tc, promise_that_fails);
    tcase_add_test(tc, promise_is_dropped);
    tcase_add_test(tc, promise_between_threads);
    tcase_add_test(tc, promise_of_the_parent);
    tcase_add_test(tc, wait_with_options);
    tcase_add_test(tc, no_wait);
    tcase_add_test(tc, no_wait_after_a_promise);
    tcase_add_test(tc, no_wait_and_cancel);
    tcase_add_test(tc, no_wait_and_exit);
    tcase_add_test(tc, no_wait_inside);
#ifdef __linux__
    tcase_add_test(tc, workers_have_its_name);
#endif
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
