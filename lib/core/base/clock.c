/* Measures how many ticks there are in a nanosecond. */
#define _POSIX_C_SOURCE 200809L
#include "clock.h"
#include "compiler.h"

#include <stdatomic.h>

#ifdef CREW__HAVE_TSC

struct reading {
    int64_t ticks;
    double seconds;
};

/* Both clocks at one moment. A thread that loses its CPU between the two would pair times that lie milliseconds apart,
   for as long as the process lives; the tightest of a few tries does not. */
static struct reading read_both(void)
{
    struct reading best = {0, 0};
    int64_t narrowest = INT64_MAX;
    for (int i = 0; i < 4; i++) {
        int64_t before = crew__ticks();
        double seconds = crew__seconds();
        int64_t width = crew__ticks() - before;
        if (i == 0 || (width >= 0 && width < narrowest)) {
            best = (struct reading){before + width / 2, seconds};
            narrowest = width;
        }
    }
    return best;
}

static float measure(void)
{
    struct reading begin = read_both(), end;
    do
        end = read_both();
    while (end.seconds - begin.seconds < 20e-6);
    double rate = (double)(end.ticks - begin.ticks) / (1e9 * (end.seconds - begin.seconds));
    /* A counter that stood still or ran backwards tells nothing, and callers divide by this. */
    return rate > 1e-3 && rate < 1e3 ? (float)rate : 1.0F;
}

CREW__HOT double crew__ticks_per_ns(void)
{
    /* A float, because an atomic double takes a library call on 32-bit processors. Nothing else is published with it,
       so relaxed is enough. */
    static _Atomic float remembered;
    float rate = atomic_load_explicit(&remembered, memory_order_relaxed);
    if (rate > 0)
        return (double)rate;
    float measured = measure();
    /* The first one to finish decides: all threads see one value. */
    float none = 0;
    if (atomic_compare_exchange_strong_explicit(&remembered, &none, measured, memory_order_relaxed,
                                                memory_order_relaxed))
        return (double)measured;
    return (double)none;
}

#else

double crew__ticks_per_ns(void)
{
    return 1.0;
}

#endif
