/* What every driver for arrays has in common: requests, timing. `in` is the first CAPACITY bytes of the memory, `out`
   the second. */
#include "arrays.h"
#include "driver.h"

#include <stdio.h>

static int compare_i64(const void *a, const void *b, void *ctx)
{
    int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    (void)ctx;
    return (p > q) - (p < q);
}

static int compare_record(const void *a, const void *b, void *ctx)
{
    uint64_t p = ((const struct record *)a)->key, q = ((const struct record *)b)->key;
    (void)ctx;
    return (p > q) - (p < q);
}

static int fold(size_t begin, size_t end, void *acc, void *x)
{
    double sum = *(double *)acc;
    for (size_t i = begin; i < end; i++)
        sum += ((const double *)x)[i];
    *(double *)acc = sum;
    return 0;
}

static void merge(void *acc, const void *right, void *x)
{
    (void)x;
    *(double *)acc += *(const double *)right;
}

array_compare_fn *array_compare_i64 = compare_i64, *array_compare_record = compare_record;
array_fold_fn *array_fold = fold;
array_merge_fn *array_merge = merge;

static char *memory;
static size_t capacity;

enum { TIMED_BYTES = 16384 };

struct inputs {
    const char *first;
    size_t count, stride, next;
    size_t restore;
};

static void take_input(struct inputs *inputs, struct array_job *job)
{
    job->in = inputs->first + inputs->next * inputs->stride;
    inputs->next = inputs->next + 1 < inputs->count ? inputs->next + 1 : 0;
}

static double batch(array_fn *run, struct array_job *job, struct inputs *inputs, long calls)
{
    if (inputs->restore == 0) {
        double start = driver_clock_ns();
        for (long k = 0; k < calls; k++) {
            take_input(inputs, job);
            run(job);
        }
        return driver_clock_ns() - start;
    }
    /* Looking at the clock takes as long as sorting ten numbers, so small inputs are sorted several at a time. */
    char *out = job->out;
    long fit = inputs->stride > 0 ? (long)(TIMED_BYTES / inputs->stride) : 0, most = (long)inputs->count;
    long group = fit < 1 ? 1 : fit < most ? fit : most;
    double total = 0;
    for (long k = 0; k < calls; k += group) {
        long part = group < calls - k ? group : calls - k;
        for (long i = 0; i < part; i++) {
            take_input(inputs, job);
            memcpy(out + (size_t)i * inputs->stride, job->in, inputs->restore);
        }
        double start = driver_clock_ns();
        for (long i = 0; i < part; i++) {
            job->out = out + (size_t)i * inputs->stride;
            run(job);
        }
        total += driver_clock_ns() - start;
        job->out = out;
    }
    return total;
}

/* The mean time of a call: after a warm-up of warm_ns, as many calls as fit into round_ns. */
static double measure(array_fn *run, struct array_job *job, struct inputs *inputs, double warm_ns, double round_ns)
{
    double spent = batch(run, job, inputs, 1), call = spent;
    if (spent >= round_ns)
        return spent;
    for (long calls = 1; spent < warm_ns; calls *= 2) {
        double ns = batch(run, job, inputs, calls);
        call = ns / (double)calls;
        spent += ns;
    }
    double fit = round_ns / 4 / (call > 1 ? call : 1), total = 0;
    long part = fit < 1 ? 1 : (long)fit, calls = 0;
    for (; total < round_ns * 3 / 4; calls += part)
        total += batch(run, job, inputs, part);
    return total / (double)calls;
}

static array_fn *find(const char *kernel, const char *variant)
{
    for (const struct array_kernel *k = array_kernels; k->kernel; k++)
        if (strcmp(k->kernel, kernel) == 0 && strcmp(k->variant, variant) == 0)
            return k->run;
    return NULL;
}

bool driver_open(int threads, int memory_fd, size_t bytes)
{
    capacity = bytes;
    memory = driver_map(memory_fd, 2 * capacity);
    system_open(threads);
    return memory != NULL;
}

bool driver_has(const char *kernel, const char *variant)
{
    return find(kernel, variant) != NULL;
}

double driver_run(const char *line, double *result)
{
    struct inputs inputs = {.first = memory};
    struct array_job job = {.out = memory + capacity};
    char kernel[32], variant[32];
    double warm_ns, round_ns;
    if (sscanf(line, "run %31s %31s %zu %zu %zu %zu %lf %lf", kernel, variant, &job.n, &inputs.restore, &inputs.count,
               &inputs.stride, &warm_ns, &round_ns) != 8)
        return -1;
    array_fn *run = find(kernel, variant);
    job.check = round_ns <= 0;
    double ns = run ? measure(run, &job, &inputs, warm_ns, round_ns) : -1;
    *result = job.result;
    return ns;
}
