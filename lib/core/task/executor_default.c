/* The executor that a NULL stands for: opened at its first use, once. */
#define _POSIX_C_SOURCE 200809L
#include "executor_default.h"
#include "../backend/host.h"
#include "../base/compiler.h"
#include "executor.h"
#include <pthread.h>

static pthread_mutex_t default_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(crew_executor *) default_executor;

/* A child must not find the lock held by a thread that it does not have; what it guards is one pointer, right at any
   time. A fork that waited for the lock would stand still with libomp: it holds the runtime's own locks by then, and
   who has ours opens a region. */
static void renew_default_lock(void)
{
    default_lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

static pthread_once_t default_once = PTHREAD_ONCE_INIT;

static void keep_default_over_fork(void)
{
    pthread_atfork(NULL, NULL, renew_default_lock);
}

/* A handler that is registered while another thread forks comes too late for that fork, so at load. */
CREW__AT_LOAD static void keep_default_early(void)
{
    pthread_once(&default_once, keep_default_over_fork);
}

static crew_executor *usable(crew_executor *ex)
{
    return ex && ex->forks == crew__fork_count() ? ex : NULL;
}

crew_executor *crew__executor_get(crew_executor *ex)
{
    if (ex)
        return ex;
    ex = usable(CREW__LOAD(&default_executor, acquire));
    if (ex)
        return ex;
    pthread_once(&default_once, keep_default_over_fork);
    pthread_mutex_lock(&default_lock);
    ex = usable(CREW__LOAD(&default_executor, relaxed));
    if (!ex) {
        ex = crew_executor_open(NULL);
        if (ex)
            CREW__STORE(&default_executor, ex, release);
    }
    pthread_mutex_unlock(&default_lock);
    return ex;
}

crew_executor *crew__executor_default(void)
{
    return CREW__LOAD(&default_executor, acquire);
}

bool crew__executor_default_drop(crew_executor *ex)
{
    /* Not an exchange: where another thread has closed this one, and a third one opened the next, that is not ours. */
    crew_executor *own = ex;
    return CREW__CAS(&default_executor, &own, NULL, acq_rel);
}
