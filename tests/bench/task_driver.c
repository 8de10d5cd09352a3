/* The main program of every driver for tasks: requests, warm-up, timing. driver THREADS, and two arguments that only
   other drivers need. */
#define _POSIX_C_SOURCE 200809L
#include "tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A call longer than this wakes its threads in a time that does not show, and needs no warm-up. */
static const double own_warm_up_ns = 5e7;

double task_clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

task_fn *task_find_in(const struct task_kernel *table, const char *kernel, const char *variant)
{
    for (; table->kernel; table++)
        if (strcmp(table->kernel, kernel) == 0 && strcmp(table->variant, variant) == 0)
            return table->run;
    return NULL;
}

static double call(task_fn *run, struct task_job *job)
{
    double start = task_clock_ns();
    job->ns = -1;
    run(job);
    return job->ns >= 0 ? job->ns : task_clock_ns() - start;
}

static double measure(task_fn *run, struct task_job *job, double round_ns)
{
    double first = call(run, job), total = 0;
    if (first >= own_warm_up_ns || round_ns <= 0)
        return first;
    long calls = 0;
    for (double start = task_clock_ns(); calls == 0 || task_clock_ns() - start < round_ns; calls++)
        total += call(run, job);
    return total / (double)calls;
}

int main(int argc, char **argv)
{
    char line[256], kernel[32], variant[32];
    double round_ns;
    if (argc < 2)
        return 2;
    while (fgets(line, sizeof line, stdin)) {
        struct task_job job = {.threads = atoi(argv[1])};
        double ns = -1;
        if (sscanf(line, "have %31s %31s", kernel, variant) == 2) {
            ns = task_find(kernel, variant) != NULL;
        } else if (sscanf(line, "run %31s %31s %zu %zu %lf", kernel, variant, &job.n, &job.work, &round_ns) == 5) {
            task_fn *run = task_find(kernel, variant);
            if (run)
                ns = measure(run, &job, round_ns);
        }
        printf("%.3f %.17g\n", ns, job.result);
        fflush(stdout);
    }
    return 0;
}
