/* The seams below lib/task, as the explorer gives them. */
#include "../../lib/backend/host.h"
#include "../../lib/backend/park.h"
#include "explorer.h"

void crew__park(atomic_int *word, int expected, double seconds)
{
    explorer_park(word, sizeof *word, (unsigned)expected, seconds >= 0);
}

void crew__unpark(atomic_int *word, int count)
{
    explorer_unpark(word, count);
}

void crew__pause(int round)
{
    (void)round;
    explorer_pause();
}

unsigned crew__fork_count(void)
{
    return 0;
}
