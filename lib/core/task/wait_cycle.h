/* Who waits for whom: a task that would wait for itself, through others, is told so instead. */
#ifndef CREW_TASK_WAIT_CYCLE_H
#define CREW_TASK_WAIT_CYCLE_H

#include "future.h"

/* From now on `task`, which runs, waits for f, or has f's task on top of it. Gives back what it waited for before, to
   be set again afterwards. */
crew_future *crew__wait_cycle_set(crew_future *task, crew_future *f);

/* The same for a wait, unless f waits for task already: false. Up to 64 dependencies deep. */
bool crew__wait_cycle_try_set(crew_future *task, crew_future *f, crew_future **before);

/* True where f waits for task. */
bool crew__wait_cycle_reaches(crew_future *f, const crew_future *task);

/* f's dependencies have ended: nobody looks at them from then on. */
void crew__wait_cycle_drop_deps(crew_future *f);

/* d's future has ended, and may go. */
void crew__wait_cycle_release_dep(struct crew__dependency *d);

#endif
