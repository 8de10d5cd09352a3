/* An executor's insides, shared by the files that open, feed and wait for it. */
#ifndef CREW_TASK_EXECUTOR_H
#define CREW_TASK_EXECUTOR_H

#include "queue.h"
#include "scheduler.h"
#include "waiter.h"
#include <crew/executor.h>

struct crew__host;

struct crew__local {
    struct crew__batch batch;
    void *value;      /* the initializer's */
    bool initialized; /* the finalizer is due */
    bool prepared;    /* the next thread of a single worker has `next` for value */
    void *next;
    size_t tasks; /* that the thread has run, where there is a limit */
    int64_t took; /* ticks when the worker last took from the queue */
    int at_once;  /* tasks that it takes next without letting some come together */
    struct crew__waiter waiter;
};

struct crew_executor {
    struct crew__scheduler scheduler;
    struct crew__source source;
    struct crew__queue queue;
    struct crew__local *locals; /* one a worker */
    struct crew__host *host;    /* NULL: tasks run inside submit */
    void *remote;               /* processes that tasks run in; NULL: none */
    crew_executor_options options;
    unsigned forks;         /* crew__fork_count when it was opened */
    atomic_int opening;     /* workers that have not been initialized yet */
    atomic_int broken;      /* what an initializer returned */
    struct crew__lock lock; /* of the list */
    crew_future *blocked;   /* futures that wait for dependencies */
    atomic_int blocked_by;  /* how many, and tasks that a thread keeps by itself: shutdown waits for 0 */
    atomic_int closed;      /* nobody waits for its end, and who closed it touches it no more */
    bool single;            /* a thread for each worker */
    atomic_int started;     /* workers that have been started, or tried to be; single ones */
    crew_executor *held;    /* the next one that a thread without workers has closed inside a task */
    uint64_t mark;          /* the last search of wait_cycle.c that came here; under the lock of waiter.c */
};

/* In blocked_by: nobody waits, and who takes the last of the others away closes the executor. */
enum { CREW__UNATTENDED = 1 << 30 };

/* The task of crew_executor_map, which finds its own way to a process. */
int crew__executor_map_item(void *slot);

/* Puts an item into the queue and wakes a worker, or runs it where there are none. As crew__queue_push. */
int crew__executor_push(crew_executor *ex, const struct crew__item *item, crew_priority priority, enum crew__push how);

/* One less in blocked_by. Shutdown frees the executor when it sees 0, so nothing of it is touched after this. */
void crew__executor_let_go(crew_executor *ex);

/* Puts f, which has dependencies, on the list of those that wait for them, unless the executor is closed; or off it. */
bool crew__executor_block(crew_executor *ex, crew_future *f);
void crew__executor_unblock(crew_executor *ex, crew_future *f);

#endif
