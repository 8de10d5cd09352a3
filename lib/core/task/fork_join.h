/* Forks and joins of a member of a team where the short way of crew/task_inline.h does not apply. */
#ifndef CREW_TASK_FORK_JOIN_H
#define CREW_TASK_FORK_JOIN_H

#include "scheduler.h"

void crew__fork_slowly(struct crew__member *w, crew_task *task);
int crew__join_slowly(struct crew__member *w, crew_task **at);

/* For tasks that nobody joins: the graph's. Makes fn(arg) a task that others may take; false where there is no room.
   The caller takes back what is left with crew__take_back, until NULL, before it returns from the task (or frame) at
   whose beginning base was set. */
bool crew__fork_unjoined(struct crew__member *w, crew_task *task, crew_task_fn *fn, void *arg);
crew_task *crew__take_back(struct crew__member *w);

#endif
