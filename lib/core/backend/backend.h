/* The seam: all that crew needs of a threading system. openmp.c and sequential.c implement it; one of them is empty.

   A team is a set of workers that run one function at the same time. A team is first acquired, which reserves its
   width out of what the process may use, then run, then released, all on one thread. */
#ifndef CREW_BACKEND_BACKEND_H
#define CREW_BACKEND_BACKEND_H

#include <stdbool.h>

enum crew__team_kind {
    CREW__TEAM_NONE,   /* width 1, and asking again within this call will not help: nested, or sequential */
    CREW__TEAM_BUSY,   /* width 1 because others use the threads now: ask again later */
    CREW__TEAM_OWN,    /* a region of crew's own on the calling thread's OpenMP pool */
    CREW__TEAM_HOSTED, /* the same, on the hosting thread, while the caller waits: after fork, or past the limit of
                          pools */
    CREW__TEAM_TASKS,  /* tasks of the region that the program opened */
    CREW__TEAM_FORKED  /* inside a scheduler's team: forks, for its members that have nothing to do */
};

struct crew__team {
    enum crew__team_kind kind;
    int width; /* workers it will have at the most; at least 1 */
};

/* Runs on worker `id`, 0 .. width-1, each id at most once, id 0 always. */
typedef void crew__worker_fn(int id, void *arg);

/* Reserves a team of `want` workers (at least 1, at most CREW__MAX_THREADS) or, where that many cannot be had, a
   narrower one. Never fails, never ends the process: threads are tried out before a team grows. Callable from
   everywhere, also inside a worker, where the answer is NONE. */
struct crew__team crew__team_acquire(int want);

/* Runs fn on the team's workers and returns when all have returned. What the caller wrote before is visible to the
   workers, what they wrote is visible to the caller after. The system may start fewer workers than the width, or start
   some late, so fn must be correct if worker 0 does everything alone. team must come from acquire; kind NONE or
   BUSY runs fn(0, arg). fn must not leave by longjmp. */
void crew__team_run(const struct crew__team *team, crew__worker_fn *fn, void *arg);

/* Gives the reservation back. */
void crew__team_release(const struct crew__team *team);

/* How a scheduler gives teams to callers that are inside its own. acquire gives a FORKED team, or NONE outside a
 * scheduler, or BUSY. */
struct crew__nest {
    struct crew__team (*acquire)(int want);
    void (*run)(int width, crew__worker_fn *fn, void *arg);
    void (*forget)(void); /* in a child of fork, on its only thread: that is no member of anything any more */
};

/* From now on teams inside teams are asked of `nest`, which must live as long as the process. */
void crew__team_nest(const struct crew__nest *nest);

/* Calls fn(id, arg) as crew__team_run does on a worker. */
void crew__team_enter(int id, crew__worker_fn *fn, void *arg);

/* In a region that the program opened: fn(arg) becomes an `omp task`, and join waits for all those of the calling task.
   False elsewhere: fn did not run. */
bool crew__region_fork(void (*fn)(void *), void *arg);
void crew__region_join(void);

/* In a forked process that is to work alone: regions of the program's own have one thread too, since the runtime's
   threads are the parent's. */
void crew__team_alone(void);

/* For a child that has returned from the callback in which it was forked, into a team whose other threads it does not
   have: nobody could ever end that team. Says so and ends the child. */
void crew__child_returned(void);

/* The worker that the calling thread is, -1 outside every callback (crew_worker). */
extern _Thread_local int crew__worker;

/* Threads that the calling thread could open an own region with now; at least 1 (crew_loop_threads). */
int crew__team_threads(int want);

const char *crew__backend_name(void);

#endif
