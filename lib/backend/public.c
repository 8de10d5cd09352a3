#include "backend.h"
#include <crew/loop.h>
#include <crew/options.h>

const char *crew_backend(void)
{
    return crew__backend_name();
}

int crew_loop_threads(void)
{
    return crew__team_threads(crew_num_threads());
}
