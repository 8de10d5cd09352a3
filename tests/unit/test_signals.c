/* Which signals an executor's workers take, and what the programs that a task starts inherit. */
#define _GNU_SOURCE
#include "../support/suite.h"
#include <crew/executor.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int run_in_task(crew_task_fn *fn, void *arg)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 2});
    ck_assert_ptr_nonnull(ex);
    crew_future *f = crew_submit(ex, fn, arg);
    ck_assert_ptr_nonnull(f);
    int value = -1;
    ck_assert_int_eq(crew_future_result(f, &value), 0);
    crew_future_release(f);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    return value;
}

static int read_mask(void *arg)
{
    return pthread_sigmask(SIG_BLOCK, NULL, arg);
}

static const int asynchronous[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGUSR1, SIGUSR2, SIGCHLD, SIGWINCH, SIGPIPE};
static const int synchronous[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF};

enum { ASYNCHRONOUS = sizeof asynchronous / sizeof asynchronous[0], SYNCHRONOUS = sizeof synchronous / sizeof(int) };

START_TEST(workers_block_what_is_not_theirs)
{
    sigset_t mask, before, after;
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    ck_assert_int_eq(run_in_task(read_mask, &mask), 0);
    bool threads = strncmp(crew_backend(), "openmp", 6) == 0;
    for (int i = 0; i < ASYNCHRONOUS; i++)
        ck_assert_int_eq(sigismember(&mask, asynchronous[i]), threads);
    for (int i = 0; i < SYNCHRONOUS; i++)
        ck_assert_int_eq(sigismember(&mask, synchronous[i]), 0);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    for (int s = 1; s < 32; s++)
        ck_assert_int_eq(sigismember(&after, s), sigismember(&before, s));
}
END_TEST

START_TEST(what_the_opener_blocks_stays_blocked)
{
    sigset_t mask, block;
    sigemptyset(&block);
    sigaddset(&block, SIGPROF);
    pthread_sigmask(SIG_BLOCK, &block, NULL);
    ck_assert_int_eq(run_in_task(read_mask, &mask), 0);
    ck_assert_int_eq(sigismember(&mask, SIGPROF), 1);
    ck_assert_int_eq(sigismember(&mask, SIGSEGV), 0);
}
END_TEST

static _Thread_local sigjmp_buf recover;
static atomic_int handled;

static void on_segv(int signal)
{
    (void)signal;
    atomic_fetch_add(&handled, 1);
    siglongjmp(recover, 1);
}

static int touch_forbidden_page(void *page)
{
    if (sigsetjmp(recover, 1) == 0)
        *(volatile char *)page = 1;
    return 5;
}

START_TEST(the_programs_handler_runs_in_a_task)
{
    void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(page, MAP_FAILED);
    struct sigaction action = {.sa_handler = on_segv};
    ck_assert_int_eq(sigaction(SIGSEGV, &action, NULL), 0);
    ck_assert_int_eq(run_in_task(touch_forbidden_page, page), 5);
    ck_assert_int_eq(atomic_load(&handled), 1);
}
END_TEST

/* 15: a program that the task forks and execs is ended by SIGTERM. */
static int end_sleep(void *unused)
{
    (void)unused;
    pid_t child = fork();
    if (child == 0) {
        execlp("sleep", "sleep", "20", (char *)NULL);
        _exit(1);
    }
    usleep(50000);
    kill(child, SIGTERM);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

START_TEST(programs_that_a_task_starts_can_be_ended)
{
    ck_assert_int_eq(run_in_task(end_sleep, NULL), SIGTERM);
}
END_TEST

static int mask_after_fork(void *arg)
{
    const sigset_t *want = arg;
    pid_t child = fork();
    if (child == 0) {
        sigset_t mask;
        pthread_sigmask(SIG_BLOCK, NULL, &mask);
        for (int s = 1; s < 32; s++)
            if (sigismember(&mask, s) != sigismember(want, s))
                _exit(s);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(a_child_has_the_openers_mask)
{
    sigset_t block, mask;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &block, NULL);
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    ck_assert_int_eq(run_in_task(mask_after_fork, &mask), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("signals");
    TCase *tc = tcase_create("signals");
    tcase_add_test(tc, workers_block_what_is_not_theirs);
    tcase_add_test(tc, what_the_opener_blocks_stays_blocked);
    tcase_add_test(tc, the_programs_handler_runs_in_a_task);
    tcase_add_test(tc, programs_that_a_task_starts_can_be_ended);
    tcase_add_test(tc, a_child_has_the_openers_mask);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
