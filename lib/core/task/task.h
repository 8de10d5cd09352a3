/* What an executor has in common with crew_run: how a loop inside a task gets its team.

   The folder, lowest first; a file calls and includes only what stands above it here:

       line_pool        memory of one cache line each, for futures
       future           a future's state: claim, end, callbacks, owners
       promise          futures that are ended by hand
       wait_cycle       who waits for whom
       future_run       runs a future's task, which is from then on what the thread's waits belong to
       queue            what waits in an executor: lanes and batches; knows no future, only items

       deque, sleep     a member's forks; who searches and who sleeps
       run_progress     counts the tasks of a crew_run
       scheduler        a team of members: steal, run, sleep, wake
       fork_join        a member's forks and joins but for the short way of crew/task_inline.h
       task             crew_run, crew_invoke, loops inside tasks

       executor         workers that take from a queue, stands on both halves; _worker, _inline, _default belong to it
       submit           puts tasks into an executor, at once or after their dependencies
       wait             waits for one future while it helps others
       wait_set         waits for several; futures in the order in which they end
       executor_map     submits and waits by itself, through the public functions
       stream           items through stages on a team of the backend, which may be one of a scheduler's
       graph            nodes and edges, sorted
       graph_dot        their names, times and picture
       graph_run        runs a graph on a team or an executor */
#ifndef CREW_TASK_TASK_H
#define CREW_TASK_TASK_H

#include <crew/task.h>

/* crew_run outside a team, for who has progress of its own. */
int crew__run_unwatched(crew_task_fn *root, void *arg, int threads);

/* Tells the backend how; once is enough. */
void crew__task_set_up_nesting(void);

#endif
