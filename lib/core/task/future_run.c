/* Runs a future's task, on top of the one that the thread is in. */
#include "future_run.h"
#include "../backend/backend.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "waiter.h"

void crew__future_run(crew_future *f)
{
    CREW__NO_EXCEPTION_PASSES();
    CREW__STORE(&f->runs_on, crew__waiter, relaxed);
    int code = f->fn(f->arg);
    if (CREW__UNLIKELY(crew__future_is_parents(f)))
        crew__child_returned();
    CREW__STORE(&f->result, code, relaxed); /* the end releases it */
    crew__future_end(f, CREW_FUTURE_DONE);
}
