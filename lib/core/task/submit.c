/* crew_submit and its variants; tasks that wait for others first. */
#define _POSIX_C_SOURCE 200809L
#include "../backend/host.h"
#include "../base/memory.h"
#include "executor.h"
#include "executor_default.h"
#include "executor_worker.h"
#include "shipped.h"
#include "wait.h"
#include "wait_cycle.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

/* A dependency has ended, or there is none: the last one puts the task into the queue. */
static void unblock(crew_future *f)
{
    crew__tell_release(f->deps);
    if (CREW__SUB(&f->deps->blockers, 1, acq_rel) != 1)
        return;
    crew__tell_acquire(f->deps);
    crew__wait_cycle_note_ready(f);
    crew_executor *ex = f->executor;
    if (crew__future_state(f) == CREW_FUTURE_PENDING) {
        struct crew__item item = {NULL, crew_future_retain(f)};
        if (crew__executor_push(ex, &item, f->deps->priority, CREW__PUSH_READY) != 0) {
            crew_future_release(f);
            if (crew__future_claim(f, CREW_FUTURE_CANCELED)) { /* or else somebody who waits for it runs it */
                int none = 0;
                CREW__CAS(&f->result, &none, -ENOMEM, relaxed);
                crew__future_end(f, CREW_FUTURE_CANCELED);
            }
        }
    }
    /* In the queue first: shutdown lets the workers go when nothing is blocked and nothing is queued. */
    crew__executor_unblock(ex, f);
}

static void end_dependency(struct crew__dependency *d)
{
    crew_future *waiter = d->waiter;
    int code = crew__future_code(d->node.future);
    crew__waiters_release_dependency(d);
    if (code)
        crew__future_fail(waiter, code);
    unblock(waiter);
    crew_future_release(waiter);
}

static void dep_ended(crew_future *dep, struct crew__on_done *node)
{
    (void)dep;
    end_dependency((struct crew__dependency *)node);
}

static int submit_blocked(crew_future *f, const crew_submit_options *opt)
{
    size_t bytes;
    if (!crew__mul(opt->ndeps, sizeof *f->deps->each, &bytes) || opt->ndeps > INT_MAX - 1 ||
        bytes > SIZE_MAX - sizeof *f->deps)
        return -ENOMEM;
    struct crew__deps *all = malloc(sizeof *all + bytes);
    if (!all)
        return -ENOMEM;
    *all = (struct crew__deps){.count = opt->ndeps, .priority = opt->priority};
    atomic_init(&all->blockers, (int)opt->ndeps + 1);
    f->deps = all;
    if (!crew__executor_block(f->executor, f)) {
        atomic_init(&all->blockers, 0);
        return -ECANCELED;
    }
    /* Nobody else looks at them before the caller has f, or a dependency has them. */
    for (size_t i = 0; i < opt->ndeps; i++)
        all->each[i] =
            (struct crew__dependency){{NULL, dep_ended, crew_future_retain(opt->deps[i])}, crew_future_retain(f)};
    for (size_t i = 0; i < opt->ndeps; i++) {
        crew__future_ended(opt->deps[i]); /* a fork may have ended it */
        if (!crew__future_add(opt->deps[i], &all->each[i].node))
            end_dependency(&all->each[i]);
    }
    unblock(f);
    return 0;
}

/* Does something else until there may be room. False: there will be none before the caller goes on. */
static bool wait_for_room(crew_executor *ex)
{
    bool deep = false;
    if (!crew__waiter)
        crew__queue_wait(&ex->queue, -1);
    else if (crew__executor_of_thread() != ex)
        return crew__wait_for_room(ex);
    else if (!crew__wait_help(&deep) && !deep)
        crew__queue_wait(&ex->queue, 1e-3);
    return !deep;
}

static int push_or_wait(crew_executor *ex, const struct crew__item *item, crew_priority priority, bool wait)
{
    enum crew__push how = CREW__PUSH_NEW;
    int error;
    while ((error = crew__executor_push(ex, item, priority, how)) == -EAGAIN && wait)
        how = wait_for_room(ex) ? CREW__PUSH_NEW : CREW__PUSH_BEYOND;
    return error;
}

static int submit_here(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future,
                       const crew_submit_options *opt, bool wait)
{
    struct crew__item item = {fn, arg};
    crew_future *f = NULL;
    if (future || opt->copy || opt->ndeps) {
        f = crew__future_new(ex, fn, arg, opt->copy, opt->tag, future ? 2 : 1);
        if (!f)
            return -ENOMEM;
        item = (struct crew__item){NULL, f};
    }
    int error;
    if (opt->ndeps) {
        error = submit_blocked(f, opt);
        crew_future_release(f); /* the queue's, which gets one of its own when the time comes */
    } else {
        error = push_or_wait(ex, &item, opt->priority, wait);
        if (error)
            crew_future_release(f);
    }
    if (error && future)
        crew_future_release(f);
    else if (future)
        *future = f;
    return error;
}

static int submit_to_process(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future,
                             const crew_submit_options *opt, bool wait)
{
    crew_submit_options with_copy = *opt;
    struct crew__shipped *shipped = crew__ship(ex, fn, arg, opt->copy, &with_copy.copy);
    if (!shipped)
        return -ENOMEM;
    int error = submit_here(ex, crew__shipped_run, shipped, future, &with_copy, wait);
    free(shipped);
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
    if (ex->remote && fn != crew__executor_map_item)
        return submit_to_process(ex, fn, arg, future, opt, wait);
    return submit_here(ex, fn, arg, future, opt, wait);
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
