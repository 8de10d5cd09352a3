/* Executors in a build without threads: tasks run inside the outermost submit of their thread, one after the other. */
#ifndef CREW_TASK_EXECUTOR_INLINE_H
#define CREW_TASK_EXECUTOR_INLINE_H

#include "executor.h"

/* The executor whose task the calling thread runs; NULL: none. */
crew_executor *crew__inline_executor(void);

/* Runs the item and all that is submitted meanwhile; or, inside a task, keeps it until that has ended. As
   crew__executor_push. */
int crew__inline_push(crew_executor *ex, const struct crew__item *item, bool ready);

/* Inside a task: runs the next of those that are kept, unless `most` such tasks run on top of each other. */
bool crew__inline_help(int most);

/* Runs a claimed future's task on top of the one that runs. */
void crew__inline_run(crew_future *f);

/* Inside a task: ex, which nobody waits for, goes on until the outermost submit of the thread ends. */
void crew__inline_hold(crew_executor *ex);

/* Runs, or cancels, what the calling thread has kept for ex. */
void crew__inline_finish(crew_executor *ex, bool cancel);

#endif
