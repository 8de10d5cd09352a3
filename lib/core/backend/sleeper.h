/* Lets a worker that has slept start at once although its waker goes on working: Linux wakes a thread on its waker's
   processor, where it waits for a time slice (3 ms) while others are idle.

   A thread whose slices are short takes the processor from one whose slices are long: a task and back after 20 ms, its
   submitter spinning, 0.045 ms where it took 3.8. It shares that processor for some milliseconds then, so a worker that
   had much to do the last time is moved away from its waker's, as placement.h does for a team, for 0.03 ms more: a task
   of 2 ms beside as much work of its submitter's 2.2 ms where it took 4.1. */
#ifndef CREW_BACKEND_SLEEPER_H
#define CREW_BACKEND_SLEEPER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct crew__sleeper {
    atomic_int thread;  /* what the system calls it while it sleeps; 0: it does not */
    atomic_int avoided; /* 1 + the processor that was taken out of its affinity; 0: none */
    atomic_bool busy;   /* it was for longer than moving it costs, when it fell asleep */
    int64_t woken;      /* ticks when it last woke up; 0: it has not slept yet, and has done nothing */
};

/* For a thread of crew's own, once. Nothing where its scheduling is not the usual one, or where CREW_BIND=0. */
void crew__sleeper_shorten_slices(void);

/* For the thread itself, before and after it sleeps. The latter takes back what a waker did. */
void crew__sleeper_begin(struct crew__sleeper *s);
void crew__sleeper_end(struct crew__sleeper *s);

/* For a waker, before it wakes the thread: true where that sleeps and nobody has moved it. Its affinity is left alone
   where OpenMP or the program has bound threads, and where CREW_BIND=0. */
bool crew__sleeper_move(struct crew__sleeper *s);

#endif
