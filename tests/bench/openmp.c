/* OpenMP by hand. Linked with libgomp or with libomp: gcc's objects run on both, so that the two differ in the runtime
   alone and not in how two compilers translate the kernels. */
#include "loops.h"

#include <omp.h>

job_fn simd_sum, simd_dot, simd_argmin; /* openmp_simd.c */

void system_open(int threads)
{
    omp_set_dynamic(0);
    omp_set_num_threads(threads);
}

#define SCHEDULE static
#define NAME(f) static_##f
#include "openmp_loops.h"

#define SCHEDULE dynamic, 1
#define NAME(f) dynamic1_##f
#include "openmp_loops.h"

#define SCHEDULE dynamic, 64
#define NAME(f) dynamic64_##f
#include "openmp_loops.h"

#define SCHEDULE guided
#define NAME(f) guided_##f
#include "openmp_loops.h"

static void sum(struct job *job)
{
    double s = 0;
#pragma omp parallel for reduction(+ : s) schedule(static)
    for (size_t i = 0; i < job->n; i++)
        s += job->x[i];
    job->result = s;
}

static void dot(struct job *job)
{
    double s = 0;
#pragma omp parallel for reduction(+ : s) schedule(static)
    for (size_t i = 0; i < job->n; i++)
        s += job->x[i] * job->y[i];
    job->result = s;
}

struct place {
    double value;
    size_t index;
};

static struct place lower(struct place a, struct place b)
{
    return b.value < a.value || (b.value == a.value && b.index < a.index) ? b : a;
}

#pragma omp declare reduction(lowest : struct place : omp_out = lower(omp_out, omp_in)) initializer(omp_priv = omp_orig)

static void argmin(struct job *job)
{
    struct place best = {job->x[0], 0};
#pragma omp parallel for reduction(lowest : best) schedule(static)
    for (size_t i = 0; i < job->n; i++)
        if (job->x[i] < best.value)
            best = (struct place){job->x[i], i};
    job->result = (double)best.index;
}

const struct variant variants[] = {{"static", static_axpy, static_items, sum, dot, argmin, NULL, NULL},
                                   {.name = "dynamic1", .axpy = dynamic1_axpy, .items = dynamic1_items},
                                   {.name = "dynamic64", .axpy = dynamic64_axpy, .items = dynamic64_items},
                                   {.name = "guided", .axpy = guided_axpy, .items = guided_items},
                                   {.name = "simd", .sum = simd_sum, .dot = simd_dot, .argmin = simd_argmin},
                                   {0}};
