/* What waits in an executor: three queues under one lock, and a small batch at each worker, so that the lock is taken
   once for many tasks. */
#ifndef CREW_TASK_QUEUE_H
#define CREW_TASK_QUEUE_H

#include "../backend/lock.h"
#include "../base/compiler.h"
#include "future.h"
#include <stdint.h>

/* A task; without a future it is only run. */
struct crew__item {
    crew_task_fn *fn;
    void *arg;
    crew_future *future; /* holds a reference */
};

enum { CREW__PRIORITIES = 3, CREW__BATCH = 32 };

struct crew__ring {
    struct crew__item *items;
    size_t room, head, count; /* room is a power of two, or 0 */
};

/* Who submits and who takes pass one cache line to and fro where priorities are normal: the lock, the count and the first ring. */
struct crew__queue {
    _Alignas(CREW__CACHE_LINE) struct crew__lock lock;
    bool closed;
    atomic_size_t count;                       /* in all rings */
    size_t limit;                              /* 0: none */
    struct crew__ring rings[CREW__PRIORITIES]; /* normal, high, low */
    atomic_size_t high;                        /* in that ring */
    atomic_int space, waiting;                 /* changes when tasks leave; submitters that sleep for that */
};

/* A worker's batch. Others may take from it too, because the worker may be long in one task. */
struct crew__batch {
    _Alignas(CREW__CACHE_LINE) _Atomic uint64_t word; /* refills, next, end */
    struct {
        _Atomic(crew_task_fn *) fn;
        _Atomic(void *) arg;
        _Atomic(crew_future *) future;
    } items[CREW__BATCH];
};

void crew__queue_init(struct crew__queue *q, size_t limit);
void crew__queue_free(struct crew__queue *q);

/* 0, -EAGAIN where it is full, -ENOMEM, or -ECANCELED where it is closed. `ready`: a task that has been accepted before, which is never
   refused but for want of memory. */
int crew__queue_push(struct crew__queue *q, const struct crew__item *item, crew_priority priority, bool ready);

/* Takes the first task, and some more into `batch`, which is empty, where there are many for `workers`. */
bool crew__queue_pop(struct crew__queue *q, struct crew__item *item, struct crew__batch *batch, int workers);

/* Takes from a batch: its owner and others alike. */
bool crew__batch_take(struct crew__batch *b, struct crew__item *item);
bool crew__batch_has(struct crew__batch *b);

/* Waits until a task has left a full queue, or not. */
void crew__queue_wait(struct crew__queue *q, double seconds);

/* Refuses what comes from now on. */
void crew__queue_close(struct crew__queue *q);

#endif
