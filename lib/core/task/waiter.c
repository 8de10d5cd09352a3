/* The threads' records of what they wait for, and their lock. */
#include "waiter.h"
#include "../base/compiler.h"
#include <pthread.h>

CREW__THREAD_LOCAL struct crew__waiter *crew__waiter;

/* One lock for all: it is held for a few steps, and only where something really waits. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_for_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void unlock_after_fork(void)
{
    pthread_mutex_unlock(&lock);
}

/* A child must not find the lock held by a thread that it does not have. */
static void keep_over_fork(void)
{
    pthread_atfork(lock_for_fork, unlock_after_fork, unlock_after_fork);
}

static pthread_once_t waiters_once = PTHREAD_ONCE_INIT;

/* A handler that is registered while another thread forks comes too late for that fork, so at load. */
CREW__AT_LOAD static void keep_early(void)
{
    pthread_once(&waiters_once, keep_over_fork);
}

void crew__waiters_lock(void)
{
    pthread_once(&waiters_once, keep_over_fork);
    pthread_mutex_lock(&lock);
}

void crew__waiters_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void crew__waiter_set(enum crew__waits kind, void *what, bool stuck)
{
    crew__waiters_lock();
    crew__waiter->kind = kind;
    crew__waiter->what = what;
    crew__waiter->stuck = stuck;
    crew__waiters_unlock();
}

void crew__waiters_release_dependency(struct crew__dependency *d)
{
    crew__waiters_lock();
    crew_future *ended = d->node.future;
    d->node.future = NULL;
    crew__waiters_unlock();
    crew_future_release(ended);
}
