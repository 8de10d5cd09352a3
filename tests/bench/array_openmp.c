/* OpenMP by hand: scans, filters and copies in two passes over a part a thread, searches, transposes. */
#include "array_openmp.h"
#include "array_loops.h"

#include <omp.h>

enum { MAX_THREADS = 1024 };

void system_open(int threads)
{
    omp_set_dynamic(0);
    omp_set_num_threads(threads < MAX_THREADS ? threads : MAX_THREADS);
}

static size_t part_begin(size_t n, int part, int parts)
{
    return n / (size_t)parts * (size_t)part + ((size_t)part < n % (size_t)parts ? (size_t)part : n % (size_t)parts);
}

static void scan_i64(struct array_job *job)
{
    const int64_t *x = job->in;
    int64_t *out = job->out, sums[MAX_THREADS];
#pragma omp parallel
    {
        int me = omp_get_thread_num(), all = omp_get_num_threads();
        size_t begin = part_begin(job->n, me, all), end = part_begin(job->n, me + 1, all);
        int64_t sum = 0;
        for (size_t i = begin; i < end && me + 1 < all; i++)
            sum += x[i];
        sums[me] = sum;
#pragma omp barrier
        sum = 0;
        for (int k = 0; k < me; k++)
            sum += sums[k];
        for (size_t i = begin; i < end; i++)
            out[i] = sum += x[i];
    }
}

static void scan_f64(struct array_job *job)
{
    const double *x = job->in;
    double *out = job->out, sums[MAX_THREADS];
#pragma omp parallel
    {
        int me = omp_get_thread_num(), all = omp_get_num_threads();
        size_t begin = part_begin(job->n, me, all), end = part_begin(job->n, me + 1, all);
        double sum = 0;
        for (size_t i = begin; i < end && me + 1 < all; i++)
            sum += x[i];
        sums[me] = sum;
#pragma omp barrier
        sum = 0;
        for (int k = 0; k < me; k++)
            sum += sums[k];
        for (size_t i = begin; i < end; i++)
            out[i] = sum += x[i];
    }
}

static void inscan_i64(struct array_job *job)
{
    size_t n = job->n;
    const int64_t *x = job->in;
    int64_t *out = job->out, sum = 0;
#pragma omp parallel for reduction(inscan, + : sum)
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
#pragma omp scan inclusive(sum)
        out[i] = sum;
    }
}

static void inscan_f64(struct array_job *job)
{
    size_t n = job->n;
    const double *x = job->in;
    double *out = job->out, sum = 0;
#pragma omp parallel for reduction(inscan, + : sum)
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
#pragma omp scan inclusive(sum)
        out[i] = sum;
    }
}

/* Counts, then packs. A part ends where the next one begins, so its last element must not be written past what it
 * keeps. */
static void filter_i32(struct array_job *job)
{
    const int32_t *x = job->in;
    int32_t *out = job->out;
    size_t counts[MAX_THREADS], total = 0;
#pragma omp parallel
    {
        int me = omp_get_thread_num(), all = omp_get_num_threads();
        size_t begin = part_begin(job->n, me, all), end = part_begin(job->n, me + 1, all), at = 0;
        counts[me] = count_range_i32(x + begin, end - begin);
#pragma omp barrier
        for (int k = 0; k < me; k++)
            at += counts[k];
        size_t stop = at + counts[me];
        for (size_t i = begin; i < end && at < stop; i++) {
            out[at] = x[i];
            at += x[i] > 0;
        }
#pragma omp atomic
        total += counts[me];
    }
    job->result = (double)total;
}

static void filter_f64(struct array_job *job)
{
    const double *x = job->in;
    double *out = job->out;
    size_t counts[MAX_THREADS], total = 0;
#pragma omp parallel
    {
        int me = omp_get_thread_num(), all = omp_get_num_threads();
        size_t begin = part_begin(job->n, me, all), end = part_begin(job->n, me + 1, all), at = 0;
        counts[me] = count_range_f64(x + begin, end - begin);
#pragma omp barrier
        for (int k = 0; k < me; k++)
            at += counts[k];
        size_t stop = at + counts[me];
        for (size_t i = begin; i < end && at < stop; i++) {
            out[at] = x[i];
            at += x[i] > 0;
        }
#pragma omp atomic
        total += counts[me];
    }
    job->result = (double)total;
}

static void find(struct array_job *job)
{
    const size_t block = 4096, n = job->n;
    const double *x = job->in;
    size_t lowest = n;
#pragma omp parallel for schedule(dynamic, 8)
    for (size_t b = 0; b < (n + block - 1) / block; b++) {
        size_t begin = b * block, end = begin + block < n ? begin + block : n, known;
#pragma omp atomic read
        known = lowest;
        size_t at = begin < known ? find_range(x, begin, end) : end;
        if (at < end) {
#pragma omp critical
            lowest = at < lowest ? at : lowest;
        }
    }
    job->result = (double)lowest;
}

static void count(struct array_job *job)
{
    size_t n = job->n, sum = 0;
    const double *x = job->in;
#pragma omp parallel for simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++)
        sum += x[i] > 0;
    job->result = (double)sum;
}

static void transpose_u32(struct array_job *job)
{
    size_t side = side_of(job->n);
#pragma omp parallel for collapse(2) schedule(static)
    for (size_t i = 0; i < side; i += TILE)
        for (size_t j = 0; j < side; j += TILE)
            transpose_tile_u32(job->in, job->out, side, i, j);
}

static void transpose_f64(struct array_job *job)
{
    size_t side = side_of(job->n);
#pragma omp parallel for collapse(2) schedule(static)
    for (size_t i = 0; i < side; i += TILE)
        for (size_t j = 0; j < side; j += TILE)
            transpose_tile_f64(job->in, job->out, side, i, j);
}

static void copy(struct array_job *job)
{
#pragma omp parallel
    {
        int me = omp_get_thread_num(), all = omp_get_num_threads();
        size_t begin = part_begin(job->n, me, all), end = part_begin(job->n, me + 1, all);
        memcpy((char *)job->out + begin, (const char *)job->in + begin, end - begin);
    }
}

const struct array_kernel array_kernels[] = {
    {"scan-i64", "libgomp", scan_i64},
    {"scan-f64", "libgomp", scan_f64},
    {"scan-i64", "libgomp-inscan", inscan_i64},
    {"scan-f64", "libgomp-inscan", inscan_f64},
    {"filter-i32", "libgomp", filter_i32},
    {"filter-f64", "libgomp", filter_f64},
    {"histogram-256", "libgomp", openmp_histogram_256},
    {"histogram-65536", "libgomp", openmp_histogram_65536},
    {"histogram-256", "libgomp-four", openmp_histogram_256_four},
    {"reduce-u32", "libgomp", openmp_reduce},
    {"find-f64", "libgomp", find},
    {"count-f64", "libgomp", count},
    {"transpose-u32", "libgomp", transpose_u32},
    {"transpose-f64", "libgomp", transpose_f64},
    {"copy", "copy", copy},
    {"ordered-u32", "pass", openmp_ordered_u32},
    {"ordered-i64", "pass", openmp_ordered_i64},
    {"ordered-f64", "pass", openmp_ordered_f64},
    {"ordered-record", "pass", openmp_ordered_record},
    {0},
};
