/* pthreadpool: a contiguous range a thread, stealing item by item from the far end. */
#include "loops.h"

#include <pthreadpool.h>

enum { MAX_PARTS = 1024 };

static pthreadpool_t pool;
static size_t threads;
static double part_value[MAX_PARTS * 8]; /* a cache line each */

void system_open(int count)
{
    threads = count < MAX_PARTS ? (size_t)count : MAX_PARTS;
    pool = pthreadpool_create(threads);
}

static size_t equal_tile(size_t n)
{
    return n < threads ? 1 : (n + threads - 1) / threads;
}

static void tile_axpy(void *ctx, size_t begin, size_t count)
{
    const struct job *job = ctx;
    range_axpy(begin, begin + count, job->x, job->y);
}

static void tile_items(void *ctx, size_t begin, size_t count)
{
    const struct job *job = ctx;
    range_items(begin, begin + count, job->item, job->n, job->x, job->y);
}

static void one_item(void *ctx, size_t i)
{
    const struct job *job = ctx;
    job->y[i] = job->item(i, job->n, job->x);
}

static void axpy(struct job *job)
{
    pthreadpool_parallelize_1d_tile_1d(pool, tile_axpy, job, job->n, equal_tile(job->n), 0);
}

static void items(struct job *job)
{
    pthreadpool_parallelize_1d_tile_1d(pool, tile_items, job, job->n, equal_tile(job->n), 0);
}

static void items_64(struct job *job)
{
    pthreadpool_parallelize_1d_tile_1d(pool, tile_items, job, job->n, 64, 0);
}

static void items_1(struct job *job)
{
    pthreadpool_parallelize_1d(pool, one_item, job, job->n, 0);
}

static void tile_sum(void *ctx, size_t begin, size_t count)
{
    const struct job *job = ctx;
    part_value[begin / equal_tile(job->n) * 8] = range_sum(begin, begin + count, job->x);
}

static void tile_dot(void *ctx, size_t begin, size_t count)
{
    const struct job *job = ctx;
    part_value[begin / equal_tile(job->n) * 8] = range_dot(begin, begin + count, job->x, job->y);
}

static void tile_argmin(void *ctx, size_t begin, size_t count)
{
    const struct job *job = ctx;
    part_value[begin / equal_tile(job->n) * 8] = (double)range_argmin(begin, begin + count, job->x);
}

static size_t run_parts(struct job *job, pthreadpool_task_1d_tile_1d_t fn)
{
    size_t tile = equal_tile(job->n);
    pthreadpool_parallelize_1d_tile_1d(pool, fn, job, job->n, tile, 0);
    return (job->n + tile - 1) / tile;
}

static void add_parts(struct job *job, size_t parts)
{
    job->result = 0;
    for (size_t k = 0; k < parts; k++)
        job->result += part_value[k * 8];
}

static void sum(struct job *job)
{
    add_parts(job, run_parts(job, tile_sum));
}

static void dot(struct job *job)
{
    add_parts(job, run_parts(job, tile_dot));
}

static void argmin(struct job *job)
{
    size_t parts = run_parts(job, tile_argmin), best = 0;
    for (size_t k = 0; k < parts; k++) {
        size_t i = (size_t)part_value[k * 8];
        best = k == 0 || job->x[i] < job->x[best] ? i : best;
    }
    job->result = (double)best;
}

const struct variant variants[] = {{"equal", axpy, items, sum, dot, argmin, NULL, NULL},
                                   {.name = "tile64", .items = items_64},
                                   {.name = "item", .items = items_1},
                                   {0}};
