/* Slices of time for CREW_TRACE, and what they add up to for crew_stats. */
#ifndef CREW_BASE_TRACE_H
#define CREW_BASE_TRACE_H

#include "atomics.h"
#include "clock.h"
#include "compiler.h"
#include <stddef.h>
#include <stdint.h>

enum { CREW__TRACE_FILE = 1, CREW__TRACE_STATS = 2 };

/* What is on: 0 almost always, so that a look at it is a branch that the processor predicts. */
extern atomic_int crew__trace_on;

#ifdef CREW__EXPLORER /* one load more in every interleaving would say nothing */
static inline int crew__tracing(void)
{
    return 0;
}
#else
static inline int crew__tracing(void)
{
    return CREW__LOAD(&crew__trace_on, relaxed);
}
#endif

/* A call whose blocks are measured; on the caller's stack. */
struct crew__trace_call {
    const char *name; /* kept for ever; NULL: nothing is measured */
    int64_t start;    /* ticks */
    size_t n;
    atomic_llong busy, busiest; /* ticks, of all workers and of one */
    atomic_size_t blocks, steals;
    atomic_int workers;
};

/* The call begins, or ends. name NULL: `what`. Nothing is measured where tracing is off when it begins. */
void crew__trace_open_call(struct crew__trace_call *call, const char *name, const char *what, size_t n);

static inline void crew__trace_begin(struct crew__trace_call *call, const char *name, const char *what, size_t n)
{
    call->name = NULL;
    if (CREW__UNLIKELY(crew__tracing()))
        crew__trace_open_call(call, name, what, n);
}

void crew__trace_end(struct crew__trace_call *call);

/* A worker of the call begins, and ends what it does for it: between the two its blocks are added up. */
struct crew__trace_worker {
    int64_t before;
};
struct crew__trace_worker crew__trace_enter(void);
void crew__trace_leave(struct crew__trace_call *call, struct crew__trace_worker worker);

/* A block of the call, from `start` to now; label, a literal, is its name in the trace, NULL: the call's. Blocks inside
   it, of other calls, are not counted twice. */
int64_t crew__trace_block_begin(int64_t *busy_before);
void crew__trace_block_end(struct crew__trace_call *call, int64_t start, int64_t busy_before, const char *label,
                           size_t begin, size_t end);

/* A worker has taken a part of another one's range. */
void crew__trace_steal(struct crew__trace_call *call);

/* Ticks now, at which a slice of the calling thread begins; for where calls are measured. */
int64_t crew__trace_now(void);

/* The same anywhere: 0 where nothing is traced. */
static inline int64_t crew__trace_start(void)
{
    return CREW__UNLIKELY(crew__tracing()) ? crew__trace_now() : 0;
}

/* A slice of `name`, which must be kept for ever (a literal, or by crew__trace_name), from `start` to now; or one with
   items begin .. end-1. */
void crew__trace_slice(const char *name, int64_t start);
void crew__trace_range(const char *name, int64_t start, size_t begin, size_t end);

/* What waits in the queue of `name` now, which must be kept for ever. */
void crew__trace_queue(const char *name, size_t tasks);

#endif
