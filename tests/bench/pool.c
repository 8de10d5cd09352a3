#define _POSIX_C_SOURCE 200809L
#include "pool.h"

#include <stdlib.h>

struct pool_task {
    struct pool_task *next;
    pool_fn *fn;
    void *arg;
    struct pool_future *future;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static struct pool_task *head, **tail = &head;

static struct pool_task *take(void)
{
    pthread_mutex_lock(&lock);
    while (!head)
        pthread_cond_wait(&filled, &lock);
    struct pool_task *task = head;
    head = task->next;
    if (!head)
        tail = &head;
    pthread_mutex_unlock(&lock);
    return task;
}

static void *work(void *arg)
{
    (void)arg;
    for (;;) {
        struct pool_task *task = take();
        struct pool_future *future = task->future;
        size_t value = task->fn(task->arg);
        free(task);
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
    struct pool_task *task = malloc(sizeof *task);
    if (!task)
        return -1;
    *task = (struct pool_task){NULL, fn, arg, future};
    pthread_mutex_lock(&lock);
    *tail = task;
    tail = &task->next;
    pthread_mutex_unlock(&lock);
    pthread_cond_signal(&filled);
    return 0;
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
