/* Waiting for one future, and what all waits have in common. */
#define _POSIX_C_SOURCE 200809L
#include "wait.h"
#include "../backend/park.h"
#include "../base/clock.h"
#include "executor.h"
#include "executor_inline.h"
#include "future_run.h"
#include "wait_cycle.h"
#include <errno.h>
#include <math.h>

enum {
    LOOKS = CREW__BOUND(2000, 1), /* before a wait sleeps: some 50 us */
    DEEPEST = CREW__BOUND(4, 1),  /* unrelated tasks on top of each other in waits */
    RARELY = 1024                 /* naps between two searches for a circle */
};

/* Seconds that a worker sleeps in a wait before it looks for other tasks again. */
static const double FIRST_NAP = 20e-6, LONGEST_NAP = 1e-3;

/* A search may take a twentieth of the time. */
static const double SEARCH_SHARE = 20;

double crew__wait_end(double seconds)
{
    return seconds < 0 ? INFINITY : crew__seconds() + seconds;
}

/* A wait on a thread that runs tasks. */
struct helper {
    struct crew__member *w;   /* NULL: it has no team */
    const crew_executor *own; /* whose worker it is; NULL: no executor's */
    bool runs_inline;         /* its tasks run inside submits */
    double search_at;         /* crew__seconds() */
};

static struct helper begin_helping(void)
{
    struct crew__member *w = crew__self;
    bool works = w && w->scheduler->source;
    return (struct helper){w, works ? w->scheduler->source->ctx : NULL, !works && crew__inline_executor(), 0};
}

static bool is_deep(const struct helper *h)
{
    return h->w && h->w->helped >= DEEPEST;
}

static void run_claimed(const struct helper *h, crew_future *f)
{
    if (h->runs_inline) {
        crew__inline_run(f);
        return;
    }
    if (!h->w) { /* who is no member claims only what runs inline */
        crew__future_run(f);
        return;
    }
    struct crew__frame outer = crew__frame_enter(h->w, NULL);
    crew__future_run(f);
    crew__frame_leave(h->w, &outer);
}

static bool is_own(const struct helper *h, const crew_future *f)
{
    if (!f->executor) /* a promise's */
        return false;
    return h->runs_inline ? !f->executor->host : h->own && f->executor == h->own;
}

static bool run_if_ready(const struct helper *h, crew_future *f)
{
    if (!f || !is_own(h, f) || !crew__future_unblocked(f) || !crew__future_claim(f, CREW_FUTURE_RUNNING))
        return false;
    run_claimed(h, f); /* the queue's item finds it claimed */
    return true;
}

static bool help_unrelated(const struct helper *h)
{
    if (h->runs_inline)
        return crew__inline_help(DEEPEST);
    if (!h->w || is_deep(h))
        return false;
    h->w->helped++;
    bool helped = crew__member_help(h->w);
    h->w->helped--;
    return helped;
}

/* Runs something that the wait needs, which is all that may run on top of it. */
static bool help_needed(struct helper *h, const struct crew__waiting *waiting)
{
    if (!crew__waiter || (h->w && !is_deep(h)) || waiting->kind == CREW__WAITS_NOT)
        return false;
    crew_future *found = crew__wait_cycle_take_ready();
    bool helped = run_if_ready(h, found);
    crew_future_release(found);
    double begin = crew__seconds();
    if (helped || begin < h->search_at)
        return helped;
    crew__wait_cycle_claim(waiting->kind, waiting->target, h->own, &found);
    double now = crew__seconds();
    h->search_at = now + SEARCH_SHARE * (now - begin);
    if (!found)
        return false;
    h->search_at = 0;
    run_claimed(h, found);
    crew_future_release(found);
    return true;
}

static bool help(struct helper *h, const struct crew__waiting *waiting)
{
    crew_future *f = waiting->kind == CREW__WAITS_FUTURE ? waiting->target : NULL;
    return run_if_ready(h, f) || help_unrelated(h) || help_needed(h, waiting);
}

/* Ever more seldom: what closes a circle looks for it itself, unless it is a join or one of several futures. */
static bool is_time_to_search(int naps)
{
    return (naps & (naps - 1)) == 0 || naps % RARELY == 0;
}

/* Sleeps, in a task as one that waits. -EDEADLK instead where that would be for ever. */
static int sleep_once(const struct helper *h, const struct crew__waiting *waiting, int naps, double seconds)
{
    if (!crew__waiter || waiting->kind == CREW__WAITS_NOT) {
        waiting->sleep(waiting->what, seconds);
        return 0;
    }
    crew__waiter_set(waiting->kind, waiting->target, is_deep(h));
    bool closes = !waiting->always && is_time_to_search(naps) && crew__wait_cycle_closes();
    if (!closes)
        waiting->sleep(waiting->what, seconds);
    crew__waiter_set(CREW__WAITS_NOT, NULL, false);
    return closes ? -EDEADLK : 0;
}

static int wait_as(struct helper *h, const struct crew__waiting *waiting, double end)
{
    double nap = FIRST_NAP;
    for (int looks = 0, naps = 0; !waiting->over(waiting->what);) {
        double left = isinf(end) ? INFINITY : end - crew__seconds();
        if (left <= 0)
            return -ETIMEDOUT;
        if (crew__future_tell() || help(h, waiting)) {
            looks = naps = 0;
            nap = FIRST_NAP;
            continue;
        }
        if (looks < LOOKS) {
            crew__pause(looks++);
            continue;
        }
        left = (h->w || h->runs_inline) && nap < left ? nap : left;
        int error = sleep_once(h, waiting, ++naps, isinf(left) ? -1 : left);
        if (error)
            return error;
        nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
    }
    return 0;
}

int crew__wait(const struct crew__waiting *waiting, double end)
{
    struct helper h = begin_helping();
    struct crew__waiter *self = crew__waiter;
    const uint64_t outer = self ? self->needs : 0;
    int error = wait_as(&h, waiting, end);
    if (self && self->needs != outer) {
        crew_future_release(crew__wait_cycle_take_ready());
        self->needs = outer;
    }
    return error;
}

static bool has_ended(void *f)
{
    return crew__future_ended(f);
}

static void sleep_on_future(void *what, double seconds)
{
    crew_future *f = what;
    int state = CREW__LOAD(&f->state, acquire);
    while ((state & CREW__STATES) < CREW_FUTURE_DONE) {
        if (state & CREW__WAITED || CREW__CAS(&f->state, &state, state | CREW__WAITED, relaxed)) {
            crew__park(&f->state, state | CREW__WAITED, seconds);
            return;
        }
    }
}

int crew_future_wait(crew_future *f, double seconds)
{
    if (!f || isnan(seconds))
        return -EINVAL;
    if (crew__future_ended(f))
        return 0;
    if (seconds == 0)
        return -ETIMEDOUT;
    bool ready = crew__future_state(f) == CREW_FUTURE_PENDING && crew__future_unblocked(f);
    if (crew__waiter && !ready && crew__wait_cycle_closes_quickly(f))
        return -EDEADLK;
    struct crew__waiting waiting = {has_ended, sleep_on_future, f, CREW__WAITS_FUTURE, f, false};
    return crew__wait(&waiting, crew__wait_end(seconds));
}

int crew__wait_always(crew_future *f, double end)
{
    struct crew__waiting waiting = {has_ended, sleep_on_future, f, CREW__WAITS_FUTURE, f, true};
    return crew__wait(&waiting, end);
}

int crew_future_result(crew_future *f, int *result)
{
    int error = crew_future_wait(f, -1);
    if (error)
        return error;
    if (result)
        *result = crew__future_code(f);
    return crew__future_state(f) == CREW_FUTURE_DONE ? 0 : -ECANCELED;
}

bool crew__wait_help(bool *deep)
{
    struct helper h = begin_helping();
    *deep = is_deep(&h);
    return crew__future_tell() || help_unrelated(&h);
}

bool crew__wait_for_room(crew_executor *ex)
{
    struct helper h = begin_helping();
    if (crew__future_tell())
        return true;
    crew__waiter_set(CREW__WAITS_ROOM, ex, true);
    crew__queue_wait(&ex->queue, LONGEST_NAP);
    const uint64_t needs = crew__waiter->needs;
    crew_future *found;
    enum crew__search_end end = crew__wait_cycle_claim(CREW__WAITS_ROOM, ex, h.own, &found);
    crew__waiter->needs = needs;
    crew__waiter_set(CREW__WAITS_NOT, NULL, false);
    if (found)
        run_claimed(&h, found);
    crew_future_release(found);
    return end != CREW__SEARCH_DEAD;
}
