/* What every driver for loops has in common: requests, warm-up, timing. */
#define _POSIX_C_SOURCE 200809L
#include "driver.h"
#include "loops.h"

#include <stdio.h>
#include <time.h>

/* A call longer than this wakes its threads in a time that does not show, and needs no warm-up. */
static const double own_warm_up_ns = 2e7;

static double *memory;
static size_t capacity;

static double processor_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static double batch(job_fn *fn, struct job *job, long calls)
{
    double start = driver_clock_ns();
    for (long k = 0; k < calls; k++)
        fn(job);
    return driver_clock_ns() - start;
}

static double run(job_fn *fn, struct job *job, double warm_ns, double round_ns)
{
    double spent = batch(fn, job, 1), call = spent;
    if (spent >= own_warm_up_ns || round_ns <= 0)
        return spent;
    for (long calls = 1; spent < warm_ns; calls *= 2) {
        double ns = batch(fn, job, calls);
        call = ns / (double)calls;
        spent += ns;
    }
    /* In parts, so that a warm-up that happened to go well does not lead to a round that never ends. */
    double fit = round_ns / 8 / (call > 1 ? call : 1), total = 0;
    long part = fit < 1 ? 1 : (long)fit, calls = 0;
    for (; total < round_ns * 7 / 8; calls += part)
        total += batch(fn, job, part);
    return total / (double)calls;
}

/* Processor time of one interval beyond that of the work, which is measured on this thread alone. */
static double idle(job_fn *fn, struct job *job, double interval_ns, long count)
{
    double work = 0;
    for (int k = 0; k < 20; k++) {
        double start = driver_clock_ns();
        range_items(0, job->n, job->item, job->n, job->x, job->y);
        double ns = driver_clock_ns() - start;
        work = k == 0 || ns < work ? ns : work;
    }
    double cpu = processor_ns(), next = driver_clock_ns();
    for (long k = 0; k < count; k++) {
        fn(job);
        next += interval_ns;
        struct timespec until = {(time_t)(next / 1e9), (long)(next - 1e9 * (double)(time_t)(next / 1e9))};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            continue;
    }
    double burned = (processor_ns() - cpu) / (double)count - work;
    return burned > 0 ? burned : 0;
}

static job_fn *find(const char *kernel, const char *variant, struct job *job)
{
    for (const struct variant *v = variants; v->name; v++) {
        if (strcmp(v->name, variant) != 0)
            continue;
        if (strcmp(kernel, "axpy") == 0)
            return v->axpy;
        if (strcmp(kernel, "sum") == 0)
            return v->sum;
        if (strcmp(kernel, "dot") == 0)
            return v->dot;
        if (strcmp(kernel, "argmin") == 0)
            return v->argmin;
        if (strcmp(kernel, "exact_sum") == 0)
            return v->exact_sum;
        if (strcmp(kernel, "exact_dot") == 0)
            return v->exact_dot;
        job->item = find_item(kernel);
        return job->item ? v->items : NULL;
    }
    return NULL;
}

bool driver_open(int threads, int memory_fd, size_t numbers)
{
    capacity = numbers;
    memory = driver_map(memory_fd, 2 * capacity * sizeof *memory);
    system_open(threads);
    return memory != NULL;
}

bool driver_has(const char *kernel, const char *variant)
{
    return find(kernel, variant, &(struct job){.n = 0}) != NULL;
}

double driver_run(const char *line, double *result)
{
    struct job job = {.x = memory, .y = memory + capacity};
    char kernel[32], variant[32];
    double a, b, ns = -1;
    if (sscanf(line, "run %31s %31s %zu %lf %lf", kernel, variant, &job.n, &a, &b) == 5) {
        job_fn *fn = find(kernel, variant, &job);
        ns = fn && job.n <= capacity ? run(fn, &job, a, b) : -1;
    } else if (sscanf(line, "idle %31s %zu %lf %lf", variant, &job.n, &a, &b) == 4) {
        job_fn *fn = find("even", variant, &job);
        ns = fn && job.n <= capacity ? idle(fn, &job, a, (long)b) : -1;
    }
    *result = job.result;
    return ns;
}
