/* Items that run side by side, or are missed: whether a team was opened for a few of them. */
#ifndef TESTS_MEETING_H
#define TESTS_MEETING_H

#include "../../lib/core/base/clock.h"
#include "../../lib/core/base/threads.h"
#include "../../lib/core/loop/launch.h"
#include "../../lib/core/loop/sites.h"
#include <crew/options.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct meeting {
    atomic_int here;
    int missed; /* an item that gave up waiting for the other */
};

/* Where two threads have a processor each. */
static inline bool meeting_can_be(void)
{
    return strcmp(crew_backend(), "sequential") != 0 && crew__cpu_count() > 1;
}

/* Forgets that teams of two came late on a busy machine, for which n items of the callback would not open one. What an
   item takes stays known. */
static inline void meeting_is_cheap(uintptr_t callback, size_t n)
{
    struct crew__site *site = crew__site_at(callback, n, 2);
    site->ways[0] = site->ways[1] = (struct crew__ways){0};
    const double per_ns = crew__ticks_per_ns();
    for (int cold = 1; cold >= 0; cold--)
        for (int k = 0; k < 60; k++) {
            const int64_t now = crew__ticks();
            crew__launch_learn(now, now - (cold ? (int64_t)(1e9 * per_ns) : 0), (int64_t)(1000 * per_ns));
        }
}

/* Does `items` items, each of which waits until two have begun, or gives up. Two of one call are one thread's. */
static inline void meet(struct meeting *m, size_t items)
{
    if (items > 1)
        m->missed = 1;
    atomic_fetch_add(&m->here, (int)items);
    double limit = crew__seconds() + 5;
    while (atomic_load(&m->here) < 2)
        if (crew__seconds() > limit) {
            m->missed = 1;
            break;
        }
    for (limit = crew__seconds() + 0.005; crew__seconds() < limit;) /* heavy the next time too */
        ;
}

#endif
