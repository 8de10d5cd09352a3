/* The seams below lib/core/task, and where it has its futures from, as the explorer gives them. */
#include "../../lib/core/backend/host.h"
#include "../../lib/core/backend/park.h"
#include "../../lib/core/backend/sleeper.h"
#include "../../lib/core/task/line_pool.h"
#include "explorer.h"

void crew__park(atomic_int *word, int expected, double seconds)
{
    explorer_park(word, sizeof *word, (unsigned)expected, seconds >= 0);
}

void crew__unpark(atomic_int *word, int count)
{
    explorer_unpark(word, count);
}

void crew__park_as(atomic_int *word, int expected, int number)
{
    (void)number;
    crew__park(word, expected, -1);
}

/* Whom the real one wakes is open: the explorer tries each. */
void crew__unpark_one(atomic_int *word, int number)
{
    (void)number;
    crew__unpark(word, 1);
}

void crew__sleeper_begin(struct crew__sleeper *s)
{
    (void)s;
}

void crew__sleeper_end(struct crew__sleeper *s)
{
    (void)s;
}

bool crew__sleeper_move(struct crew__sleeper *s)
{
    (void)s;
    return true;
}

void crew__pause(int round)
{
    (void)round;
    explorer_pause();
}

atomic_uint crew__forks;

void crew__child_returned(void)
{
}

void *crew__line_take(void)
{
    return explorer_alloc(CREW__CACHE_LINE);
}

void crew__line_give(void *memory)
{
    explorer_free(memory);
}

/* Named in the unwinder's tables of the sources under test. */
void crew__callback_threw(void);
void crew__callback_threw(void)
{
}

void crew__callback_jumped(void *unused)
{
    (void)unused;
}
