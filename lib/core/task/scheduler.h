/* The scheduler: a team whose members run what the others forked.

   Who has nothing to do searches for a short while and then sleeps. A member that makes something public wakes one
   sleeper, unless somebody searches already; a searcher that finds something and was the last one wakes the next. So
   work wakes as many as there is work for, one after the other, and nobody is woken for what a searcher is about to
   find. */
#ifndef CREW_TASK_SCHEDULER_H
#define CREW_TASK_SCHEDULER_H

#include "../backend/sleeper.h"
#include "deque.h"
#include "run_progress.h"
#include "sleep.h"
#include <crew/task.h>
#include <errno.h>

enum { CREW__DEQUE_ROOM = 16384 };

struct crew__scheduler;

/* What stops, and what counts, the tasks of a crew_run inside a task, until it returns. */
struct crew__scope {
    const crew_cancel *cancel; /* NULL: none */
    double deadline;           /* crew__seconds(); 0: none */
    const struct crew__scope *outer;
    struct crew__run_progress *progress; /* NULL: none */
};

struct crew__member {
    struct crew__deque deque; /* first: crew_fork knows where its top is */
    _Alignas(CREW__CACHE_LINE) struct crew__scheduler *scheduler;
    int id;
    uint32_t random;
    uint32_t base;                   /* tasks in the deque when the stolen task that it runs began */
    int helped;                      /* unrelated tasks on top of each other in waits */
    bool leaves;                     /* crew__member_serve returns when nothing runs */
    void *local;                     /* the source's, for this member */
    const struct crew__scope *scope; /* of the task that it runs; NULL: the team's options only */
    struct crew__sleeper sleeper;
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
    const struct crew__source *source;   /* NULL: forks only */
    const crew_cancel *cancel;           /* NULL: none */
    double deadline;                     /* crew__seconds(); 0: none */
    struct crew__run_progress *progress; /* NULL: none */
    unsigned forks;                      /* crew__fork_count when it began */
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

/* Runs what is found until the scheduler closes and nothing is left that this member sees, or until the member
   `leaves`: what is left in that case is for who takes its place at once. */
void crew__member_serve(struct crew__member *w);

/* Lets every member leave crew__member_serve. */
void crew__scheduler_close(struct crew__scheduler *s);

/* Finds one task, of anybody, and runs it; false where there is none. For waits that may run unrelated tasks. */
bool crew__member_help(struct crew__member *w);

/* Wakes a sleeper for work that was just made visible. */
void crew__scheduler_notify(struct crew__scheduler *s);

/* The code with which a task that has not begun ends without running: 0, -ECANCELED or -ETIMEDOUT. */
int crew__stopped_by(const crew_cancel *cancel, double deadline);
int crew__scope_stopped(const struct crew__scope *scope);

static inline int crew__scheduler_stopped(const struct crew__scheduler *s)
{
    return s->cancel || s->deadline > 0 ? crew__stopped_by(s->cancel, s->deadline) : 0;
}

static inline int crew__member_stopped(const struct crew__member *w)
{
    int code = crew__scheduler_stopped(w->scheduler);
    return code || !w->scope ? code : crew__scope_stopped(w->scope);
}

/* The member's task has this scope from now on: whoever is stopped by something forks and joins slowly. */
static inline void crew__member_set_scope(struct crew__member *w, const struct crew__scope *scope)
{
    w->scope = scope;
    if (scope)
        CREW__OR(crew__deque_asked(&w->deque), CREW__WATCHED, relaxed);
    else if (!w->scheduler->cancel && !(w->scheduler->deadline > 0) && !w->scheduler->progress)
        CREW__AND(crew__deque_asked(&w->deque), ~CREW__WATCHED, relaxed);
}

/* A member runs something else on top of its task: from enter to leave it may only join what that forks. */
struct crew__frame {
    uint32_t base;
    const struct crew__scope *scope;
};

static inline struct crew__frame crew__frame_enter(struct crew__member *w, const struct crew__scope *scope)
{
    struct crew__frame outer = {w->base, w->scope};
    w->base = (uint32_t)(w->deque.top.head - w->deque.slots);
    if (scope != outer.scope)
        crew__member_set_scope(w, scope);
    return outer;
}

static inline void crew__frame_leave(struct crew__member *w, const struct crew__frame *outer)
{
    w->base = outer->base;
    if (w->scope != outer->scope)
        crew__member_set_scope(w, outer->scope);
}

/* In crew_task.state. A stolen task's is STOLEN + id of the thief * STEP, so that who joins knows where to help. */
enum {
    CREW__TASK_FORKED,
    CREW__TASK_DONE,
    CREW__TASK_RETURNED, /* taken by a thief that does not run it */
    CREW__TASK_STOLEN,
    CREW__TASK_WAITED = 4, /* added by who sleeps until the state changes */
    CREW__TASK_STEP = 8,
    CREW__TASK_SCOPED = -8 /* as FORKED, and base and result hold the scope's address until it is stolen */
};

static inline bool crew__task_is_forked(int state)
{
    return state == CREW__TASK_FORKED || state == CREW__TASK_SCOPED;
}

/* Before the task is public. */
static inline void crew__task_set_scope(crew_task *task, const struct crew__scope *scope)
{
    uint64_t address = (uint64_t)(uintptr_t)scope;
    task->state = scope ? CREW__TASK_SCOPED : CREW__TASK_FORKED;
    if (scope) {
        task->base = (uint32_t)address;
        task->result = (int)(uint32_t)(address >> 32);
    }
}

/* By who has stolen it, before it says so. */
static inline const struct crew__scope *crew__task_scope(const crew_task *task)
{
    if (task->state != CREW__TASK_SCOPED)
        return NULL;
    return (const struct crew__scope *)(uintptr_t)((uint64_t)(uint32_t)task->result << 32 | task->base);
}

/* Runs a task on w, which has stolen it. */
void crew__member_run_stolen(struct crew__member *w, crew_task *task);

/* Says how a thief's part in a task has ended: DONE or RETURNED. From then on the task may be gone: only its address is
   used. */
void crew__task_end(crew_task *task, int state);

/* A task of the member has ended. */
void crew__member_count(const struct crew__member *w);

/* What a loop inside a task forks, as often as there are idle members: no task of the program's (task.c). */
int crew__loop_part(void *part);

/* fn's value, or the code with which a task ends that must not begin. */
static inline int crew__task_run(const struct crew__member *w, const crew_task *task)
{
    int code = crew__member_stopped(w);
    if (code)
        return code;
    code = task->fn(task->arg);
    if (CREW__UNLIKELY(w->scope || w->scheduler->progress) && task->fn != crew__loop_part)
        crew__member_count(w);
    return code;
}

#endif
