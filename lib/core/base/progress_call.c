/* What the progress bar knows of the call that it draws; reports of calls that count on one thread. */
#define _POSIX_C_SOURCE 200809L
#include "progress_call.h"
#include "callback_frame.h"
#include "clock.h"
#include "threads.h"

_Thread_local struct crew__progress_call *crew__progress_now = NULL;

static const double PROGRESS_NS = 1e7;

void crew__counted_begin(struct crew__counted *c, crew_progress *progress, void *ctx, const char *name)
{
    *c = (struct crew__counted){.progress = progress};
    if (!progress && crew__env_progress())
        c->progress = crew_progress_bar;
    if (!c->progress)
        return;
    c->ctx = ctx;
    c->call = (struct crew__progress_call){.name = name, .start = crew__seconds()};
    c->quiet = (int64_t)(PROGRESS_NS * crew__ticks_per_ns());
    c->quiet_until = crew__ticks() + c->quiet;
}

void crew__counted_tell(struct crew__counted *c, size_t done, size_t total, bool last)
{
    if (!c->progress || (!last && crew__ticks() < c->quiet_until))
        return;
    CREW__NO_EXCEPTION_PASSES();
    c->call.last = last;
    crew__progress_now = &c->call;
    c->progress(done, total, c->ctx);
    crew__progress_now = NULL;
    c->quiet_until = crew__ticks() + c->quiet;
}
