/* An executor from its opening to its end, and what waits in it. */
#define _POSIX_C_SOURCE 200809L
#include "executor.h"
#include "../backend/backend.h"
#include "../backend/host.h"
#include "../backend/park.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include "../base/trace.h"
#include "executor_default.h"
#include "executor_inline.h"
#include "executor_worker.h"
#include "shipped.h"
#include "task.h"
#include <errno.h>
#include <stdlib.h>

static void free_executor(crew_executor *ex)
{
    crew__ship_close(ex);
    crew__waiters_let_go();
    crew__scheduler_free(&ex->scheduler);
    crew__queue_free(&ex->queue);
    crew__free(ex->locals);
    crew__free(ex);
}

static void wait_until_zero(atomic_int *word)
{
    for (int now; (now = CREW__LOAD(word, acquire)) != 0;)
        crew__park(word, now, -1);
    crew__tell_acquire(word);
}

static void stop_workers(crew_executor *ex)
{
    crew__scheduler_close(&ex->scheduler);
    if (ex->host)
        crew__host_close(ex->host);
    else
        crew__executor_finalize(ex, &ex->locals[0]);
}

static bool make_workers(crew_executor *ex, int width)
{
    size_t count = (size_t)width;
    ex->locals = crew__alloc(count * sizeof *ex->locals);
    if (!ex->locals || !crew__scheduler_init(&ex->scheduler, width))
        return false;
    for (size_t i = 0; i < count; i++)
        ex->locals[i] = (struct crew__local){.value = NULL};
    ex->source = crew__executor_source(ex);
    ex->scheduler.source = &ex->source;
    atomic_init(&ex->opening, width);
    return true;
}

static void run_nothing(int id, void *arg)
{
    (void)id;
    (void)arg;
}

static crew_executor *refuse(crew_executor *ex, int error)
{
    if (ex)
        free_executor(ex);
    errno = error;
    return NULL;
}

static bool open_host(crew_executor *ex, int wanted, int *width)
{
    if (!ex->single) {
        ex->host = crew__host_open(wanted, width);
        return ex->host != NULL;
    }
    *width = wanted;
    ex->host = crew__host_open_single(wanted);
    errno = ENOMEM;
    return ex->host != NULL;
}

/* The first worker, and the others too where they do not wait for demand. */
static bool start_singles(crew_executor *ex)
{
    const int width = ex->scheduler.width, now = ex->options.on_demand ? 1 : width;
    CREW__STORE(&ex->started, now, relaxed);
    CREW__STORE(&ex->opening, now, relaxed);
    int id = 0;
    while (id < now && crew__host_add(ex->host, id))
        id++;
    for (int missing = id; missing < now && id > 0; missing++)
        crew__executor_tell_open(ex);
    return id > 0;
}

crew_executor *crew_executor_open(const crew_executor_options *opt)
{
    crew_executor *ex = crew__alloc(sizeof *ex);
    if (!ex)
        return refuse(NULL, ENOMEM);
    *ex = (crew_executor){.options = opt ? *opt : (crew_executor_options){0}, .forks = crew__fork_count()};
    crew__queue_init(&ex->queue, ex->options.queue_limit);
    crew__task_set_up_nesting();

    int width = 1, wanted = ex->options.processes ? 1 : crew__resolve_threads(ex->options.threads);
    if (ex->options.processes && !crew__ship_open(ex, &wanted))
        return refuse(ex, errno);
    bool threads = crew__host_possible();
    ex->single = threads && (ex->options.on_demand || ex->options.max_tasks || crew__host_prefers_single());
    if (threads && !open_host(ex, wanted, &width))
        return refuse(ex, errno);
    if (!make_workers(ex, width)) {
        if (ex->host) {
            crew__host_start(ex->host, run_nothing, NULL);
            crew__host_close(ex->host);
        }
        return refuse(ex, ENOMEM);
    }
    if (threads) {
        crew__host_start(ex->host, crew__executor_run_worker, ex);
        if (ex->single && !start_singles(ex)) {
            crew__host_close(ex->host);
            return refuse(ex, EAGAIN);
        }
        wait_until_zero(&ex->opening);
    } else {
        crew__executor_initialize(ex, &ex->locals[0]);
    }
    int code = CREW__LOAD(&ex->broken, relaxed);
    if (code) {
        stop_workers(ex);
        return refuse(ex, code < 0 ? -code : ECANCELED);
    }
    return ex;
}

int crew_executor_threads(crew_executor *ex)
{
    ex = crew__executor_get(ex);
    return ex ? ex->scheduler.width : 0;
}

static crew_future *first_blocked(crew_executor *ex)
{
    crew__lock_take(&ex->lock);
    crew_future *f = ex->blocked;
    while (f && crew__future_state(f) != CREW_FUTURE_PENDING)
        f = f->deps->after;
    crew_future_retain(f);
    crew__lock_give(&ex->lock);
    return f;
}

/* Cancels everything that has not begun. */
static void cancel_pending(crew_executor *ex)
{
    for (crew_future *f; (f = first_blocked(ex));) {
        crew_future_cancel(f);
        crew_future_release(f);
    }
    struct crew__item item;
    bool more = true;
    while (more) {
        more = crew__queue_pop(&ex->queue, &item, NULL, 1);
        for (int i = 0; i < ex->scheduler.width && !more; i++)
            more = crew__batch_take(&ex->locals[i].batch, &item);
        if (more && !item.fn) {
            crew_future_cancel(item.arg);
            crew_future_release(item.arg);
        }
    }
}

/* On the host's thread, after its workers: who closed the executor has touched it for the last time. */
static void end_unattended(void *arg)
{
    crew_executor *ex = arg;
    while (CREW__LOAD(&ex->closed, acquire) == 0)
        crew__park(&ex->closed, 0, -1);
    crew__tell_acquire(ex);
    free_executor(ex);
}

/* All that was submitted has been taken on by the workers, and nobody waits for their end. */
static void close_unattended(crew_executor *ex)
{
    if (!ex->host) {
        crew__executor_finalize(ex, &ex->locals[0]);
        free_executor(ex);
        return;
    }
    crew__host_leave(ex->host, end_unattended, ex);
    crew__scheduler_close(&ex->scheduler);
    crew__tell_release(ex);
    atomic_int *closed = &ex->closed;
    CREW__STORE(closed, 1, release);
    crew__unpark(closed, CREW__ALL);
}

int crew_executor_shutdown(crew_executor *ex, unsigned flags)
{
    if (flags & ~(unsigned)(CREW_CANCEL_PENDING | CREW_NO_WAIT))
        return -EINVAL;
    bool is_default = !ex;
    if (is_default)
        ex = crew__executor_default();
    if (!ex)
        return 0;
    if (crew__executor_of_thread() == ex) /* who submitted the task may be in that call still */
        return -EDEADLK;
    if (is_default && !crew__executor_default_drop(ex))
        return 0; /* another thread does it */
    if (ex->forks != crew__fork_count())
        return 0; /* its threads are the parent's: what they hold cannot be freed safely */
    crew__queue_close(&ex->queue);
    if (flags & CREW_CANCEL_PENDING)
        cancel_pending(ex);
    crew__future_tell();
    if (flags & CREW_NO_WAIT) {
        crew__inline_hold(ex);
        if (CREW__ADD(&ex->blocked_by, CREW__UNATTENDED, acq_rel) == 0)
            close_unattended(ex);
        return 0;
    }
    crew__inline_finish(ex, flags & CREW_CANCEL_PENDING);
    wait_until_zero(&ex->blocked_by);
    stop_workers(ex);
    free_executor(ex);
    return 0;
}

int crew__executor_push(crew_executor *ex, const struct crew__item *item, crew_priority priority, enum crew__push how)
{
    if (!ex->host)
        return crew__inline_push(ex, item, how == CREW__PUSH_READY);
    int error = crew__queue_push(&ex->queue, item, priority, how);
    if (error)
        return error;
    if (CREW__UNLIKELY(crew__tracing()))
        crew__executor_trace_queue(ex);
    crew__scheduler_notify(&ex->scheduler);
    if (CREW__UNLIKELY(ex->single))
        crew__executor_start_another(ex);
    return 0;
}

void crew__executor_let_go(crew_executor *ex)
{
    /* Waking uses only the address. */
    crew__tell_release(&ex->blocked_by);
    int before = CREW__SUB(&ex->blocked_by, 1, acq_rel);
    if (before == 1)
        crew__unpark(&ex->blocked_by, CREW__ALL);
    else if (before == CREW__UNATTENDED + 1)
        close_unattended(ex);
}

bool crew__executor_block(crew_executor *ex, crew_future *f)
{
    if (!crew__queue_add_unless_closed(&ex->queue, &ex->blocked_by))
        return false;
    crew__lock_take(&ex->lock);
    f->deps->after = ex->blocked;
    f->deps->before = NULL;
    if (ex->blocked)
        ex->blocked->deps->before = f;
    ex->blocked = f;
    crew__lock_give(&ex->lock);
    return true;
}

void crew__executor_unblock(crew_executor *ex, crew_future *f)
{
    crew__lock_take(&ex->lock);
    crew_future *before = f->deps->before, *after = f->deps->after;
    if (after)
        after->deps->before = before;
    if (before)
        before->deps->after = after;
    else
        ex->blocked = after;
    crew__lock_give(&ex->lock);
    crew__executor_let_go(ex);
}
