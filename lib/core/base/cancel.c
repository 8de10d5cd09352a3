/* The flag that stops calls. */
#include <crew/options.h>

#include "atomics.h"

/* Release and acquire, so that what led to the request can be read by whoever sees it. Atomic ints need no lock, which
   makes the request safe in a signal handler. */
void crew_cancel_request(crew_cancel *cancel)
{
    if (cancel)
        crew__store_release(&cancel->requested, 1);
}

bool crew_cancel_requested(const crew_cancel *cancel)
{
    return cancel && crew__load_acquire(&cancel->requested) != 0;
}

void crew_cancel_reset(crew_cancel *cancel)
{
    if (cancel)
        crew__store_release(&cancel->requested, 0);
}
