/* A lock for a few instructions: tries for a moment, then sleeps. A pthread mutex sleeps at once, and a sleep costs as
   much as a hundred such sections. */
#ifndef CREW_BACKEND_LOCK_H
#define CREW_BACKEND_LOCK_H

#include "../base/atomics.h"
#include "park.h"

/* 0: free, 1: held, 2: held, and somebody may sleep. After U. Drepper, Futexes Are Tricky. Zero bytes are a free lock.
 */
struct crew__lock {
    atomic_int word;
};

void crew__lock_slowly(struct crew__lock *lock);

static inline void crew__lock_take(struct crew__lock *lock)
{
    int free = 0;
    if (!CREW__CAS(&lock->word, &free, 1, acquire))
        crew__lock_slowly(lock);
}

static inline void crew__lock_give(struct crew__lock *lock)
{
    if (CREW__SWAP(&lock->word, 0, release) == 2)
        crew__unpark(&lock->word, 1);
}

#endif
