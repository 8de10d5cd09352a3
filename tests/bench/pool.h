/* A thread pool as it is written by hand: one queue, one mutex, one condition variable; a future has its own of both.
 */
#ifndef BENCH_POOL_H
#define BENCH_POOL_H

#include <pthread.h>
#include <stddef.h>

typedef size_t pool_fn(void *arg);

struct pool_future {
    pthread_mutex_t lock;
    pthread_cond_t done;
    int ended;
    size_t value;
};

/* Starts the threads of the program's only pool. 0, or -1. */
int pool_open(int threads);

/* Lets fn(arg) run. With a future (may be NULL), its value goes there. 0, or -1: no memory. */
int pool_submit(pool_fn *fn, void *arg, struct pool_future *future);

void pool_future_open(struct pool_future *f);

/* Waits for the value and closes the future. */
size_t pool_future_wait(struct pool_future *f);

#endif
