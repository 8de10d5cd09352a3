/* What the statements of crew/expression.h and crew/accumulate.h ask of the library: is a team worth it, and memory. */
#define _POSIX_C_SOURCE 200809L
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include "launch.h"
#include "runner.h"
#include "sites.h"
#include <crew/loop.h>

/* A first item that takes less may do so for cold caches: it is believed where teams of the statement are known. */
static const double FIRST_NS = 1000;

/* The team that the calling thread opens next or has open. */
static _Thread_local struct {
    struct crew__ways *ways;
    double items; /* of each thread */
} team;

int64_t crew__expression_ticks(void)
{
    return crew__ticks();
}

static void nothing(int id, void *arg)
{
    (void)id;
    (void)arg;
}

/* Sleeping threads are woken by a region of crew's, which keeps them off the caller's processor (placement.h): the
   compiler's region that follows finds them awake. */
static void wake_team(int64_t now)
{
    struct crew__team woken = crew__team_acquire(crew_loop_threads());
    if (woken.kind == CREW__TEAM_OWN && woken.width > 1) {
        crew__team_run(&woken, nothing, NULL);
        const int64_t then = crew__ticks();
        crew__launch_learn(now, then, then - now);
    }
    crew__team_release(&woken);
}

/* What the items took that are left, at most, in the last team of this statement: first items after a pause may take
   three hundred times as long. Not believed where those that are done take longer by a time that counts. */
static double usual_ns(const struct crew__ways *ways, double item_ns, size_t items, size_t left)
{
    const double usual = (double)ways->alone;
    const bool known = usual > 0 && !crew__site_is_heavier(usual, item_ns, item_ns * (double)items, items, left);
    return (known && usual < item_ns ? usual : item_ns) * (double)left;
}

int crew__expression_team(int64_t ticks, size_t items, size_t left, double *item_ns)
{
    *item_ns = (double)(ticks > 0 ? ticks : 1) / crew__ticks_per_ns() / (double)items;
    double left_ns = *item_ns * (double)left;
    if (left == 0 || (left_ns < 2000 && !crew__tuning.always_open))
        return 1;
    const int64_t now = crew__ticks();
    const bool cold = crew__launch_is_cold(now);
    /* by nearly all items, so that a statement which asks after one and after some more is one place */
    struct crew__ways *ways = &crew__site_at((uintptr_t)CREW__RETURN_ADDRESS(), left + items - 1, 0)->ways[cold];
    const bool first = items == 1 && *item_ns < FIRST_NS;
    if (first && ways->alone <= 0)
        return 1;
    if (!crew__tuning.always_open) {
        /* Two threads at least halve what is left; asking for more than that needs the count, which costs. */
        left_ns = usual_ns(ways, *item_ns, items, left);
        if (left_ns / 2 < 1.5 * crew__launch_cost(now) + 1000) {
            if (!first) /* it asks once more */
                crew__launch_declined(now);
            return 1;
        }
        if (cold)
            wake_team(now);
    }
    const int threads = crew_loop_threads();
    if (threads > 1) { /* inside of a team it is 1, so nothing comes between this and the end of the team */
        team.ways = ways;
        team.items = (double)left / threads;
    }
    return threads;
}

void crew__expression_closed(int64_t opened, int64_t started, int64_t finished)
{
    int64_t closed = crew__ticks(), spent = closed - opened;
    if (team.ways)
        crew__site_learn(team.ways, CREW__ALONE, (double)spent / crew__ticks_per_ns() / team.items);
    team.ways = NULL;
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
