/* Takes the waker's processor out of sleeping threads' affinity until they arrive. */
#define _GNU_SOURCE
#if defined(_OPENMP) && defined(__linux__)

#include "placement.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/threads.h"
#include "runtime.h"
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All runtimes let their threads spin for this long, where they let them spin. */
static const double AWAKE_NS = 1e6;

/* Who comes sooner has spun; who comes later has slept beside its waker, or lost its processor to another program. */
static const double AT_ONCE_NS = 4000, LATE_NS = 1e6;

/* Regions after one whose thread came late though it was held to be awake: that cost as much as a hundred short loops.
 */
enum { UNSURE_FOR = 1000 };

/* The longest that a caller waits for threads that it has made. */
static const double MAKING_NS = 1e6;

/* A thread whose mask is neither the caller's nor what crew made of it has been bound by somebody else. */
static CREW__NOINLINE void move_away(struct crew__placement *p, int width)
{
    cpu_set_t all, away, own;
    size_t here = (size_t)sched_getcpu(); /* -1 is not below the size either */
    if (here >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < 2)
        return;
    away = all;
    CPU_CLR(here, &away);
    p->from = here;
    for (int id = 1; id < width && id < CREW__PLACED; id++) {
        int thread = p->threads[id];
        if (thread == 0 || sched_getaffinity(thread, sizeof own, &own) != 0 ||
            !CPU_EQUAL(&own, p->moved[id] ? &away : &all))
            continue;
        p->moved[id] = sched_setaffinity(thread, sizeof away, &away) == 0;
    }
}

/* The program has left its threads where the system puts them. */
static bool is_free(void)
{
    return crew__env_bind() && !crew__runtime_binds();
}

void crew__placement_make(struct crew__placement *p)
{
    p->from = (size_t)sched_getcpu();
    p->making = p->from < CPU_SETSIZE && is_free();
    atomic_store_explicit(&p->arrived, 0, memory_order_relaxed);
}

void crew__placement_made(struct crew__placement *p, int id, int width)
{
    if (!p->making)
        return;
    if (id == 0) {
        const int64_t until = crew__ticks() + (int64_t)(MAKING_NS * crew__ticks_per_ns());
        while (atomic_load_explicit(&p->arrived, memory_order_relaxed) < width - 1 && crew__ticks() < until)
            sched_yield();
        return;
    }
    cpu_set_t all, away;
    if ((size_t)sched_getcpu() == p->from && sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) > 1) {
        away = all;
        CPU_CLR(p->from, &away);
        if (sched_setaffinity(0, sizeof away, &away) == 0) /* it is elsewhere when this returns */
            sched_setaffinity(0, sizeof all, &all);
    }
    atomic_fetch_add_explicit(&p->arrived, 1, memory_order_relaxed);
}

void crew__placement_begin(struct crew__placement *p, int width)
{
    const int64_t idle = crew__ticks() - p->ended;
    if (p->ended == 0 || (double)idle < AWAKE_NS * crew__ticks_per_ns() || !is_free())
        return;
    if (idle > p->awake)
        move_away(p, width);
    p->idle = idle;
    atomic_store_explicit(&p->came, 0, memory_order_relaxed);
    p->began = crew__ticks();
}

static CREW__NOINLINE void learn_awake(struct crew__placement *p)
{
    const int64_t came = atomic_load_explicit(&p->came, memory_order_relaxed);
    const double took_ns = (double)(came - p->began) / crew__ticks_per_ns();
    p->began = 0;
    if (came == 0)
        return;
    if (p->unsure > 0) {
        p->unsure--;
    } else if (took_ns < AT_ONCE_NS) {
        p->awake = p->idle > p->awake ? p->idle : p->awake;
    } else if (took_ns > LATE_NS && p->idle <= p->awake) {
        p->awake = 0;
        p->unsure = UNSURE_FOR;
    }
}

void crew__placement_end(struct crew__placement *p)
{
    p->ended = crew__ticks();
    if (CREW__UNLIKELY(p->began != 0))
        learn_awake(p);
}

/* The processor comes back into the mask, which stays what somebody else may have made of it meanwhile. */
static CREW__NOINLINE void move_back(struct crew__placement *p, int id)
{
    cpu_set_t own;
    p->moved[id] = false;
    if (sched_getaffinity(0, sizeof own, &own) != 0)
        return;
    CPU_SET(p->from, &own);
    sched_setaffinity(0, sizeof own, &own);
}

void crew__placement_arrive(struct crew__placement *p, int id)
{
    static _Thread_local int self;
    if (id >= CREW__PLACED)
        return;
    if (CREW__UNLIKELY(p->began != 0) && id == 1)
        atomic_store_explicit(&p->came, crew__ticks(), memory_order_relaxed);
    if (CREW__UNLIKELY(p->moved[id]))
        move_back(p, id);
    if (CREW__UNLIKELY(self == 0 || p->threads[id] != self)) {
        self = (int)syscall(SYS_gettid);
        p->threads[id] = self;
    }
}

#elif defined(_OPENMP)
#include "placement.h"

void crew__placement_make(struct crew__placement *p)
{
    (void)p;
}

void crew__placement_made(struct crew__placement *p, int id, int width)
{
    (void)p;
    (void)id;
    (void)width;
}

void crew__placement_begin(struct crew__placement *p, int width)
{
    (void)p;
    (void)width;
}

void crew__placement_end(struct crew__placement *p)
{
    (void)p;
}

void crew__placement_arrive(struct crew__placement *p, int id)
{
    (void)p;
    (void)id;
}
#else
typedef int crew__placement_is_empty; /* ISO C wants a declaration in every file */
#endif
