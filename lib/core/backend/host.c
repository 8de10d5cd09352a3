/* Keeps a team in a region on a thread of its own. */
#define _GNU_SOURCE
#ifdef _OPENMP

#include "host.h"
#include "../base/callback_frame.h"
#include "../base/memory.h"
#include "../base/race_detector.h"
#include "pool.h"
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

struct crew__host {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int want, width; /* width 0: not known yet */
    sigset_t opener; /* what who opened it had blocked */
    crew__worker_fn *fn;
    void *arg;
    void (*last)(void *arg); /* nobody waits for the thread, and it calls this in the end */
    void *last_arg;
};

static void wait_for_start(struct crew__host *h, int width)
{
    pthread_mutex_lock(&h->lock);
    h->width = width;
    pthread_cond_broadcast(&h->changed);
    while (!h->fn)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
}

/* Where the calling thread is one of a host's. */
static _Thread_local const struct crew__host *host_of_thread;

static void free_host(struct crew__host *h)
{
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    crew__free(h);
}

static void open_region(struct crew__host *h)
{
    int width = crew__pool_grow(h->want);
    if (width < 2) { /* a runtime that cannot start is not asked for a region */
        host_of_thread = h;
        wait_for_start(h, 1);
        crew__team_enter(0, h->fn, h->arg);
        return;
    }
    struct crew__pool *pool = crew__pool_use(width);
    crew__tell_release(h->arg);
#pragma omp parallel num_threads(width)
    {
        int id = omp_get_thread_num();
        if (id > 0)
            crew__pool_join(pool, id);
        host_of_thread = h;
#pragma omp single
        wait_for_start(h, omp_get_num_threads());
        crew__team_enter(id, h->fn, h->arg);
        host_of_thread = NULL;
    }
    crew__tell_acquire(h->arg);
}

static void *be_host(void *arg)
{
    struct crew__host *h = arg;
    open_region(h);
    pthread_mutex_lock(&h->lock);
    void (*last)(void *) = h->last;
    pthread_mutex_unlock(&h->lock);
    if (last) {
        last(h->last_arg);
        free_host(h);
    }
    return NULL;
}

/* What a task forks and execs can be ended by the signals that could end it if who opened the host had started it. */
void crew__host_forget(void)
{
    if (host_of_thread)
        pthread_sigmask(SIG_SETMASK, &host_of_thread->opener, NULL);
    host_of_thread = NULL;
}

bool crew__host_possible(void)
{
    return true;
}

struct crew__host *crew__host_open(int want, int *width)
{
    struct crew__host *h = crew__alloc(sizeof *h);
    if (!h) {
        errno = ENOMEM;
        return NULL;
    }
    *h = (struct crew__host){.want = want};
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);

    int canceling = crew__cancel_off();
    bool started = crew__pool_start_thread(&h->thread, be_host, h, &h->opener) == 0;
    if (!started) {
        crew__cancel_back(canceling);
        free_host(h);
        errno = EAGAIN;
        return NULL;
    }
    pthread_mutex_lock(&h->lock);
    while (h->width == 0)
        pthread_cond_wait(&h->changed, &h->lock);
    *width = h->width;
    pthread_mutex_unlock(&h->lock);
    crew__cancel_back(canceling);
    return h;
}

void crew__host_start(struct crew__host *h, crew__worker_fn *fn, void *arg)
{
    pthread_mutex_lock(&h->lock);
    h->arg = arg;
    h->fn = fn;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

void crew__host_close(struct crew__host *h)
{
    int canceling = crew__cancel_off();
    pthread_join(h->thread, NULL);
    crew__cancel_back(canceling);
    free_host(h);
}

void crew__host_leave(struct crew__host *h, void (*last)(void *arg), void *arg)
{
    pthread_detach(h->thread);
    pthread_mutex_lock(&h->lock);
    h->last = last;
    h->last_arg = arg;
    pthread_mutex_unlock(&h->lock);
}

#else
typedef int crew__host_is_empty; /* ISO C wants a declaration in every file */
#endif
