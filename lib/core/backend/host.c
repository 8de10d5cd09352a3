/* Keeps a team in a region on a thread of its own, or its workers on a thread each. */
#define _GNU_SOURCE
#ifdef _OPENMP

#include "host.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/race_detector.h"
#include "pool.h"
#include "runtime.h"
#include "sleeper.h"
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* A worker with a thread of its own. */
struct single {
    struct crew__host *host;
    int id;
    pthread_t thread;
    bool started;                       /* under the host's lock, as is thread */
    bool (*prepare)(int id, void *arg); /* of one that replaces another */
    enum { PREPARING, READY, FAILED } state;
};

struct crew__host {
    pthread_t thread;       /* that opens the region */
    struct single *singles; /* NULL: there is a region */
    int living;             /* of them; under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int want, width; /* width 0: not known yet */
    sigset_t opener; /* what who opened it had blocked */
    crew__worker_fn *fn;
    void *arg;
    void (*last)(void *arg); /* nobody waits for the thread, and it calls this in the end */
    void *last_arg;
    int returned;            /* workers of a region that nobody waits for; under the lock */
    bool released;           /* these may leave it; under the lock */
    struct crew__host *next; /* in `ended` */
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

/* libomp aborts the process where a thread comes to the end of its region while the process ends. Threads that nobody
   waits for do that at any time: a region's threads end it together, at the end of the process it waits for those that
   have begun to, and later ones stay where they are. */
static atomic_int leaving;
static atomic_bool ending;

static bool may_leave(void)
{
    atomic_fetch_add(&leaving, 1);
    if (!atomic_load(&ending))
        return true;
    atomic_fetch_sub(&leaving, 1);
    return false;
}

static void wait_to_leave(struct crew__host *h)
{
    pthread_mutex_lock(&h->lock);
    bool attended = h->last == NULL;
    if (!attended && ++h->returned == h->width) {
        h->released = may_leave();
        pthread_cond_broadcast(&h->changed);
    }
    while (!attended && !h->released)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
}

static void free_host(struct crew__host *h)
{
    crew__free(h->singles);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    crew__free(h);
}

/* Hosts that nobody waited for and whose region has ended: their threads let go of the runtime, and are joined later.
 */
static _Atomic(struct crew__host *) ended;

static void put_ended(struct crew__host *h)
{
    h->next = atomic_load(&ended);
    while (!atomic_compare_exchange_weak(&ended, &h->next, h))
        continue;
}

static void join_ended(void)
{
    for (struct crew__host *h = atomic_exchange(&ended, NULL), *next; h; h = next) {
        next = h->next;
        pthread_join(h->thread, NULL);
        free_host(h);
    }
}

CREW__AT_EXIT static void wait_for_leaving(void)
{
    atomic_store(&ending, true);
    while (atomic_load(&leaving) > 0)
        sched_yield();
    join_ended();
}

static void open_region(struct crew__host *h)
{
    int width = crew__pool_grow(h->want);
    if (width < 2) { /* a runtime that cannot start is not asked for a region */
        host_of_thread = h;
        wait_for_start(h, 1);
        crew__team_enter(0, h->fn, h->arg);
        wait_to_leave(h);
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
        crew__sleeper_shorten_slices();
#pragma omp single
        wait_for_start(h, omp_get_num_threads());
        crew__team_enter(id, h->fn, h->arg);
        host_of_thread = NULL;
        wait_to_leave(h);
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
        put_ended(h);
        atomic_fetch_sub(&leaving, 1);
    }
    return NULL;
}

/* What a task forks and execs can be ended by the signals that could end it if who opened the host had started it. */
void crew__host_forget(void)
{
    atomic_store(&leaving, 0);
    atomic_store(&ended, NULL);
    if (host_of_thread)
        pthread_sigmask(SIG_SETMASK, &host_of_thread->opener, NULL);
    host_of_thread = NULL;
}

bool crew__host_possible(void)
{
    return true;
}

/* With a region that is open when the process ends libomp leaves its other threads behind, without what they look at
   when they go to sleep: one of some hundred processes crashed. */
bool crew__host_prefers_single(void)
{
    return crew__runtime_is_libomp();
}

static struct crew__host *new_host(void)
{
    struct crew__host *h = crew__alloc(sizeof *h);
    if (!h)
        return NULL;
    *h = (struct crew__host){.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .want = 1};
    return h;
}

struct crew__host *crew__host_open_single(int most)
{
    struct crew__host *h = new_host();
    if (!h)
        return NULL;
    h->width = most;
    pthread_sigmask(SIG_BLOCK, NULL, &h->opener);
    h->singles = crew__alloc((size_t)most * sizeof *h->singles);
    if (!h->singles) {
        free_host(h);
        return NULL;
    }
    for (int id = 0; id < most; id++)
        h->singles[id] = (struct single){.host = h, .id = id};
    return h;
}

struct crew__host *crew__host_open(int want, int *width)
{
    join_ended();
    struct crew__host *h = new_host();
    if (!h) {
        errno = ENOMEM;
        return NULL;
    }
    h->want = want;
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

/* What a region's workers get from the runtime: a pragma in a task opens no team. */
static void enter_single(const struct single *s)
{
    struct crew__host *h = s->host;
    host_of_thread = h;
    crew__sleeper_shorten_slices();
    if (crew__runtime_usable())
        crew__team_alone();
    crew__team_enter(s->id, h->fn, h->arg);
    host_of_thread = NULL;
}

/* The calling thread's worker has ended, or another thread has taken it over and joins this one. The last one of a host
   that nobody waits for frees it. */
static void end_single(struct single *s)
{
    struct crew__host *h = s->host;
    pthread_mutex_lock(&h->lock);
    if (!pthread_equal(s->thread, pthread_self())) {
        pthread_mutex_unlock(&h->lock);
        return;
    }
    void (*last)(void *) = h->last;
    bool is_last = --h->living == 0;
    if (last)
        pthread_detach(pthread_self());
    else if (is_last)
        pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
    if (last && is_last) {
        last(h->last_arg);
        free_host(h);
    }
}

static void *be_single(void *arg)
{
    struct single *s = arg;
    enter_single(s);
    end_single(s);
    return NULL;
}

bool crew__host_add(struct crew__host *h, int id)
{
    sigset_t before;
    int canceling = crew__cancel_off();
    pthread_mutex_lock(&h->lock);
    struct single *s = &h->singles[id];
    bool started = crew__pool_start_thread(&s->thread, be_single, s, &before) == 0;
    s->started = started;
    h->living += started;
    pthread_mutex_unlock(&h->lock);
    crew__cancel_back(canceling);
    return started;
}

static void *be_successor(void *arg)
{
    struct single *s = arg;
    struct crew__host *h = s->host;
    host_of_thread = h;
    bool ready = s->prepare(s->id, h->arg);
    pthread_mutex_lock(&h->lock);
    pthread_t before = s->thread;
    if (ready)
        s->thread = pthread_self();
    s->state = ready ? READY : FAILED;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
    if (!ready)
        return NULL;
    pthread_join(before, NULL);
    return be_single(s);
}

bool crew__host_replace(struct crew__host *h, int id, bool (*prepare)(int id, void *arg))
{
    struct single *s = &h->singles[id];
    sigset_t before;
    pthread_t successor;
    s->prepare = prepare;
    s->state = PREPARING;
    int canceling = crew__cancel_off();
    bool started = crew__pool_start_thread(&successor, be_successor, s, &before) == 0;
    pthread_mutex_lock(&h->lock);
    while (started && s->state == PREPARING)
        pthread_cond_wait(&h->changed, &h->lock);
    bool ready = started && s->state == READY;
    pthread_mutex_unlock(&h->lock);
    if (started && !ready)
        pthread_join(successor, NULL);
    crew__cancel_back(canceling);
    return ready;
}

/* Which thread a worker has is final when none is left that could start or replace one. */
static void join_singles(struct crew__host *h)
{
    pthread_mutex_lock(&h->lock);
    while (h->living > 0)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
    for (int id = 0; id < h->width; id++)
        if (h->singles[id].started)
            pthread_join(h->singles[id].thread, NULL);
}

void crew__host_close(struct crew__host *h)
{
    int canceling = crew__cancel_off();
    if (h->singles)
        join_singles(h);
    else
        pthread_join(h->thread, NULL);
    crew__cancel_back(canceling);
    free_host(h);
}

void crew__host_leave(struct crew__host *h, void (*last)(void *arg), void *arg)
{
    join_ended();
    pthread_mutex_lock(&h->lock);
    h->last = last;
    h->last_arg = arg;
    pthread_mutex_unlock(&h->lock);
}

#else
typedef int crew__host_is_empty; /* ISO C wants a declaration in every file */
#endif
