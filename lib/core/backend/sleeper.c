/* Gives workers short time slices, and takes a waker's processor out of a sleeping one's affinity until it is awake. */
#define _GNU_SOURCE
#include "sleeper.h"
#if defined(_OPENMP) && defined(__linux__)

#include "../base/atomics.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/threads.h"
#include "runtime.h"
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static const double BUSY_NS = 2e5;
static const uint64_t SLICE_NS = 100000; /* the shortest that the system gives */
static const uint64_t RESET_ON_FORK = 1;

/* struct sched_attr, which C libraries lack. */
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t slice, deadline, period;
};

/* Before 6.12 the system does not care for slices. What the thread starts has usual ones, and would lose a negative
   nice value. */
void crew__sleeper_shorten_slices(void)
{
#if defined(SYS_sched_setattr) && defined(SYS_sched_getattr)
    struct scheduling own = {.size = sizeof own};
    if (!crew__env_bind() || syscall(SYS_sched_getattr, 0, &own, sizeof own, 0) != 0 || own.policy != SCHED_OTHER ||
        own.nice < 0)
        return;
    own.slice = SLICE_NS;
    own.flags |= RESET_ON_FORK;
    syscall(SYS_sched_setattr, 0, &own, 0);
#endif
}

/* The processor comes back into the mask, which stays what somebody else may have made of it meanwhile. */
static CREW__NOINLINE void move_back(int thread, int avoided)
{
    cpu_set_t own;
    if (sched_getaffinity(thread, sizeof own, &own) != 0)
        return;
    CPU_SET((size_t)(avoided - 1), &own);
    sched_setaffinity(thread, sizeof own, &own);
}

void crew__sleeper_begin(struct crew__sleeper *s)
{
    static _Thread_local int self;
    if (CREW__UNLIKELY(self == 0))
        self = (int)syscall(SYS_gettid);
    double worked = s->woken == 0 ? 0 : (double)(crew__ticks() - s->woken);
    CREW__STORE(&s->busy, worked >= BUSY_NS * crew__ticks_per_ns(), relaxed);
    CREW__STORE(&s->thread, self, seq_cst);
}

void crew__sleeper_end(struct crew__sleeper *s)
{
    s->woken = crew__ticks();
    CREW__STORE(&s->thread, 0, seq_cst);
    int avoided = CREW__LOAD(&s->avoided, seq_cst);
    if (CREW__UNLIKELY(avoided != 0) && CREW__SWAP(&s->avoided, 0, seq_cst) != 0)
        move_back(0, avoided);
}

/* A thread whose mask is not the waker's has been bound by somebody else. */
static CREW__NOINLINE void move_away(struct crew__sleeper *s, int thread)
{
    cpu_set_t all, own;
    int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < 2 ||
        sched_getaffinity(thread, sizeof own, &own) != 0 || !CPU_EQUAL(&own, &all))
        return;
    CPU_CLR((size_t)here, &own);
    /* Who wakes up clears `thread` and then looks at `avoided`; this is set and then `thread` looked at: one of the two
       sees the other, and the swap lets one of them move the thread back. */
    if (sched_setaffinity(thread, sizeof own, &own) != 0)
        return;
    CREW__STORE(&s->avoided, here + 1, seq_cst);
    if (CREW__LOAD(&s->thread, seq_cst) == 0 && CREW__SWAP(&s->avoided, 0, seq_cst) != 0)
        move_back(thread, here + 1);
}

bool crew__sleeper_move(struct crew__sleeper *s)
{
    int thread = CREW__LOAD(&s->thread, acquire);
    if (thread == 0 || CREW__LOAD(&s->avoided, relaxed) != 0) /* woken by another waker just now */
        return false;
    if (CREW__LOAD(&s->busy, relaxed) && crew__env_bind() && !crew__runtime_binds())
        move_away(s, thread);
    return true;
}

#else

void crew__sleeper_shorten_slices(void)
{
}

void crew__sleeper_begin(struct crew__sleeper *s)
{
    (void)s;
}

void crew__sleeper_end(struct crew__sleeper *s)
{
    (void)s;
}

bool crew__sleeper_move(struct crew__sleeper *s)
{
    (void)s;
    return false;
}

#endif
