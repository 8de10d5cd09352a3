/* Split and steal: every worker owns one contiguous range, takes blocks from its front, and steals the back half of
   another range when its own is empty. */
#define _POSIX_C_SOURCE 200809L
#include "loop_team.h"
#include "../backend/host.h"
#include "../base/clock.h"
#include "../base/scratch.h"
#include "launch.h"

enum {
    STACK_WORKERS = 64,
    EVEN_BLOCKS = 16 /* times as long as others */
};

/* A block is slow where it took half as long again as was expected, and this much more: clocks and caches do less. */
static const double SLOW_NS = 2000;

/* Blocks of a loop that meets slow items: the shortest, and so many a worker. */
static const double ROUGH_NS = 250, ROUGH_PARTS = 256;

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

    /* Blocks start short and double: a stretch of slow items is met by a short block at the start of a range, where it
       would otherwise hold its worker for as long as a thousand items take. Where a site's items are alike they start
       long, and the last microsecond of a range is left to its owner: equal items that take 217 us took 1.05 of
       schedule(static), now 1.00. */
    struct crew__trace_worker traced = {0};
    if (CREW__UNLIKELY(r->trace.name != NULL))
        traced = crew__trace_enter();
    const double shortest = crew__tuning.block_ns / (r->even ? 4 : 16), slow = SLOW_NS * r->per_ns;
    const double longest = r->longest;
    double item = r->item, span = r->even ? longest : shortest;
    const uint32_t parts = r->even ? 2 : 4;
    uint32_t random = (uint32_t)id * 2654435761u;
    int64_t then = crew__ticks();
    self->started = then;
    for (;;) {
        uint32_t begin, end;
        uint32_t want = units_for(r, item, span), least = units_for(r, item, shortest);
        if (!crew__range_take(own, want, least, parts, &begin, &end)) {
            if (r->loop->in_order ||
                !crew__range_steal(r->ranges, r->width, id, r->least, r->even ? least : 1, &random))
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
        double spent = (double)(now - then), expected = item * (double)(to - from);
        self->uneven |= spent - expected > slow && spent > 1.5 * expected;
        span = span < longest ? span * 2 : span;
        item = spent / (double)(to - from);
        then = now;
    }
    self->finished = then;
    if (CREW__UNLIKELY(r->trace.name != NULL) && id > 0) /* the caller counts itself */
        crew__trace_leave(&r->trace, traced);
    crew__worker = outer;
    crew__fp_leave(before);
}

/* What a closed team's blocks say of `items` items. */
static void learn_items(const struct crew__run_state *r, size_t items)
{
    int64_t spent = 1;
    bool uneven = false;
    for (int id = 0; id < r->width; id++) {
        spent += r->ranges[id].finished - r->ranges[id].started;
        uneven |= r->ranges[id].uneven;
    }
    const double item_ns = (double)spent / r->per_ns / (double)items;
    if (r->site)
        r->site->item_ns = (float)item_ns;
    crew__site_learn_blocks(r->ways, item_ns, r->expected, uneven);
}

static uint32_t half_range(size_t units)
{
    return units < UINT32_MAX / 2 ? (uint32_t)units : UINT32_MAX / 2;
}

/* A stretch of slow items inside of one block is one thread's. Where the last teams met such a block, no block is
   longer than a small part of the loop, though long enough to cost 1 to 4 % for itself: 10^4 items, of which a
   hundredth in a row take a hundred times as long, 374 us alone, took 277 us on two threads, now 193 (dynamic,16: 210).
 */
static double longest_block(const struct crew__run_state *r, size_t items)
{
    if (r->even)
        return (double)EVEN_BLOCKS * crew__tuning.block_ns;
    if (!r->ways || r->ways->rough == 0)
        return crew__tuning.block_ns;
    const double part = (double)r->ways->work * (double)items / ROUGH_PARTS / r->width;
    const double least = part > ROUGH_NS ? part : ROUGH_NS;
    return least < crew__tuning.block_ns ? least : crew__tuning.block_ns;
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
    r->even = r->ways && crew__ways_even(r->ways) && !r->watch.active && !r->loop->in_order;
    r->longest = longest_block(r, n - done);
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
        r->ranges[id].uneven = false;
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
    if (r->ways && !r->late)
        learn_items(r, n - done);
    crew__scratch_give(many);
}
