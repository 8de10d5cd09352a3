/* The workers of an executor. */
#ifndef CREW_TASK_EXECUTOR_WORKER_H
#define CREW_TASK_EXECUTOR_WORKER_H

#include "executor.h"

/* The executor whose task the calling thread runs; NULL: none. */
crew_executor *crew__executor_of_thread(void);

/* In a worker process of an executor, the initializer's value. */
extern void *crew__process_local;

/* Runs an item that was taken from where it waited. */
void crew__item_run(const struct crew__item *item);

/* Where its members find work. */
struct crew__source crew__executor_source(crew_executor *ex);

/* A worker from its first task to its last. A crew__worker_fn, with the executor. */
void crew__executor_run_worker(int id, void *ex);

/* Runs the initializer, or the finalizer where it is due. */
void crew__executor_initialize(crew_executor *ex, struct crew__local *local);
void crew__executor_finalize(const crew_executor *ex, const struct crew__local *local);

/* One less in ex->opening. */
void crew__executor_tell_open(crew_executor *ex);

/* Notes in the trace how many tasks wait. */
void crew__executor_trace_queue(crew_executor *ex);

/* Starts a worker on demand, where all that there are have something to do. */
void crew__executor_start_another(crew_executor *ex);

#endif
