/* Learns what opening a team costs, on each calling thread. */
#define _POSIX_C_SOURCE 200809L
#include "launch.h"
#include "../base/clock.h"
#include "../base/compiler.h"

/* Runtimes let their threads spin for some milliseconds after a region; within this time they surely do. */
static const double WARM_NS = 1e6;

/* The least that a launch is believed to cost: where threads spin, and where they must be woken. */
static const double SPIN_NS = 1000, WAKE_NS = 7000;

/* A thread that has lost its processor comes back after some milliseconds: more says nothing about the next time. */
static const double MOST_NS = 5e6;

/* Once it may be bad luck, and believing it would leave a hundred loops to one thread. */
static const double SLOW_NS = 2e5;

static _Thread_local struct {
    double warm, cold; /* nanoseconds; 0: not measured yet */
    int64_t closed;    /* ticks when the last team ended, */
    int64_t declined;  /* and when one was declined */
    bool opened;       /* a team was opened: the first one creates threads, and is not typical */
    bool slow;         /* the last one took milliseconds */
} learned;

bool crew__launch_known(void)
{
    return learned.opened;
}

CREW__HOT bool crew__launch_is_cold(int64_t now)
{
    return !learned.opened || (double)(now - learned.closed) >= WARM_NS * crew__ticks_per_ns();
}

bool crew__launch_closed_after(int64_t since)
{
    return learned.opened && learned.closed > since;
}

static double *cost_at(int64_t now)
{
    if (learned.warm <= 0) {
        learned.warm = SPIN_NS;
        learned.cold = WAKE_NS;
    }
    return crew__launch_is_cold(now) ? &learned.cold : &learned.warm;
}

CREW__HOT double crew__launch_cost(int64_t now)
{
    return *cost_at(now);
}

CREW__HOT void crew__launch_declined(int64_t now)
{
    double *cost = cost_at(now);
    /* Where loops follow each other, the first team wakes threads for the next ones too; after a pause it does not. */
    const bool follows = (double)(now - learned.declined) < WARM_NS * crew__ticks_per_ns();
    learned.declined = now;
    if (*cost > 20000) /* a processor that others use: trying costs milliseconds */
        *cost *= 0.97;
    else if (*cost > (follows ? SPIN_NS : WAKE_NS))
        *cost *= cost == &learned.cold ? 0.8 : 0.9;
}

void crew__launch_learn(int64_t opened, int64_t closed, int64_t cost)
{
    double ns = (double)cost / crew__ticks_per_ns();
    ns = ns < 500 ? 500 : ns > MOST_NS ? MOST_NS : ns;
    double *old = cost_at(opened);
    const bool slow = ns > SLOW_NS;
    ns = slow && !learned.slow && ns > 4 * *old ? 4 * *old : ns;
    learned.slow = slow;
    if (learned.opened)
        *old += (ns - *old) / 4;
    learned.opened = true;
    learned.closed = closed;
}
