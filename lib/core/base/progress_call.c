/* What the progress bar knows of the call that it draws. */
#include "progress_call.h"

#include <stddef.h>

_Thread_local struct crew__progress_call *crew__progress_now = NULL;
