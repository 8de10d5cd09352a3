/* The graph of who waits for whom, and whether a wait would close a circle in it. */
#include "wait_cycle.h"
#include <pthread.h>

enum { DEEPEST = 64 };

/* One lock for all: edges are made only where a task of an executor really waits. A future stays as long as an edge
   leads to it, since who waits holds a reference, so under the lock they can be followed. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_waits(void)
{
    pthread_mutex_lock(&lock);
}

static void unlock_waits(void)
{
    pthread_mutex_unlock(&lock);
}

/* A child must not find the lock held by a thread that it does not have. */
static void keep_over_fork(void)
{
    pthread_atfork(lock_waits, unlock_waits, unlock_waits);
}

static void set_up_and_lock(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, keep_over_fork);
    lock_waits();
}

static bool leads_to(crew_future *from, const crew_future *to, int depth)
{
    for (; from && depth < DEEPEST; from = from->waits_for, depth++) {
        if (from == to)
            return true;
        for (size_t i = 0; from->deps && i < from->deps->count; i++)
            if (from->deps->each[i].dep && leads_to(from->deps->each[i].dep, to, depth + 1))
                return true;
    }
    return false;
}

crew_future *crew__wait_cycle_set(crew_future *task, crew_future *f)
{
    set_up_and_lock();
    crew_future *before = task->waits_for;
    task->waits_for = f;
    unlock_waits();
    return before;
}

bool crew__wait_cycle_try_set(crew_future *task, crew_future *f, crew_future **before)
{
    set_up_and_lock();
    bool cycle = leads_to(f, task, 0);
    if (!cycle) {
        *before = task->waits_for;
        task->waits_for = f;
    }
    unlock_waits();
    return !cycle;
}

bool crew__wait_cycle_reaches(crew_future *f, const crew_future *task)
{
    set_up_and_lock();
    bool cycle = leads_to(f, task, 0);
    unlock_waits();
    return cycle;
}

void crew__wait_cycle_drop_deps(crew_future *f)
{
    set_up_and_lock();
    f->deps->count = 0;
    unlock_waits();
}

void crew__wait_cycle_release_dep(struct crew__dependency *d)
{
    set_up_and_lock();
    crew_future *dep = d->dep;
    d->dep = NULL;
    unlock_waits();
    crew_future_release(dep);
}
