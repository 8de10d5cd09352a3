/* A wall clock that somebody sets all the time: hours to and fro. CLOCK_MONOTONIC goes on as it is. */
#define _GNU_SOURCE
#include "matrix.h"
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static atomic_bool jumping;
static atomic_long looks;

void let_clock_jump(bool jumps)
{
    atomic_store(&jumping, jumps);
}

long clock_looks(void)
{
    return atomic_load(&looks);
}

static time_t leap(void)
{
    if (!atomic_load(&jumping))
        return 0;
    return atomic_fetch_add(&looks, 1) % 2 ? 7200 : -7200;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
    int code = (int)syscall(SYS_clock_gettime, clock, t);
    if (code == 0 && clock != CLOCK_MONOTONIC && clock != CLOCK_MONOTONIC_RAW)
        t->tv_sec += leap();
    return code;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    int code = clock_gettime(CLOCK_REALTIME, &now);
    *t = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return code;
}

time_t time(time_t *t)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t)
        *t = now.tv_sec;
    return now.tv_sec;
}
