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
#include <errno.h>

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
       in crew__scheduler_notify, that the caller sleeps. */
    bool (*ready)(void *ctx, bool surely);
    void *ctx;
};

struct crew__scheduler {
    struct crew__member *members;
    int width;
    const struct crew__source *source; /* NULL: forks only */
    const crew_cancel *cancel;         /* NULL: none */
    double deadline;                   /* crew__seconds(); 0: none */
    unsigned forks;                    /* crew__fork_count when it began */
    struct crew__sleepers sleepers;
    atomic_int closing; /* members leave when they find nothing to do */
};

/* Memory for a team of `width`, nothing started. False without memory. */
bool crew__scheduler_init(struct crew__scheduler *s, int width);
void crew__scheduler_free(struct crew__scheduler *s);

/* Makes the calling thread member `id` and gives back which member it was before (of another team), for
 * crew__member_leave. */
struct crew__member *crew__member_enter(struct crew__scheduler *s, int id);
void crew__member_leave(struct crew__member *before);

/* Runs what is found until the scheduler closes and nothing is left that this member sees. */
void crew__member_serve(struct crew__member *w);

/* Lets every member leave crew__member_serve. */
void crew__scheduler_close(struct crew__scheduler *s);

/* Finds one task, of anybody, and runs it; false where there is none. For waits that may run unrelated tasks. */
bool crew__member_help(struct crew__member *w);

/* Wakes a sleeper for work that was just made visible. */
void crew__scheduler_notify(struct crew__scheduler *s);

/* The deadline, which there is, has passed. */
bool crew__scheduler_is_late(const struct crew__scheduler *s);

/* The code with which a task that has not begun ends without running: 0, -ECANCELED or -ETIMEDOUT. */
static inline int crew__scheduler_stopped(const struct crew__scheduler *s)
{
    if (s->cancel && crew_cancel_requested(s->cancel))
        return -ECANCELED;
    return s->deadline > 0 && crew__scheduler_is_late(s) ? -ETIMEDOUT : 0;
}

/* In crew_task.state. A stolen task's is STOLEN + id of the thief * STEP, so that who joins knows where to help. */
enum {
    CREW__TASK_FORKED,
    CREW__TASK_DONE,
    CREW__TASK_RETURNED, /* taken by a thief that does not run it */
    CREW__TASK_STOLEN,
    CREW__TASK_WAITED = 4, /* added by who sleeps until the state changes */
    CREW__TASK_STEP = 8
};

/* Runs a task on w, which has stolen it. */
void crew__member_run_stolen(struct crew__member *w, crew_task *task);

/* Says how a thief's part in a task has ended: DONE or RETURNED. From then on the task may be gone: only its address is
   used. */
void crew__task_end(crew_task *task, int state);

/* fn's value, or the code with which a task ends that must not begin. */
static inline int crew__task_run(const struct crew__member *w, const crew_task *task)
{
    int code = crew__scheduler_stopped(w->scheduler);
    return code ? code : task->fn(task->arg);
}

#endif
