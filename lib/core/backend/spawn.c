/* Tries threads out, and keeps the thread that hosts regions of callers without a pool. */
#define _GNU_SOURCE
#ifdef _OPENMP

#include "spawn.h"
#include "../base/callback_frame.h"
#include "../base/memory.h"
#include "pool.h"
#include "runtime.h"
#include "signals.h"
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t open;
    bool is_open;
};

struct trial {
    pthread_t thread;
    struct gate *gate;
    long id; /* the kernel's */
};

static void *wait_at_gate(void *arg)
{
    struct trial *trial = arg;
    struct gate *gate = trial->gate;
#ifdef __linux__
    trial->id = syscall(SYS_gettid);
#endif
    pthread_mutex_lock(&gate->lock);
    while (!gate->is_open)
        pthread_cond_wait(&gate->open, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return NULL;
}

/* Gives attr the stack size of OpenMP workers: whether a thread can be created depends on it under RLIMIT_AS. */
static bool worker_attributes(pthread_attr_t *attr)
{
    if (pthread_attr_init(attr) != 0)
        return false;
    unsigned long long size = crew__runtime_stack_size();
    if (size == 0)
        return true;
    unsigned long long page = (unsigned long long)sysconf(_SC_PAGESIZE);
    size = (size + page - 1) / page * page;
    if (size < (unsigned long long)SIZE_MAX)
        pthread_attr_setstacksize(attr,
                                  (size_t)size); /* a size that the system refuses leaves its default, as in libgomp */
    return true;
}

/* A joined thread counts against RLIMIT_NPROC until the kernel has removed it, a little later; the runtime would be
   refused the very thread that the trial had. Bounded: its number may be given to a new thread of the program. */
static void wait_until_removed(const struct trial *trial)
{
#ifdef __linux__
    const struct timespec pause = {0, 20000};
    for (int i = 0; i < 1000 && syscall(SYS_tgkill, getpid(), trial->id, 0) == 0; i++)
        nanosleep(&pause, NULL);
#else
    (void)trial;
#endif
}

int crew__spawn_trial(int count)
{
    size_t bytes;
    if (count < 1 || !crew__mul((size_t)count, sizeof(struct trial), &bytes))
        return 0;
    struct trial *trials = crew__alloc(bytes);
    pthread_attr_t attr;
    if (!trials || !worker_attributes(&attr)) {
        crew__free(trials);
        return 0;
    }
    struct gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .open = PTHREAD_COND_INITIALIZER};
    sigset_t before;
    crew__signals_block(&before);
    int made = 0;
    for (; made < count; made++) {
        trials[made].gate = &gate;
        if (pthread_create(&trials[made].thread, &attr, wait_at_gate, &trials[made]) != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);

    pthread_mutex_lock(&gate.lock);
    gate.is_open = true;
    pthread_cond_broadcast(&gate.open);
    pthread_mutex_unlock(&gate.lock);
    for (int i = 0; i < made; i++)
        pthread_join(trials[i].thread, NULL);
    for (int i = 0; i < made; i++)
        wait_until_removed(&trials[i]);
    pthread_attr_destroy(&attr);
    pthread_cond_destroy(&gate.open);
    pthread_mutex_destroy(&gate.lock);
    crew__free(trials);
    return made;
}

static struct host {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*fn)(void *); /* the job, NULL when there is none */
    void *arg;
    bool started;
} host = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *serve(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&host.lock);
    for (;;) {
        while (!host.fn)
            pthread_cond_wait(&host.changed, &host.lock);
        void (*fn)(void *) = host.fn;
        void *arg = host.arg;
        pthread_mutex_unlock(&host.lock);
        fn(arg);
        pthread_mutex_lock(&host.lock);
        host.fn = NULL;
        pthread_cond_broadcast(&host.changed);
    }
    return NULL;
}

static bool run_on_host(void (*fn)(void *), void *arg)
{
    pthread_mutex_lock(&host.lock);
    if (!host.started) {
        pthread_t thread;
        sigset_t before;
        if (crew__pool_start_thread(&thread, serve, NULL, &before) != 0) {
            pthread_mutex_unlock(&host.lock);
            return false;
        }
        pthread_detach(thread);
        host.started = true;
    }
    host.fn = fn;
    host.arg = arg;
    pthread_cond_broadcast(&host.changed);
    while (host.fn)
        pthread_cond_wait(&host.changed, &host.lock);
    pthread_mutex_unlock(&host.lock);
    return true;
}

bool crew__host_run(void (*fn)(void *), void *arg)
{
    int canceling = crew__cancel_off();
    bool done = run_on_host(fn, arg);
    crew__cancel_back(canceling);
    return done;
}

void crew__spawn_forget(void)
{
    host = (struct host){.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
}

#else
typedef int crew__spawn_is_empty; /* ISO C wants a declaration in every file */
#endif
