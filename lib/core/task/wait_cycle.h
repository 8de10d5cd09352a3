/* Who waits for whom: a task that would wait for itself, through others, is told so instead. */
#ifndef CREW_TASK_WAIT_CYCLE_H
#define CREW_TASK_WAIT_CYCLE_H

#include "future.h"

/* From now on `task`, which runs, waits for f, or has f's task on top of it. Gives back what it waited for before. */
crew_future *crew__waits_begin(crew_future *task, crew_future *f);
void crew__waits_end(crew_future *task, crew_future *before);

/* The same for a wait, unless f waits for task already: false. Up to 64 dependencies deep. */
bool crew__waits_try(crew_future *task, crew_future *f, crew_future **before);

/* True where f waits for task. */
bool crew__waits_lead(crew_future *f, const crew_future *task);

/* f's dependencies have ended: nobody looks at them from then on. */
void crew__waits_forget(crew_future *f);

/* dep has ended, and may go. */
void crew__waits_met(struct crew__dependency *d);

#endif
