/* A team in the background: one hosting thread that opens a region and stays in it; or a thread for each worker, which
   are started and replaced one by one. */
#ifndef CREW_BACKEND_HOST_H
#define CREW_BACKEND_HOST_H

#include "backend.h"
#include <stdatomic.h>

struct crew__host;

/* False in a build without threads: open then gives NULL. */
bool crew__host_possible(void);

/* True where workers should have a thread each: nobody may end them before the process ends. */
bool crew__host_prefers_single(void);

/* Starts up to `want` workers and says in *width how many there are, at least 1. They wait for crew__host_start. NULL
   with errno where no thread (EAGAIN) or no memory (ENOMEM) can be had. These threads block the signals
   that are the program's business, not those that their own instructions raise. */
struct crew__host *crew__host_open(int want, int *width);

/* A host whose up to `most` workers have a thread each, which crew__host_add starts. NULL without memory. */
struct crew__host *crew__host_open_single(int most);

/* Each worker runs fn(id, arg), ids 0 .. width-1, all at the same time; of single ones, those that are added from then
   on. Once. */
void crew__host_start(struct crew__host *host, crew__worker_fn *fn, void *arg);

/* Starts a single worker that was not started before; false: no thread can be had. From any thread, before the host is
   closed or while another worker runs. */
bool crew__host_add(struct crew__host *host, int id);

/* On a single worker's thread: starts another one, which calls prepare(id, arg). Where that gives true, this waits for
   the calling thread to return from its fn and end, and runs fn then; else, or where no thread can be had, all stays as
   it is. */
bool crew__host_replace(struct crew__host *host, int id, bool (*prepare)(int id, void *arg));

/* Waits until all workers have returned, and frees the host. */
void crew__host_close(struct crew__host *host);

/* The same without waiting, before any worker has returned: when all have, last(arg) is called on the host's thread.
   The host may be gone when this returns. */
void crew__host_leave(struct crew__host *host, void (*last)(void *arg), void *arg);

/* In a child after fork, on the thread that forked: gives it the signal mask of who opened the host, where it was one
   of a host's threads. */
void crew__host_forget(void);

/* How often this process comes from a fork since crew was loaded: what was made at another count has lost its threads.
 */
extern atomic_uint crew__forks;

static inline unsigned crew__fork_count(void)
{
    return atomic_load_explicit(&crew__forks, memory_order_relaxed);
}

#endif
