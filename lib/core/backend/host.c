#define _POSIX_C_SOURCE 200809L
#ifdef _OPENMP

#include "host.h"
#include "../base/memory.h"
#include "spawn.h"
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
    crew__worker_fn *fn;
    void *arg;
};

static void wait_for_start(struct crew__host *h)
{
    pthread_mutex_lock(&h->lock);
    h->width = omp_get_num_threads();
    pthread_cond_broadcast(&h->changed);
    while (!h->fn)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
}

/* libgomp ends the process where memory or a thread is refused, so both are tried first. */
static int try_out(int want)
{
    void *memory = crew__alloc((size_t)want * 4096);
    int width = 1 + (memory && want > 1 ? crew__spawn_trial(want - 1) : 0);
    crew__free(memory);
    return width;
}

static void *run(void *arg)
{
    struct crew__host *h = arg;
#pragma omp parallel num_threads(try_out(h->want))
    {
#pragma omp single
        wait_for_start(h);
        crew__team_enter(omp_get_thread_num(), h->fn, h->arg);
    }
    return NULL;
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

    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&h->thread, NULL, run, h) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!started) {
        pthread_cond_destroy(&h->changed);
        pthread_mutex_destroy(&h->lock);
        crew__free(h);
        errno = EAGAIN;
        return NULL;
    }
    pthread_mutex_lock(&h->lock);
    while (h->width == 0)
        pthread_cond_wait(&h->changed, &h->lock);
    *width = h->width;
    pthread_mutex_unlock(&h->lock);
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
    pthread_join(h->thread, NULL);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    crew__free(h);
}

#else
typedef int crew__host_is_empty; /* ISO C wants a declaration in every file */
#endif
