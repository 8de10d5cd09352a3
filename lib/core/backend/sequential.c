/* The backend of a build without OpenMP: every team is the caller alone. */
#ifndef _OPENMP

#define _POSIX_C_SOURCE 200809L
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "backend.h"
#include "host.h"
#include <pthread.h>
#include <stddef.h>

struct crew__team crew__team_acquire(int want)
{
    (void)want;
    return (struct crew__team){CREW__TEAM_NONE, 1};
}

void crew__team_run(const struct crew__team *team, crew__worker_fn *fn, void *arg)
{
    (void)team;
    crew__team_enter(0, fn, arg);
}

void crew__team_release(const struct crew__team *team)
{
    (void)team;
}

void crew__team_nest(const struct crew__nest *nest)
{
    (void)nest;
}

void crew__team_enter(int id, crew__worker_fn *fn, void *arg)
{
    CREW__NO_EXCEPTION_PASSES();
    CREW__CALLBACK_BEGIN()
    fn(id, arg);
    CREW__CALLBACK_END()
}

bool crew__region_fork(void (*fn)(void *), void *arg)
{
    (void)fn;
    (void)arg;
    return false;
}

void crew__region_join(void)
{
}

bool crew__host_possible(void)
{
    return false;
}

bool crew__host_prefers_single(void)
{
    return false;
}

struct crew__host *crew__host_open(int want, int *width)
{
    (void)want;
    *width = 1;
    return NULL;
}

struct crew__host *crew__host_open_single(int most)
{
    (void)most;
    return NULL;
}

bool crew__host_add(struct crew__host *host, int id)
{
    (void)host;
    (void)id;
    return false;
}

bool crew__host_replace(struct crew__host *host, int id, bool (*prepare)(int id, void *arg))
{
    (void)host;
    (void)id;
    (void)prepare;
    return false;
}

void crew__host_start(struct crew__host *host, crew__worker_fn *fn, void *arg)
{
    (void)host;
    (void)fn;
    (void)arg;
}

void crew__host_close(struct crew__host *host)
{
    (void)host;
}

void crew__host_leave(struct crew__host *host, void (*last)(void *arg), void *arg)
{
    (void)host;
    (void)last;
    (void)arg;
}

atomic_uint crew__forks;

static void count_fork(void)
{
    atomic_fetch_add_explicit(&crew__forks, 1, memory_order_relaxed);
}

/* The parent's other threads may be in the middle of an executor, so a child has none of its parent's in this build
   either. At load: a handler that is registered while another thread forks comes too late for that fork. */
CREW__AT_LOAD static void count_forks(void)
{
    pthread_atfork(NULL, NULL, count_fork);
}

void crew__team_alone(void)
{
}

void crew__child_returned(void)
{
}

int crew__team_threads(int want)
{
    (void)want;
    return 1;
}

const char *crew__backend_name(void)
{
    return "sequential";
}

#else
typedef int crew__sequential_is_empty; /* ISO C wants a declaration in every file */
#endif
