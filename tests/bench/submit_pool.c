/* submit through the pool written by hand. */
#include "pool.h"
#include "task_submit.h"

#include <stdlib.h>

static void open_pool(int threads)
{
    if (pool_open(threads) != 0)
        exit(1);
}

static size_t empty(void *arg)
{
    (void)arg;
    task_ran();
    return 0;
}

static size_t one(void *arg)
{
    (void)arg;
    return 1;
}

static void submit(size_t n)
{
    for (size_t k = 0; k < n; k++)
        pool_submit(empty, NULL, NULL);
}

static size_t submit_future(size_t n)
{
    struct pool_future *futures = malloc(n * sizeof *futures);
    size_t sum = 0;
    for (size_t k = 0; futures && k < n; k++) {
        pool_future_open(&futures[k]);
        if (pool_submit(one, NULL, &futures[k]) != 0)
            exit(1);
    }
    for (size_t k = 0; futures && k < n; k++)
        sum += pool_future_wait(&futures[k]);
    free(futures);
    return sum;
}

static size_t round_trip(void)
{
    struct pool_future f;
    pool_future_open(&f);
    return pool_submit(one, NULL, &f) == 0 ? pool_future_wait(&f) : 0;
}

const struct submit_system submit_systems[] = {{"pool", open_pool, submit, submit_future, round_trip, 0}, {0}};
