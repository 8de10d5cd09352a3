/* The backend on OpenMP. libgomp ends the process when it cannot create a thread, hangs in a child after fork, and
   gives every calling thread a pool of its own; what is here keeps a program away from all three. */
#define _POSIX_C_SOURCE 200809L
#ifdef _OPENMP

#include "../base/atomics.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "../base/limits.h"
#include "../base/threads.h"
#include "backend.h"
#include "host.h"
#include "inner.h"
#include "pool.h"
#include "runtime.h"
#include "spawn.h"
#include <crew/options.h>
#include <omp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    atomic_int helpers;  /* threads beyond the callers' own in teams that run now */
    atomic_int hosting;  /* 1 while a caller has the hosting thread */
    pthread_once_t once; /* fork handler and what ends pools */
    int ready;           /* written once, under once: 0 where the handlers could not be had */
} shared = {.once = PTHREAD_ONCE_INIT};

atomic_uint crew__forks;

static _Atomic(const struct crew__nest *) nested;

static _Thread_local struct {
    int depth;       /* workers of crew's teams on this thread's stack */
    bool threads;    /* the process had more than this thread when it last forked */
    bool after_fork; /* the thread that forked: its pool's threads exist in the parent only */
} self;

/* The program's own regions make pools too. crew cannot ask the runtime for them, but a process of one thread has none.
   On Linux the directory has two links more than there are threads. */
static void look_before_fork(void)
{
    struct stat tasks;
    self.threads = stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink != 3;
}

static void forget_after_fork(void)
{
    const struct crew__nest *nest = atomic_load_explicit(&nested, memory_order_acquire);
    atomic_fetch_add_explicit(&crew__forks, 1, memory_order_relaxed);
    self.after_fork = self.after_fork || self.threads;
    self.depth = 0;
    if (nest)
        nest->forget();
    atomic_store_explicit(&shared.helpers, 0, memory_order_relaxed);
    atomic_store_explicit(&shared.hosting, 0, memory_order_relaxed);
    crew__pool_forget();
    crew__spawn_forget();
    crew__host_forget();
}

static void set_up(void)
{
    atomic_store_explicit(&crew__bound_cpus, crew__runtime_bound_cpus, memory_order_release);
    if (crew__pool_set_up())
        shared.ready = pthread_atfork(look_before_fork, NULL, forget_after_fork) == 0;
}

/* At load, since the program may run regions and fork before its first call of crew. */
CREW__AT_LOAD static void set_up_early(void)
{
    pthread_once(&shared.once, set_up);
}

/* Threads are shared by all callers: the first may have all, a second one only what is left, and there it is all or
   nothing, because a team that changes its width makes the runtime end and create threads (0.5 ms). */
static bool reserve(int helpers)
{
    int most = crew__resolve_threads(0) - 1;
    int now = atomic_load_explicit(&shared.helpers, memory_order_relaxed);
    do {
        if (now > 0 && now + helpers > most)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&shared.helpers, &now, now + helpers, memory_order_relaxed,
                                                    memory_order_relaxed));
    return true;
}

static void unreserve(int helpers)
{
    atomic_fetch_sub_explicit(&shared.helpers, helpers, memory_order_relaxed);
}

static struct crew__team acquire_tasks(int want)
{
    int team = omp_get_num_threads();
    int width = want < team ? want : team;
    /* A region of one thread that a program opened (or that an exception left behind) has nobody to share with. */
    if (width < 2 || !omp_in_parallel() || omp_in_final() || !crew__runtime_memory(1))
        return (struct crew__team){CREW__TEAM_NONE, 1};
    return (struct crew__team){CREW__TEAM_TASKS, width};
}

static struct crew__team acquire_host(int want)
{
    int idle = 0;
    if (atomic_compare_exchange_strong_explicit(&shared.hosting, &idle, 1, memory_order_acquire,
                                                memory_order_relaxed)) {
        if (reserve(want - 1))
            return (struct crew__team){CREW__TEAM_HOSTED, want};
        atomic_store_explicit(&shared.hosting, 0, memory_order_release);
    }
    return (struct crew__team){CREW__TEAM_BUSY, 1};
}

struct crew__team crew__team_acquire(int want)
{
    crew__threads_refresh();
    const struct crew__team none = {CREW__TEAM_NONE, 1}, busy = {CREW__TEAM_BUSY, 1};
    if (want < 2)
        return none;
    if (self.depth > 0) {
        const struct crew__nest *nest = atomic_load_explicit(&nested, memory_order_acquire);
        return nest ? nest->acquire(want) : none;
    }
    if (!crew__runtime_usable())
        return none;
    /* A child that was forked inside a region is in that region for ever, but has none of its threads. */
    if (!self.after_fork && omp_get_level() > 0)
        return acquire_tasks(want);
    pthread_once(&shared.once, set_up);
    if (!shared.ready)
        return none;
    if (self.after_fork || !crew__pool_claim())
        return acquire_host(want);
    if (!reserve(want - 1))
        return busy;
    int width = crew__pool_grow(want);
    if (width < want)
        unreserve(want - width);
    return width < 2 ? none : (struct crew__team){CREW__TEAM_OWN, width};
}

int crew__team_threads(int want)
{
    if (want < 2 || self.depth > 0 || !crew__runtime_usable() || omp_get_level() > 0)
        return 1;
    pthread_once(&shared.once, set_up);
    if (!shared.ready || self.after_fork || !crew__pool_claim())
        return 1;
    int width = crew__pool_grow(want);
    crew__pool_use(width);
    return width;
}

void crew__team_nest(const struct crew__nest *nest)
{
    atomic_store_explicit(&nested, nest, memory_order_release);
}

void crew__team_enter(int id, crew__worker_fn *fn, void *arg)
{
    int depth = self.depth;
    struct crew__inner inner = {0, 0};
    self.depth = depth + 1;
    if (depth == 0)
        inner = crew__inner_begin();
    CREW__NO_EXCEPTION_PASSES();
    CREW__CALLBACK_BEGIN()
    crew__tell_acquire(arg);
    fn(id, arg);
    crew__tell_release(arg);
    CREW__CALLBACK_END()
    crew__inner_end(inner);
    self.depth = depth;
}

/* Memory for a task is tried for many at once: for each it took as long as the task itself. */
static bool memory_for_task(void)
{
    enum { TASKS = 64 };
    static _Thread_local int tried;
    if (tried == 0)
        tried = crew__runtime_memory(TASKS / 8) ? TASKS : 0;
    return tried > 0 && tried-- > 0;
}

bool crew__region_fork(void (*fn)(void *), void *arg)
{
    if (self.depth > 0 || self.after_fork || !crew__runtime_usable() || !omp_in_parallel() || !memory_for_task())
        return false;
#pragma omp task firstprivate(fn, arg)
    fn(arg);
    return true;
}

void crew__region_join(void)
{
#pragma omp taskwait
}

void crew__team_alone(void)
{
    /* libomp knows of forks and starts anew, where it is needed. */
    if (!crew__runtime_is_libomp())
        omp_set_num_threads(1);
}

void crew__child_returned(void)
{
    static const char text[] =
        "crew: a child of fork has returned from the callback in which it was forked; it must end "
        "with _exit or exec\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    _exit(EXIT_FAILURE);
}

/* Runs a worker in a region. */
static void enter_in_region(int id, crew__worker_fn *fn, void *arg)
{
    unsigned forks = crew__fork_count();
    crew__team_enter(id, fn, arg);
    if (CREW__UNLIKELY(crew__fork_count() != forks))
        crew__child_returned();
}

/* libomp's own waits can be canceled, as libgomp's cannot: the caller is only inside its callbacks. */
static void run_own(int width, crew__worker_fn *fn, void *arg)
{
    struct crew__pool *pool = crew__pool_use(width);
    bool guard = crew__runtime_is_libomp();
    int canceling = guard ? crew__cancel_off() : 0;
    crew__pool_begin(pool, width);
#pragma omp parallel num_threads(width)
    {
        int id = omp_get_thread_num();
        if (id > 0)
            crew__pool_join(pool, id);
        else if (guard)
            crew__cancel_back(canceling);
        enter_in_region(id, fn, arg);
        if (id == 0 && guard)
            crew__cancel_off();
    }
    crew__pool_end(pool);
    if (guard)
        crew__cancel_back(canceling);
}

static void run_tasks(int width, crew__worker_fn *fn, void *arg)
{
#pragma omp taskgroup
    {
        for (int id = 1; id < width; id++) {
#pragma omp task firstprivate(id, fn, arg)
            enter_in_region(id, fn, arg);
        }
        enter_in_region(0, fn, arg);
    }
}

struct hosted {
    int width;
    crew__worker_fn *fn;
    void *arg;
};

static void run_hosted(void *arg)
{
    const struct hosted *job = arg;
    run_own(crew__pool_grow(job->width), job->fn, job->arg);
}

void crew__team_run(const struct crew__team *team, crew__worker_fn *fn, void *arg)
{
    struct hosted job = {team->width, fn, arg};
    bool ran = true;
    crew__tell_release(arg);
    switch (team->kind) {
    case CREW__TEAM_OWN:
        run_own(team->width, fn, arg);
        break;
    case CREW__TEAM_TASKS:
        run_tasks(team->width, fn, arg);
        break;
    case CREW__TEAM_HOSTED:
        ran = crew__host_run(run_hosted, &job);
        break;
    case CREW__TEAM_FORKED:
        atomic_load_explicit(&nested, memory_order_acquire)->run(team->width, fn, arg);
        break;
    default:
        ran = false;
    }
    if (!ran)
        crew__team_enter(0, fn, arg);
    crew__tell_acquire(arg);
}

void crew__team_release(const struct crew__team *team)
{
    if (team->kind == CREW__TEAM_OWN || team->kind == CREW__TEAM_HOSTED)
        unreserve(team->width - 1);
    if (team->kind == CREW__TEAM_HOSTED)
        atomic_store_explicit(&shared.hosting, 0, memory_order_release);
}

#else
typedef int crew__openmp_is_empty; /* ISO C wants a declaration in every file */
#endif
