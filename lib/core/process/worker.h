/* A worker process from its fork to its end. */
#ifndef CREW_PROCESS_WORKER_H
#define CREW_PROCESS_WORKER_H

#include "helper.h"

/* In the process that the helper has just forked: makes it a worker, lets it serve, and ends it. */
_Noreturn void crew__worker_run(struct crew__helper *h, int i, pid_t helper);

/* Ends the calling worker in an orderly way, between two items. */
_Noreturn void crew__worker_leave(void);

/* The initializer has run: what the worker takes from now on counts against its memory. */
void crew__worker_is_ready(struct crew__slot *slot);

/* What it has printed comes out. */
void crew__worker_flush(void);

/* Resident memory of a process; -1: unknown. No C library locks. */
long crew__resident_kb(pid_t pid);

#endif
