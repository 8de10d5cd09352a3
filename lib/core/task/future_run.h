/* A future's task as it runs. */
#ifndef CREW_TASK_FUTURE_RUN_H
#define CREW_TASK_FUTURE_RUN_H

#include "future.h"

/* Runs a claimed future's task and ends it. */
void crew__future_run(crew_future *f);

#endif
