/* Rayon through the functions of array_rayon.rs. It has no scan. */
#include "arrays.h"

#include <stdbool.h>

void rayon_open(size_t threads);
void rayon_sort_u32(uint32_t *x, size_t n);
void rayon_sort_i64(int64_t *x, size_t n);
void rayon_sort_f64(double *x, size_t n);
void rayon_sort_record(struct record *x, size_t n);
size_t rayon_filter_i32(const int32_t *x, size_t n, int32_t *out, bool check);
size_t rayon_filter_f64(const double *x, size_t n, double *out, bool check);
void rayon_histogram_256(const uint8_t *keys, size_t n, uint64_t *counts);
void rayon_histogram_65536(const uint32_t *keys, size_t n, uint64_t *counts);
size_t rayon_reduce(const uint32_t *keys, const double *values, size_t n, uint32_t *out, double *sums);
size_t rayon_find(const double *x, size_t n, double needle);
size_t rayon_count(const double *x, size_t n);

void system_open(int threads)
{
    rayon_open((size_t)threads);
}

static void sort_u32(struct array_job *job)
{
    rayon_sort_u32(job->out, job->n);
}

static void sort_i64(struct array_job *job)
{
    rayon_sort_i64(job->out, job->n);
}

static void sort_f64(struct array_job *job)
{
    rayon_sort_f64(job->out, job->n);
}

static void sort_record(struct array_job *job)
{
    rayon_sort_record(job->out, job->n);
}

static void filter_i32(struct array_job *job)
{
    job->result = (double)rayon_filter_i32(job->in, job->n, job->out, job->check);
}

static void filter_f64(struct array_job *job)
{
    job->result = (double)rayon_filter_f64(job->in, job->n, job->out, job->check);
}

static void histogram_256(struct array_job *job)
{
    rayon_histogram_256(job->in, job->n, job->out);
}

static void histogram_65536(struct array_job *job)
{
    rayon_histogram_65536(job->in, job->n, job->out);
}

static void reduce(struct array_job *job)
{
    size_t at = value_offset(job->n);
    job->result = (double)rayon_reduce(job->in, (const double *)((const char *)job->in + at), job->n, job->out,
                                       (double *)((char *)job->out + at));
}

static void find(struct array_job *job)
{
    job->result = (double)rayon_find(job->in, job->n, BENCH_NEEDLE);
}

static void count(struct array_job *job)
{
    job->result = (double)rayon_count(job->in, job->n);
}

const struct array_kernel array_kernels[] = {
    {"filter-i32", "rayon", filter_i32},
    {"filter-f64", "rayon", filter_f64},
    {"sort-u32", "rayon", sort_u32},
    {"sort-i64", "rayon", sort_i64},
    {"sort-f64", "rayon", sort_f64},
    {"sort-record", "rayon", sort_record},
    {"histogram-256", "rayon", histogram_256},
    {"histogram-65536", "rayon", histogram_65536},
    {"reduce-u32", "rayon", reduce},
    {"find-f64", "rayon", find},
    {"count-f64", "rayon", count},
    {0},
};
