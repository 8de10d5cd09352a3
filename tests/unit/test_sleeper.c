/* A worker that slept for a while is kept off its waker's processor where it had much to do, has its mask back when it
   is awake, and has short time slices, which what it starts has not. */
#define _GNU_SOURCE
#include "../../lib/core/backend/sleeper.h"
#include "../../lib/core/base/clock.h"
#include "executor_test.h"
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static const int64_t BUSY_NS = 5000000, QUIET_NS = 1000;

/* A thread that says that it sleeps, until `go`. */
static struct {
    struct crew__sleeper sleeper;
    pthread_t thread;
    int64_t worked_ns; /* before it fell asleep */
    atomic_int asleep, go;
    cpu_set_t seen; /* by itself when it is awake */
} s;

static void pause_ns(long ns)
{
    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

static void *sleep_once(void *arg)
{
    (void)arg;
    const int64_t worked = (int64_t)((double)s.worked_ns * crew__ticks_per_ns());
    int64_t now;
    do { /* who loses its processor here has worked longer */
        now = crew__ticks();
        s.sleeper.woken = now - worked;
        crew__sleeper_begin(&s.sleeper);
    } while (crew__ticks() - now > (int64_t)(100000 * crew__ticks_per_ns()));
    atomic_store(&s.asleep, (int)syscall(SYS_gettid));
    while (!atomic_load(&s.go))
        pause_ns(200000);
    crew__sleeper_end(&s.sleeper);
    sched_getaffinity(0, sizeof s.seen, &s.seen);
    return NULL;
}

static int begin_sleeper(int64_t worked_ns)
{
    s.worked_ns = worked_ns;
    ck_assert_int_eq(pthread_create(&s.thread, NULL, sleep_once, NULL), 0);
    while (!atomic_load(&s.asleep))
        sched_yield();
    return s.asleep;
}

static void end_sleeper(void)
{
    atomic_store(&s.go, 1);
    pthread_join(s.thread, NULL);
}

static cpu_set_t mask_of(int thread)
{
    cpu_set_t mask;
    ck_assert_int_eq(sched_getaffinity(thread, sizeof mask, &mask), 0);
    return mask;
}

START_TEST(away_and_back)
{
    int thread = begin_sleeper(BUSY_NS);
    cpu_set_t all = mask_of(0);
    ck_assert(crew__sleeper_move(&s.sleeper));
    cpu_set_t away = mask_of(thread), own = mask_of(0);
    ck_assert_int_eq(CPU_COUNT(&away), CPU_COUNT(&all) - 1);
    ck_assert(!CPU_ISSET((size_t)(s.sleeper.avoided - 1), &away));
    ck_assert(CPU_EQUAL(&own, &all));
    ck_assert(!crew__sleeper_move(&s.sleeper)); /* it is woken already */
    end_sleeper();
    ck_assert(CPU_EQUAL(&s.seen, &all));
    ck_assert_int_eq(s.sleeper.avoided, 0);
    ck_assert(!crew__sleeper_move(&s.sleeper)); /* it is awake */
}
END_TEST

START_TEST(not_after_little_work)
{
    int thread = begin_sleeper(QUIET_NS);
    cpu_set_t all = mask_of(0);
    ck_assert(crew__sleeper_move(&s.sleeper));
    cpu_set_t after = mask_of(thread);
    ck_assert(CPU_EQUAL(&after, &all));
    end_sleeper();
}
END_TEST

START_TEST(not_after_its_first_start)
{
    cpu_set_t all = mask_of(0);
    crew__sleeper_begin(&s.sleeper);
    ck_assert(crew__sleeper_move(&s.sleeper));
    cpu_set_t after = mask_of(0);
    ck_assert(CPU_EQUAL(&after, &all));
    crew__sleeper_end(&s.sleeper);
}
END_TEST

START_TEST(not_who_is_bound)
{
    int thread = begin_sleeper(BUSY_NS);
    cpu_set_t one = mask_of(0);
    for (size_t cpu = 0, left = 1; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &one) && left-- != 1)
            CPU_CLR(cpu, &one);
    ck_assert_int_eq(sched_setaffinity(thread, sizeof one, &one), 0);
    ck_assert(crew__sleeper_move(&s.sleeper));
    end_sleeper();
    ck_assert(CPU_EQUAL(&s.seen, &one));
}
END_TEST

static const char *const wishes[][2] = {
    {"CREW_BIND", "0"}, {"OMP_PROC_BIND", "true"}, {"OMP_PLACES", "cores"}, {"GOMP_CPU_AFFINITY", "0-1"}};

START_TEST(not_where_it_is_not_wished)
{
    ck_assert_int_eq(setenv(wishes[_i][0], wishes[_i][1], 1), 0);
    int thread = begin_sleeper(BUSY_NS);
    cpu_set_t all = mask_of(0);
    ck_assert(crew__sleeper_move(&s.sleeper));
    cpu_set_t after = mask_of(thread);
    ck_assert(CPU_EQUAL(&after, &all));
    end_sleeper();
}
END_TEST

/* Wakes up and falls asleep while another thread moves it. */
static void *sleep_often(void *arg)
{
    atomic_int *stop = arg;
    while (!atomic_load(stop)) {
        s.sleeper.woken = 1;
        crew__sleeper_begin(&s.sleeper);
        crew__sleeper_end(&s.sleeper);
    }
    sched_getaffinity(0, sizeof s.seen, &s.seen);
    return NULL;
}

START_TEST(no_mask_is_lost)
{
    cpu_set_t all = mask_of(0);
    atomic_int stop = 0;
    ck_assert_int_eq(pthread_create(&s.thread, NULL, sleep_often, &stop), 0);
    /* where the two share a processor there is one move for each turn that they have */
    const double end = crew__seconds() + 2;
    for (int moved = 0; moved < 2000 && (moved == 0 || crew__seconds() < end);)
        moved += crew__sleeper_move(&s.sleeper);
    atomic_store(&stop, 1);
    pthread_join(s.thread, NULL);
    ck_assert(CPU_EQUAL(&s.seen, &all));
}
END_TEST

struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t slice, deadline, period;
};

static struct scheduling own_scheduling(void)
{
    struct scheduling own = {.size = sizeof own};
    ck_assert_int_eq(syscall(SYS_sched_getattr, 0, &own, sizeof own, 0), 0);
    return own;
}

START_TEST(children_have_usual_slices)
{
    struct scheduling before = own_scheduling();
    crew__sleeper_shorten_slices();
    struct scheduling after = own_scheduling();
    if (before.policy == SCHED_OTHER)                 /* others keep theirs */
        ck_assert_uint_ne(after.flags, before.flags); /* they are reset in what it starts */
    else
        ck_assert_uint_eq(after.flags, before.flags);
    ck_assert(after.slice == before.slice || after.slice == 100000);
    ck_assert_int_eq(after.nice, before.nice);
    pid_t pid = fork();
    if (pid == 0) {
        struct scheduling child = own_scheduling();
        _exit(child.slice != before.slice || child.flags != before.flags);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(slices_stay_where_that_is_wished)
{
    ck_assert_int_eq(setenv("CREW_BIND", "0", 1), 0);
    struct scheduling before = own_scheduling();
    crew__sleeper_shorten_slices();
    struct scheduling after = own_scheduling();
    ck_assert_uint_eq(after.flags, before.flags);
    ck_assert_uint_eq(after.slice, before.slice);
}
END_TEST

static int look_at_mask(void *arg)
{
    cpu_set_t own = mask_of(0);
    pause_ns(1000000);
    return CPU_EQUAL(&own, (cpu_set_t *)arg) ? 0 : -1;
}

START_TEST(tasks_have_the_whole_mask)
{
    cpu_set_t all = mask_of(0);
    crew_executor *ex = open_with(3);
    for (int round = 0; round < 20; round++) {
        crew_future *f[4];
        pause_ns(2000000);
        for (int i = 0; i < 4; i++)
            f[i] = crew_submit(ex, look_at_mask, &all);
        for (int i = 0; i < 4; i++)
            ck_assert_int_eq(result_of(f[i]), 0);
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

int main(void)
{
    cpu_set_t mask;
    unsetenv("CREW_BIND"); /* other suites run without placement too */
    if (sched_getaffinity(0, sizeof mask, &mask) != 0 || CPU_COUNT(&mask) < 2) {
        puts("SKIP sleeper: there is one processor");
        return 77;
    }
    Suite *suite = suite_create("sleeper");
    TCase *tc = tcase_create("sleeper");
    tcase_set_timeout(tc, 100);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, away_and_back);
    tcase_add_test(tc, not_after_little_work);
    tcase_add_test(tc, not_after_its_first_start);
    tcase_add_test(tc, not_who_is_bound);
    tcase_add_loop_test(tc, not_where_it_is_not_wished, 0, sizeof wishes / sizeof wishes[0]);
    tcase_add_test(tc, no_mask_is_lost);
    tcase_add_test(tc, children_have_usual_slices);
    tcase_add_test(tc, slices_stay_where_that_is_wished);
    tcase_add_test(tc, tasks_have_the_whole_mask);
    return run_suite(suite);
}
