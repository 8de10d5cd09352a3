#include "nest.h"
#include "../backend/backend.h"
#include "scheduler.h"

enum { MOST = 64 }; /* forks on the stack of one loop */

static struct crew__team acquire(int want)
{
    struct crew__member *w = crew__self;
    if (!w)
        return (struct crew__team){CREW__TEAM_NONE, 1};
    struct crew__sleepers *sleepers = &w->scheduler->sleepers;
    int idle = CREW__LOAD(&sleepers->searching, relaxed) + CREW__LOAD(&sleepers->sleeping, relaxed);
    int width = 1 + (idle < MOST ? idle : MOST);
    if (width < 2)
        return (struct crew__team){CREW__TEAM_BUSY, 1};
    return (struct crew__team){CREW__TEAM_FORKED, width < want ? width : want};
}

struct part {
    crew_task task;
    crew__worker_fn *fn;
    void *arg;
    int id;
};

static int run_part(void *arg)
{
    struct part *part = arg;
    crew__team_enter(part->id, part->fn, part->arg);
    return 0;
}

/* A part that nobody took runs here at the end and finds nothing to do. */
static void run(int width, crew__worker_fn *fn, void *arg)
{
    struct part parts[MOST];
    int forked = 0;
    for (int id = 1; id < width; id++) {
        struct part *part = &parts[forked++];
        part->fn = fn;
        part->arg = arg;
        part->id = id;
        crew_fork(&part->task, run_part, part);
    }
    crew__team_enter(0, fn, arg);
    while (forked > 0)
        crew_join(&parts[--forked].task);
}

void crew__nest_set_up(void)
{
    static const struct crew__nest nest = {acquire, run};
    crew__team_nest(&nest);
}
