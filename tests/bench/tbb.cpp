/* oneTBB with its default partitioner. */
#include "loops.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_reduce.h>

using range = tbb::blocked_range<size_t>;

void system_open(int threads)
{
    static tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads));
}

static void axpy(struct job *job)
{
    tbb::parallel_for(range(0, job->n), [=](const range &r) { range_axpy(r.begin(), r.end(), job->x, job->y); });
}

static void items(struct job *job)
{
    tbb::parallel_for(range(0, job->n),
                      [=](const range &r) { range_items(r.begin(), r.end(), job->item, job->n, job->x, job->y); });
}

static void sum(struct job *job)
{
    job->result = tbb::parallel_reduce(
        range(0, job->n), 0.0, [=](const range &r, double s) { return s + range_sum(r.begin(), r.end(), job->x); },
        [](double a, double b) { return a + b; });
}

static void dot(struct job *job)
{
    job->result = tbb::parallel_reduce(
        range(0, job->n), 0.0,
        [=](const range &r, double s) { return s + range_dot(r.begin(), r.end(), job->x, job->y); },
        [](double a, double b) { return a + b; });
}

static void argmin(struct job *job)
{
    const double *x = job->x;
    auto lower = [=](size_t a, size_t b) { return x[b] < x[a] || (x[b] == x[a] && b < a) ? b : a; };
    job->result = static_cast<double>(tbb::parallel_reduce(
        range(0, job->n), size_t{0},
        [=](const range &r, size_t best) { return lower(best, range_argmin(r.begin(), r.end(), x)); }, lower));
}

extern "C" const struct variant variants[] = {{"auto", axpy, items, sum, dot, argmin, nullptr, nullptr}, {}};
