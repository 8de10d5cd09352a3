/* Replays the block runner: its probe, its split, its blocks and its steals, the last two with the library's code. */
#include "../../lib/core/loop/cut.h"
#include "../../lib/core/loop/ranges.h"
#include "../../lib/core/loop/runner.h"
#include "model.h"
#include <stdlib.h>

struct worker {
    double item, span; /* what an item cost last, how long the next block may take */
    uint32_t random;
    uint32_t begin, end; /* what it has stolen: seen by others when the lines have come, as it takes from it at once */
    struct model_line line; /* of its range */
};

struct loop {
    const struct model_costs *c;
    const double *sum;
    size_t base, n;
    int width;
    struct crew__range *ranges;
    struct worker *workers;
    struct model_run *run;
};

static uint32_t units(double item, double ns)
{
    double count = item > 0 ? ns / item : 1e9;
    uint32_t whole = count < 1e9 ? (uint32_t)count : 1000000000u;
    return whole >= 64 ? whole & ~63u : whole > 0 ? whole : 1;
}

/* The caller alone. Returns the items that it has done when a team is worth while, n where none is. */
static size_t probe(const struct loop *l, double *item)
{
    size_t size = 1, done = 0;
    double believe = 1000, target = 500;
    while (done < l->n) {
        size_t count = l->n - done < size ? l->n - done : size;
        double spent = l->sum[done + count] - l->sum[done];
        size_t last = done;
        done += count;
        size_t most = last == 0 ? 7 * done : done > l->n / 15 ? l->n : 15 * done;
        size = most;
        if (spent < 200)
            continue;
        *item = spent / (double)count;
        double left = *item * (double)(l->n - done);
        if (spent > believe) {
            if (left * (1 - 1.0 / l->width) >= 1.5 * l->c->launch + 1000)
                return done;
            target = 4000;
        }
        believe = 300;
        size = (size_t)(target / *item) < most ? (size_t)(target / *item) : most;
        size = size > 0 ? size : 1;
    }
    return l->n;
}

/* Looks of a thief: the pairs that it has drawn, and everybody where those were empty. */
static int looks(uint32_t before, uint32_t after, int width, bool found)
{
    int drawn = 0;
    for (; before != after; drawn++)
        before = before * 1664525u + 1013904223u;
    return drawn == 0 || !found ? drawn + width : drawn;
}

/* The time at which the thief has something, -1 where there is nothing. */
static double steal(struct loop *l, int id, double now)
{
    struct worker *w = &l->workers[id];
    uint64_t word;
    uint32_t before = w->random;
    int from = crew__range_victim(l->ranges, l->width, &w->random, &word);
    now += looks(before, w->random, l->width, from >= 0) * l->c->line;
    if (from < 0)
        return -now;
    uint32_t left = crew__range_left(word), half = left - left / 2, end = (uint32_t)word;
    crew__range_set(&l->ranges[from], (uint32_t)(word >> 32), end - half);
    w->begin = end - half;
    w->end = end;
    l->run->steals++;
    return model_write(&l->workers[from].line, id, now + l->c->steal, l->c);
}

/* One block, or one steal. Negative: the worker has left, at that time. */
static double step(struct loop *l, int id, double now)
{
    struct worker *w = &l->workers[id];
    const double most = crew__tuning.block_ns, shortest = most / 16;
    uint32_t begin, end;
    if (w->begin < w->end)
        crew__range_set(&l->ranges[id], w->begin, w->end);
    w->begin = w->end;
    if (!crew__range_take(&l->ranges[id], units(w->item, w->span), units(w->item, shortest), 4, &begin, &end)) {
        w->span = shortest;
        return steal(l, id, now);
    }
    now = model_write(&w->line, id, now, l->c);
    double spent = l->sum[l->base + end] - l->sum[l->base + begin] + l->c->block, cost = spent / (end - begin);
    w->span = w->span < most ? w->span * 2 : w->span;
    w->item = cost;
    l->run->blocks++;
    return now + spent;
}

static double team(struct loop *l, double item)
{
    size_t left = l->n - l->base;
    int parts = left < (size_t)l->width ? (int)left : l->width;
    size_t from = l->base < l->n / (size_t)parts / 2 ? 0 : l->base;
    uint32_t begin = 0;
    struct model_queue q;
    model_queue_open(&q, l->width);
    for (int id = 0; id < l->width; id++) {
        size_t stop = id < parts ? crew__range_begin(from, l->n, id + 1, parts) : l->n;
        uint32_t end = stop > l->base ? (uint32_t)(stop - l->base) : 0;
        crew__range_set(&l->ranges[id], begin, end);
        begin = end;
        l->workers[id] = (struct worker){item, crew__tuning.block_ns / 16, (uint32_t)id * 2654435761u, 0,
                                         0,    {.owner = 0, .free = 0}};
        model_queue_put(&q, id, model_begin(l->c, id, l->width));
    }
    double *ends = malloc((size_t)l->width * sizeof *ends);
    if (!ends)
        abort();
    while (q.count > 0) {
        int id = model_queue_take(&q);
        double next = step(l, id, q.when[id]);
        if (next < 0)
            ends[id] = -next;
        else
            model_queue_put(&q, id, next);
    }
    double ns = model_end(l->c, ends, l->width);
    free(ends);
    model_queue_close(&q);
    return ns;
}

struct model_run model_loop(const struct model_costs *c, const double *sum, size_t n, int width, double item_ns)
{
    struct model_run run = {sum[n], 1, 0};
    struct loop l = {.c = c, .sum = sum, .n = n, .width = width, .run = &run};
    double item = item_ns;
    if (item_ns > 0)
        l.base = item_ns * (double)n * (1 - 1.0 / width) < 1.5 * c->launch + 1000 ? n : 0;
    else
        l.base = probe(&l, &item);
    if (width < 2 || l.base == n)
        return run;
    l.ranges = aligned_alloc(CREW__CACHE_LINE, (size_t)width * sizeof *l.ranges);
    l.workers = malloc((size_t)width * sizeof *l.workers);
    if (!l.ranges || !l.workers)
        abort();
    run.ns = sum[l.base] + team(&l, item);
    free(l.ranges);
    free(l.workers);
    return run;
}

/* As crew__merge_sort: at most 256 blocks, sorted each alone, then levels of splits and merges, a loop each. */
struct model_run model_sort(const struct model_costs *c, size_t n, double level, int width)
{
    enum { BLOCKS = 256, LEAST_BLOCK = 1024 };
    struct crew__cut blocks = crew__cut_into(n, BLOCKS);
    if (blocks.size < LEAST_BLOCK)
        blocks = crew__cut_by(n, LEAST_BLOCK);
    double sorts[BLOCKS + 1] = {0}, splits[BLOCKS + 1] = {0}, merges[BLOCKS + 1] = {0}, levels = 0;
    for (size_t m = blocks.size; m > 1; m /= 2)
        levels++;
    for (size_t p = 0; p < blocks.count; p++) {
        double size = (double)(crew__cut_end(&blocks, p) - crew__cut_begin(&blocks, p));
        sorts[p + 1] = sorts[p] + size * levels * level;
        merges[p + 1] = merges[p] + size * level;
        splits[p + 1] = splits[p] + 60 * level;
    }
    double known = 5 * (double)blocks.size; /* what the sort tells the runner */
    struct model_run all = model_loop(c, sorts, blocks.count, width, known * levels);
    for (size_t runs = 1; runs < blocks.count; runs *= 2) {
        struct model_run split = model_loop(c, splits, blocks.count, width, 300);
        struct model_run merge = model_loop(c, merges, blocks.count, width, known);
        all.ns += split.ns + (double)blocks.count + merge.ns;
        all.blocks += split.blocks + merge.blocks;
        all.steals += split.steals + merge.steals;
    }
    return all;
}
