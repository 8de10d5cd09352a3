/* A future's life: pending, then running and done, or cancelled; who waits sleeps on the word that says so. */
#ifndef CREW_TASK_FUTURE_H
#define CREW_TASK_FUTURE_H

#include "../base/atomics.h"
#include <crew/executor.h>
#include <stddef.h>
#include <stdint.h>

struct crew__waiter;

/* The states are those of crew_future_state; a thread that sleeps until the end adds WAITED. */
enum { CREW__WAITED = 4, CREW__STATES = 3 };

/* Something to be called at the end. */
struct crew__on_done {
    struct crew__on_done *next;
    void (*fn)(crew_future *f, struct crew__on_done *self);
    crew_future *future; /* whose end it is; holds a reference until fn is called, which releases it */
};

struct crew__dependency {
    struct crew__on_done node; /* its future is NULL once that has ended; under the lock of waiter.c */
    crew_future *waiter;       /* holds a reference */
};

/* What a future has that was submitted after others. */
struct crew__deps {
    atomic_int blockers; /* dependencies that have not ended, and 1 while they are being counted */
    crew_priority priority;
    crew_future *before, *after; /* in the executor's list of those that wait for dependencies */
    size_t count;
    /* a search's, in wait_cycle.c */
    uint64_t mark;     /* the last search that came here; under the lock of waiter.c */
    size_t at;         /* where it goes on */
    crew_future *path; /* where it came from */
    struct crew__dependency each[];
};

/* One cache line, without a copied argument. */
struct crew_future {
    atomic_int state;
    atomic_int owners; /* references: the caller's, the queue's, those of sets */
    /* fn's value, written by who runs it. Of a future that was cancelled: the first dependency's code that was not 0,
     * or else -ECANCELED. */
    atomic_int result;
    unsigned has_copy : 1, has_tag : 1, forks : 30; /* crew__fork_count when it was made */
    crew_executor *executor;
    crew_task_fn *fn;
    void *arg;
    _Atomic(struct crew__on_done *) on_done; /* newest first; crew__ended where the end has come */
    _Atomic(struct crew__waiter *) runs_on;  /* the thread that runs its task; followed under the lock of waiter.c */
    struct crew__deps *deps;                 /* NULL: there were none */
    max_align_t tail[];                      /* the tag, where there is one, and the copied argument */
};

extern struct crew__on_done crew__ended;

/* copy: bytes of argument to be held. ex and fn NULL: a promise's. NULL without memory. */
crew_future *crew__future_new(crew_executor *ex, crew_task_fn *fn, void *arg, size_t copy, void *tag, int owners);

/* Claims a pending future: to run it (RUNNING) or to end it (CANCELED). One caller wins, and calls crew__future_end in
 * the end. */
static inline bool crew__future_claim(crew_future *f, int to)
{
    int state = CREW__LOAD(&f->state, relaxed);
    while ((state & CREW__STATES) == CREW_FUTURE_PENDING)
        if (CREW__CAS(&f->state, &state, to | (state & CREW__WAITED), acq_rel))
            return true;
    return false;
}

/* Says that the future has ended as DONE, with the result written before, or CANCELED; wakes, and calls what was
   registered, which may end others: these calls come after the one that runs, however long the chain is. The caller
   holds a reference. */
void crew__future_end(crew_future *f, int state);

/* Inside such a call: makes the calls that have come together meanwhile. False where there are none. A thread that
   waits does it first, since it may wait for what they do. */
bool crew__future_tell(void);

/* Registers node; false where the end has come: the caller does then what the node would do. */
bool crew__future_add(crew_future *f, struct crew__on_done *node);

static inline int crew__future_state(const crew_future *f)
{
    int state = CREW__LOAD(&((crew_future *)f)->state, acquire) & CREW__STATES;
    crew__tell_acquire(f);
    return state;
}

/* Its dependencies have ended. */
static inline bool crew__future_unblocked(const crew_future *f)
{
    return !f->deps || CREW__LOAD(&f->deps->blockers, acquire) == 0;
}

/* It was made before the fork that this process comes from. */
bool crew__future_is_parents(const crew_future *f);

/* Done or cancelled, also by a fork that lost its threads. */
bool crew__future_ended(crew_future *f);

/* Cancels what is pending; false where it is not. */
bool crew__future_drop(crew_future *f);

/* Drops one whose dependencies have not all ended, so that nobody can have begun it. `code`, unless there is an earlier
 * one, says why. */
void crew__future_fail(crew_future *f, int code);

/* What an ended future says of itself: fn's value, or the code that cancelled it. */
int crew__future_code(const crew_future *f);

#endif
