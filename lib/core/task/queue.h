/* What waits in an executor: a lane for each priority, and a small batch at each worker, so that a lock is taken once
   for many tasks.

   Who submits and who takes have a lock each and meet only where a lane is nearly empty: with one lock for both, its
   cache line goes to and fro with every task, and submitting took 190 ns in place of 60. After M. M. Michael and M. L.
   Scott (doi:10.1145/248052.248106). */
#ifndef CREW_TASK_QUEUE_H
#define CREW_TASK_QUEUE_H

#include "../backend/lock.h"
#include "../base/atomics.h"
#include "../base/compiler.h"
#include <crew/executor.h>
#include <stdbool.h>
#include <stdint.h>

/* A task. Without fn it is a future's, and arg is the future, with a reference. */
struct crew__item {
    crew_task_fn *fn;
    void *arg;
};

enum {
    CREW__PRIORITIES = 3,
    CREW__BATCH = CREW__BOUND(32, 2),
    CREW__SEGMENT = CREW__BOUND(255, 2) /* items: 4 KiB with the rest and malloc's own */
};

/* A lane's memory is a ring of segments. It grows, and stays until the queue is freed. */
struct crew__segment {
    _Atomic(struct crew__segment *) next;
    struct crew__item items[CREW__SEGMENT];
};

struct crew__lane {
    /* who submits */
    _Alignas(CREW__CACHE_LINE) struct crew__lock in;
    bool closed;
    uint32_t at;                /* in `last` */
    struct crew__segment *last; /* NULL: nothing has been submitted yet */
    /* items that have ever been put in; idle workers look at it all the time */
    _Alignas(CREW__CACHE_LINE) atomic_size_t tail;
    /* who takes */
    _Alignas(CREW__CACHE_LINE) struct crew__lock out;
    uint32_t from;                         /* in `first` */
    _Atomic(struct crew__segment *) first; /* what comes before it may be used again */
    atomic_size_t head;                    /* items that have ever been taken out */
};

struct crew__queue {
    struct crew__lane lanes[CREW__PRIORITIES]; /* high, normal, low */
    _Alignas(CREW__CACHE_LINE) size_t limit;   /* 0: none */
    atomic_size_t count;                       /* tasks in all lanes, where there is a limit */
    atomic_int space, waiting;                 /* changes when tasks leave; submitters that sleep for that */
};

/* A worker's batch. Others may take from it too, because the worker may be long in one task. */
struct crew__batch {
    _Alignas(CREW__CACHE_LINE) _Atomic uint64_t word; /* refills, next, end */
    struct {
        _Atomic(crew_task_fn *) fn;
        _Atomic(void *) arg;
    } items[CREW__BATCH];
};

void crew__queue_init(struct crew__queue *q, size_t limit);
void crew__queue_free(struct crew__queue *q);

enum crew__push {
    CREW__PUSH_NEW,
    CREW__PUSH_BEYOND, /* the limit */
    CREW__PUSH_READY   /* a task that has been accepted before: never refused but for want of memory */
};

/* 0, -EAGAIN where it is full, -ENOMEM, or -ECANCELED where it is closed. */
int crew__queue_push(struct crew__queue *q, const struct crew__item *item, crew_priority priority, enum crew__push how);

/* Takes the first task, and some more into `batch`, which is empty, where there are many for `workers`. */
bool crew__queue_pop(struct crew__queue *q, struct crew__item *item, struct crew__batch *batch, int workers);

/* Takes from a batch: its owner and others alike. */
bool crew__batch_take(struct crew__batch *b, struct crew__item *item);
bool crew__batch_has(struct crew__batch *b);
size_t crew__batch_length(struct crew__batch *b);

static inline bool crew__lane_has(struct crew__lane *lane)
{
    /* Acquire: who sees that tasks have left for a batch sees them in the batch. */
    return CREW__LOAD(&lane->head, acquire) != CREW__LOAD(&lane->tail, acquire);
}

static inline bool crew__queue_has_high(struct crew__queue *q)
{
    return crew__lane_has(&q->lanes[0]);
}

static inline bool crew__queue_has(struct crew__queue *q)
{
    return crew__lane_has(&q->lanes[1]) || crew__queue_has_high(q) || crew__lane_has(&q->lanes[2]);
}

/* The same for a thread that has said that it will sleep. Either this sees what was put in, or who put it in sees, from
   then on, what this thread did before: both hold the lane's lock. */
bool crew__queue_has_surely(struct crew__queue *q);

/* What waits in the lanes, more or less: they are looked at one after the other. */
size_t crew__queue_length(struct crew__queue *q);

/* Waits until a task has left a full queue, or not. */
void crew__queue_wait(struct crew__queue *q, double seconds);

/* Refuses what comes from now on. */
void crew__queue_close(struct crew__queue *q);

/* Adds one to *counter, unless the queue is closed: who closes it sees what was added before. */
bool crew__queue_add_unless_closed(struct crew__queue *q, atomic_int *counter);
bool crew__queue_closed(struct crew__queue *q);

#endif
