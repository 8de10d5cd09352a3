/* A callback that is left otherwise than by returning: the place ends the process at once and says so, or calls go on
   with right results; nothing crashes or hangs. */
#ifndef TESTS_LEAVE_H
#define TESTS_LEAVE_H

#include "../support/suite.h"
#include <crew/executor.h>
#include <crew/task.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum way { JUMP, EXIT, CANCEL, THROW, WAYS };

/* ENDS: the process must end there. EITHER: or calls go on. */
enum outcome { ENDS, EITHER };

struct place {
    const char *name;
    void (*run)(void);
    enum outcome jump, other; /* other: what unwinds */
    bool on_worker;           /* a thread of crew's leaves, not the caller */
    bool always_open;
};

/* In C++, where there is a compiler for it. leave_catch says whether something was caught. */
extern void leave_by_throw(void) __attribute__((weak));
extern int leave_catch(void (*fn)(void)) __attribute__((weak));

static enum way leave_way;
static bool leave_on_worker;
static atomic_int leave_later; /* calls that return before one leaves: of a loop, what comes before its team */
static atomic_bool leave_left;
static atomic_int leave_patience = 5000; /* milliseconds in all */
static _Thread_local bool leave_is_caller;
static jmp_buf leave_home;

/* In a callback: leaves it, the first time and on the thread that is meant. */
static void leave(void)
{
    bool no = false;
    if (atomic_fetch_sub(&leave_later, 1) > 0)
        return;
    if (leave_is_caller == leave_on_worker || !atomic_compare_exchange_strong(&leave_left, &no, true))
        return;
    switch (leave_way) {
    case JUMP:
        longjmp(leave_home, 1);
    case EXIT:
        pthread_exit(NULL);
    case CANCEL:
        pthread_cancel(pthread_self());
        pthread_testcancel();
        break;
    default:
        leave_by_throw();
    }
}

/* In a callback of a loop: gives the thread that is to leave time to come. */
static void leave_or_wait(void)
{
    bool first = atomic_load(&leave_later) > 0;
    leave();
    while (!first && !atomic_load(&leave_left) && atomic_fetch_sub(&leave_patience, 1) > 0)
        usleep(1000);
}

static int leave_mark(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)ctx)[i]++;
    return 0;
}

static int leave_count(void *arg)
{
    long depth = *(long *)arg, left = depth - 1, right = depth - 2;
    if (depth < 2)
        return (int)depth;
    crew_task task;
    crew_fork(&task, leave_count, &right);
    int first = leave_count(&left), second = crew_join(&task);
    return first + second;
}

/* Calls of each kind after a callback was left. */
static bool leave_all_right(void)
{
    enum { N = 5000 };
    static unsigned char marks[N];
    memset(marks, 0, N);
    bool right = crew_for(N, leave_mark, marks, NULL) == 0;
    for (int i = 0; i < N; i++)
        right = right && marks[i] == 1;
    long depth = 15;
    right = right && crew_run(leave_count, &depth, NULL) == 610;
    crew_future *f = crew_submit(NULL, leave_count, &depth);
    int result = 0;
    right = right && crew_future_result(f, &result) == 0 && result == 610;
    crew_future_release(f);
    return right && crew_executor_shutdown(NULL, 0) == 0;
}

static const struct place *leave_place;

static void *leave_victim(void *unused)
{
    (void)unused;
    leave_is_caller = true;
    if (leave_way == THROW)
        leave_catch(leave_place->run);
    else if (leave_way != JUMP || setjmp(leave_home) == 0)
        leave_place->run();
    if (!leave_all_right())
        _exit(3);
    return NULL;
}

static void leave_in_child(const struct place *place, enum way way)
{
    signal(SIGALRM, SIG_DFL);
    signal(SIGABRT, SIG_DFL);
    alarm(30);
    leave_place = place;
    leave_way = way;
    leave_on_worker = place->on_worker;
    crew__tuning.always_open = place->always_open;
    atomic_store(&leave_later, place->always_open);
    pthread_t thread;
    if (pthread_create(&thread, NULL, leave_victim, NULL) != 0)
        _exit(4);
    pthread_join(thread, NULL);
    if (!atomic_load(&leave_left))
        _exit(2);
    _exit(leave_all_right() ? 0 : 3);
}

/* What happened: "" where it was as it should be. */
static void leave_try(const struct place *place, enum way way)
{
    static const char *const names[] = {"longjmp", "pthread_exit", "pthread_cancel", "an exception"};
    int said[2], status;
    ck_assert_int_eq(pipe(said), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(said[1], STDERR_FILENO);
        leave_in_child(place, way);
    }
    close(said[1]);
    char text[1024] = "";
    size_t size = 0;
    for (ssize_t got; size < sizeof text - 1 && (got = read(said[0], text + size, sizeof text - 1 - size)) > 0;)
        size += (size_t)got;
    close(said[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);

    bool ended = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strncmp(text, "crew: ", 6) == 0;
    bool went_on = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    enum outcome outcome = way == JUMP ? place->jump : place->other;
    ck_assert_msg(ended || (went_on && outcome == EITHER), "%s left by %s: %s %d, said \"%s\"", place->name, names[way],
                  WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                  text);
}

/* Every way that the build has; a longjmp onto another thread's stack is none. */
static void leave_each_way(const struct place *place)
{
    for (enum way way = JUMP; way < WAYS; way++)
        if (!(way == THROW && !leave_by_throw) && !(way == JUMP && place->on_worker))
            leave_try(place, way);
}

/* What sees longjmp is glibc's. */
#if defined(__GLIBC__)
#define LEAVE_SEEN ENDS
#else
#define LEAVE_SEEN EITHER
#endif

/* Teams and workers are those of OpenMP. */
#ifdef _OPENMP
#define LEAVE_TEAM LEAVE_SEEN
#define LEAVE_HAS_WORKERS 1
#else
#define LEAVE_TEAM EITHER
#define LEAVE_HAS_WORKERS 0
#endif

#endif
