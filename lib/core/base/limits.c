/* Counts the processors that affinity and quotas leave. */
#define _GNU_SOURCE
#include "limits.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

#include "memory.h"

_Atomic(crew__bound_cpus_fn *) crew__bound_cpus;

/* The mask of the process's first thread: the calling one may have been given CPUs of its own. */
static int system_affinity(size_t size, void *mask)
{
#ifdef __linux__
    return sched_getaffinity(getpid(), size, mask) == 0 ? 0 : errno;
#else
    (void)size;
    (void)mask;
    return ENOSYS;
#endif
}

static int count_bits(const unsigned char *mask, size_t size)
{
    int count = 0;
    for (size_t i = 0; i < size; i++)
        for (unsigned byte = mask[i]; byte != 0; byte &= byte - 1)
            count++;
    return count;
}

int crew__affinity_cpus(crew__affinity_fn *get)
{
    /* The kernel refuses a mask that is shorter than its own, which can be longer than the C library's 1024 CPUs. */
    enum { FIRST = 1024 / CHAR_BIT, LAST = (1 << 20) / CHAR_BIT };
    int error = EINVAL, count = 0;
    _Alignas(long) unsigned char few[FIRST];
    for (size_t size = FIRST; size <= LAST && error == EINVAL; size *= 2) {
        /* Asked again and again, while a program runs that may have no memory left. */
        unsigned char *mask = size == FIRST ? few : crew__alloc(size);
        if (!mask)
            break;
        memset(mask, 0, size);
        error = get(size, mask);
        if (error == 0)
            count = count_bits(mask, size);
        if (mask != few)
            crew__free(mask);
    }
    if (count > 0)
        return count;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > INT_MAX ? INT_MAX : (int)online;
}

void crew__limits_read_affinity(struct crew__limits *limits)
{
    crew__bound_cpus_fn *ask = atomic_load_explicit(&crew__bound_cpus, memory_order_acquire);
    int bound = ask ? ask(NULL, NULL) : 0;
    atomic_store_explicit(&limits->bound, bound > 0, memory_order_relaxed);
    atomic_store_explicit(&limits->affinity, bound > 0 ? bound : crew__affinity_cpus(system_affinity),
                          memory_order_relaxed);
}

bool crew__limits_mask(struct crew__cpu_mask *mask, int *places)
{
    crew__bound_cpus_fn *ask = atomic_load_explicit(&crew__bound_cpus, memory_order_acquire);
    *places = 0;
    memset(mask, 0, sizeof *mask);
    if (ask && ask(mask, places) > 0 && count_bits((const unsigned char *)mask, sizeof *mask) > 0)
        return true;
    return system_affinity(sizeof *mask, mask) == 0;
}

void crew__limits_read(struct crew__limits *limits, const char *root)
{
    crew__limits_read_affinity(limits);
    crew__cgroup_quota(limits, root);
}

int crew__limits_cpus(const struct crew__limits *limits)
{
    int affinity = atomic_load_explicit(&limits->affinity, memory_order_relaxed);
    return limits->quota > 0 && limits->quota < affinity ? limits->quota : affinity;
}
