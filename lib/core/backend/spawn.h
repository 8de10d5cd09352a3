/* Threads that the OpenMP runtime does not make: trial threads, and the one that hosts regions. */
#ifndef CREW_BACKEND_SPAWN_H
#define CREW_BACKEND_SPAWN_H

#include <stdbool.h>

/* How many of `count` more threads, with the stack that OpenMP workers get, the system can create now. Creates them,
   counts them, and ends them again. */
int crew__spawn_trial(int count);

/* Runs fn(arg) on the hosting thread and waits for it; creates the thread at the first call. One caller at a time (the
   caller sees to that). False where the thread could not be created: fn did not run. */
bool crew__host_run(void (*fn)(void *), void *arg);

/* In a child after fork: forgets the hosting thread, which the fork did not copy. */
void crew__spawn_forget(void);

#endif
