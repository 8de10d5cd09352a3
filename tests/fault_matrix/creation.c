/* pthread_create in front of the system's, for the runtime and for crew alike: threads beyond a number that may live at
   once are refused, as RLIMIT_NPROC and the cgroup's pids.max refuse them. */
#define _GNU_SOURCE
#include "matrix.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

enum { PLACES = 8192 };

static struct start {
    void *(*fn)(void *);
    void *arg;
} starts[PLACES];

static atomic_int limit = -1, living;
static atomic_uint next_place;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void ended(void *unused)
{
    (void)unused;
    atomic_fetch_sub(&living, 1);
}

static void make_key(void)
{
    pthread_key_create(&key, ended);
}

void limit_threads(int most)
{
    atomic_store(&limit, most);
}

static void *run(void *arg)
{
    struct start start = *(struct start *)arg;
    pthread_setspecific(key, &starts[0]);
    return start.fn(start.arg);
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*fn)(void *),
                   void *restrict arg)
{
    static int (*_Atomic make)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!atomic_load(&make)) {
        union {
            void *address;
            int (*function)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
        } found = {dlsym(RTLD_NEXT, "pthread_create")};
        atomic_store(&make, found.function);
    }
    pthread_once(&once, make_key);
    int most = atomic_load(&limit);
    if (atomic_fetch_add(&living, 1) >= most && most >= 0) {
        atomic_fetch_sub(&living, 1);
        return EAGAIN;
    }
    /* A place is used again after thousands of others: its thread has begun by then. */
    struct start *start = &starts[atomic_fetch_add(&next_place, 1) % PLACES];
    *start = (struct start){fn, arg};
    int error = atomic_load(&make)(thread, attr, run, start);
    if (error)
        atomic_fetch_sub(&living, 1);
    return error;
}
