/* A team: members that search for tasks, steal them, sleep and are woken. */
#define _POSIX_C_SOURCE 200809L
#include "scheduler.h"
#include "../backend/backend.h"
#include "../backend/host.h"
#include "../backend/park.h"
#include "../backend/placement.h"
#include "../base/callback_frame.h"
#include "../base/scratch.h"
#include "../base/threads.h"
#include "../base/trace.h"

CREW__THREAD_LOCAL struct crew__member *crew__self;

enum {
    SEARCHES = CREW__BOUND(400, 8), /* looks before a member sleeps: some 20 us */
    MISSES = CREW__BOUND(8, 1),     /* looks after a task before a member counts as searching */
    NEIGHBOURS = 4                  /* members that one look of a searcher tries */
};

bool crew__scheduler_init(struct crew__scheduler *s, int width)
{
    *s = (struct crew__scheduler){.width = width, .forks = crew__fork_count()};
    size_t count = (size_t)width, room = CREW__DEQUE_ROOM;
    s->members = crew__scratch_take(count * sizeof *s->members);
    if (!s->members)
        return false;
    for (int id = 0; id < width; id++) {
        struct crew__member *w = &s->members[id];
        struct crew_task **slots = crew__scratch_take(room * sizeof(void *));
        *w = (struct crew__member){.scheduler = s, .id = id, .random = (uint32_t)id * 2654435761u + 1};
        /* Without a deque a member runs what it forks at once. */
        crew__deque_init(&w->deque, slots, slots ? room : 0);
    }
    return true;
}

void crew__scheduler_free(struct crew__scheduler *s)
{
    for (int id = 0; s->members && id < s->width; id++)
        crew__scratch_give(s->members[id].deque.slots);
    crew__scratch_give(s->members);
    s->members = NULL;
}

struct crew__member *crew__member_enter(struct crew__scheduler *s, int id)
{
    struct crew__member *before = crew__self;
    crew__self = &s->members[id];
    return before;
}

void crew__member_leave(struct crew__member *before)
{
    crew__self = before;
}

int crew__stopped_by(const crew_cancel *cancel, double deadline)
{
    if (cancel && crew_cancel_requested(cancel))
        return -ECANCELED;
    return deadline > 0 && crew__seconds() >= deadline ? -ETIMEDOUT : 0;
}

int crew__scope_stopped(const struct crew__scope *scope)
{
    int code = 0;
    for (; scope && !code; scope = scope->outer)
        code = crew__stopped_by(scope->cancel, scope->deadline);
    return code;
}

void crew__member_count(const struct crew__member *w)
{
    if (w->scheduler->progress)
        crew__run_progress_count(w->scheduler->progress);
    for (const struct crew__scope *scope = w->scope; scope; scope = scope->outer)
        if (scope->progress)
            crew__run_progress_count(scope->progress);
}

/* Any sleeper may take the permit; which one is woken decides about speed only. */
static void wake_one(struct crew__scheduler *s)
{
    int most = s->width < CREW__PLACED ? s->width : CREW__PLACED;
    int id = 0;
    while (id < most && !crew__sleeper_move(&s->members[id].sleeper))
        id++;
    crew__give_permit(&s->sleepers);
    if (id < most)
        crew__unpark_one(&s->sleepers.permits, id);
    else
        crew__unpark(&s->sleepers.permits, 1);
}

void crew__scheduler_notify(struct crew__scheduler *s)
{
    if (crew__choose_sleeper(&s->sleepers))
        wake_one(s);
}

void crew__task_end(crew_task *task, int state)
{
    if (crew__swap_acq_rel(&task->state, state) & CREW__TASK_WAITED)
        crew__unpark((atomic_int *)&task->state, CREW__ALL);
}

void crew__member_run_stolen(struct crew__member *w, crew_task *task)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__frame outer = crew__frame_enter(w, crew__task_scope(task));
    task->base = w->base;
    bool joined = task->worker != NULL;
    int64_t start = crew__trace_start();
    crew__store_release(&task->state, CREW__TASK_STOLEN + w->id * CREW__TASK_STEP);
    if (joined) {
        task->result = crew__task_run(w, task);
        crew__task_end(task, CREW__TASK_DONE);
    } else {
        task->fn(task->arg); /* and the task is not touched again: it may be pushed anew */
    }
    if (CREW__UNLIKELY(crew__fork_count() != w->scheduler->forks))
        crew__child_returned();
    if (CREW__UNLIKELY(start != 0))
        crew__trace_slice("stolen task", start);
    crew__frame_leave(w, &outer);
}

/* A look at one other member; where it has nothing public, it is asked to share. */
static crew_task *look_at(struct crew__member *victim)
{
    crew_task *task = crew__deque_steal(&victim->deque, 0);
    if (!task && !(CREW__LOAD(crew__deque_asked(&victim->deque), relaxed) & CREW__ASKED))
        CREW__OR(crew__deque_asked(&victim->deque), CREW__ASKED, relaxed);
    return task;
}

static uint32_t draw(struct crew__member *w)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 17;
    w->random ^= w->random << 5;
    return w->random;
}

/* A random victim first, so that thieves spread, then those after it, `most` in all. */
static crew_task *steal(struct crew__member *w, int most)
{
    struct crew__scheduler *s = w->scheduler;
    int victim = (int)(draw(w) % (uint32_t)s->width);
    for (int i = 0; i < most; i++) {
        crew_task *task = victim == w->id ? NULL : look_at(&s->members[victim]);
        if (task)
            return task;
        victim = victim + 1 < s->width ? victim + 1 : 0;
    }
    return NULL;
}

static bool anything_to_do(struct crew__scheduler *s)
{
    for (int i = 0; i < s->width; i++)
        if (crew__deque_has_public(&s->members[i].deque))
            return true;
    return s->source && s->source->ready(s->source->ctx, true);
}

static bool is_closing(struct crew__scheduler *s)
{
    return CREW__LOAD(&s->closing, seq_cst) != 0;
}

/* Looks for work, as a searcher; when it finds some it is none any more, and runs it. A look at every member is as many
   cache lines, and in a wide team it takes longer than the work that it finds. tests/bench/model: four at random give a
   tree 66 times the speed at 128 members where all gave 41. Who goes to sleep looks at all, and so does who leaves. */
static bool search(struct crew__member *w, bool closing)
{
    struct crew__scheduler *s = w->scheduler;
    crew_task *task = steal(w, closing || s->width < NEIGHBOURS ? s->width : NEIGHBOURS);
    if (!task && !(s->source && s->source->ready(s->source->ctx, false)))
        return false;
    if (crew__search_end(&s->sleepers))
        crew__scheduler_notify(s);
    if (task)
        crew__member_run_stolen(w, task);
    else
        s->source->run(w, s->source->ctx); /* somebody else may have been faster: it is found out soon enough */
    return true;
}

static void sleep_until_chosen(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    crew__sleep_begin(&s->sleepers);
    if ((anything_to_do(s) || is_closing(s)) && crew__sleep_undo(&s->sleepers))
        return;
    int64_t start = crew__trace_start();
    crew__sleeper_begin(&w->sleeper);
    while (!crew__take_permit(&s->sleepers))
        crew__park_as(&s->sleepers.permits, 0, w->id);
    crew__sleeper_end(&w->sleeper);
    if (CREW__UNLIKELY(start != 0))
        crew__trace_slice("sleep", start);
}

void crew__member_serve(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    /* More members than processors: who spins takes the processor from who works. */
    int searches = s->width > crew__cpu_count() ? SEARCHES / 8 : SEARCHES;
    crew__search_begin(&s->sleepers);
    for (int looks = 0;;) {
        /* Asked before the look: what came before the closing is seen by a look that comes after it. */
        bool closing = is_closing(s);
        if (search(w, closing)) {
            /* As long as there is more, and for a moment after, the counts, which everybody reads, stay as they are. */
            for (int missed = 0; missed < MISSES && !w->leaves;) {
                if (crew__member_help(w))
                    missed = 0;
                else
                    crew__pause(missed++);
            }
            crew__search_begin(&s->sleepers);
            looks = 0;
            if (CREW__UNLIKELY(w->leaves))
                break;
        } else if (closing) {
            break;
        } else if (looks < searches) {
            crew__pause(looks++);
        } else {
            sleep_until_chosen(w);
            looks = 0;
        }
    }
    if (crew__search_end(&s->sleepers) && w->leaves)
        crew__scheduler_notify(s); /* who made work meanwhile has seen a searcher that did not look */
}

void crew__scheduler_close(struct crew__scheduler *s)
{
    CREW__STORE(&s->closing, 1, seq_cst);
    int count = CREW__SWAP(&s->sleepers.sleeping, 0, seq_cst);
    if (count > 0) {
        /* All chosen at once, and counted as searching, which is what they do when they wake. */
        CREW__ADD(&s->sleepers.searching, count, seq_cst);
        CREW__ADD(&s->sleepers.permits, count, release);
        crew__unpark(&s->sleepers.permits, CREW__ALL);
    }
}

bool crew__member_help(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    crew_task *task = steal(w, s->width);
    if (task) {
        crew__member_run_stolen(w, task);
        return true;
    }
    return s->source && s->source->run(w, s->source->ctx);
}
