/* Learns what opening a team costs, on each calling thread. */
#define _POSIX_C_SOURCE 200809L
#include "launch.h"
#include "../base/clock.h"
#include <stdbool.h>

/* Runtimes let their threads spin for some milliseconds after a region; within this time they surely do. */
static const double WARM_NS = 1e6;

/* A thread that has lost its processor comes back after some milliseconds: more says nothing about the next time. */
static const double MOST_NS = 5e6;

static _Thread_local struct {
    double warm, cold; /* nanoseconds; 0: not measured yet */
    int64_t closed;    /* ticks when the last team ended */
    bool opened;       /* a team was opened: the first one creates threads, and is not typical */
} learned;

static double *cost_at(int64_t now)
{
    if (learned.warm <= 0) {
        learned.warm = 1000;
        learned.cold = 7000;
    }
    bool warm = learned.opened && (double)(now - learned.closed) < WARM_NS * crew__ticks_per_ns();
    return warm ? &learned.warm : &learned.cold;
}

double crew__launch_cost(int64_t now)
{
    return *cost_at(now);
}

void crew__launch_declined(int64_t now)
{
    double *cost = cost_at(now);
    if (*cost > 20000) /* a processor that others use: trying costs milliseconds */
        *cost *= 0.97;
    else if (*cost > 1000)
        *cost *= 0.9;
}

void crew__launch_learn(int64_t opened, int64_t closed, int64_t cost)
{
    double ns = (double)cost / crew__ticks_per_ns();
    ns = ns < 500 ? 500 : ns > MOST_NS ? MOST_NS : ns;
    double *old = cost_at(opened);
    if (learned.opened)
        *old += (ns - *old) / 4;
    learned.opened = true;
    learned.closed = closed;
}
