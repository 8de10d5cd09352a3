/* What the suites of executors and futures share. */
#ifndef TESTS_EXECUTOR_TEST_H
#define TESTS_EXECUTOR_TEST_H

#include "../support/suite.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Futures stay pending in builds that have threads only. */
static inline bool has_threads(void)
{
    return strcmp(crew_backend(), "sequential") != 0;
}

static inline int add_one(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
    return 0;
}

static inline int give_back(void *arg)
{
    return *(int *)arg;
}

/* Keeps workers busy until it is opened. */
struct gate {
    atomic_int open, waiting;
};

static inline int wait_at(void *arg)
{
    struct gate *g = arg;
    atomic_fetch_add(&g->waiting, 1);
    while (!atomic_load(&g->open))
        usleep(100);
    return 7;
}

static inline void wait_for(atomic_int *word, int value)
{
    while (atomic_load(word) < value)
        usleep(100);
}

static inline crew_executor *open_with(int threads)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = threads});
    ck_assert_ptr_nonnull(ex);
    return ex;
}

static inline int result_of(crew_future *f)
{
    int result = 0;
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(crew_future_result(f, &result), 0);
    crew_future_release(f);
    return result;
}

struct order {
    pthread_mutex_t lock;
    int seen[16], count;
};

struct mark {
    struct order *order;
    int number;
};

static inline void note(struct order *o, int number)
{
    pthread_mutex_lock(&o->lock);
    o->seen[o->count++] = number;
    pthread_mutex_unlock(&o->lock);
}

static inline int note_task(void *arg)
{
    struct mark *m = arg;
    note(m->order, m->number);
    return 0;
}

static inline int give_13(void *arg)
{
    (void)arg;
    return 13;
}

static inline void *open_later(void *arg)
{
    usleep(20000);
    atomic_store(&((struct gate *)arg)->open, 1);
    return NULL;
}

#endif
