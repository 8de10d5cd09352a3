/* Counts the tasks of a crew_run, on whatever worker they end, and tells of them one at a time. */
#include "run_progress.h"

void crew__run_progress_begin(struct crew__run_progress *p, const crew_options *opt)
{
    crew__counted_begin(&p->told, opt ? opt->progress : NULL, opt ? opt->progress_ctx : NULL, opt ? opt->name : NULL);
    p->told.call.unknown = true;
    atomic_flag_clear_explicit(&p->reporting, memory_order_relaxed);
    atomic_init(&p->ended, 0);
}

void crew__run_progress_count(struct crew__run_progress *p)
{
    CREW__ADD(&p->ended, 1, relaxed);
    if (atomic_flag_test_and_set_explicit(&p->reporting, memory_order_acquire))
        return;
    crew__tell_acquire(&p->reporting);
    /* Read inside, so that no report says less than the one before it. */
    crew__counted_tell(&p->told, CREW__LOAD(&p->ended, relaxed), 0, false);
    crew__tell_release(&p->reporting);
    atomic_flag_clear_explicit(&p->reporting, memory_order_release);
}

void crew__run_progress_end(struct crew__run_progress *p)
{
    size_t ended = CREW__LOAD(&p->ended, relaxed);
    crew__counted_tell(&p->told, ended, ended, true);
}
