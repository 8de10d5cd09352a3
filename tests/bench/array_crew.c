/* crew's array algorithms, through its public headers. */
#include "arrays.h"

#include <crew/crew.h>

void system_open(int threads)
{
    crew_set_num_threads(threads);
}

static void scan_i64(struct array_job *job)
{
    crew_scan_inclusive_sum_i64(job->in, job->out, job->n);
}

static void scan_f64(struct array_job *job)
{
    crew_scan_inclusive_sum_f64(job->in, job->out, job->n);
}

static int above_i32(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const int32_t *x = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = x[i] > 0;
    return 0;
}

static int above_f64(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = x[i] > 0;
    return 0;
}

#ifdef __x86_64__
__attribute__((target_clones("avx2", "default")))
#endif
static int
above_f64_clones(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = x[i] > 0;
    return 0;
}

static void filter(struct array_job *job, size_t size, crew_predicate *pred)
{
    size_t kept = 0;
    crew_filter(job->in, job->out, size, job->n, pred, (void *)job->in, &kept, NULL);
    job->result = (double)kept;
}

static void filter_i32(struct array_job *job)
{
    filter(job, sizeof(int32_t), above_i32);
}

static void filter_f64(struct array_job *job)
{
    filter(job, sizeof(double), above_f64);
}

static void filter_f64_clones(struct array_job *job)
{
    filter(job, sizeof(double), above_f64_clones);
}

static void sort_u32(struct array_job *job)
{
    crew_sort_u32(job->out, job->n);
}

static void sort_i64(struct array_job *job)
{
    crew_sort_i64(job->out, job->n);
}

static void sort_f32(struct array_job *job)
{
    crew_sort_f32(job->out, job->n);
}

static void sort_f64(struct array_job *job)
{
    crew_sort_f64(job->out, job->n);
}

static void sort_record(struct array_job *job)
{
    crew_sort_records_u64(job->out, job->n, sizeof(struct record), offsetof(struct record, key));
}

static void argsort_u32(struct array_job *job)
{
    crew_argsort_u32(job->in, job->n, job->out);
}

static void argsort_f64(struct array_job *job)
{
    crew_argsort_f64(job->in, job->n, job->out);
}

static void sort_compare_i64(struct array_job *job)
{
    crew_sort(job->out, job->n, sizeof(int64_t), array_compare_i64, NULL, NULL);
}

static void sort_compare_record(struct array_job *job)
{
    crew_sort(job->out, job->n, sizeof(struct record), array_compare_record, NULL, NULL);
}

static void histogram_256(struct array_job *job)
{
    crew_bincount_u8(job->in, job->n, job->out, 256, NULL);
}

static void histogram_65536(struct array_job *job)
{
    crew_bincount_u32(job->in, job->n, job->out, 65536, NULL);
}

static void equal_bins(struct array_job *job)
{
    crew_histogram_f64(job->in, job->n, -1, 1, job->out, EQUAL_BINS, NULL);
}

static void sum(struct array_job *job)
{
    job->result = crew_sum_f64(job->in, job->n);
}

static void dot(struct array_job *job)
{
    job->result = crew_dot_f64(job->in, job->in, job->n);
}

static void least(struct array_job *job)
{
    job->result = crew_min_f64(job->in, job->n);
}

static void fold(struct array_job *job)
{
    const crew_reducer reducer = {.size = sizeof(double), .fold = array_fold, .merge = array_merge};
    crew_reduce(job->n, &reducer, (void *)job->in, &job->result, NULL);
}

static void reduce(struct array_job *job)
{
    size_t at = value_offset(job->n), groups = 0;
    crew_reduce_by_key_sum_u32_f64(job->in, (const double *)((const char *)job->in + at), job->n, job->out,
                                   (double *)((char *)job->out + at), &groups);
    job->result = (double)groups;
}

static void find(struct array_job *job)
{
    job->result = (double)crew_find_f64(job->in, job->n, BENCH_NEEDLE);
}

static int is_needle(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = x[i] == BENCH_NEEDLE;
    return 0;
}

static void find_predicate(struct array_job *job)
{
    size_t index = 0;
    crew_find_first(job->n, is_needle, (void *)job->in, &index, NULL);
    job->result = (double)index;
}

static void count(struct array_job *job)
{
    size_t kept = 0;
    crew_count_if(job->n, above_f64, (void *)job->in, &kept, NULL);
    job->result = (double)kept;
}

static void count_clones(struct array_job *job)
{
    size_t kept = 0;
    crew_count_if(job->n, above_f64_clones, (void *)job->in, &kept, NULL);
    job->result = (double)kept;
}

static void set_union(struct array_job *job)
{
    const double *a = job->in, *b = a + job->n / 2;
    job->result = (double)crew_set_union_f64(a, job->n / 2, b, job->n - job->n / 2, job->out);
}

static void set_intersection(struct array_job *job)
{
    const double *a = job->in, *b = a + job->n / 2;
    job->result = (double)crew_set_intersection_f64(a, job->n / 2, b, job->n - job->n / 2, job->out);
}

static void transpose_u32(struct array_job *job)
{
    size_t side = side_of(job->n);
    crew_transpose(job->in, job->out, side, side, sizeof(uint32_t));
}

static void transpose_f64(struct array_job *job)
{
    size_t side = side_of(job->n);
    crew_transpose(job->in, job->out, side, side, sizeof(double));
}

static void copy(struct array_job *job)
{
    crew_copy(job->in, job->out, job->n, 1);
}

const struct array_kernel array_kernels[] = {
    {"scan-i64", "crew", scan_i64},
    {"scan-f64", "crew", scan_f64},
    {"filter-i32", "crew", filter_i32},
    {"filter-f64", "crew", filter_f64},
    {"filter-f64", "crew-clones", filter_f64_clones},
    {"sort-u32", "crew", sort_u32},
    {"sort-i64", "crew", sort_i64},
    {"sort-f32", "crew", sort_f32},
    {"sort-f64", "crew", sort_f64},
    {"sort-record", "crew", sort_record},
    {"argsort-u32", "crew", argsort_u32},
    {"argsort-f64", "crew", argsort_f64},
    {"compare-i64", "crew", sort_compare_i64},
    {"compare-record", "crew", sort_compare_record},
    {"histogram-256", "crew", histogram_256},
    {"histogram-65536", "crew", histogram_65536},
    {"equal_bins-f64", "crew", equal_bins},
    {"sum-f64", "crew", sum},
    {"dot-f64", "crew", dot},
    {"min-f64", "crew", least},
    {"fold-f64", "crew", fold},
    {"reduce-u32", "crew", reduce},
    {"reduce-256", "crew", reduce},
    {"find-f64", "crew", find},
    {"find-f64", "crew-predicate", find_predicate},
    {"count-f64", "crew", count},
    {"count-f64", "crew-clones", count_clones},
    {"union-f64", "crew", set_union},
    {"intersection-f64", "crew", set_intersection},
    {"transpose-u32", "crew", transpose_u32},
    {"transpose-f64", "crew", transpose_f64},
    {"copy", "crew-copy", copy},
    {0},
};
