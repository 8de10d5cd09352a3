/* Sequential C: the loop that you would have written, and the C library. */
#define _GNU_SOURCE
#include "array_groups.h"
#include "array_loops.h"

void system_open(int threads)
{
    (void)threads;
}

static void scan_i64(struct array_job *job)
{
    const int64_t *x = job->in;
    int64_t *out = job->out, sum = 0;
    for (size_t i = 0; i < job->n; i++)
        out[i] = sum += x[i];
}

static void scan_f64(struct array_job *job)
{
    const double *x = job->in;
    double *out = job->out, sum = 0;
    for (size_t i = 0; i < job->n; i++)
        out[i] = sum += x[i];
}

static void filter_i32(struct array_job *job)
{
    const int32_t *x = job->in;
    int32_t *out = job->out;
    size_t kept = 0;
    for (size_t i = 0; i < job->n; i++)
        if (x[i] > 0)
            out[kept++] = x[i];
    job->result = (double)kept;
}

static void filter_f64(struct array_job *job)
{
    const double *x = job->in;
    double *out = job->out;
    size_t kept = 0;
    for (size_t i = 0; i < job->n; i++)
        if (x[i] > 0)
            out[kept++] = x[i];
    job->result = (double)kept;
}

static void branchfree_i32(struct array_job *job)
{
    job->result = (double)pack_range_i32(job->in, job->n, job->out);
}

static void branchfree_f64(struct array_job *job)
{
    job->result = (double)pack_range_f64(job->in, job->n, job->out);
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return (p > q) - (p < q);
}

static int compare_i64(const void *a, const void *b)
{
    int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    return (p > q) - (p < q);
}

static int compare_f64(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* Also by the place, since qsort does not promise to be stable. */
static int compare_record(const void *a, const void *b)
{
    const struct record *p = a, *q = b;
    return p->key != q->key ? (p->key > q->key) - (p->key < q->key) : (p->place > q->place) - (p->place < q->place);
}

static void sort_u32(struct array_job *job)
{
    qsort(job->out, job->n, sizeof(uint32_t), compare_u32);
}

static void sort_i64(struct array_job *job)
{
    qsort(job->out, job->n, sizeof(int64_t), compare_i64);
}

static void sort_f64(struct array_job *job)
{
    qsort(job->out, job->n, sizeof(double), compare_f64);
}

static void sort_record(struct array_job *job)
{
    qsort(job->out, job->n, sizeof(struct record), compare_record);
}

static void sort_compare_i64(struct array_job *job)
{
    qsort_r(job->out, job->n, sizeof(int64_t), array_compare_i64, NULL);
}

/* glibc's is a merge sort where it gets memory, so stable in fact. */
static void sort_compare_record(struct array_job *job)
{
    qsort_r(job->out, job->n, sizeof(struct record), array_compare_record, NULL);
}

static void histogram_256(struct array_job *job)
{
    const uint8_t *keys = job->in;
    uint64_t *counts = job->out;
    memset(counts, 0, 256 * sizeof *counts);
    for (size_t i = 0; i < job->n; i++)
        counts[keys[i]]++;
}

static void histogram_65536(struct array_job *job)
{
    const uint32_t *keys = job->in;
    uint64_t *counts = job->out;
    memset(counts, 0, 65536 * sizeof *counts);
    for (size_t i = 0; i < job->n; i++)
        counts[keys[i]]++;
}

static void reduce(struct array_job *job)
{
    const uint32_t *keys = job->in;
    const double *values = (const double *)((const char *)job->in + value_offset(job->n));
    struct groups g = groups_open(1024);
    for (size_t i = 0; i < job->n; i++)
        groups_add(&g, keys[i], values[i]);
    groups_close_up(&g);
    qsort(g.table, g.count, sizeof *g.table, groups_compare);
    groups_write(&g, job);
    free(g.table);
}

static void find(struct array_job *job)
{
    job->result = (double)find_range(job->in, 0, job->n);
}

static void count(struct array_job *job)
{
    job->result = (double)count_range_f64(job->in, job->n);
}

static void transpose_u32(struct array_job *job)
{
    size_t side = side_of(job->n);
    const uint32_t *in = job->in;
    uint32_t *out = job->out;
    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++)
            out[j * side + i] = in[i * side + j];
}

static void transpose_f64(struct array_job *job)
{
    size_t side = side_of(job->n);
    const double *in = job->in;
    double *out = job->out;
    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++)
            out[j * side + i] = in[i * side + j];
}

static void tiles_u32(struct array_job *job)
{
    size_t side = side_of(job->n);
    for (size_t i = 0; i < side; i += TILE)
        for (size_t j = 0; j < side; j += TILE)
            transpose_tile_u32(job->in, job->out, side, i, j);
}

static void tiles_f64(struct array_job *job)
{
    size_t side = side_of(job->n);
    for (size_t i = 0; i < side; i += TILE)
        for (size_t j = 0; j < side; j += TILE)
            transpose_tile_f64(job->in, job->out, side, i, j);
}

static void copy(struct array_job *job)
{
    memcpy(job->out, job->in, job->n);
}

const struct array_kernel array_kernels[] = {
    {"scan-i64", "plain", scan_i64},
    {"scan-f64", "plain", scan_f64},
    {"filter-i32", "plain", filter_i32},
    {"filter-f64", "plain", filter_f64},
    {"filter-i32", "plain-branchfree", branchfree_i32},
    {"filter-f64", "plain-branchfree", branchfree_f64},
    {"sort-u32", "plain", sort_u32},
    {"sort-i64", "plain", sort_i64},
    {"sort-f64", "plain", sort_f64},
    {"sort-record", "plain", sort_record},
    {"compare-i64", "plain", sort_compare_i64},
    {"compare-record", "plain", sort_compare_record},
    {"histogram-256", "plain", histogram_256},
    {"histogram-65536", "plain", histogram_65536},
    {"reduce-u32", "plain", reduce},
    {"find-f64", "plain", find},
    {"count-f64", "plain", count},
    {"transpose-u32", "plain", transpose_u32},
    {"transpose-f64", "plain", transpose_f64},
    {"transpose-u32", "plain-tiles", tiles_u32},
    {"transpose-f64", "plain-tiles", tiles_f64},
    {"copy", "memcpy", copy},
    {0},
};
