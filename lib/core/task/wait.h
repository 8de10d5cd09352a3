/* Waiting in a task or outside: a worker runs other tasks meanwhile, another thread looks for a while and then sleeps.

   Unrelated tasks run on top of a wait only down to a fixed depth, so that a worker's stack has an end however many
   tasks wait. Below it a worker runs what it waits for and what that waits for, found by a search, and sleeps where
   there is nothing of the kind. That is enough: of workers that all sleep so, each waits for one that is running, and
   then there is one that does not sleep; or for a task that is ready, which a worker of its executor finds; or for
   itself. */
#ifndef CREW_TASK_WAIT_H
#define CREW_TASK_WAIT_H

#include "waiter.h"

struct crew__waiting {
    bool (*over)(void *what);
    void (*sleep)(void *what, double seconds); /* until over may have changed; negative: for ever */
    void *what;
    enum crew__waits kind; /* FUTURE or ANY: target says which; NOT: for something else */
    void *target;
    bool always; /* whoever waits for whom: never -EDEADLK */
};

/* 0 once over, or -ETIMEDOUT after `end`, in crew__seconds(), or -EDEADLK. */
int crew__wait(const struct crew__waiting *waiting, double end);

/* When a wait of `seconds` that begins now ends; negative: never. */
double crew__wait_end(double seconds);

/* Waits until f has ended, whoever waits for whom: a task of f's that waits for the caller is told instead. 0, or
   -ETIMEDOUT after `end`. */
int crew__wait_always(crew_future *f, double end);

/* Runs something on the calling worker while it waits for room in its own executor's queue. False: there is nothing;
 *deep: it must run nothing more on top of what it runs. */
bool crew__wait_help(bool *deep);

/* Waits on a worker of another executor until there is room in the queue of `ex`, or something else has been done.
   False where there will be none, because all workers that could make some wait for the caller. */
bool crew__wait_for_room(crew_executor *ex);

#endif
