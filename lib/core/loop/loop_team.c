/* Split and steal: every worker owns one contiguous range, takes blocks from its front, and steals the back half of
   another range when its own is empty. */
#define _POSIX_C_SOURCE 200809L
#include "loop_team.h"
#include "../backend/host.h"
#include "../base/clock.h"
#include "../base/scratch.h"
#include "launch.h"

enum { STACK_WORKERS = 64 };

/* Units that take about `ns` at the present cost of an item, at least the grain, and where there are many a multiple of
   64 items, so that blocks begin where vectors do. */
static uint32_t units_for(const struct crew__run_state *r, double item, double ns)
{
    double units = item > 0 ? ns * r->per_ns / item / (double)r->unit : (double)UINT32_MAX;
    uint32_t count = units < (double)r->most ? (uint32_t)units : r->most;
    if (count >= 64)
        count &= ~63u;
    return count > r->least ? count : r->least;
}

static void work(int id, void *arg)
{
    struct crew__run_state *r = arg;
    struct crew__range *self = &r->ranges[id], *own = r->loop->in_order ? &r->ranges[0] : self;
    struct crew__fp before = crew__fp_enter(r->fp);
    int outer = crew__worker;
    crew__worker = id;

    /* Blocks start short and double while an item costs what it did: a stretch of slow items is met by a short block at
       the start of a range, where it would otherwise hold its worker for as long as a thousand items take. */
    struct crew__trace_worker traced = {0};
    if (CREW__UNLIKELY(r->trace.name != NULL))
        traced = crew__trace_enter();
    const double shortest = crew__tuning.block_ns / 16;
    double item = r->item, span = shortest;
    uint32_t random = (uint32_t)id * 2654435761u;
    int64_t then = crew__ticks();
    self->started = then;
    for (;;) {
        uint32_t begin, end;
        uint32_t want = units_for(r, item, span), least = units_for(r, item, shortest);
        if (!crew__range_take(own, want, least, &begin, &end)) {
            if (r->loop->in_order || !crew__range_steal(r->ranges, r->width, id, r->least, &random))
                break;
            if (CREW__UNLIKELY(r->trace.name != NULL))
                crew__trace_steal(&r->trace);
            span = shortest;
            continue;
        }
        size_t from = r->base + begin * r->unit, n = r->loop->n;
        size_t to = r->base + (size_t)end * r->unit;
        to = to < n && to > from ? to : n; /* the last unit may be a part, and its end may pass SIZE_MAX */
        bool going_on = crew__do_block(r, from, to);
        if (CREW__UNLIKELY(crew__fork_count() != r->forks))
            crew__child_returned(); /* now, and not after it has done the parent's items once more */
        if (!going_on) {
            crew__range_set(own, 0, 0); /* what is left there lies above the failure, or the call stops */
            if (atomic_load_explicit(&r->watch.stop, memory_order_relaxed))
                break;
        }
        int64_t now = crew__ticks();
        double cost = (double)(now - then) / (double)(to - from);
        span = cost > 4 * item ? shortest : span < crew__tuning.block_ns ? span * 2 : span;
        item = cost;
        then = now;
    }
    self->finished = then;
    if (CREW__UNLIKELY(r->trace.name != NULL) && id > 0) /* the caller counts itself */
        crew__trace_leave(&r->trace, traced);
    crew__worker = outer;
    crew__fp_leave(before);
}

static uint32_t half_range(size_t units)
{
    return units < UINT32_MAX / 2 ? (uint32_t)units : UINT32_MAX / 2;
}

void crew__loop_team(struct crew__run_state *r, const struct crew__team *team)
{
    size_t n = r->loop->n, done = r->done;
    struct crew__range few[STACK_WORKERS], *many = NULL;
    r->ranges = few;
    r->width = team->width;
    if (team->width > STACK_WORKERS) {
        many = crew__scratch_take((size_t)team->width * sizeof *many);
        r->ranges = many ? many : few;
        r->width = many ? team->width : STACK_WORKERS;
    }
    r->fp = crew__fp_get();
    r->forks = crew__fork_count();
    r->base = done;
    r->unit = 1;
    while ((n - done) / r->unit >= UINT32_MAX)
        r->unit *= 2;
    size_t grains = r->grain / r->unit + (r->grain % r->unit != 0), ranges = (n - done) / r->grain;
    r->least = half_range(grains);
    r->most = half_range(r->loop->in_order && r->loop->max_block ? r->loop->max_block / r->unit : SIZE_MAX);
    int parts = ranges < 1 || r->loop->in_order ? 1 : ranges < (size_t)r->width ? (int)ranges : r->width;
    size_t from = done < n / (size_t)parts / 2 ? 0 : done;
    uint32_t begin = 0;
    for (int id = 0; id < r->width; id++) {
        size_t stop = id < parts ? crew__range_begin(from, n, id + 1, parts) : n;
        size_t items = stop > done ? stop - done : 0;
        uint32_t end = (uint32_t)(items / r->unit + (stop == n && items % r->unit != 0));
        crew__range_set(&r->ranges[id], begin, end);
        r->ranges[id].started = r->ranges[id].finished = 0;
        begin = end;
    }
    struct crew__team used = *team;
    used.width = r->width;
    const struct crew__range *caller = &r->ranges[0], *other = &r->ranges[1];
    int64_t opened = crew__ticks();
    crew__team_run(&used, work, r);
    int64_t closed = crew__ticks(), busy = caller->finished > other->finished ? caller->finished : other->finished;
    if (team->kind == CREW__TEAM_OWN && other->started)
        crew__launch_learn(opened, closed, other->started - opened + closed - busy);
    if (r->site) {
        int64_t spent = 0;
        for (int id = 0; id < r->width; id++)
            spent += r->ranges[id].finished - r->ranges[id].started;
        r->site->item_ns = (float)((double)(spent + 1) / r->per_ns / (double)(n - done));
    }
    crew__scratch_give(many);
}
