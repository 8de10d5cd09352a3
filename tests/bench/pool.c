#define _POSIX_C_SOURCE 200809L
/* The pool that a programmer would write by hand: a mutex, a condition and a list. */
#include "pool.h"

#include <stdlib.h>

struct pool_task {
    pool_fn *fn;
    void *arg;
    struct pool_future *future;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;

/* A ring that doubles when it is full: 0 or a power of two places, of which those at head .. tail - 1 hold tasks. */
static struct pool_task *ring;
static size_t places, head, tail;

static int grow(void)
{
    size_t more = places ? 2 * places : 1024;
    struct pool_task *bigger = malloc(more * sizeof *bigger);
    if (!bigger)
        return -1;
    for (size_t k = head; k != tail; k++)
        bigger[k & (more - 1)] = ring[k & (places - 1)];
    free(ring);
    ring = bigger;
    places = more;
    return 0;
}

static struct pool_task take(void)
{
    pthread_mutex_lock(&lock);
    while (head == tail)
        pthread_cond_wait(&filled, &lock);
    struct pool_task task = ring[head++ & (places - 1)];
    pthread_mutex_unlock(&lock);
    return task;
}

static void *work(void *arg)
{
    (void)arg;
    for (;;) {
        struct pool_task task = take();
        struct pool_future *future = task.future;
        size_t value = task.fn(task.arg);
        if (future) {
            pthread_mutex_lock(&future->lock);
            future->value = value;
            future->ended = 1;
            pthread_cond_signal(&future->done);
            pthread_mutex_unlock(&future->lock);
        }
    }
    return NULL;
}

int pool_open(int threads)
{
    for (int k = 0; k < threads; k++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0)
            return -1;
        pthread_detach(thread);
    }
    return 0;
}

int pool_submit(pool_fn *fn, void *arg, struct pool_future *future)
{
    pthread_mutex_lock(&lock);
    int full = tail - head == places && grow() != 0;
    if (!full)
        ring[tail++ & (places - 1)] = (struct pool_task){fn, arg, future};
    pthread_mutex_unlock(&lock);
    pthread_cond_signal(&filled);
    return full ? -1 : 0;
}

void pool_future_open(struct pool_future *f)
{
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->done, NULL);
    f->ended = 0;
}

size_t pool_future_wait(struct pool_future *f)
{
    pthread_mutex_lock(&f->lock);
    while (!f->ended)
        pthread_cond_wait(&f->done, &f->lock);
    pthread_mutex_unlock(&f->lock);
    pthread_cond_destroy(&f->done);
    pthread_mutex_destroy(&f->lock);
    return f->value;
}
