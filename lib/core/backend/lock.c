/* The slow way of a lock: sleeps until it is free. */
#include "lock.h"

enum { LOOKS = CREW__BOUND(64, 2) };

void crew__lock_slowly(struct crew__lock *lock)
{
    for (int i = 0; i < LOOKS; i++) {
        int free = 0;
        if (CREW__LOAD(&lock->word, relaxed) == 0 && CREW__CAS(&lock->word, &free, 1, acquire))
            return;
        crew__pause(i);
    }
    while (CREW__SWAP(&lock->word, 2, acquire) != 0)
        crew__park(&lock->word, 2, -1);
}
