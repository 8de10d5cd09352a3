/* Keeps the threads of a sleeping team off the processor of the thread that wakes them. Linux wakes a thread on its
   waker's processor, where it waits for a time slice while others are idle: loops of 1 ms, 20 ms apart, take 7.8 ms on
   two processors, and 0.6 with this. */
#ifndef CREW_BACKEND_PLACEMENT_H
#define CREW_BACKEND_PLACEMENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CREW__PLACED = 64 }; /* threads of a team that are placed: a wider one has idle processors all around */

struct crew__placement {
    int threads[CREW__PLACED]; /* by number in the team: what the system calls it; 0: not known */
    bool moved[CREW__PLACED];  /* may run anywhere but on `from` until it arrives */
    size_t from;
    bool making;        /* threads that are made now are placed */
    atomic_int arrived; /* of them */
    int64_t began;      /* ticks when this region began, where thread 1 says when it comes; else 0 */
    atomic_llong came;  /* thread 1, in ticks */
    int64_t ended;      /* ticks when the team's last region ended, */
    int64_t idle;       /* from then to this one */
    int64_t awake;      /* ticks after a region's end at which threads were seen to spin still */
    int unsure;         /* regions until that is learned again */
};

/* For the caller, before a region of `width` threads. Nothing where OpenMP or the program has bound threads, where
   CREW_BIND=0, or where threads spin still: within a millisecond, and for as long as the first of them was seen to come
   at once. Calls of the system for nothing took 12 us of a loop of 53, 1 ms apart. */
void crew__placement_begin(struct crew__placement *p, int width);

/* For the caller, before the region that makes the team's threads, and for every thread in it: a new thread that starts
   on the caller's processor goes to another one, for which the caller lets it run. A first loop of 1 ms took 1.3 to
   10 ms. Nothing where begin does nothing. */
void crew__placement_make(struct crew__placement *p);
void crew__placement_made(struct crew__placement *p, int id, int width);

/* For the caller, after the region. */
void crew__placement_end(struct crew__placement *p);

/* For thread `id` at the start of a region: takes back what begin did. */
void crew__placement_arrive(struct crew__placement *p, int id);

#endif
