/* How a running call is stopped and watched: failures, cancel, timeout, progress. Looked at between blocks only. */
#ifndef CREW_LOOP_WATCH_H
#define CREW_LOOP_WATCH_H

#include "../base/atomics.h"
#include "../base/progress_call.h"
#include <crew/options.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crew__watch {
    bool active;               /* any of cancel, timeout, progress is set: blocks must be short */
    const crew_cancel *cancel; /* NULL: none */
    double deadline;           /* crew__seconds(); 0: none */
    crew_progress *progress;   /* NULL: none */
    void *progress_ctx;
    size_t total;    /* what progress reports as the whole */
    size_t per_item; /* progress counts an item as that many */
    struct crew__progress_call call;
    int64_t quiet_until;   /* ticks before which progress is not called; under lock */
    int64_t quiet;         /* ticks between two calls */
    atomic_bool lock;      /* progress and failure */
    atomic_size_t done;    /* items finished, kept for progress only */
    atomic_size_t fail_at; /* lowest failing index so far, SIZE_MAX: none. Items above it are skipped */
    atomic_int stop;       /* 0, -ECANCELED or -ETIMEDOUT */
    int fail_code;         /* what the callback returned there; under lock */
};

/* True where nobody watches a call with these options, and tests do not ask for a team at once. False for a timeout
   that is NaN, for crew__watch_begin to refuse it. */
bool crew__unwatched(const crew_options *opt);

struct crew__loop;

/* Sets the watch up for a loop. -EINVAL for bad options. */
int crew__watch_begin(struct crew__watch *w, const struct crew__loop *loop);

/* Watches: sees cancel and deadline. True: no new block may start. */
bool crew__watch_look(struct crew__watch *w);

/* Reports `count` finished items, calls progress where one is due. */
void crew__watch_count(struct crew__watch *w, size_t count);

/* The callback failed with `code` at `index`. The lowest index wins, whatever the order of the calls. */
void crew__watch_fail(struct crew__watch *w, size_t index, int code);

/* Ends the call: last progress report, *failed, and the value that the call returns. */
int crew__watch_end(struct crew__watch *w, size_t *failed);

static inline bool crew__watch_skips(struct crew__watch *w, size_t begin)
{
    return begin > atomic_load_explicit(&w->fail_at, memory_order_relaxed) ||
           atomic_load_explicit(&w->stop, memory_order_relaxed) != 0;
}

#endif
