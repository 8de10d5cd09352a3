/* The main program of every driver: requests, warm-up, timing. driver THREADS MEMORY_FD CAPACITY */
#define _POSIX_C_SOURCE 200809L
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* A call longer than this wakes its threads in a time that does not show, and needs no warm-up. */
static const double own_warm_up_ns = 2e7;

static double clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static double batch(job_fn *fn, struct job *job, long calls)
{
    double start = clock_ns(CLOCK_MONOTONIC);
    for (long k = 0; k < calls; k++)
        fn(job);
    return clock_ns(CLOCK_MONOTONIC) - start;
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
        double start = clock_ns(CLOCK_MONOTONIC);
        range_items(0, job->n, job->item, job->n, job->x, job->y);
        double ns = clock_ns(CLOCK_MONOTONIC) - start;
        work = k == 0 || ns < work ? ns : work;
    }
    double cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), next = clock_ns(CLOCK_MONOTONIC);
    for (long k = 0; k < count; k++) {
        fn(job);
        next += interval_ns;
        struct timespec until = {(time_t)(next / 1e9), (long)(next - 1e9 * (double)(time_t)(next / 1e9))};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            continue;
    }
    double burned = (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)count - work;
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
        job->item = find_item(kernel);
        return job->item ? v->items : NULL;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    size_t capacity = strtoull(argv[3], NULL, 10);
    double *memory =
        (double *)mmap(NULL, 2 * capacity * sizeof(double), PROT_READ | PROT_WRITE, MAP_SHARED, atoi(argv[2]), 0);
    if (memory == MAP_FAILED)
        return 3;
    system_open(atoi(argv[1]));
    char line[256], kernel[32], variant[32];
    size_t n;
    double a, b;
    while (fgets(line, sizeof line, stdin)) {
        struct job job = {.x = memory, .y = memory + capacity};
        double ns = -1;
        if (sscanf(line, "have %31s %31s", kernel, variant) == 2) {
            ns = find(kernel, variant, &job) != NULL;
        } else if (sscanf(line, "run %31s %31s %zu %lf %lf", kernel, variant, &n, &a, &b) == 5) {
            job.n = n;
            job_fn *fn = find(kernel, variant, &job);
            ns = fn && n <= capacity ? run(fn, &job, a, b) : -1;
        } else if (sscanf(line, "idle %31s %zu %lf %lf", variant, &n, &a, &b) == 4) {
            job.n = n;
            job_fn *fn = find("even", variant, &job);
            ns = fn && n <= capacity ? idle(fn, &job, a, (long)b) : -1;
        }
        printf("%.3f %.17g\n", ns, job.result);
        fflush(stdout);
    }
    return 0;
}
