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

static void equal_bins(struct array_job *job)
{
    const double *x = job->in;
    uint64_t *counts = job->out;
    memset(counts, 0, EQUAL_BINS * sizeof *counts);
    for (size_t i = 0; i < job->n; i++)
        if (x[i] >= -1 && x[i] < 1)
            counts[(size_t)((x[i] + 1) * (EQUAL_BINS / 2))]++;
}

/* The bin as NumPy decides it: by its edges, which a product may miss by a rounding. */
static void equal_bins_edges(struct array_job *job)
{
    const double *x = job->in;
    uint64_t *counts = job->out;
    double edges[EQUAL_BINS + 1];
    for (size_t k = 0; k <= EQUAL_BINS; k++)
        edges[k] = -1 + (double)k * 2 / EQUAL_BINS;
    memset(counts, 0, EQUAL_BINS * sizeof *counts);
    for (size_t i = 0; i < job->n; i++)
        if (x[i] >= -1 && x[i] <= 1) {
            size_t k = (size_t)((x[i] + 1) * (EQUAL_BINS / 2));
            k -= k == EQUAL_BINS;
            k -= x[i] < edges[k];
            k += x[i] >= edges[k + 1] && k + 1 < EQUAL_BINS;
            counts[k]++;
        }
}

static void sum(struct array_job *job)
{
    const double *x = job->in;
    double sum = 0;
    for (size_t i = 0; i < job->n; i++)
        sum += x[i];
    job->result = sum;
}

static void dot(struct array_job *job)
{
    const double *x = job->in;
    double sum = 0;
    for (size_t i = 0; i < job->n; i++)
        sum += x[i] * x[i];
    job->result = sum;
}

static void least(struct array_job *job)
{
    const double *x = job->in;
    double least = INFINITY;
    for (size_t i = 0; i < job->n; i++)
        least = x[i] < least ? x[i] : least;
    job->result = least;
}

/* As many calls as crew_reduce makes up to n = 65536, in its order: blocks, then a balanced tree of merges. */
static void fold_blocks(struct array_job *job)
{
    double sums[1024];
    size_t n = job->n, size = n > 4096 ? 64 : (n + 63) / 64, blocks = n > 0 ? (n + size - 1) / size : 0;
    for (size_t k = 0; k < blocks; k++) {
        sums[k] = 0;
        array_fold(k * size, k + 1 < blocks ? (k + 1) * size : n, &sums[k], (void *)job->in);
    }
    for (size_t step = 1; step < blocks; step *= 2)
        for (size_t k = 0; k + step < blocks; k += 2 * step)
            array_merge(&sums[k], &sums[k + step], (void *)job->in);
    job->result = n > 0 ? sums[0] : 0;
}

/* Where keys are known to be below 256. */
static void reduce_table(struct array_job *job)
{
    const uint32_t *keys = job->in;
    const double *values = (const double *)((const char *)job->in + value_offset(job->n));
    uint32_t *keys_out = job->out;
    double *sums_out = (double *)((char *)job->out + value_offset(job->n)), sums[256] = {0};
    unsigned char seen[256] = {0};
    size_t groups = 0;
    for (size_t i = 0; i < job->n; i++) {
        sums[keys[i]] += values[i];
        seen[keys[i]] = 1;
    }
    for (uint32_t k = 0; k < 256; k++)
        if (seen[k]) {
            keys_out[groups] = k;
            sums_out[groups++] = sums[k];
        }
    job->result = (double)groups;
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
    {"equal_bins-f64", "plain", equal_bins},
    {"equal_bins-f64", "plain-edges", equal_bins_edges},
    {"sum-f64", "plain", sum},
    {"dot-f64", "plain", dot},
    {"min-f64", "plain", least},
    {"fold-f64", "plain", sum},
    {"fold-f64", "plain-blocks", fold_blocks},
    {"reduce-u32", "plain", reduce},
    {"reduce-256", "plain", reduce},
    {"reduce-256", "plain-table", reduce_table},
    {"find-f64", "plain", find},
    {"count-f64", "plain", count},
    {"transpose-u32", "plain", transpose_u32},
    {"transpose-f64", "plain", transpose_f64},
    {"transpose-u32", "plain-tiles", tiles_u32},
    {"transpose-f64", "plain-tiles", tiles_f64},
    {"copy", "memcpy", copy},
    {0},
};
