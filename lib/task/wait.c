#define _POSIX_C_SOURCE 200809L
#include "../backend/park.h"
#include "../base/clock.h"
#include "executor.h"
#include "waits.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { LOOKS = 2000 /* before a wait sleeps: some 50 us */ };

/* Seconds that a worker sleeps in a wait before it looks for other tasks again. */
static const double FIRST_NAP = 20e-6, LONGEST_NAP = 1e-3;

static double end_of(double seconds)
{
    return seconds < 0 ? INFINITY : crew__seconds() + seconds;
}

static double left_until(double end)
{
    return isinf(end) ? -1 : end - crew__seconds();
}

/* Sleeps until f's state changes. */
static void sleep_on(crew_future *f, double seconds)
{
    int state = CREW__LOAD(&f->state, acquire);
    while ((state & CREW__STATES) < CREW_FUTURE_DONE) {
        if (state & CREW__WAITED || CREW__CAS(&f->state, &state, state | CREW__WAITED, relaxed)) {
            crew__park(&f->state, state | CREW__WAITED, seconds);
            return;
        }
    }
}

/* Runs something on the calling worker: best what it waits for. */
static bool help(struct crew__member *w, crew_future *f)
{
    crew_executor *ex = crew__executor_of_thread();
    if (f->executor == ex && CREW__LOAD(&f->blockers, acquire) == 0 && crew__future_claim(f, CREW_FUTURE_RUNNING)) {
        crew__future_run(f); /* the queue's item finds it claimed */
        return true;
    }
    return crew__help(w);
}

static int wait_until(crew_future *f, double end)
{
    struct crew__member *w = crew__self;
    double nap = FIRST_NAP, left = -1;
    for (int looks = 0; !crew__future_ended(f);) {
        if (w && help(w, f)) {
            looks = 0;
            nap = FIRST_NAP;
        } else if (looks < LOOKS) {
            if (looks % 64 == 63 && (left = left_until(end)) <= 0 && !isinf(end))
                return -ETIMEDOUT;
            crew__pause(looks++);
        } else {
            left = left_until(end);
            if (!isinf(end) && left <= 0)
                return -ETIMEDOUT;
            bool napping = w && (left < 0 || left > nap);
            sleep_on(f, napping ? nap : left);
            nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
        }
    }
    return 0;
}

int crew_future_wait(crew_future *f, double seconds)
{
    if (!f || isnan(seconds))
        return -EINVAL;
    if (crew__future_ended(f))
        return 0;
    if (seconds == 0)
        return -ETIMEDOUT;
    crew_future *self = crew__running, *before;
    if (!self)
        return wait_until(f, end_of(seconds));
    if (!crew__waits_try(self, f, &before))
        return -EDEADLK;
    int error = wait_until(f, end_of(seconds));
    crew__waits_end(self, before);
    return error;
}
