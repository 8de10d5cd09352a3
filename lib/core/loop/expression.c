/* What the statements of crew/expression.h and crew/accumulate.h ask of the library: is a team worth it, and memory. */
#define _POSIX_C_SOURCE 200809L
#include "../base/clock.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include "launch.h"
#include "runner.h"
#include <crew/loop.h>

int64_t crew__expression_ticks(void)
{
    return crew__ticks();
}

int crew__expression_team(int64_t ticks, size_t items, size_t left, double *item_ns)
{
    *item_ns = (double)(ticks > 0 ? ticks : 1) / crew__ticks_per_ns() / (double)items;
    if (left == 0)
        return 1;
    if (!crew__tuning.always_open) {
        /* Two threads at least halve what is left; asking for more than that needs the count, which costs. */
        int64_t now = crew__ticks();
        double left_ns = *item_ns * (double)left;
        if (left_ns < 2000 || left_ns / 2 < 1.5 * crew__launch_cost(now) + 1000) {
            if (left_ns >= 2000)
                crew__launch_declined(now);
            return 1;
        }
    }
    return crew_loop_threads();
}

void crew__expression_closed(int64_t opened, int64_t started, int64_t finished)
{
    int64_t closed = crew__ticks(), spent = closed - opened;
    /* A thread that had no block came after the last one: the team has waited for it until now. */
    crew__launch_learn(opened, closed, started > 0 ? started + spent - finished : spent);
}

void *crew__expression_memory(size_t count, size_t size)
{
    size_t bytes;
    return crew__mul(count, size, &bytes) && bytes > 0 ? crew__scratch_take(bytes) : NULL;
}

void crew__expression_free(void *memory)
{
    crew__scratch_give_or_free(memory);
}
