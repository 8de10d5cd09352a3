/* Runs a future's task, on top of the one that the thread is in. */
#include "future_run.h"
#include "../backend/backend.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "wait_cycle.h"

_Thread_local crew_future *crew__running;

void crew__future_run(crew_future *f)
{
    CREW__NO_EXCEPTION_PASSES();
    crew_future *outer = crew__running;
    crew_future *waited = outer ? crew__wait_cycle_set(outer, f) : NULL;
    crew__running = f;
    int code = f->fn(f->arg);
    if (CREW__UNLIKELY(crew__future_is_parents(f)))
        crew__child_returned();
    CREW__STORE(&f->result, code, relaxed); /* the end releases it */
    crew__running = outer;
    if (outer)
        crew__wait_cycle_set(outer, waited);
    crew__future_end(f, CREW_FUTURE_DONE);
}
