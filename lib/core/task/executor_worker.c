/* An executor's workers: what they take from the queue, and how they begin, are replaced and end. */
#define _POSIX_C_SOURCE 200809L
#include "executor_worker.h"
#include "../backend/backend.h"
#include "../backend/host.h"
#include "../backend/park.h"
#include "../backend/thread_name.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/trace.h"
#include "../base/trace_name.h"
#include "executor_inline.h"
#include "future_run.h"
#include <stdio.h>

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
    int64_t start = crew__trace_start();
    run_item(item);
    if (CREW__UNLIKELY(start != 0))
        crew__trace_slice("task", start);
}

/* A worker that takes single tasks as fast as they come takes the queue's memory from who submits: three times slower
   for both. Within this time of the last tasks that it took it lets some come together. Where none came to the first
   one, its submitter waits for it: the next ones are taken at once, or a task and back takes this time. */
static const double GATHER_NS = 300;
enum { TAKEN_AT_ONCE = 32 };

/* True where the caller has waited. */
static bool gather(struct crew__local *local)
{
    if (local->at_once > 0) {
        local->at_once--;
        return false;
    }
    const int64_t until = local->took + (int64_t)(GATHER_NS * crew__ticks_per_ns());
    bool waited = false;
    while (crew__ticks() < until) {
        CREW__RELAX();
        waited = true;
    }
    return waited;
}

static bool take_from_queue(crew_executor *ex, struct crew__local *local, bool high, struct crew__item *item)
{
    bool waited = !high && ex->queue.limit == 0 && gather(local);
    if (!crew__queue_pop(&ex->queue, item, high ? NULL : &local->batch, ex->scheduler.width))
        return false;
    if (waited && !crew__batch_has(&local->batch) && !crew__queue_has(&ex->queue))
        local->at_once = TAKEN_AT_ONCE;
    local->took = crew__ticks();
    return true;
}

void crew__executor_start_another(crew_executor *ex)
{
    const struct crew__sleepers *sleepers = &ex->scheduler.sleepers;
    int id = CREW__LOAD(&ex->started, relaxed);
    if (id >= ex->scheduler.width || CREW__LOAD(&sleepers->searching, relaxed) > 0 ||
        CREW__LOAD(&sleepers->sleeping, relaxed) > 0)
        return;
    if (CREW__CAS(&ex->started, &id, id + 1, relaxed) && !crew__host_add(ex->host, id))
        CREW__STORE(&ex->started, ex->scheduler.width, relaxed); /* it is not asked again */
}

/* A single worker has taken a task. */
static void note_task(crew_executor *ex, struct crew__member *w)
{
    struct crew__local *local = local_of(w);
    local->tasks++;
    if (ex->options.max_tasks && local->tasks >= ex->options.max_tasks)
        w->leaves = true;
    if (crew__queue_has(&ex->queue) || crew__batch_has(&local->batch))
        crew__executor_start_another(ex);
}

void crew__executor_trace_queue(crew_executor *ex)
{
    size_t tasks = 0; /* the queue last: what a worker takes from it meanwhile is not counted twice */
    for (int i = 0; i < ex->scheduler.width; i++)
        tasks += crew__batch_length(&ex->locals[i].batch);
    tasks += crew__queue_length(&ex->queue);
    char name[64] = "queue";
    if (ex->options.name)
        snprintf(name, sizeof name, "queue of %s", ex->options.name);
    crew__trace_queue(crew__trace_name(name, "queue"), tasks);
}

static bool run_next_item(struct crew__member *w, void *ctx)
{
    crew_executor *ex = ctx;
    struct crew__batch *own = &local_of(w)->batch;
    struct crew__item item;
    bool high = crew__queue_has_high(&ex->queue);
    bool found = !high && crew__batch_take(own, &item);
    if (!found)
        found = take_from_queue(ex, local_of(w), high, &item);
    for (int i = 0; i < ex->scheduler.width && !found; i++)
        found = crew__batch_take(&ex->locals[i].batch, &item);
    if (!found)
        return false;
    if (CREW__UNLIKELY(ex->single))
        note_task(ex, w);
    if (CREW__UNLIKELY(crew__tracing()))
        crew__executor_trace_queue(ex);
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

void crew__executor_initialize(crew_executor *ex, struct crew__local *local)
{
    CREW__NO_EXCEPTION_PASSES();
    int code = ex->options.initializer ? ex->options.initializer(&local->value, ex->options.ctx) : 0;
    local->initialized = code == 0;
    int none = 0;
    if (code)
        CREW__CAS(&ex->broken, &none, code, relaxed);
}

void crew__executor_finalize(const crew_executor *ex, const struct crew__local *local)
{
    if (local->initialized && ex->options.finalizer)
        ex->options.finalizer(local->value, ex->options.ctx);
}

void crew__executor_tell_open(crew_executor *ex)
{
    crew__tell_release(&ex->opening);
    if (CREW__SUB(&ex->opening, 1, acq_rel) == 1)
        crew__unpark(&ex->opening, CREW__ALL);
}

/* The successor of a single worker, on its thread, while the worker waits. */
static bool prepare(int id, void *arg)
{
    crew_executor *ex = arg;
    struct crew__local *local = &ex->locals[id];
    void *value = NULL;
    CREW__NO_EXCEPTION_PASSES();
    crew__thread_name_set(ex->options.name);
    if (ex->options.initializer && ex->options.initializer(&value, ex->options.ctx) != 0)
        return false;
    local->next = value;
    local->prepared = true;
    return true;
}

static void serve(crew_executor *ex, struct crew__member *w)
{
    struct crew__local *local = local_of(w);
    for (;;) {
        crew__member_serve(w);
        if (!w->leaves)
            return;
        w->leaves = false;
        local->tasks = 0;
        if (crew__host_replace(ex->host, w->id, prepare))
            return;
    }
}

/* False: a worker that is started on demand cannot be used. */
static bool begin_worker(crew_executor *ex, struct crew__local *local, int id)
{
    if (local->prepared) {
        local->prepared = false;
        local->value = local->next;
        local->initialized = true;
        return true;
    }
    crew__executor_initialize(ex, local);
    const bool early = id == 0 || !ex->options.on_demand;
    if (early)
        crew__executor_tell_open(ex);
    return local->initialized || early;
}

void crew__executor_run_worker(int id, void *arg)
{
    crew_executor *ex = arg;
    struct crew__member *w = &ex->scheduler.members[id];
    struct crew__local *local = &ex->locals[id];
    w->local = local;
    struct crew__member *before = crew__member_enter(&ex->scheduler, id);
    struct crew__thread_name named = crew__thread_name_set(ex->options.name);
    crew__waiter = &local->waiter;
    crew__worker = id;
    if (begin_worker(ex, local, id)) {
        serve(ex, w);
        crew__executor_finalize(ex, local);
    }
    crew__worker = -1;
    crew__waiter = NULL;
    crew__thread_name_restore(&named);
    crew__member_leave(before);
}

struct crew__source crew__executor_source(crew_executor *ex)
{
    return (struct crew__source){run_next_item, is_ready, ex};
}
