/* Threads that are about to be woken are kept off the processor of their waker, and have their masks back when they
   arrive; nobody who was bound is touched. */
#define _GNU_SOURCE
#include "../../lib/core/backend/placement.h"
#include "../../lib/core/base/clock.h"
#include "../support/suite.h"
#include <crew/for.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct sleeper {
    pthread_t thread;
    atomic_int id, go;
    cpu_set_t seen;
} sleeper;

static struct crew__placement placement;

static void *sleep_and_arrive(void *arg)
{
    struct sleeper *s = arg;
    crew__placement_arrive(&placement, 1);
    atomic_store(&s->id, (int)syscall(SYS_gettid));
    while (!atomic_load(&s->go))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    crew__placement_arrive(&placement, 1);
    sched_getaffinity(0, sizeof s->seen, &s->seen);
    return NULL;
}

static int begin_sleeper(void)
{
    ck_assert_int_eq(pthread_create(&sleeper.thread, NULL, sleep_and_arrive, &sleeper), 0);
    while (!atomic_load(&sleeper.id))
        sched_yield();
    /* The last region ended long ago. */
    placement.ended = crew__ticks() - (int64_t)(1e9 * crew__ticks_per_ns());
    return sleeper.id;
}

static void end_sleeper(void)
{
    atomic_store(&sleeper.go, 1);
    pthread_join(sleeper.thread, NULL);
}

static cpu_set_t mask_of(int thread)
{
    cpu_set_t mask;
    ck_assert_int_eq(sched_getaffinity(thread, sizeof mask, &mask), 0);
    return mask;
}

START_TEST(away_and_back)
{
    int thread = begin_sleeper();
    cpu_set_t all = mask_of(0);
    ck_assert_int_eq(placement.threads[1], thread);
    for (int round = 0; round < 3; round++) { /* as where it did not arrive in between */
        crew__placement_begin(&placement, 2);
        ck_assert(placement.moved[1]);
        cpu_set_t away = mask_of(thread);
        ck_assert_int_eq(CPU_COUNT(&away), CPU_COUNT(&all) - 1);
        ck_assert(!CPU_ISSET(placement.from, &away));
        cpu_set_t own = mask_of(0);
        ck_assert(CPU_EQUAL(&own, &all)); /* the caller's is left alone */
    }
    end_sleeper();
    ck_assert(CPU_EQUAL(&sleeper.seen, &all));
    ck_assert(!placement.moved[1]);
}
END_TEST

START_TEST(not_after_a_region)
{
    int thread = begin_sleeper();
    cpu_set_t all = mask_of(0), after;
    int64_t between;
    do { /* again where this thread lost its processor in between, so that the region did end long ago */
        sched_setaffinity(thread, sizeof all, &all);
        placement.moved[1] = false;
        crew__placement_end(&placement);
        const int64_t ended = placement.ended;
        crew__placement_begin(&placement, 2);
        between = crew__ticks() - ended;
    } while ((double)between > 3e5 * crew__ticks_per_ns());
    after = mask_of(thread);
    ck_assert(CPU_EQUAL(&after, &all));
    end_sleeper();
}
END_TEST

/* A region `idle_ns` after the last one, whose first thread came took_ns after its beginning; -1: it did not say. True:
   the sleeper was moved away. */
static bool region(int thread, const cpu_set_t *all, double idle_ns, double took_ns)
{
    const double per_ns = crew__ticks_per_ns();
    sched_setaffinity(thread, sizeof *all, all);
    placement.moved[1] = false;
    placement.ended = crew__ticks() - (int64_t)(idle_ns * per_ns);
    crew__placement_begin(&placement, 2);
    if (took_ns >= 0)
        atomic_store(&placement.came, placement.began + (int64_t)(took_ns * per_ns));
    crew__placement_end(&placement);
    return placement.moved[1];
}

START_TEST(who_comes_at_once_was_awake)
{
    int thread = begin_sleeper();
    const cpu_set_t all = mask_of(0);
    ck_assert(region(thread, &all, 0.2e9, -1));
    ck_assert(region(thread, &all, 0.2e9, 2e6));
    ck_assert(region(thread, &all, 0.2e9, 50000));
    ck_assert(region(thread, &all, 0.2e9, 500));
    ck_assert(!region(thread, &all, 0.1e9, 500));
    ck_assert(!region(thread, &all, 0.1e9, 50000)); /* may have been asleep, but lost no time slice */
    ck_assert(!region(thread, &all, 0.1e9, -1));
    ck_assert(region(thread, &all, 0.9e9, -1));
    ck_assert(!region(thread, &all, 0.1e9, 2e6)); /* was asleep */
    for (int round = 0; round < 1000; round++)
        ck_assert(region(thread, &all, 0.1e9, 500));
    ck_assert(region(thread, &all, 0.1e9, 500));
    ck_assert(!region(thread, &all, 0.05e9, 500));
    end_sleeper();
}
END_TEST

START_TEST(the_first_thread_says_when_it_came)
{
    int thread = begin_sleeper();
    ck_assert_int_ne(thread, 0);
    crew__placement_begin(&placement, 2);
    const int64_t began = placement.began;
    ck_assert_int_ne(began, 0);
    ck_assert_int_eq(atomic_load(&placement.came), 0);
    end_sleeper();
    ck_assert_int_ge(atomic_load(&placement.came), began);
    crew__placement_end(&placement);
    ck_assert_int_eq(placement.began, 0);
}
END_TEST

START_TEST(not_who_is_bound)
{
    int thread = begin_sleeper();
    cpu_set_t one = mask_of(0), after;
    for (size_t cpu = 0, left = 1; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &one) && left-- != 1)
            CPU_CLR(cpu, &one);
    ck_assert_int_eq(sched_setaffinity(thread, sizeof one, &one), 0);
    crew__placement_begin(&placement, 2);
    after = mask_of(thread);
    ck_assert(CPU_EQUAL(&after, &one));
    end_sleeper();
    ck_assert(CPU_EQUAL(&sleeper.seen, &one));
}
END_TEST

static const char *const wishes[][2] = {
    {"CREW_BIND", "0"}, {"OMP_PROC_BIND", "true"}, {"OMP_PLACES", "cores"}, {"GOMP_CPU_AFFINITY", "0-1"}};

START_TEST(not_where_it_is_not_wished)
{
    ck_assert_int_eq(setenv(wishes[_i][0], wishes[_i][1], 1), 0);
    int thread = begin_sleeper();
    cpu_set_t all = mask_of(0), after;
    crew__placement_begin(&placement, 2);
    after = mask_of(thread);
    ck_assert(CPU_EQUAL(&after, &all));
    end_sleeper();
}
END_TEST

static struct {
    cpu_set_t all, after;
    bool was_there, went;
} newcomer;

/* A thread that starts on the processor of the thread that made it. */
static void *start_beside(void *arg)
{
    (void)arg;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(placement.from, &one);
    sched_setaffinity(0, sizeof one, &one);
    sched_setaffinity(0, sizeof newcomer.all, &newcomer.all);
    newcomer.was_there = (size_t)sched_getcpu() == placement.from;
    crew__placement_made(&placement, 1, 2);
    newcomer.went = (size_t)sched_getcpu() != placement.from;
    newcomer.after = mask_of(0);
    return NULL;
}

START_TEST(made_elsewhere)
{
    int there = 0, went = 0;
    newcomer.all = mask_of(0);
    for (int round = 0; round < 20; round++) {
        pthread_t thread;
        crew__placement_make(&placement);
        ck_assert(placement.making);
        ck_assert_int_eq(pthread_create(&thread, NULL, start_beside, NULL), 0);
        crew__placement_made(&placement, 0, 2);
        pthread_join(thread, NULL);
        ck_assert_int_eq(placement.arrived, 1);
        ck_assert(CPU_EQUAL(&newcomer.after, &newcomer.all));
        there += newcomer.was_there;
        went += newcomer.was_there && newcomer.went;
    }
    /* The scheduler may move it before and after, but not every time. */
    ck_assert_int_gt(there, 0);
    ck_assert_int_gt(2 * went, there);
}
END_TEST

START_TEST(made_where_it_is_not_wished)
{
    ck_assert_int_eq(setenv(wishes[_i][0], wishes[_i][1], 1), 0);
    crew__placement_make(&placement);
    ck_assert(!placement.making);
}
END_TEST

struct masks {
    cpu_set_t all;
    atomic_int wrong, others;
};

static int look_at_mask(size_t begin, size_t end, void *ctx)
{
    struct masks *m = ctx;
    cpu_set_t own;
    if (sched_getaffinity(0, sizeof own, &own) != 0 || !CPU_EQUAL(&own, &m->all))
        atomic_fetch_add(&m->wrong, 1);
    if (crew_worker() > 0)
        atomic_fetch_add(&m->others, (int)(end - begin));
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    return 0;
}

START_TEST(callbacks_have_the_whole_mask)
{
    struct masks m = {.all = mask_of(0)};
    /* The other thread may come late, but not every time. */
    for (int round = 0; round < 20 || (m.others == 0 && round < 1000); round++) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        ck_assert_int_eq(crew_for(32, look_at_mask, &m, &(crew_options){.threads = 2}), 0);
    }
    ck_assert_int_eq(m.wrong, 0);
    ck_assert_int_gt(m.others, 0);
}
END_TEST

int main(void)
{
    cpu_set_t mask;
    unsetenv("CREW_BIND"); /* other suites run without placement too */
    if (sched_getaffinity(0, sizeof mask, &mask) != 0 || CPU_COUNT(&mask) < 2) {
        puts("SKIP placement: there is one processor");
        return 77;
    }
    Suite *suite = suite_create("placement");
    TCase *tc = tcase_create("placement");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, away_and_back);
    tcase_add_test(tc, not_after_a_region);
    tcase_add_test(tc, who_comes_at_once_was_awake);
    tcase_add_test(tc, the_first_thread_says_when_it_came);
    tcase_add_test(tc, not_who_is_bound);
    tcase_add_loop_test(tc, not_where_it_is_not_wished, 0, sizeof wishes / sizeof wishes[0]);
    tcase_add_test(tc, made_elsewhere);
    tcase_add_loop_test(tc, made_where_it_is_not_wished, 0, sizeof wishes / sizeof wishes[0]);
    tcase_add_test(tc, callbacks_have_the_whole_mask);
    return run_suite(suite);
}
