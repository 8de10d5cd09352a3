/* crew, through its public headers. */
#include "loops.h"

#include <crew/crew.h>

void system_open(int threads)
{
    crew_set_num_threads(threads);
}

static int body_axpy(size_t begin, size_t end, void *ctx)
{
    const struct job *job = ctx;
    range_axpy(begin, end, job->x, job->y);
    return 0;
}

static void axpy(struct job *job)
{
    crew_for(job->n, body_axpy, job, NULL);
}

static int body_items(size_t begin, size_t end, void *ctx)
{
    const struct job *job = ctx;
    range_items(begin, end, job->item, job->n, job->x, job->y);
    return 0;
}

static void items(struct job *job)
{
    crew_for(job->n, body_items, job, NULL);
}

static void sum(struct job *job)
{
    job->result = crew_sum_f64(job->x, job->n);
}

static void dot(struct job *job)
{
    job->result = crew_dot_f64(job->x, job->y, job->n);
}

static void argmin(struct job *job)
{
    job->result = (double)crew_argmin_f64(job->x, job->n);
}

static void exact_sum(struct job *job)
{
    job->result = crew_sum_exact_f64(job->x, job->n);
}

static void exact_dot(struct job *job)
{
    job->result = crew_dot_exact_f64(job->x, job->y, job->n);
}

static int map_item(const void *in, void *out, void *ctx)
{
    const struct job *job = ctx;
    *(double *)out = job->item(0, 1, in);
    return 0;
}

/* Only for items that read x[i] and nothing else of i and n. */
static void map(struct job *job)
{
    crew_map(job->x, sizeof(double), job->y, sizeof(double), job->n, map_item, job, NULL);
}

static void pragma_axpy(struct job *job)
{
    double *y = job->y;
    const double *x = job->x;
    CREW_FOR (i, job->n)
        y[i] = BENCH_A * x[i] + y[i];
}

static int fold_sum(size_t begin, size_t end, void *acc, void *ctx)
{
    *(double *)acc += range_sum(begin, end, ((const struct job *)ctx)->x);
    return 0;
}

static int fold_dot(size_t begin, size_t end, void *acc, void *ctx)
{
    const struct job *job = ctx;
    *(double *)acc += range_dot(begin, end, job->x, job->y);
    return 0;
}

static void merge_sum(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static void reduce_sum(struct job *job)
{
    crew_reducer r = {.size = sizeof(double), .fold = fold_sum, .merge = merge_sum};
    crew_reduce(job->n, &r, job, &job->result, NULL);
}

static void reduce_dot(struct job *job)
{
    crew_reducer r = {.size = sizeof(double), .fold = fold_dot, .merge = merge_sum};
    crew_reduce(job->n, &r, job, &job->result, NULL);
}

const struct variant variants[] = {{"crew", axpy, items, sum, dot, argmin, exact_sum, exact_dot},
                                   {.name = "map", .items = map},
                                   {.name = "pragma", .axpy = pragma_axpy},
                                   {.name = "reduce", .sum = reduce_sum, .dot = reduce_dot},
                                   {.name = "rounded", .exact_sum = sum, .exact_dot = dot},
                                   {0}};
