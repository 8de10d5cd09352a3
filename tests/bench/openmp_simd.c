/* Reductions by hand with every help that a user can give: compiled with -Ofast -march=native. */
#include "loops.h"

#include <omp.h>

void simd_sum(struct job *job)
{
    size_t n = job->n;
    const double *x = job->x;
    double s = 0;
#pragma omp parallel for simd reduction(+ : s)
    for (size_t i = 0; i < n; i++)
        s += x[i];
    job->result = s;
}

void simd_dot(struct job *job)
{
    size_t n = job->n;
    const double *x = job->x, *y = job->y;
    double s = 0;
#pragma omp parallel for simd reduction(+ : s)
    for (size_t i = 0; i < n; i++)
        s += x[i] * y[i];
    job->result = s;
}

/* No compiler vectorises a minimum with its place, so: the minimum of a block in vectors, and a second look at the
   block only where it beats what was found before, which for data in random order is rare. */
void simd_argmin(struct job *job)
{
    enum { BLOCK = 1024 };
    size_t n = job->n, blocks = (n + BLOCK - 1) / BLOCK, index = 0;
    const double *x = job->x;
    double lowest = x[0];
#pragma omp parallel
    {
        double best = x[0];
        size_t place = 0;
#pragma omp for schedule(static) nowait
        for (size_t b = 0; b < blocks; b++) {
            size_t begin = b * BLOCK, end = begin + BLOCK < n ? begin + BLOCK : n;
            double m = x[begin];
#pragma omp simd reduction(min : m)
            for (size_t i = begin; i < end; i++)
                m = x[i] < m ? x[i] : m;
            if (m < best) {
                best = m;
                for (place = begin; x[place] != m; place++)
                    continue;
            }
        }
#pragma omp critical
        if (best < lowest || (best == lowest && place < index)) {
            lowest = best;
            index = place;
        }
    }
    job->result = (double)index;
}
