/* What crew_progress_bar knows of the call that it draws, beyond done and total. */
#ifndef CREW_BASE_PROGRESS_CALL_H
#define CREW_BASE_PROGRESS_CALL_H

#include <stdbool.h>

struct crew__progress_call {
    const char *name; /* options.name, may be NULL */
    double start;     /* crew__seconds() when the call began */
    double drawn;     /* crew__seconds() of the last drawing, 0 before the first; the callback's to use */
    bool last;        /* this is the call's last report */
    bool unknown;     /* how many items there will be is not known */
};

/* Set by the runner on the thread that it runs the progress callback on, NULL elsewhere. */
extern _Thread_local struct crew__progress_call *crew__progress_now;

#endif
