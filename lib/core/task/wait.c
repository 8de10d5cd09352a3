/* Waiting for one future, and what all waits have in common. */
#define _POSIX_C_SOURCE 200809L
#include "wait.h"
#include "../backend/park.h"
#include "../base/clock.h"
#include "executor.h"
#include "future_run.h"
#include "wait_cycle.h"
#include <errno.h>
#include <math.h>

enum { LOOKS = CREW__BOUND(2000, 1) /* before a wait sleeps: some 50 us */ };

/* Seconds that a worker sleeps in a wait before it looks for other tasks again. */
static const double FIRST_NAP = 20e-6, LONGEST_NAP = 1e-3;

double crew__wait_end(double seconds)
{
    return seconds < 0 ? INFINITY : crew__seconds() + seconds;
}

/* Runs something on the calling worker: best what it waits for. */
static bool help(struct crew__member *w, crew_future *f)
{
    if (f && f->executor == crew__executor_of_thread() && crew__future_unblocked(f) &&
        crew__future_claim(f, CREW_FUTURE_RUNNING)) {
        crew__future_run(f); /* the queue's item finds it claimed */
        return true;
    }
    return crew__member_help(w);
}

int crew__wait(const struct crew__waiting *waiting, double end)
{
    struct crew__member *w = crew__self;
    double nap = FIRST_NAP;
    for (int looks = 0; !waiting->over(waiting->what);) {
        if (w && help(w, waiting->first)) {
            looks = 0;
            nap = FIRST_NAP;
            continue;
        }
        bool sleeps = looks >= LOOKS;
        if (!sleeps && looks % 64 != 63) {
            crew__pause(looks++);
            continue;
        }
        double left = isinf(end) ? INFINITY : end - crew__seconds();
        if (left <= 0)
            return -ETIMEDOUT;
        if (!sleeps) {
            crew__pause(looks++);
            continue;
        }
        left = w && nap < left ? nap : left;
        waiting->sleep(waiting->what, isinf(left) ? -1 : left);
        nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
    }
    return 0;
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
    crew_future *self = crew__running, *before = NULL;
    if (self && !crew__wait_cycle_try_set(self, f, &before))
        return -EDEADLK;
    struct crew__waiting waiting = {has_ended, sleep_on_future, f, f};
    int error = crew__wait(&waiting, crew__wait_end(seconds));
    if (self)
        crew__wait_cycle_set(self, before);
    return error;
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
