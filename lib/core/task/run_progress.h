/* Progress of a crew_run: how many of its tasks have ended. */
#ifndef CREW_TASK_RUN_PROGRESS_H
#define CREW_TASK_RUN_PROGRESS_H

#include "../base/atomics.h"
#include "../base/progress_call.h"
#include <crew/options.h>

struct crew__run_progress {
    struct crew__counted told; /* under reporting */
    atomic_flag reporting;
    atomic_size_t ended;
};

/* Where options or environment ask for it. */
void crew__run_progress_begin(struct crew__run_progress *p, const crew_options *opt);

/* One more task has ended. On any worker. */
void crew__run_progress_count(struct crew__run_progress *p);

/* All tasks have ended. */
void crew__run_progress_end(struct crew__run_progress *p);

#endif
