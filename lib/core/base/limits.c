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

static int system_affinity(size_t size, void *mask)
{
#ifdef __linux__
    return sched_getaffinity(0, size, mask) == 0 ? 0 : errno;
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
    for (size_t size = FIRST; size <= LAST && error == EINVAL; size *= 2) {
        unsigned char *mask = crew__alloc(size);
        if (!mask)
            break;
        memset(mask, 0, size);
        error = get(size, mask);
        if (error == 0)
            count = count_bits(mask, size);
        crew__free(mask);
    }
    if (count > 0)
        return count;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > INT_MAX ? INT_MAX : (int)online;
}

void crew__limits_read(struct crew__limits *limits, const char *root)
{
    limits->affinity = crew__affinity_cpus(system_affinity);
    crew__cgroup_quota(limits, root);
}

int crew__limits_cpus(const struct crew__limits *limits)
{
    return limits->quota > 0 && limits->quota < limits->affinity ? limits->quota : limits->affinity;
}
