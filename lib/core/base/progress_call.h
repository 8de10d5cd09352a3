/* What crew_progress_bar knows of the call that it draws, beyond done and total; and reports of calls that count on one
   thread. */
#ifndef CREW_BASE_PROGRESS_CALL_H
#define CREW_BASE_PROGRESS_CALL_H

#include <crew/options.h>
#include <stdbool.h>
#include <stdint.h>

struct crew__progress_call {
    const char *name; /* options.name, may be NULL */
    double start;     /* crew__seconds() when the call began */
    double drawn;     /* crew__seconds() of the last drawing, 0 before the first; the callback's to use */
    bool last;        /* this is the call's last report */
    bool unknown;     /* how many items there will be is not known */
};

/* Set by the runner on the thread that it runs the progress callback on, NULL elsewhere. */
extern _Thread_local struct crew__progress_call *crew__progress_now;

/* Reports of a call whose items are counted by the thread that called. */
struct crew__counted {
    crew_progress *progress; /* NULL: none */
    void *ctx;
    struct crew__progress_call call;
    int64_t quiet_until, quiet; /* ticks */
};

/* progress NULL: the bar, where CREW_PROGRESS asks for it. */
void crew__counted_begin(struct crew__counted *c, crew_progress *progress, void *ctx, const char *name);

/* `done` have ended; told where it is time, and at the end (`last`) always. */
void crew__counted_tell(struct crew__counted *c, size_t done, size_t total, bool last);

#endif
