/* How an executor runs tasks in processes, which stand above it: they give it these functions. */
#ifndef CREW_BACKEND_REMOTE_H
#define CREW_BACKEND_REMOTE_H

#include <crew/executor.h>

/* fn(in), or map(in, out, ctx), or item(index, in, out, ctx), in a worker process. in_size bytes at in go there,
   aligned as by malloc; with in_size 0 in itself is handed on. out_size bytes come back to out where map succeeds. */
struct crew__remote_call {
    crew_task_fn *fn;
    crew_map_fn *map;
    crew_item_fn *item;
    size_t index;
    const void *in;
    size_t in_size;
    void *out;
    size_t out_size;
    void *ctx;
};

struct crew__remote_ops {
    /* Starts opt->processes workers and says how many there are, at least 1. NULL with errno. */
    void *(*open)(const crew_executor_options *opt, int *width);
    /* Waits for a free worker and for the call's end. Returns its value, how its worker died, or a negative errno
       value. On any thread. */
    int (*call)(void *remote, const struct crew__remote_call *call);
    void (*close)(void *remote);
};

/* core/process/process_executor.c. A reference and not a registration, so that a static program has it. */
extern const struct crew__remote_ops crew__remote_processes;

#endif
