/* What the threads wait for that run tasks of executors: one record a thread, which says what the top of its stack
   waits for, since all that lies below cannot go on before that. */
#ifndef CREW_TASK_WAITER_H
#define CREW_TASK_WAITER_H

#include "future.h"

enum crew__waits {
    CREW__WAITS_NOT,    /* runs */
    CREW__WAITS_FUTURE, /* for a crew_future */
    CREW__WAITS_ANY,    /* for one of the futures of a crew__choice */
    CREW__WAITS_TASK,   /* joins a crew_task, which another member has taken */
    CREW__WAITS_ROOM    /* in the queue of a crew_executor */
};

/* The futures of a set, which stays as it is for as long as somebody waits for it. */
struct crew__choice {
    struct crew__on_done **nodes;
    size_t count;
    size_t from; /* where the next search for work begins; under the lock */
};

struct crew__waiter {
    /* under the lock */
    enum crew__waits kind;
    bool stuck; /* runs nothing but what it waits for */
    void *what;
    uint64_t mark;             /* the last search that came here */
    struct crew__waiter *next; /* of those that a search has still to follow */
    uint64_t needs;            /* marks what it waits for, of the last search of its own for such tasks; 0: none */
    crew_future *ready;        /* holds a reference: it needs this task, and has made it ready itself; NULL: none */
};

/* NULL: no task of an executor runs on this thread. */
extern CREW__THREAD_LOCAL struct crew__waiter *crew__waiter;

/* The lock of all waiters, which a thread takes where it goes to sleep in a task or a dependency ends. Under it a
   future that is seen running has a thread that is still there. */
void crew__waiters_lock(void);
void crew__waiters_unlock(void);

/* What the calling thread, which has a waiter, waits for from now on. */
void crew__waiter_set(enum crew__waits kind, void *what, bool stuck);

/* Afterwards nobody looks at a thread's record any more that has no task. */
static inline void crew__waiters_let_go(void)
{
    crew__waiters_lock();
    crew__waiters_unlock();
}

/* d's future has ended, and may go. */
void crew__waiters_release_dependency(struct crew__dependency *d);

#endif
