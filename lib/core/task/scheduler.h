/* The scheduler: a team whose members run what the others forked.

   Who has nothing to do searches for a short while and then sleeps. A member that makes something public wakes one
   sleeper, unless somebody searches already; a searcher that finds something and was the last one wakes the next. So
   work wakes as many as there is work for, one after the other, and nobody is woken for what a searcher is about to
   find. */
#ifndef CREW_TASK_SCHEDULER_H
#define CREW_TASK_SCHEDULER_H

#include "deque.h"
#include "sleep.h"
#include <crew/task.h>

enum { CREW__DEQUE_ROOM = 16384 };

struct crew__scheduler;

struct crew__member {
    struct crew__deque deque; /* first: crew_fork knows where its top is */
    _Alignas(CREW__CACHE_LINE) struct crew__scheduler *scheduler;
    int id;
    uint32_t random;
    uint32_t base; /* tasks in the deque when the stolen task that it runs began */
    void *local;   /* the source's, for this member */
};

/* Work that comes from outside the team: an executor's queue. */
struct crew__source {
    /* Runs one task on the member, whose worker this thread is; false where there is none. */
    bool (*run)(struct crew__member *member, void *ctx);
    /* True where run would find something. `surely`: either this sees what is being put in, or who puts it in will see,
       in crew__notify, that the caller sleeps. */
    bool (*ready)(void *ctx, bool surely);
    void *ctx;
};

struct crew__scheduler {
    struct crew__member *members;
    int width;
    const struct crew__source *source; /* NULL: forks only */
    const crew_cancel *cancel;         /* NULL: none */
    double deadline;                   /* crew__seconds(); 0: none */
    struct crew__sleepers sleepers;
    atomic_int closing; /* members leave when they find nothing to do */
};

/* Memory for a team of `width`, nothing started. False without memory. */
bool crew__scheduler_init(struct crew__scheduler *s, int width);
void crew__scheduler_free(struct crew__scheduler *s);

/* Makes the calling thread member `id` and gives back which member it was before (of another team), for crew__leave. */
struct crew__member *crew__enter(struct crew__scheduler *s, int id);
void crew__leave(struct crew__member *before);

/* Runs what is found until the scheduler closes and nothing is left that this member sees. */
void crew__serve(struct crew__member *w);

/* Lets every member leave crew__serve. */
void crew__scheduler_close(struct crew__scheduler *s);

/* Finds one task, of anybody, and runs it; false where there is none. For waits that may run unrelated tasks. */
bool crew__help(struct crew__member *w);

/* Wakes a sleeper for work that was just made visible. */
void crew__notify(struct crew__scheduler *s);

/* The code with which a task that has not begun ends without running: 0, -ECANCELED or -ETIMEDOUT. */
int crew__stopped(const struct crew__scheduler *s);

/* Pushing and joining where the short way in task.c does not apply. */
void crew__fork_slowly(struct crew__member *w, crew_task *task);
int crew__join_slowly(struct crew__member *w, crew_task *task);

/* For tasks that nobody joins: the graph's. Makes fn(arg) a task that others may take; false where there is no room.
   The caller takes back what is left with crew__pop, until NULL, before it returns from the task (or frame) at whose
   beginning base was set. */
bool crew__push(struct crew__member *w, crew_task *task, crew_task_fn *fn, void *arg);
crew_task *crew__pop(struct crew__member *w);

#endif
