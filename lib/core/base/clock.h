/* Two clocks: seconds that are right, and ticks that are cheap. */
#ifndef CREW_BASE_CLOCK_H
#define CREW_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
#define CREW__HAVE_TSC 1 /* by a builtin: the header that declares __rdtsc takes half a second to compile */
#endif

static inline double crew__seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Only ever used to size blocks, so a counter that drifts or jumps costs speed, not correctness. The processor's own
   counter takes 14 ns where clock_gettime takes 30: with three readings in a tiny loop that is most of its cost. */
static inline int64_t crew__ticks(void)
{
#ifdef CREW__HAVE_TSC
    return (int64_t)__builtin_ia32_rdtsc();
#else
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
#endif
}

/* Ticks in one nanosecond; measured for 20 us at the first call, then remembered. Thread safe. */
double crew__ticks_per_ns(void);

#endif
