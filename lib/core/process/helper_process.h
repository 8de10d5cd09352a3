/* The helper as it runs: it forks workers, looks after them, and ends them. */
#ifndef CREW_PROCESS_HELPER_PROCESS_H
#define CREW_PROCESS_HELPER_PROCESS_H

#include "helper.h"

/* In the helper, all signals blocked: does what is ordered until the user wants it to end, or has died. Calls nothing
   that the C library might need a lock for, but fork. */
_Noreturn void crew__helper_run(struct crew__helper *h);

/* The file whose line `oom_kill` counts kills for want of memory; tests give another one. */
extern const char *crew__oom_file;

#endif
