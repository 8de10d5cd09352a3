/* A driver for the task workloads (driver.h): task_driver.c talks to tasks.c; the rest of a driver implements this: a
   table of kernels, or for those of `submit` a table of systems (task_submit.h).

       run KERNEL VARIANT N WORK ROUND_NS  -> NS RESULT

   NS is the time of one call, the mean of as many as fit into ROUND_NS. RESULT is compared with what plain loops make.

   kernel                       one call                                                     result
   fib                          fib(N), every call forks one half and makes the other        fib(N)
   interop                      the same in a parallel region of the program                 fib(N)
   queens                       N queens, a task for each placement that is allowed          solutions
   tree                         the tree of task_work.h, a task for each node                nodes
   submit-P                     N empty tasks from P outside threads, and waits for all      tasks that ran
   submit-future-P              the same with a future each, waited for and freed            tasks that ran
   roundtrip, roundtrip-idle    N times one task and its result, at once or after a pause    tasks that ran
   idle                         processor time that a second with nothing to do takes        -
   stream                       N numbers through WORK iterations, taken in order            numbers in order
   wavefront                    N cells, each after its upper and left neighbour, WORK       task_work.h
                                iterations a cell */
#ifndef BENCH_TASKS_H
#define BENCH_TASKS_H

#include "driver.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct task_job {
    size_t n, work;
    int threads;
    double result;
    double ns; /* of this call, where the kernel takes its own time */
};

typedef void task_fn(struct task_job *job);

struct task_kernel {
    const char *kernel, *variant;
    task_fn *run;
};

/* NULL: this driver has no such kernel. Exactly one file of a driver defines it. */
task_fn *task_find(const char *kernel, const char *variant);

/* The entry of a table that a NULL kernel ends. */
task_fn *task_find_in(const struct task_kernel *table, const char *kernel, const char *variant);

#ifdef __cplusplus
}
#endif
#endif
