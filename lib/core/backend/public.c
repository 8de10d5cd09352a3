#include "backend.h"
#include <crew/loop.h>
#include <crew/options.h>

const char *crew_backend(void)
{
    return crew__backend_name();
}

_Thread_local int crew__worker = -1;

int crew_loop_threads(void)
{
    return crew__team_threads(crew_num_threads());
}
