#define _POSIX_C_SOURCE 200809L
#include "../backend/host.h"
#include "../base/memory.h"
#include "executor.h"
#include "waits.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

/* A dependency has ended, or there is none: the last one puts the task into the queue. */
static void unblock(crew_future *f)
{
    if (CREW__SUB(&f->blockers, 1, acq_rel) != 1)
        return;
    free(crew__waits_forget(f));
    crew_executor *ex = f->executor;
    if (crew__future_state(f) == CREW_FUTURE_PENDING) {
        struct crew__item item = {NULL, NULL, crew_future_retain(f)};
        if (crew__executor_push(ex, &item, f->priority, true) != 0) {
            crew_future_release(f);
            CREW__STORE(&f->failure, -ENOMEM, relaxed);
            crew__future_drop(f);
        }
    }
    /* In the queue first: shutdown lets the workers go when nothing is blocked and nothing is queued. */
    crew__executor_unblock(ex, f);
}

static void met(struct crew__dependency *d)
{
    crew_future *waiter = d->waiter;
    int code = crew__future_code(d->dep), none = 0;
    crew__waits_met(d);
    if (code) {
        CREW__CAS(&waiter->failure, &none, code, relaxed);
        crew__future_drop(waiter);
    }
    unblock(waiter);
    crew_future_release(waiter);
}

static void dep_ended(crew_future *dep, struct crew__on_done *node)
{
    (void)dep;
    met((struct crew__dependency *)node);
}

static int wait_for(crew_future *f, crew_future *const *deps, size_t ndeps)
{
    size_t bytes;
    if (!crew__mul(ndeps, sizeof *f->deps, &bytes) || ndeps > INT_MAX - 1)
        return -ENOMEM;
    f->deps = malloc(bytes);
    if (!f->deps)
        return -ENOMEM;
    f->ndeps = ndeps;
    for (size_t i = 0; i < ndeps; i++)
        f->deps[i] = (struct crew__dependency){{NULL, dep_ended}, crew_future_retain(deps[i]), crew_future_retain(f)};
    CREW__STORE(&f->blockers, (int)ndeps + 1, relaxed);
    crew__executor_block(f->executor, f);
    struct crew__dependency *all = f->deps; /* blockers is not 0 before the end of this loop, so the array stays */
    for (size_t i = 0; i < ndeps; i++) {
        crew__future_ended(all[i].dep); /* a fork may have ended it */
        if (!crew__future_add(all[i].dep, &all[i].node))
            met(&all[i]);
    }
    unblock(f);
    return 0;
}

static int push(crew_executor *ex, const struct crew__item *item, crew_priority priority, bool wait)
{
    int error;
    while ((error = crew__executor_push(ex, item, priority, false)) == -EAGAIN && wait) {
        if (crew__executor_of_thread() != ex)
            crew__queue_wait(&ex->queue, -1);
        else if (!crew__help(crew__self))
            crew__queue_wait(&ex->queue, 1e-3);
    }
    return error;
}

static int submit(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future, const crew_submit_options *opt,
                  bool wait)
{
    static const crew_submit_options defaults;
    opt = opt ? opt : &defaults;
    if (future)
        *future = NULL;
    if (!fn || (opt->copy && !arg) || (opt->ndeps && !opt->deps) || opt->priority < CREW_PRIORITY_LOW ||
        opt->priority > CREW_PRIORITY_HIGH)
        return -EINVAL;
    for (size_t i = 0; i < opt->ndeps; i++)
        if (!opt->deps[i])
            return -EINVAL;
    errno = 0;
    ex = crew__executor_get(ex);
    if (!ex)
        return errno ? -errno : -EAGAIN;
    if (ex->forks != crew__fork_count())
        return -ECANCELED;

    struct crew__item item = {fn, arg, NULL};
    if (future || opt->copy || opt->ndeps) {
        item.future = crew__future_new(ex, fn, arg, opt->copy, future ? 2 : 1);
        if (!item.future)
            return -ENOMEM;
        item.future->priority = opt->priority;
    }
    crew_future *f = item.future;
    int error;
    if (opt->ndeps) {
        error = ex->queue.closed ? -ECANCELED : wait_for(f, opt->deps, opt->ndeps);
        crew_future_release(f); /* the queue's, which gets one of its own when the time comes */
    } else {
        error = push(ex, &item, opt->priority, wait);
        if (error)
            crew_future_release(f);
    }
    if (error && future)
        crew_future_release(f);
    else if (future)
        *future = f;
    return error;
}

int crew_submit_with(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future,
                     const crew_submit_options *opt)
{
    return submit(ex, fn, arg, future, opt, true);
}

int crew_try_submit(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future,
                    const crew_submit_options *opt)
{
    return submit(ex, fn, arg, future, opt, false);
}

static crew_future *or_errno(int error, crew_future *f)
{
    if (error)
        errno = -error;
    return f;
}

crew_future *crew_submit(crew_executor *ex, crew_task_fn *fn, void *arg)
{
    crew_future *f;
    int error = submit(ex, fn, arg, &f, NULL, true);
    return or_errno(error, f);
}

crew_future *crew_submit_copy(crew_executor *ex, crew_task_fn *fn, const void *arg, size_t size)
{
    crew_future *f;
    /* What is written to is the copy, not what arg points to. */
    int error = submit(ex, fn, size ? (void *)(uintptr_t)arg : NULL, &f, &(crew_submit_options){.copy = size}, true);
    return or_errno(error, f);
}

crew_future *crew_submit_after(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future *const *deps, size_t ndeps)
{
    crew_future *f;
    int error = submit(ex, fn, arg, &f, &(crew_submit_options){.deps = deps, .ndeps = ndeps}, true);
    return or_errno(error, f);
}
