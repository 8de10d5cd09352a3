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

/* What rounds to the exact sum of most data: Neumaier's form of Kahan's sum. */
static void neumaier_sum(struct job *job)
{
    double s = 0, rest = 0;
    for (size_t i = 0; i < job->n; i++) {
        double x = job->x[i], t = s + x;
        rest += fabs(s) >= fabs(x) ? s - t + x : x - t + s;
        s = t;
    }
    job->result = s + rest;
}

static void kahan_sum(struct job *job)
{
    double s = 0, rest = 0;
    for (size_t i = 0; i < job->n; i++) {
        double x = job->x[i] - rest, t = s + x;
        rest = t - s - x;
        s = t;
    }
    job->result = s;
}

/* The same of products, without what each of them loses. */
static void kahan_dot(struct job *job)
{
    double s = 0, rest = 0;
    for (size_t i = 0; i < job->n; i++) {
        double x = job->x[i] * job->y[i] - rest, t = s + x;
        rest = t - s - x;
        s = t;
    }
    job->result = s;
}

const struct variant variants[] = {{"plain", axpy, items, sum, dot, argmin, sum, dot},
                                   {.name = "kahan", .exact_sum = kahan_sum, .exact_dot = kahan_dot},
                                   {.name = "neumaier", .exact_sum = neumaier_sum},
                                   {0}};
