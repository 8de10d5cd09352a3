/* Between the explorer's files. */
#ifndef TESTS_EXPLORE_INSIDE_H
#define TESTS_EXPLORE_INSIDE_H

/* What the thread that runs knows of another's time: what that one did up to then comes before. */
unsigned explorer_now(int thread);

/* Before a run. */
void explorer_heap_reset(void);

/* The running thread uses p, which may be anywhere. */
void explorer_touch(const volatile void *p);

#endif
