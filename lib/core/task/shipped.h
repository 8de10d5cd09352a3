/* A task of an executor with processes: what is submitted, as its future carries it. */
#ifndef CREW_TASK_SHIPPED_H
#define CREW_TASK_SHIPPED_H

#include "executor.h"

struct crew__shipped {
    crew_executor *ex;
    crew_task_fn *fn;
    void *arg;   /* where size is 0 */
    size_t size; /* bytes of argument */
    max_align_t arg_copy[];
};

/* Starts the processes of an executor that is being opened; *threads is how many threads it needs. False with errno. */
bool crew__ship_open(crew_executor *ex, int *threads);
void crew__ship_close(crew_executor *ex);

/* The task as an argument of crew__shipped_run, to be freed; *bytes is its size. NULL without memory. */
struct crew__shipped *crew__ship(crew_executor *ex, crew_task_fn *fn, void *arg, size_t size, size_t *bytes);

/* Lets a process run it; the task that the executor's thread runs instead. */
int crew__shipped_run(void *shipped);

#endif
