/* An executor from its opening to its end: its workers, and its queue as they see it. */
#define _POSIX_C_SOURCE 200809L
#include "executor.h"
#include "../backend/backend.h"
#include "../backend/host.h"
#include "../backend/park.h"
#include "../backend/thread_name.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include "../base/trace.h"
#include "executor_default.h"
#include "executor_inline.h"
#include "future_run.h"
#include "shipped.h"
#include "task.h"
#include <errno.h>
#include <stdlib.h>

static struct crew__local *local_of(const struct crew__member *w)
{
    return w->local;
}

crew_executor *crew__executor_of_thread(void)
{
    const struct crew__member *w = crew__self;
    if (w && w->scheduler->source)
        return w->scheduler->source->ctx;
    return crew__inline_executor();
}

void *crew__process_local;

void *crew_executor_local(void)
{
    const struct crew__member *w = crew__self;
    if (w && w->scheduler->source)
        return local_of(w)->value;
    const crew_executor *ex = crew__inline_executor();
    return ex ? ex->locals[0].value : crew__process_local;
}

static void run_item(const struct crew__item *item)
{
    CREW__NO_EXCEPTION_PASSES();
    if (item->fn) {
        unsigned forks = crew__fork_count();
        item->fn(item->arg);
        if (CREW__UNLIKELY(crew__fork_count() != forks))
            crew__child_returned();
        return;
    }
    crew_future *f = item->arg;
    if (crew__future_claim(f, CREW_FUTURE_RUNNING))
        crew__future_run(f);
    crew_future_release(f);
}

void crew__item_run(const struct crew__item *item)
{
    int64_t start = CREW__UNLIKELY(crew__tracing()) ? crew__ticks() : 0;
    run_item(item);
    if (CREW__UNLIKELY(start != 0))
        crew__trace_slice("task", start);
}

/* A worker that takes single tasks as fast as they come takes the queue's memory from who submits: three times slower
   for both. Within this time of the last tasks that it took it lets some come together. */
static const double GATHER_NS = 300;

static void gather(const struct crew__local *local)
{
    const int64_t until = local->took + (int64_t)(GATHER_NS * crew__ticks_per_ns());
    while (crew__ticks() < until)
        CREW__RELAX();
}

static bool run_next_item(struct crew__member *w, void *ctx)
{
    crew_executor *ex = ctx;
    struct crew__batch *own = &local_of(w)->batch;
    struct crew__item item;
    bool high = crew__queue_has_high(&ex->queue);
    bool found = !high && crew__batch_take(own, &item);
    if (!found) {
        struct crew__local *local = local_of(w);
        if (!high && ex->queue.limit == 0)
            gather(local);
        found = crew__queue_pop(&ex->queue, &item, high ? NULL : own, ex->scheduler.width);
        if (found)
            local->took = crew__ticks();
    }
    for (int i = 0; i < ex->scheduler.width && !found; i++)
        found = crew__batch_take(&ex->locals[i].batch, &item);
    if (!found)
        return false;
    struct crew__frame outer = crew__frame_enter(w, NULL);
    crew__item_run(&item);
    crew__frame_leave(w, &outer);
    return true;
}

static bool is_ready(void *ctx, bool surely)
{
    crew_executor *ex = ctx;
    if (surely ? crew__queue_has_surely(&ex->queue) : crew__queue_has(&ex->queue))
        return true;
    for (int i = 0; i < ex->scheduler.width; i++)
        if (crew__batch_has(&ex->locals[i].batch))
            return true;
    return false;
}

static void initialize(crew_executor *ex, struct crew__local *local)
{
    CREW__NO_EXCEPTION_PASSES();
    int code = ex->options.initializer ? ex->options.initializer(&local->value, ex->options.ctx) : 0;
    local->initialized = code == 0;
    int none = 0;
    if (code)
        CREW__CAS(&ex->broken, &none, code, relaxed);
}

static void finalize(const crew_executor *ex, const struct crew__local *local)
{
    if (local->initialized && ex->options.finalizer)
        ex->options.finalizer(local->value, ex->options.ctx);
}

static void run_worker(int id, void *arg)
{
    crew_executor *ex = arg;
    struct crew__member *w = &ex->scheduler.members[id];
    w->local = &ex->locals[id];
    struct crew__member *before = crew__member_enter(&ex->scheduler, id);
    struct crew__thread_name named = crew__thread_name_set(ex->options.name);
    crew__waiter = &ex->locals[id].waiter;
    crew__worker = id;
    initialize(ex, &ex->locals[id]);
    crew__tell_release(&ex->opening);
    if (CREW__SUB(&ex->opening, 1, acq_rel) == 1)
        crew__unpark(&ex->opening, CREW__ALL);
    crew__member_serve(w);
    finalize(ex, &ex->locals[id]);
    crew__worker = -1;
    crew__waiter = NULL;
    crew__thread_name_restore(&named);
    crew__member_leave(before);
}

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
        finalize(ex, &ex->locals[0]);
}

static bool make_workers(crew_executor *ex, int width)
{
    size_t count = (size_t)width;
    ex->locals = crew__alloc(count * sizeof *ex->locals);
    if (!ex->locals || !crew__scheduler_init(&ex->scheduler, width))
        return false;
    for (size_t i = 0; i < count; i++)
        ex->locals[i] = (struct crew__local){.value = NULL};
    ex->source = (struct crew__source){run_next_item, is_ready, ex};
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
    if (threads) {
        ex->host = crew__host_open(wanted, &width);
        if (!ex->host)
            return refuse(ex, errno);
    }
    if (!make_workers(ex, width)) {
        if (ex->host) {
            crew__host_start(ex->host, run_nothing, NULL);
            crew__host_close(ex->host);
        }
        return refuse(ex, ENOMEM);
    }
    if (threads) {
        crew__host_start(ex->host, run_worker, ex);
        wait_until_zero(&ex->opening);
    } else {
        initialize(ex, &ex->locals[0]);
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
        finalize(ex, &ex->locals[0]);
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
    if (!(flags & CREW_NO_WAIT) && crew__executor_of_thread() == ex)
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
    if (!error)
        crew__scheduler_notify(&ex->scheduler);
    return error;
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
