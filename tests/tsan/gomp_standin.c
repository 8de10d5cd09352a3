/* A stand-in for libgomp on pthreads, for race detectors: they see every lock, creation and join in it, where libgomp's
   own futexes are invisible to them and give false reports. It has what gcc makes of parallel, for (static schedule,
   and dynamic that counts up by one), single, critical, barrier, task, taskwait and taskgroup. Each
   calling thread keeps a pool, as in libgomp, so that thread-local state lives on between regions. One lock a team
   guards everything: that is slow, and its extra order can hide a race that another order would show, so the other
   route is needed too.

   GOMP_STANDIN_TEAM=k in the environment gives no team more than k threads, whatever was asked for. */
#define _GNU_SOURCE
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TEAM = 1024, MAX_THREADS = 4096 };

struct group {
    struct group *outer;
    int open; /* tasks of the group that have not ended */
};

struct task {
    struct task *next, *parent;
    struct group *group;
    void (*fn)(void *);
    void *data;
    int children; /* that have not ended */
    int holds;    /* itself while it runs, and every child that still points here */
};

/* A loop with a dynamic schedule, from the first thread that comes to it until the last one leaves it. */
struct loop {
    struct loop *next;
    unsigned number; /* of the team's loops */
    int left;        /* threads that have left it */
    unsigned long long at, end, step;
};

struct team {
    struct team *outer;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct task *first, **last; /* waiting to run */
    int size, level, active_level;
    int open;    /* tasks that have not ended */
    int arrived; /* at the barrier */
    unsigned generation;
    unsigned singles;           /* single constructs that somebody took */
    struct loop *loops, *begun; /* begun: what it was made for, if a loop */
    void (*fn)(void *);
    void *data;
};

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct team *team; /* to work in; NULL: idle */
    int id;
    bool leave;
};

struct pool {
    struct worker *worker[MAX_TEAM];
    int size; /* workers, without the caller */
};

static _Thread_local struct {
    struct team *team;
    struct task *task;
    struct pool *pool;
    int id;
    int num_threads; /* omp_set_num_threads */
    unsigned singles;
    unsigned loops;    /* that it has come to in this team */
    struct loop *loop; /* the last of them */
    bool forked;       /* the pool's threads are in the parent only */
} self;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t pool_key;
static pthread_mutex_t critical = PTHREAD_MUTEX_INITIALIZER;
static int team_limit = MAX_TEAM, default_threads = 1;

static void must(int error, const char *what)
{
    if (error != 0) {
        fprintf(stderr, "gomp_standin: %s: %s\n", what, strerror(error));
        exit(1);
    }
}

static void *must_have(void *p)
{
    must(p == NULL ? 12 : 0, "memory");
    return p;
}

static void unhold(struct task *task)
{
    if (--task->holds == 0)
        free(task);
}

/* Runs one waiting task, with the team locked before and after. */
static bool run_one(struct team *team)
{
    struct task *task = team->first;
    if (task == NULL)
        return false;
    team->first = task->next;
    if (team->first == NULL)
        team->last = &team->first;
    struct task *outer = self.task;
    self.task = task;
    pthread_mutex_unlock(&team->lock);
    task->fn(task->data);
    free(task->data);
    pthread_mutex_lock(&team->lock);
    self.task = outer;
    if (task->group != NULL)
        task->group->open--;
    task->parent->children--;
    team->open--;
    if (task->parent->holds > 0)
        unhold(task->parent);
    unhold(task);
    pthread_cond_broadcast(&team->changed);
    return true;
}

static void wait_until_zero(struct team *team, const int *count)
{
    while (*count != 0)
        if (!run_one(team))
            pthread_cond_wait(&team->changed, &team->lock);
}

/* The last to arrive lets all go on, once no task is left. */
static void barrier(struct team *team)
{
    pthread_mutex_lock(&team->lock);
    unsigned generation = team->generation;
    if (++team->arrived == team->size) {
        wait_until_zero(team, &team->open);
        team->arrived = 0;
        team->generation++;
        pthread_cond_broadcast(&team->changed);
    } else {
        while (generation == team->generation)
            if (!run_one(team))
                pthread_cond_wait(&team->changed, &team->lock);
    }
    pthread_mutex_unlock(&team->lock);
}

static void work(struct team *team, int id)
{
    struct team *outer_team = self.team;
    struct task *outer_task = self.task, implicit = {0};
    int outer_id = self.id;
    unsigned outer_singles = self.singles, outer_loops = self.loops;
    struct loop *outer_loop = self.loop;
    self.team = team;
    self.id = id;
    self.singles = 0;
    self.loops = team->begun != NULL;
    self.loop = team->begun;
    self.task = &implicit;
    team->fn(team->data);
    barrier(team);
    self.team = outer_team;
    self.id = outer_id;
    self.singles = outer_singles;
    self.loops = outer_loops;
    self.loop = outer_loop;
    self.task = outer_task;
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->team == NULL && !w->leave)
            pthread_cond_wait(&w->changed, &w->lock);
        if (w->leave)
            break;
        struct team *team = w->team;
        pthread_mutex_unlock(&w->lock);
        work(team, w->id);
        pthread_mutex_lock(&w->lock);
        w->team = NULL;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void shrink(struct pool *pool, int size)
{
    while (pool->size > size) {
        struct worker *w = pool->worker[--pool->size];
        pthread_mutex_lock(&w->lock);
        w->leave = true;
        pthread_cond_broadcast(&w->changed);
        pthread_mutex_unlock(&w->lock);
        must(pthread_join(w->thread, NULL), "join");
        pthread_mutex_destroy(&w->lock);
        pthread_cond_destroy(&w->changed);
        free(w);
    }
}

static void grow(struct pool *pool, int size)
{
    while (pool->size < size) {
        struct worker *w = must_have(calloc(1, sizeof *w));
        pthread_mutex_init(&w->lock, NULL);
        pthread_cond_init(&w->changed, NULL);
        w->id = pool->size + 1;
        must(pthread_create(&w->thread, NULL, worker_main, w), "Thread creation failed");
        pool->worker[pool->size++] = w;
    }
}

static void end_pool(void *arg)
{
    shrink(arg, 0);
    free(arg);
}

/* What leaves by exit() runs no thread-exit keys. */
static void end_own_pool(void)
{
    if (self.pool != NULL)
        end_pool(self.pool);
    self.pool = NULL;
}

static void forget_pool(void)
{
    self.forked = self.pool != NULL;
    self.pool = NULL;
}

static void set_up(void)
{
    const char *limit = getenv("GOMP_STANDIN_TEAM"), *threads = getenv("OMP_NUM_THREADS");
    if (limit != NULL && atoi(limit) > 0 && atoi(limit) < MAX_TEAM)
        team_limit = atoi(limit);
    default_threads = threads != NULL && atoi(threads) > 0 ? atoi(threads) : omp_get_num_procs();
    must(pthread_key_create(&pool_key, end_pool), "key");
    must(atexit(end_own_pool), "atexit");
    must(pthread_atfork(NULL, NULL, forget_pool), "atfork");
}

static void run_team(void (*fn)(void *), void *data, unsigned num_threads, struct loop *loop)
{
    pthread_once(&once, set_up);
    int size = (int)num_threads;
    if (size == 0)
        size = self.num_threads > 0 ? self.num_threads : default_threads;
    if (self.team != NULL && self.team->active_level > 0)
        size = 1;
    if (size < 1 || size > MAX_THREADS) {
        fprintf(stderr, "gomp_standin: a team of %d\n", size);
        exit(1);
    }
    size = size < team_limit ? size : team_limit;
    if (self.forked && size > 1) {
        fprintf(stderr, "gomp_standin: a region in the child of a fork, where libgomp hangs\n");
        exit(1);
    }

    struct team team = {.outer = self.team, .size = size, .fn = fn, .data = data, .loops = loop, .begun = loop};
    team.last = &team.first;
    team.level = self.team != NULL ? self.team->level + 1 : 1;
    team.active_level = (self.team != NULL ? self.team->active_level : 0) + (size > 1);
    pthread_mutex_init(&team.lock, NULL);
    pthread_cond_init(&team.changed, NULL);
    if (size > 1) {
        if (self.pool == NULL) {
            self.pool = must_have(calloc(1, sizeof *self.pool));
            must(pthread_setspecific(pool_key, self.pool), "key");
        }
        shrink(self.pool, size - 1);
        grow(self.pool, size - 1);
        for (int i = 0; i < size - 1; i++) {
            struct worker *w = self.pool->worker[i];
            pthread_mutex_lock(&w->lock);
            w->team = &team;
            pthread_cond_broadcast(&w->changed);
            pthread_mutex_unlock(&w->lock);
        }
    }
    work(&team, 0);
    for (int i = 0; i < size - 1; i++) {
        struct worker *w = self.pool->worker[i];
        pthread_mutex_lock(&w->lock);
        while (w->team != NULL)
            pthread_cond_wait(&w->changed, &w->lock);
        pthread_mutex_unlock(&w->lock);
    }
    pthread_mutex_destroy(&team.lock);
    pthread_cond_destroy(&team.changed);
}

void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags)
{
    (void)flags;
    run_team(fn, data, num_threads, NULL);
}

static struct loop *new_loop(unsigned number, unsigned long long first, unsigned long long after,
                             unsigned long long increment, unsigned long long chunk)
{
    must(increment != 1 ? EINVAL : 0, "a loop");
    struct loop *loop = must_have(calloc(1, sizeof *loop));
    *loop = (struct loop){.number = number, .at = first, .end = after, .step = chunk};
    return loop;
}

void GOMP_parallel_loop_nonmonotonic_dynamic(void (*fn)(void *), void *data, unsigned num_threads, long first,
                                             long after, long increment, long chunk, unsigned flags);
void GOMP_parallel_loop_nonmonotonic_dynamic(void (*fn)(void *), void *data, unsigned num_threads, long first,
                                             long after, long increment, long chunk, unsigned flags)
{
    (void)flags;
    must(first < 0 || after < first ? EINVAL : 0, "a loop");
    run_team(fn, data, num_threads,
             new_loop(0, (unsigned long long)first, (unsigned long long)after, (unsigned long long)increment,
                      (unsigned long long)chunk));
}

void GOMP_barrier(void);
void GOMP_barrier(void)
{
    if (self.team != NULL)
        barrier(self.team);
}

bool GOMP_single_start(void);
bool GOMP_single_start(void)
{
    if (self.team == NULL)
        return true;
    pthread_mutex_lock(&self.team->lock);
    bool mine = self.singles++ == self.team->singles;
    if (mine)
        self.team->singles++;
    pthread_mutex_unlock(&self.team->lock);
    return mine;
}

bool GOMP_loop_ull_nonmonotonic_dynamic_next(unsigned long long *begin, unsigned long long *end);
bool GOMP_loop_ull_nonmonotonic_dynamic_next(unsigned long long *begin, unsigned long long *end)
{
    struct loop *loop = self.loop;
    pthread_mutex_lock(&self.team->lock);
    *begin = loop->at;
    *end = loop->end - loop->at < loop->step ? loop->end : loop->at + loop->step;
    loop->at = *end;
    pthread_mutex_unlock(&self.team->lock);
    return *begin < *end;
}

bool GOMP_loop_ull_nonmonotonic_dynamic_start(bool up, unsigned long long first, unsigned long long after,
                                              unsigned long long increment, unsigned long long chunk,
                                              unsigned long long *begin, unsigned long long *end);
bool GOMP_loop_ull_nonmonotonic_dynamic_start(bool up, unsigned long long first, unsigned long long after,
                                              unsigned long long increment, unsigned long long chunk,
                                              unsigned long long *begin, unsigned long long *end)
{
    struct team *team = self.team;
    must(team == NULL || !up ? EINVAL : 0, "a loop");
    unsigned number = self.loops++;
    pthread_mutex_lock(&team->lock);
    struct loop **at = &team->loops;
    while (*at != NULL && (*at)->number != number)
        at = &(*at)->next;
    if (*at == NULL)
        *at = new_loop(number, first, after, increment, chunk);
    self.loop = *at;
    pthread_mutex_unlock(&team->lock);
    return GOMP_loop_ull_nonmonotonic_dynamic_next(begin, end);
}

bool GOMP_loop_nonmonotonic_dynamic_next(long *begin, long *end);
bool GOMP_loop_nonmonotonic_dynamic_next(long *begin, long *end)
{
    unsigned long long from, to;
    bool some = GOMP_loop_ull_nonmonotonic_dynamic_next(&from, &to);
    *begin = (long)from;
    *end = (long)to;
    return some;
}

void GOMP_loop_end_nowait(void);
void GOMP_loop_end_nowait(void)
{
    struct team *team = self.team;
    pthread_mutex_lock(&team->lock);
    if (++self.loop->left == team->size) {
        struct loop **at = &team->loops, *loop = self.loop;
        while (*at != loop)
            at = &(*at)->next;
        *at = loop->next;
        free(loop);
    }
    pthread_mutex_unlock(&team->lock);
}

void GOMP_critical_start(void);
void GOMP_critical_start(void)
{
    pthread_mutex_lock(&critical);
}

void GOMP_critical_end(void);
void GOMP_critical_end(void)
{
    pthread_mutex_unlock(&critical);
}

void GOMP_critical_name_start(void **name);
void GOMP_critical_name_start(void **name)
{
    (void)name;
    GOMP_critical_start();
}

void GOMP_critical_name_end(void **name);
void GOMP_critical_name_end(void **name)
{
    (void)name;
    GOMP_critical_end();
}

void GOMP_atomic_start(void);
void GOMP_atomic_start(void)
{
    GOMP_critical_start();
}

void GOMP_atomic_end(void);
void GOMP_atomic_end(void)
{
    GOMP_critical_end();
}

enum { TASK_DEPEND = 8 };

void GOMP_task(void (*fn)(void *), void *data, void (*copy)(void *, void *), long size, long align, bool deferred,
               unsigned flags, void **depend, int priority);
void GOMP_task(void (*fn)(void *), void *data, void (*copy)(void *, void *), long size, long align, bool deferred,
               unsigned flags, void **depend, int priority)
{
    (void)depend;
    (void)priority;
    size_t bytes = size > 0 ? (size_t)size : 1, unit = align > (long)sizeof(void *) ? (size_t)align : sizeof(void *);
    void *own = must_have(aligned_alloc(unit, (bytes + unit - 1) / unit * unit));
    if (copy != NULL)
        copy(own, data);
    else if (size > 0)
        memcpy(own, data, (size_t)size);
    struct team *team = self.team;
    /* Tasks with dependences run at once, in the order in which they are made, which fulfils all of them. */
    if (team == NULL || !deferred || (flags & TASK_DEPEND) != 0) {
        fn(own);
        free(own);
        return;
    }
    struct task *task = must_have(calloc(1, sizeof *task));
    task->fn = fn;
    task->data = own;
    task->parent = self.task;
    task->group = self.task->group;
    task->holds = 1;
    pthread_mutex_lock(&team->lock);
    if (self.task->holds > 0)
        self.task->holds++;
    self.task->children++;
    if (task->group != NULL)
        task->group->open++;
    team->open++;
    *team->last = task;
    team->last = &task->next;
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->lock);
}

void GOMP_taskwait(void);
void GOMP_taskwait(void)
{
    if (self.team == NULL)
        return;
    pthread_mutex_lock(&self.team->lock);
    wait_until_zero(self.team, &self.task->children);
    pthread_mutex_unlock(&self.team->lock);
}

void GOMP_taskyield(void);
void GOMP_taskyield(void)
{
}

void GOMP_taskgroup_start(void);
void GOMP_taskgroup_start(void)
{
    if (self.team == NULL)
        return;
    struct group *group = must_have(calloc(1, sizeof *group));
    group->outer = self.task->group;
    self.task->group = group;
}

void GOMP_taskgroup_end(void);
void GOMP_taskgroup_end(void)
{
    if (self.team == NULL)
        return;
    struct group *group = self.task->group;
    pthread_mutex_lock(&self.team->lock);
    wait_until_zero(self.team, &group->open);
    self.task->group = group->outer;
    pthread_mutex_unlock(&self.team->lock);
    free(group);
}

#include "gomp_standin_omp.h"
