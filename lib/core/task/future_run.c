/* Runs a future's task, on top of the one that the thread is in. */
#include "future_run.h"
#include "wait_cycle.h"

_Thread_local crew_future *crew__running;

void crew__future_run(crew_future *f)
{
    crew_future *outer = crew__running;
    crew_future *waited = outer ? crew__wait_cycle_set(outer, f) : NULL;
    crew__running = f;
    CREW__STORE(&f->result, f->fn(f->arg), relaxed); /* the end releases it */
    crew__running = outer;
    if (outer)
        crew__wait_cycle_set(outer, waited);
    crew__future_end(f, CREW_FUTURE_DONE);
}
