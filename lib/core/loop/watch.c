/* Stops and watches a call: the lowest failure, cancel, timeout, progress. */
#define _POSIX_C_SOURCE 200809L
#include "watch.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/threads.h"
#include "runner.h"
#include <errno.h>

static const double PROGRESS_NS = 1e7;

CREW__HOT bool crew__unwatched(const crew_options *opt)
{
    return (!opt || (opt->timeout == 0 && !opt->cancel && !opt->progress)) && !crew__env_progress() &&
           !crew__tuning.always_open;
}

CREW__HOT int crew__watch_begin(struct crew__watch *w, const struct crew__loop *loop)
{
    const crew_options *opt = loop->opt;
    w->active = false;
    w->cancel = NULL;
    w->deadline = 0;
    w->progress = NULL;
    w->per_item = loop->per_item ? loop->per_item : 1;
    atomic_init(&w->fail_at, SIZE_MAX);
    atomic_init(&w->stop, 0);
    atomic_init(&w->done, 0);
    CREW__STORE(&w->lock, false, relaxed);
    if (opt) {
        if (!(opt->timeout >= 0)) /* catches NaN too */
            return -EINVAL;
        w->cancel = opt->cancel;
        w->deadline = opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
        w->progress = opt->progress;
        w->progress_ctx = opt->progress_ctx;
    }
    if (!w->progress && !loop->part && crew__env_progress())
        w->progress = crew_progress_bar;
    w->active = w->cancel || w->deadline > 0 || w->progress;
    if (w->progress) {
        w->total = loop->total ? loop->total : loop->n * w->per_item;
        w->call = (struct crew__progress_call){.name = opt ? opt->name : NULL, .start = crew__seconds()};
        w->quiet = (int64_t)(PROGRESS_NS * crew__ticks_per_ns());
        w->quiet_until = crew__ticks() + w->quiet;
    }
    return 0;
}

bool crew__watch_look(struct crew__watch *w)
{
    int stop = 0;
    if (crew_cancel_requested(w->cancel))
        stop = -ECANCELED;
    else if (w->deadline > 0 && crew__seconds() > w->deadline)
        stop = -ETIMEDOUT;
    int none = 0;
    if (stop)
        atomic_compare_exchange_strong_explicit(&w->stop, &none, stop, memory_order_relaxed, memory_order_relaxed);
    return atomic_load_explicit(&w->stop, memory_order_relaxed) != 0;
}

static void report(struct crew__watch *w, bool last)
{
    CREW__NO_EXCEPTION_PASSES();
    /* Read under the lock: each report then sees at least what the one before it saw. The last item may be a part. */
    size_t items = atomic_load_explicit(&w->done, memory_order_relaxed);
    size_t done = items > w->total / w->per_item ? w->total : items * w->per_item;
    w->call.last = last;
    crew__progress_now = &w->call;
    w->progress(done < w->total ? done : w->total, w->total, w->progress_ctx);
    crew__progress_now = NULL;
}

void crew__watch_count(struct crew__watch *w, size_t count)
{
    if (!w->progress)
        return;
    atomic_fetch_add_explicit(&w->done, count, memory_order_relaxed);
    /* Acquire and release pass what one report wrote in the user's context on to the next one's thread. */
    if (CREW__SWAP(&w->lock, true, acquire))
        return;
    crew__tell_acquire(&w->lock);
    if (crew__ticks() >= w->quiet_until) {
        report(w, false);
        w->quiet_until = crew__ticks() + w->quiet;
    }
    crew__tell_release(&w->lock);
    CREW__STORE(&w->lock, false, release);
}

void crew__watch_fail(struct crew__watch *w, size_t index, int code)
{
    while (CREW__SWAP(&w->lock, true, acquire))
        ;
    if (index < atomic_load_explicit(&w->fail_at, memory_order_relaxed)) {
        w->fail_code = code;
        atomic_store_explicit(&w->fail_at, index, memory_order_relaxed);
    }
    CREW__STORE(&w->lock, false, release);
}

CREW__HOT int crew__watch_end(struct crew__watch *w, size_t *failed)
{
    if (w->active)
        crew__watch_look(w);
    if (w->progress)
        report(w, true);
    size_t at = atomic_load_explicit(&w->fail_at, memory_order_relaxed);
    if (at == SIZE_MAX)
        return atomic_load_explicit(&w->stop, memory_order_relaxed);
    if (failed)
        *failed = at;
    return w->fail_code;
}
