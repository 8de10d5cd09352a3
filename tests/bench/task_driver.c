/* What every driver for tasks has in common: requests, warm-up, timing. */
#include "driver.h"
#include "tasks.h"

#include <stdio.h>
#include <string.h>

/* A call longer than this wakes its threads in a time that does not show, and needs no warm-up. */
static const double own_warm_up_ns = 5e7;

static int threads;

task_fn *task_find_in(const struct task_kernel *table, const char *kernel, const char *variant)
{
    for (; table->kernel; table++)
        if (strcmp(table->kernel, kernel) == 0 && strcmp(table->variant, variant) == 0)
            return table->run;
    return NULL;
}

static double call(task_fn *run, struct task_job *job)
{
    double start = driver_clock_ns();
    job->ns = -1;
    run(job);
    return job->ns >= 0 ? job->ns : driver_clock_ns() - start;
}

static double measure(task_fn *run, struct task_job *job, double round_ns)
{
    double first = call(run, job), total = 0;
    if (first >= own_warm_up_ns || round_ns <= 0)
        return first;
    long calls = 0;
    for (double start = driver_clock_ns(); calls == 0 || driver_clock_ns() - start < round_ns; calls++)
        total += call(run, job);
    return total / (double)calls;
}

bool driver_open(int count, int memory_fd, size_t capacity)
{
    (void)memory_fd, (void)capacity; /* tasks share no arrays with the program that asks */
    threads = count;
    return true;
}

bool driver_has(const char *kernel, const char *variant)
{
    return task_find(kernel, variant) != NULL;
}

double driver_run(const char *line, double *result)
{
    struct task_job job = {.threads = threads};
    char kernel[32], variant[32];
    double round_ns;
    if (sscanf(line, "run %31s %31s %zu %zu %lf", kernel, variant, &job.n, &job.work, &round_ns) != 5)
        return -1;
    task_fn *run = task_find(kernel, variant);
    double ns = run ? measure(run, &job, round_ns) : -1;
    *result = job.result;
    return ns;
}
