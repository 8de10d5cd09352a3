#include "wait_cycle.h"
#include <pthread.h>

enum { DEEPEST = 64 };

/* One lock for all: edges are made only where a task of an executor really waits. A future stays as long as an edge
   leads to it, since who waits holds a reference, so under the lock they can be followed. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void take(void)
{
    pthread_mutex_lock(&lock);
}

static void give(void)
{
    pthread_mutex_unlock(&lock);
}

/* A child must not find the lock held by a thread that it does not have. */
static void keep_over_fork(void)
{
    pthread_atfork(take, give, give);
}

static void enter(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, keep_over_fork);
    take();
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

crew_future *crew__waits_begin(crew_future *task, crew_future *f)
{
    enter();
    crew_future *before = task->waits_for;
    task->waits_for = f;
    give();
    return before;
}

void crew__waits_end(crew_future *task, crew_future *before)
{
    enter();
    task->waits_for = before;
    give();
}

bool crew__waits_try(crew_future *task, crew_future *f, crew_future **before)
{
    enter();
    bool cycle = leads_to(f, task, 0);
    if (!cycle) {
        *before = task->waits_for;
        task->waits_for = f;
    }
    give();
    return !cycle;
}

bool crew__waits_lead(crew_future *f, const crew_future *task)
{
    enter();
    bool cycle = leads_to(f, task, 0);
    give();
    return cycle;
}

void crew__waits_forget(crew_future *f)
{
    enter();
    f->deps->count = 0;
    give();
}

void crew__waits_met(struct crew__dependency *d)
{
    enter();
    crew_future *dep = d->dep;
    d->dep = NULL;
    give();
    crew_future_release(dep);
}
