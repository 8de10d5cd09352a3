/* What a run of a loop knows of itself, and how it does a block; shared by the caller's part and the team's. */
#ifndef CREW_LOOP_RUN_STATE_H
#define CREW_LOOP_RUN_STATE_H

#include "../base/compiler.h"
#include "../base/fp_environment.h"
#include "../base/trace.h"
#include "ranges.h"
#include "runner.h"
#include "sites.h"
#include "watch.h"

struct crew__run_state {
    const struct crew__loop *loop;
    struct crew__watch watch;
    size_t grain;            /* at least 1 */
    size_t first;            /* the loop's; 0 where a team opens in any case */
    int threads;             /* asked for */
    double per_ns;           /* ticks in a nanosecond */
    double item;             /* ticks that an item took lately */
    size_t done;             /* items finished before a team opens */
    bool declined;           /* a team was not opened for what it costs */
    struct crew__site *site; /* of few items; NULL: what one costs is not remembered */
    struct crew__ways *ways; /* NULL: no team has been thought of yet */
    enum crew__way way;      /* that the site's calls so far speak for */
    bool late;               /* a call that tried it alone opens a team after all: says nothing of teams */
    enum crew__way taken;    /* unknown where this call's time says nothing of the next one's */
    double expected;         /* nanoseconds an item alone; 0: not known */
    int64_t started;
    size_t *alone; /* crew__run_first: where a team would open, this becomes done and the call ends; else NULL */
    /* a team's */
    struct crew__range *ranges;
    int width;
    size_t base, unit;  /* ranges hold units of `unit` items, from item `base` on: 32 bits are enough for any n */
    uint32_t least;     /* units in the grain */
    uint32_t most;      /* units in a block */
    bool even;          /* the site's teams so far met no slow block */
    double longest;     /* nanoseconds a block */
    struct crew__fp fp; /* the caller's */
    unsigned forks;     /* crew__fork_count when it opened */
    struct crew__trace_call trace;
};

static inline int crew__loop_call(const struct crew__loop *loop, size_t begin, size_t end, size_t *failed)
{
    if (loop->fn)
        return loop->fn(begin, end, loop->ctx, failed);
    loop->each(begin, end, loop->ctx);
    return 0;
}

/* The same with a slice in the trace. */
int crew__traced_call(struct crew__run_state *r, size_t begin, size_t end, size_t *failed);

static inline bool crew__do_piece(struct crew__run_state *r, size_t begin, size_t end)
{
    if (crew__watch_skips(&r->watch, begin) || (r->watch.active && crew__watch_look(&r->watch)))
        return false;
    size_t failed = begin;
    int code = CREW__LIKELY(!crew__tracing()) ? crew__loop_call(r->loop, begin, end, &failed)
                                              : crew__traced_call(r, begin, end, &failed);
    if (CREW__UNLIKELY(code != 0)) {
        crew__watch_fail(&r->watch, failed, code);
        return false;
    }
    if (r->watch.progress)
        crew__watch_count(&r->watch, end - begin);
    return true;
}

/* A block of a loop with more than 2^32 items. */
bool crew__do_long_block(struct crew__run_state *r, size_t begin, size_t end);

/* Does one block, or skips it. False: this worker has nothing to do any more above `begin`. */
static inline bool crew__do_block(struct crew__run_state *r, size_t begin, size_t end)
{
    if (CREW__UNLIKELY(r->unit > 1))
        return crew__do_long_block(r, begin, end);
    size_t most = r->loop->max_block ? r->loop->max_block : end - begin;
    for (size_t next; begin < end; begin = next) {
        next = end - begin < most ? end : begin + most;
        if (!crew__do_piece(r, begin, next))
            return false;
    }
    return true;
}

#endif
