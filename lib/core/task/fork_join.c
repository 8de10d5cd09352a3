/* Forks and joins where a member cannot take the short way of crew/task_inline.h. */
#define _POSIX_C_SOURCE 200809L
#include "fork_join.h"
#include "../backend/host.h"
#include "../backend/park.h"
#include "waiter.h"
#include <errno.h>

enum { JOIN_LOOKS = 2000 /* looks at the thief before a join sleeps */ };

/* Seconds that a join sleeps before it looks whether the thief has something to share. */
static const double FIRST_NAP = 20e-6, LONGEST_NAP = 1e-3;

/* Everything from base on is stolen, but a thief reads the slot only after it has won: it has when it says so in the
 * task. */
static void wait_for_readers(const struct crew__member *w)
{
    const struct crew__deque *d = &w->deque;
    for (struct crew_task **slot = d->slots + w->base; slot < d->top.head; slot++)
        for (int round = 0; crew__task_is_forked(crew__load_acquire(&(*slot)->state)); round = (round + 1) % 64)
            crew__pause(round);
}

/* Everything is stolen: what has run already needs its slot no more, only its result. Slots below `base` belong to
   frames that wait further down on this thread's stack. */
static void compact(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    wait_for_readers(w);
    struct crew_task **to = d->slots + w->base;
    for (struct crew_task **from = to; from < d->top.head; from++) {
        /* Nobody joins a task without a worker: a graph of a million nodes was moved again and again for each. */
        if (!(*from)->worker || (crew__load_acquire(&(*from)->state) & ~CREW__TASK_WAITED) == CREW__TASK_DONE) {
            (*from)->worker = NULL;
        } else {
            CREW__WRITES(to);
            (*from)->at = to;
            *to++ = *from;
        }
    }
    uint32_t kept = (uint32_t)(to - d->slots);
    d->top.head = d->top.floor = to;
    CREW__STORE(&d->word, crew__deque_word(kept, kept), relaxed);
    crew__deque_set_limit(d, false);
}

static bool make_room(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    if (d->top.head < d->end || !d->slots)
        return d->slots != NULL;
    bool more = false;
    while (crew__deque_publish(d))
        more = true;
    if (more)
        crew__scheduler_notify(w->scheduler);
    if (!crew__deque_has_public(d))
        compact(w);
    return d->top.head < d->end;
}

static void share(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    struct crew__sleepers *sleepers = &w->scheduler->sleepers;
    if (CREW__LOAD(crew__deque_asked(d), relaxed) & CREW__ASKED && CREW__LOAD(&sleepers->sleeping, relaxed) == 0)
        CREW__AND(crew__deque_asked(d), ~CREW__ASKED, relaxed); /* sleepers cannot ask again, so their question stays */
    if (crew__deque_publish(d))
        crew__scheduler_notify(w->scheduler);
}

void crew__fork_slowly(struct crew__member *w, crew_task *task)
{
    struct crew__deque *d = &w->deque;
    int code = crew__member_stopped(w);
    if (code || !make_room(w)) {
        task->worker = NULL;
        task->result = code ? code : crew__task_run(w, task);
        return;
    }
    crew__task_set_scope(task, w->scope);
    task->at = d->top.head;
    CREW__WRITES(d->top.head);
    *d->top.head++ = task;
    share(w);
}

static bool same_thief(int state, int now)
{
    return (state & ~CREW__TASK_WAITED) == (now & ~CREW__TASK_WAITED);
}

/* Runs one task that the stolen one has forked; false where its thief has none to give. */
static bool help_thief(struct crew__member *w, crew_task *task, int state)
{
    struct crew__member *thief = &w->scheduler->members[state / CREW__TASK_STEP];
    crew_task *part = crew__deque_steal(&thief->deque, task->base);
    if (!part)
        return false;
    /* The thief may have come to its end and gone on to something unrelated meanwhile: that goes back to whom it
       belongs to, if there is somebody who joins it. */
    if (!part->worker || same_thief(state, crew__load_acquire(&task->state)))
        crew__member_run_stolen(w, part);
    else
        crew__task_end(part, CREW__TASK_RETURNED);
    return true;
}

/* The end wakes; that the thief forks something does not, so the caller looks now and then. */
static void sleep_on_task(crew_task *task, int state, double seconds)
{
    if (crew__waiter)
        crew__waiter_set(CREW__WAITS_TASK, task, true);
    crew__park((atomic_int *)&task->state, state, seconds);
    if (crew__waiter)
        crew__waiter_set(CREW__WAITS_NOT, NULL, false);
}

/* Waits for a task that another member has taken. */
static int wait_for_thief(struct crew__member *w, crew_task *task)
{
    double nap = FIRST_NAP;
    for (int looks = 0;;) {
        int state = crew__load_acquire(&task->state);
        int plain = state & ~CREW__TASK_WAITED;
        if (plain == CREW__TASK_DONE)
            return task->result;
        if (plain == CREW__TASK_RETURNED)
            return crew__task_run(w, task);
        if (plain >= CREW__TASK_STOLEN && help_thief(w, task, plain)) {
            looks = 0;
            nap = FIRST_NAP;
        } else if (crew__task_is_forked(plain)) { /* won, and its thief is about to say so */
            looks = (looks + 1) % JOIN_LOOKS;
            crew__pause(looks);
        } else if (looks < JOIN_LOOKS) {
            crew__pause(looks++);
        } else if (crew__fork_count() != w->scheduler->forks) {
            return -ECANCELED; /* a child of fork does not have the thief */
        } else if (state & CREW__TASK_WAITED || crew__cas_acquire(&task->state, state, state | CREW__TASK_WAITED)) {
            sleep_on_task(task, state | CREW__TASK_WAITED, nap);
            nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
        }
    }
}

/* Takes the newest task off the deque and gives its value. */
static int join_newest(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    crew_task *task = d->top.head[-1];
    if (d->top.head == d->top.floor && !crew__deque_reclaim(d)) {
        int code = wait_for_thief(w, task);
        crew__deque_drop(d);
        return code;
    }
    d->top.head--;
    if (CREW__LOAD(crew__deque_asked(d), relaxed) & CREW__ASKED && d->top.head > d->top.floor)
        share(w);
    return crew__task_run(w, task);
}

int crew__join_slowly(struct crew__member *w, crew_task **at)
{
    struct crew__deque *d = &w->deque;
    crew_task *task = *at;
    while (task->worker && d->top.head > d->slots + w->base) {
        crew_task *newest = d->top.head[-1];
        int code = join_newest(w);
        newest->worker = NULL;
        newest->result = code;
    }
    return task->worker ? -EINVAL : task->result; /* not forked by this task, or joined before */
}

bool crew__fork_unjoined(struct crew__member *w, crew_task *task, crew_task_fn *fn, void *arg)
{
    struct crew__deque *d = &w->deque;
    if (!make_room(w))
        return false;
    task->fn = fn;
    task->arg = arg;
    task->worker = NULL;
    crew__task_set_scope(task, w->scope);
    bool slow = d->top.head >= d->top.limit || CREW__LOAD(crew__deque_asked(d), relaxed) & CREW__ASKED;
    CREW__WRITES(d->top.head);
    *d->top.head++ = task;
    if (slow)
        share(w);
    return true;
}

crew_task *crew__take_back(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    struct crew_task **base = d->slots + w->base;
    while (d->top.head > base) {
        if (d->top.head > d->top.floor)
            return *--d->top.head;
        if (crew__deque_reclaim(d))
            continue;
        wait_for_readers(w);
        while (d->top.head > base)
            crew__deque_drop(d);
    }
    return NULL;
}
