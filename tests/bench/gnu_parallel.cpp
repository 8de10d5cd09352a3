/* The standard algorithms in GNU's parallel mode, compiled with -D_GLIBCXX_PARALLEL. */
#include "loops.h"

#include <algorithm>
#include <numeric>
#include <omp.h>

void system_open(int threads)
{
    omp_set_dynamic(0);
    omp_set_num_threads(threads);
}

static void axpy(struct job *job)
{
    std::transform(job->x, job->x + job->n, job->y, job->y, [](double x, double y) { return BENCH_A * x + y; });
}

static void items(struct job *job)
{
    double *y = job->y;
    std::for_each(y, y + job->n, [=](double &out) { out = job->item(static_cast<size_t>(&out - y), job->n, job->x); });
}

static void sum(struct job *job)
{
    job->result = std::accumulate(job->x, job->x + job->n, 0.0);
}

static void dot(struct job *job)
{
    job->result = std::inner_product(job->x, job->x + job->n, job->y, 0.0);
}

static void argmin(struct job *job)
{
    job->result = static_cast<double>(std::min_element(job->x, job->x + job->n) - job->x);
}

extern "C" const struct variant variants[] = {{"gnu", axpy, items, sum, dot, argmin, nullptr, nullptr}, {}};
