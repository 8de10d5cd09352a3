/* Waiting in a task or outside: a worker runs other tasks meanwhile, another thread looks for a while and then sleeps.
 */
#ifndef CREW_TASK_WAIT_H
#define CREW_TASK_WAIT_H

#include "future.h"

struct crew__waiting {
    bool (*over)(void *what);
    void (*sleep)(void *what, double seconds); /* until over may have changed; negative: for ever */
    void *what;
    crew_future *first; /* best run by the worker that waits; NULL: none */
};

/* 0 once over, or -ETIMEDOUT after `end`, in crew__seconds(). */
int crew__wait(const struct crew__waiting *waiting, double end);

/* When a wait of `seconds` that begins now ends; negative: never. */
double crew__wait_end(double seconds);

#endif
