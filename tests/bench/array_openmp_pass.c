/* One pass over an array that is sorted, to its end: the least that sorting it can take. */
#include "array_openmp.h"

void openmp_ordered_u32(struct array_job *job)
{
    size_t n = job->n, falls = 0;
    const uint32_t *x = job->in;
#pragma omp parallel for simd reduction(+ : falls) schedule(static)
    for (size_t i = 1; i < n; i++)
        falls += x[i] < x[i - 1];
    job->result = falls == 0;
}

void openmp_ordered_i64(struct array_job *job)
{
    size_t n = job->n, falls = 0;
    const int64_t *x = job->in;
#pragma omp parallel for simd reduction(+ : falls) schedule(static)
    for (size_t i = 1; i < n; i++)
        falls += x[i] < x[i - 1];
    job->result = falls == 0;
}

void openmp_ordered_f64(struct array_job *job)
{
    size_t n = job->n, falls = 0;
    const double *x = job->in;
#pragma omp parallel for simd reduction(+ : falls) schedule(static)
    for (size_t i = 1; i < n; i++)
        falls += x[i] < x[i - 1];
    job->result = falls == 0;
}

void openmp_ordered_record(struct array_job *job)
{
    size_t n = job->n, falls = 0;
    const struct record *x = job->in;
#pragma omp parallel for simd reduction(+ : falls) schedule(static)
    for (size_t i = 1; i < n; i++)
        falls += x[i].key < x[i - 1].key;
    job->result = falls == 0;
}
