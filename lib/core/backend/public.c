/* Public functions that ask the backend. Those of options.h are here too: a static program that calls nothing else must
   have the backend, which knows whether the runtime has bound the threads. */
#include "../base/compiler.h"
#include "../base/threads.h"
#include "backend.h"
#include <crew/loop.h>
#include <crew/options.h>
#include <errno.h>

_Thread_local int crew__worker = -1;

CREW__AT_LOAD static void name_back_end(void)
{
    atomic_store(&crew__back_end, crew__backend_name);
}

const char *crew_backend(void)
{
    return crew__backend_name();
}

int crew_num_threads(void)
{
    crew__threads_refresh();
    return crew__resolve_threads(0);
}

int crew_explain_threads(char *text, size_t size)
{
    if (!text && size > 0)
        return -EINVAL;
    crew__threads_refresh();
    return crew__threads_explain(text, size);
}

int crew_loop_threads(void)
{
    return crew__team_threads(crew_num_threads());
}
