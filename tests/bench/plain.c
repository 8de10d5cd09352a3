/* The loop that you would have written: one thread, no runtime. */
#include "loops.h"

void system_open(int threads)
{
    (void)threads;
}

static void axpy(struct job *job)
{
    range_axpy(0, job->n, job->x, job->y);
}

static void items(struct job *job)
{
    range_items(0, job->n, job->item, job->n, job->x, job->y);
}

static void sum(struct job *job)
{
    job->result = range_sum(0, job->n, job->x);
}

static void dot(struct job *job)
{
    job->result = range_dot(0, job->n, job->x, job->y);
}

static void argmin(struct job *job)
{
    job->result = (double)range_argmin(0, job->n, job->x);
}

const struct variant variants[] = {{"plain", axpy, items, sum, dot, argmin}, {0}};
