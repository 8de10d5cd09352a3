/* OpenMP by hand: histograms and sums by key in private tables that are merged at the end. */
#include "array_groups.h"
#include "array_openmp.h"

void openmp_histogram_256(struct array_job *job)
{
    size_t n = job->n;
    const uint8_t *keys = job->in;
    uint64_t *counts = job->out;
    memset(counts, 0, 256 * sizeof *counts);
#pragma omp parallel for reduction(+ : counts[:256]) schedule(static)
    for (size_t i = 0; i < n; i++)
        counts[keys[i]]++;
}

/* Four tables a thread, so that equal keys next to each other do not wait for each other. */
void openmp_histogram_256_four(struct array_job *job)
{
    size_t n = job->n;
    const uint8_t *keys = job->in;
    uint64_t *counts = job->out;
    memset(counts, 0, 256 * sizeof *counts);
#pragma omp parallel
    {
        uint32_t tables[4][256] = {{0}};
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < n / 4; i++) {
            tables[0][keys[4 * i]]++;
            tables[1][keys[4 * i + 1]]++;
            tables[2][keys[4 * i + 2]]++;
            tables[3][keys[4 * i + 3]]++;
        }
#pragma omp critical
        for (size_t b = 0; b < 256; b++)
            counts[b] += (uint64_t)tables[0][b] + tables[1][b] + tables[2][b] + tables[3][b];
    }
    for (size_t i = n / 4 * 4; i < n; i++)
        counts[keys[i]]++;
}

/* Tables of 32 bits: n is below 2^32, and two of them fit where one of 64 bits would. */
void openmp_histogram_65536(struct array_job *job)
{
    size_t n = job->n;
    const uint32_t *keys = job->in;
    uint64_t *counts = job->out;
    memset(counts, 0, 65536 * sizeof *counts);
#pragma omp parallel
    {
        uint32_t *table = calloc(65536, sizeof *table);
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < n; i++)
            table[keys[i]]++;
#pragma omp critical
        for (size_t b = 0; b < 65536; b++)
            counts[b] += table[b];
        free(table);
    }
}

void openmp_reduce(struct array_job *job)
{
    size_t n = job->n;
    const uint32_t *keys = job->in;
    const double *values = (const double *)((const char *)job->in + value_offset(n));
    struct groups all = {0};
#pragma omp parallel
    {
        struct groups mine = groups_open(1024);
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < n; i++)
            groups_add(&mine, keys[i], values[i]);
#pragma omp critical
        {
            if (all.table) {
                groups_merge(&all, &mine);
                free(mine.table);
            } else {
                all = mine;
            }
        }
    }
    groups_close_up(&all);
    qsort(all.table, all.count, sizeof *all.table, groups_compare);
    groups_write(&all, job);
    free(all.table);
}
