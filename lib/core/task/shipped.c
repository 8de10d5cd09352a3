/* Wraps tasks for processes: the executor's own thread runs the wrapper, which waits for the process. */
#include "shipped.h"
#include "../backend/host.h"
#include "../backend/remote.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Before the threads, so that in a program without others the helper is a fork of a single thread. */
bool crew__ship_open(crew_executor *ex, int *threads)
{
    if (ex->options.on_demand) {
        errno = ENOTSUP;
        return false;
    }
    if (!crew__host_possible())
        ex->options.processes = 1;
    ex->remote = crew__remote_processes.open(&ex->options, threads);
    ex->options.initializer = NULL;
    ex->options.finalizer = NULL;
    ex->options.max_tasks = 0;
    return ex->remote != NULL;
}

void crew__ship_close(crew_executor *ex)
{
    if (ex->remote)
        crew__remote_processes.close(ex->remote);
}

struct crew__shipped *crew__ship(crew_executor *ex, crew_task_fn *fn, void *arg, size_t size, size_t *bytes)
{
    if (size > SIZE_MAX - sizeof(struct crew__shipped))
        return NULL;
    *bytes = sizeof(struct crew__shipped) + size;
    struct crew__shipped *s = malloc(*bytes);
    if (!s)
        return NULL;
    *s = (struct crew__shipped){.ex = ex, .fn = fn, .arg = size ? NULL : arg, .size = size};
    if (size)
        memcpy(s->arg_copy, arg, size);
    return s;
}

int crew__shipped_run(void *shipped)
{
    struct crew__shipped *s = shipped;
    const struct crew__remote_call call = {.fn = s->fn, .in = s->size ? s->arg_copy : s->arg, .in_size = s->size};
    return crew__remote_processes.call(s->ex->remote, &call);
}
