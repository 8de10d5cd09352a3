/* The executor that a NULL stands for. */
#ifndef CREW_TASK_EXECUTOR_DEFAULT_H
#define CREW_TASK_EXECUTOR_DEFAULT_H

#include <crew/executor.h>

/* NULL is the default one, which is opened where it is not; NULL with errno. */
crew_executor *crew__executor_get(crew_executor *ex);

/* The default one; NULL: it is not open. */
crew_executor *crew__executor_default(void);

/* From now on it is not open. False: somebody else was faster. */
bool crew__executor_default_drop(crew_executor *ex);

#endif
