/* Counts the threads of OpenMP's pools and tries threads out before a pool grows: libgomp ends the process when it
   cannot create one. It makes threads only for what a team has beyond the pool, and drops what it has less. */
#define _GNU_SOURCE
#ifdef _OPENMP

#include "pool.h"
#include "../base/atomics.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "placement.h"
#include "runtime.h"
#include "signals.h"
#include "spawn.h"
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <stddef.h>

/* Calling threads that may have a pool at the same time. A pool lives as long as its thread, so without a limit 16
   callers with teams of 8 keep 129 threads; the callers beyond it share the hosting thread's pool. */
enum { MAX_POOLS = 4 };

/* Seconds for which a refused thread count is believed before it is tried again. */
static const double RETRY_AFTER = 1.0;

struct crew__pool {
    atomic_int workers; /* threads besides the owner that are alive */
    atomic_int owners;  /* who may still touch this: the owner and each worker */
    struct crew__placement placement;
};

static struct {
    atomic_int pools;        /* calling threads that have claimed a pool */
    pthread_mutex_t growing; /* held while a pool grows */
    pthread_key_t owner, worker;
    bool have_keys; /* else key 0 is somebody else's */
} shared = {.growing = PTHREAD_MUTEX_INITIALIZER};

static _Thread_local struct {
    struct crew__pool *own, *joined;
    int width;    /* the last team's: the runtime keeps no more */
    bool claimed; /* counted in shared.pools */
    int refused;  /* a width that the system could not give, */
    double again; /* until then */
} self;

static void let_go(struct crew__pool *pool)
{
    if (atomic_fetch_sub_explicit(&pool->owners, 1, memory_order_acq_rel) == 1)
        crew__free(pool);
}

static void owner_ends(void *pool)
{
    if (self.claimed)
        atomic_fetch_sub_explicit(&shared.pools, 1, memory_order_relaxed);
    let_go(pool);
    self.own = NULL;
    self.claimed = false;
}

static void worker_ends(void *joined)
{
    struct crew__pool *pool = joined;
    atomic_fetch_sub_explicit(&pool->workers, 1, memory_order_relaxed);
    let_go(pool);
    self.joined = NULL;
}

bool crew__pool_set_up(void)
{
    shared.have_keys =
        pthread_key_create(&shared.owner, owner_ends) == 0 && pthread_key_create(&shared.worker, worker_ends) == 0;
    return shared.have_keys;
}

static bool have_own(void)
{
    if (self.own)
        return true;
    struct crew__pool *own = shared.have_keys ? crew__alloc(sizeof *own) : NULL;
    if (own && pthread_setspecific(shared.owner, own) != 0) {
        crew__free(own);
        own = NULL;
    }
    if (own) {
        atomic_init(&own->workers, 0);
        atomic_init(&own->owners, 1);
        own->placement = (struct crew__placement){0};
    }
    self.own = own;
    self.width = 1;
    return own != NULL;
}

bool crew__pool_claim(void)
{
    if (self.claimed)
        return true;
    if (!have_own())
        return false;
    if (atomic_fetch_add_explicit(&shared.pools, 1, memory_order_relaxed) >= MAX_POOLS) {
        atomic_fetch_sub_explicit(&shared.pools, 1, memory_order_relaxed);
        return false;
    }
    self.claimed = true;
    return true;
}

/* What the runtime keeps for the calling thread. A region of the program's own that was narrower has made it drop
   threads since the last team of crew's. */
static int threads_kept(void)
{
    int alive = 1 + atomic_load_explicit(&self.own->workers, memory_order_relaxed);
    return alive < self.width ? alive : self.width;
}

int crew__pool_grow(int want)
{
    if (want < 2 || !have_own() || !crew__runtime_usable())
        return 1;
    int have = threads_kept();
    if (want <= have)
        return want;
    if (want >= self.refused && self.refused > 0) {
        if (crew__seconds() >= self.again)
            self.refused = 0;
        else if (self.refused - 1 <= have)
            return self.refused - 1;
        else
            want = self.refused - 1;
    }
    /* One at a time, and the threads made at once by an empty team: else two callers try out the same ones. */
    int canceling = crew__cancel_off();
    pthread_mutex_lock(&shared.growing);
    bool may = crew__runtime_prepare_threads() && crew__runtime_memory(want);
    int got = may ? have + crew__spawn_trial(want - have) : have;
    if (got > have) {
        /* counted, because a compiler removes a region that does nothing, and the runtime may give fewer */
        int made = 0;
        struct crew__pool *own = self.own;
        crew__placement_make(&own->placement);
#pragma omp parallel num_threads(got) reduction(+ : made)
        {
            made += 1;
            crew__placement_made(&own->placement, omp_get_thread_num(), omp_get_num_threads());
            if (omp_get_thread_num() > 0)
                crew__pool_join(own, omp_get_thread_num());
        }
        got = self.width = made;
    }
    pthread_mutex_unlock(&shared.growing);
    crew__cancel_back(canceling);
    if (got < want) {
        self.refused = got + 1;
        self.again = crew__seconds() + RETRY_AFTER;
    }
    return got;
}

int crew__pool_start_thread(pthread_t *thread, void *(*fn)(void *), void *arg, sigset_t *before)
{
    if (!crew__runtime_prepare_threads())
        return EAGAIN;
    crew__signals_block(before);
    pthread_mutex_lock(&shared.growing);
    int error = pthread_create(thread, NULL, fn, arg);
    pthread_mutex_unlock(&shared.growing);
    pthread_sigmask(SIG_SETMASK, before, NULL);
    return error;
}

struct crew__pool *crew__pool_use(int width)
{
    self.width = width;
    return self.own;
}

static CREW__NOINLINE void change_pool(struct crew__pool *pool)
{
    if (self.joined)
        worker_ends(self.joined);
    /* A thread that cannot say when it ends is not counted: it is tried out again. */
    if (!pool || pthread_setspecific(shared.worker, pool) != 0)
        return;
    self.joined = pool;
    atomic_fetch_add_explicit(&pool->owners, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&pool->workers, 1, memory_order_relaxed);
}

void crew__pool_join(struct crew__pool *pool, int id)
{
    if (CREW__UNLIKELY(self.joined != pool))
        change_pool(pool);
    if (CREW__LIKELY(pool != NULL))
        crew__placement_arrive(&pool->placement, id);
}

void crew__pool_begin(struct crew__pool *pool, int width)
{
    if (CREW__LIKELY(pool != NULL))
        crew__placement_begin(&pool->placement, width);
}

void crew__pool_end(struct crew__pool *pool)
{
    if (CREW__LIKELY(pool != NULL))
        crew__placement_end(&pool->placement);
}

void crew__pool_forget(void)
{
    self.own = self.joined = NULL;
    self.claimed = false;
    self.refused = 0;
    if (shared.have_keys) {
        pthread_setspecific(shared.owner, NULL);
        pthread_setspecific(shared.worker, NULL);
    }
    atomic_store_explicit(&shared.pools, 0, memory_order_relaxed);
    shared.growing = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

#else
typedef int crew__pool_is_empty; /* ISO C wants a declaration in every file */
#endif
