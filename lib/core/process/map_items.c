/* Where the items of a map are: taken from workers as results, as failures, or to be handed to others. */
#define _POSIX_C_SOURCE 200809L
#include "map_items.h"

#ifdef __linux__

#include <errno.h>
#include <string.h>

void crew__map_put(struct crew__map_run *r, size_t begin, size_t count)
{
    if (!crew__pending_put(&r->pending, begin, count))
        r->error = -ENOMEM;
}

/* Items that have succeeded. */
static void keep(struct crew__map_run *r, size_t begin, size_t count, const char *results)
{
    struct crew__map *m = &r->map;
    if (!m->in_place)
        memcpy(m->out + begin * m->out_size, results, count * m->out_size);
    if (r->options.status)
        memset(r->options.status + begin, 0, count * sizeof *r->options.status);
    if (r->journal && !r->error)
        r->error = crew__journal_add(r->journal, begin, count, results);
    r->left -= count;
    r->deaths = r->idle_deaths = r->forks_failed = 0;
}

void crew__map_fail(struct crew__map_run *r, size_t item, int status, bool stops)
{
    if (r->options.status)
        r->options.status[item] = status;
    r->left--;
    crew__watch_fail(&r->watch, item, status);
    if (stops && item < r->stop_from)
        r->stop_from = item;
}

/* `done` items of a batch have ended; what is left of it stays in workers[i].batch. */
static void take_results(struct crew__map_run *r, int i, unsigned number, size_t done, bool succeeded)
{
    struct crew__map_given *g = &r->workers[i].batch[number & 1];
    int *codes = crew__map_codes(&r->map, i, number);
    const char *results =
        r->map.in_place ? r->map.out + g->begin * r->map.out_size : crew__map_results(&r->map, i, number);
    done = done < g->count ? done : g->count;
    for (size_t k = 0; k < done;) {
        size_t from = k;
        k = succeeded ? done : k;
        while (k < done && codes[k] == 0)
            k++;
        if (k > from)
            keep(r, g->begin + from, k - from, results + from * r->map.out_size);
        if (k < done) {
            crew__map_fail(r, g->begin + k, codes[k], r->map.stops);
            codes[k++] = 0;
        }
    }
    g->begin += done;
    g->count -= done;
    crew__watch_count(&r->watch, done);
}

bool crew__map_take_finished(struct crew__map_run *r, int i)
{
    struct crew__map_worker *w = &r->workers[i];
    const struct crew__map_slot *slot = crew__map_slot(&r->map, i);
    unsigned finished = atomic_load_explicit((atomic_uint *)&slot->finished, memory_order_acquire);
    bool any = false;
    while (w->taken != finished && w->taken != w->given) {
        unsigned number = ++w->taken;
        const struct crew__map_batch *batch = &slot->batch[number & 1];
        size_t done = batch->done;
        double ns = (double)batch->ns / (double)(done ? done : 1);
        if (done > 0)
            r->item_ns = r->item_ns == 0 || ns > r->item_ns ? ns : (3 * r->item_ns + ns) / 4;
        take_results(r, i, number, done, batch->failed == 0);
        struct crew__map_given *g = &w->batch[number & 1];
        crew__map_put(r, g->begin, g->count);
        any = true;
    }
    return any;
}

bool crew__map_take_rest(struct crew__map_run *r, int i, size_t *item)
{
    struct crew__map_worker *w = &r->workers[i];
    crew__map_take_finished(r, i);
    if (w->given == w->taken)
        return false;
    uint64_t step = atomic_load(&crew__map_slot(&r->map, i)->head.step);
    size_t done = (size_t)(uint32_t)step / 2;
    unsigned number = w->taken + 1;
    struct crew__map_given *g = &w->batch[number & 1], *next = &w->batch[(number + 1) & 1];
    bool ran = false;
    if ((unsigned)(step >> 32) == number) {
        ran = (step & 1) && done < g->count;
        take_results(r, i, number, done, false);
    }
    if (ran) {
        *item = g->begin++;
        g->count--;
        crew__map_restore(&r->map, i, done, *item);
    }
    if (w->given == number + 1)
        crew__map_put(r, next->begin, next->count);
    crew__map_put(r, g->begin, g->count);
    w->taken = w->given;
    return ran;
}

size_t crew__map_take_back_from(struct crew__map_run *r, int i, bool all)
{
    struct crew__map_worker *w = &r->workers[i];
    size_t taken = 0;
    for (unsigned number = w->given; number != w->taken && (all || taken == 0); number--) {
        struct crew__map_given *g = &w->batch[number & 1];
        size_t count = crew__map_take_back(&crew__map_slot(&r->map, i)->batch[number & 1], all);
        count = count < g->count ? count : g->count;
        g->count -= count;
        w->items -= count;
        crew__map_put(r, g->begin + g->count, count);
        taken += count;
    }
    return taken;
}

#endif
