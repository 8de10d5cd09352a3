/* The kernels of `submit` and `idle`, made of three functions of a system. */
#ifndef BENCH_TASK_SUBMIT_H
#define BENCH_TASK_SUBMIT_H

#include "tasks.h"

#ifdef __cplusplus
extern "C" {
#endif

struct submit_system {
    const char *variant;
    void (*open)(int threads);         /* called once, first; NULL: nothing to open */
    void (*submit)(size_t n);          /* n tasks that each call task_ran; does not wait for them */
    size_t (*submit_future)(size_t n); /* n tasks that give 1 and a future each; waits for all and returns the sum */
    size_t (*round_trip)(void);        /* one task that gives 1, on another thread */
    int one_producer;                  /* submit works from one thread only */
};

extern const struct submit_system submit_systems[]; /* a NULL variant ends it; NULL functions: has no such kernel */

/* What an empty task does: it counts itself, in a place of its thread's own, so that counting costs no more than a
 * store. */
void task_ran(void);

#ifdef __cplusplus
}
#endif
#endif
