/* Runs a future's task, on top of the one that the thread is in. */
#include "future_run.h"
#include "waiter.h"

void crew__future_run(crew_future *f)
{
    CREW__STORE(&f->runs_on, crew__waiter, relaxed);
    CREW__STORE(&f->result, f->fn(f->arg), relaxed); /* the end releases it */
    crew__future_end(f, CREW_FUTURE_DONE);
}
