/* Loaded in front of a suite (LD_PRELOAD), it makes a program believe in CREW_TEST_PROCESSORS processors: crew and the
   OpenMP runtime count them by these functions. Threads run wherever they did. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int pretended(void)
{
    const char *text = getenv("CREW_TEST_PROCESSORS");
    return text ? atoi(text) : 0;
}

static long system_conf(int name)
{
    static long (*real)(int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sysconf");
    return real(name);
}

long sysconf(int name)
{
    int count = name == _SC_NPROCESSORS_CONF || name == _SC_NPROCESSORS_ONLN ? pretended() : 0;
    return count > 0 ? count : system_conf(name);
}

/* A mask that the program has narrowed is its own; the whole one becomes the wider one. */
static int widen(int result, size_t size, cpu_set_t *mask)
{
    int count = pretended();
    long online = system_conf(_SC_NPROCESSORS_CONF);
    if (result != 0 || count < 1 || CPU_COUNT_S(size, mask) < online)
        return result;
    memset(mask, 0, size);
    for (int cpu = 0; cpu < count; cpu++)
        CPU_SET_S((size_t)cpu, size, mask);
    return 0;
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask)
{
    static int (*real)(pid_t, size_t, cpu_set_t *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sched_getaffinity");
    return widen(real(pid, size, mask), size, mask);
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *mask)
{
    static int (*real)(pthread_t, size_t, cpu_set_t *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_getaffinity_np");
    return widen(real(thread, size, mask), size, mask);
}
