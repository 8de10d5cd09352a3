/* The engine of crew_stream: items in slots, gates before what takes one item at a time, and workers that carry. */
#ifndef CREW_TASK_STREAM_H
#define CREW_TASK_STREAM_H

#include "../backend/backend.h"
#include "../base/atomics.h"
#include "../base/compiler.h"
#include "../base/fp_environment.h"
#include "../base/progress_call.h"
#include "../base/trace.h"
#include <crew/stream.h>
#include <stdint.h>

/* A buffer and the item that it holds. Whoever carries it owns it. */
struct crew__slot {
    _Alignas(CREW__CACHE_LINE) size_t index;
    void *item;
    bool dropped; /* passes the gates, so that those behind it get their turn, but no callback */
};

typedef _Atomic(struct crew__slot *) crew__waiting;

/* Before a serial stage: items wait in a ring at their place in the order. At most in_flight of them are alive, and
   none that comes after the one whose turn it is has passed, so two never want the same place. */
struct crew__gate {
    _Alignas(CREW__CACHE_LINE) atomic_int busy; /* a worker serves it */
    atomic_size_t next;                         /* place whose turn it is; written by who serves */
    crew__waiting *waiting;
    crew_stream_fn *fn; /* NULL: none */
    size_t stage;       /* where an item goes on */
    bool in_order;      /* an item's place is its index, else the next ticket */
    _Alignas(CREW__CACHE_LINE) atomic_size_t tickets;
};

struct crew__stream {
    const crew_pipeline *p;
    const crew_options *opt;
    void *ctx;
    size_t in_flight, mask;    /* rings have mask + 1 places */
    char *items;               /* buffers */
    size_t stride;             /* bytes from one to the next */
    struct crew__slot **spare; /* ring of slots without an item: taken by the source, given by the last gate */
    struct crew__gate *gates;  /* of the serial stages in order; the last is the sink's */
    size_t ngates;
    double deadline; /* crew__seconds(); 0: none */
    struct crew__fp fp;
    unsigned forks;

    _Alignas(CREW__CACHE_LINE) atomic_int sourcing; /* a worker is in the source */
    atomic_int closed;                              /* no item comes any more */
    atomic_size_t begun;                            /* items taken from the source */

    _Alignas(CREW__CACHE_LINE)
        atomic_size_t given;    /* slots ever put into spare: in_flight, and one an item that left */
    size_t left;                /* items that left without being dropped; the last gate's */
    int64_t quiet_until, quiet; /* ticks, of progress */
    crew_progress *progress;
    struct crew__progress_call call;

    _Alignas(CREW__CACHE_LINE) atomic_size_t end_at; /* lowest item that failed or ended the stream; SIZE_MAX: none */
    atomic_int stop;                                 /* 0, -ECANCELED, -ETIMEDOUT */
    atomic_int sleeping;                             /* workers that sleep, or are about to */
    atomic_int woken;                                /* changes when they must look again; they sleep on it */
    atomic_int lock;                                 /* of end_at and code */
    int code;                                        /* of item end_at */
    size_t opened;                                   /* buffers, by the source */

    struct crew__trace_call trace;

    bool leaves;         /* helpers leave when they find nothing to do: their team may need them */
    int helpers;         /* that a round can have, beside the caller */
    atomic_int present;  /* helpers in this round */
    atomic_int over;     /* the round ends, so that helpers can come back */
    int64_t round_began; /* ticks; the caller's */
};

/* Runs the stream on this worker until it has ended, or the round is over. */
void crew__stream_work(int id, void *arg);

/* Looks at cancel and timeout. True: no callback may begin. */
bool crew__stream_stopped(struct crew__stream *s);

/* True when all has left that has begun, and nothing begins any more. */
bool crew__stream_ended(struct crew__stream *s);

/* Tells progress how many items have left. */
void crew__stream_report(struct crew__stream *s, bool last);

#endif
