/* crew_group_by_bytes: a tally of the keys numbers the groups, then every item asks it for its number. */
#define _POSIX_C_SOURCE 200809L
#include "../base/clock.h"
#include "../base/memory.h"
#include <crew/for.h>
#include <crew/reduce.h>
#include <crew/tally.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

struct grouping {
    const crew_bytes *keys;
    size_t n;
    const crew_options *given;
    size_t before, total; /* items that earlier passes have counted */
    crew_tally groups;
    uint32_t *number; /* of each item's group */
};

struct tally {
    crew_tally t;
    int error;
};

static int add_keys(size_t begin, size_t end, void *acc, void *ctx)
{
    const struct grouping *g = ctx;
    struct tally *tally = acc;
    for (size_t i = begin; i < end && !tally->error; i++)
        tally->error = crew_tally_add(&tally->t, g->keys[i].size ? g->keys[i].data : "", g->keys[i].size, 0);
    return tally->error;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    struct tally *to = acc, from = *(const struct tally *)right;
    to->error = to->error ? to->error : from.error;
    if (!to->error)
        to->error = crew_tally_merge(&to->t, &from.t);
    crew_tally_free(&from.t);
}

static void drop(void *acc, void *ctx)
{
    (void)ctx;
    crew_tally_free(&((struct tally *)acc)->t);
}

static int number_items(size_t begin, size_t end, void *ctx)
{
    const struct grouping *g = ctx;
    for (size_t i = begin; i < end; i++) {
        const crew_bytes *key = &g->keys[i];
        const crew_tally_entry *found = crew_tally_find(&g->groups, key->size ? key->data : "", key->size);
        g->number[i] = (uint32_t)(found - g->groups.entries);
    }
    return 0;
}

/* Only the last report of the last pass is one of an end. */
static void tell(size_t done, size_t total, void *ctx)
{
    const struct grouping *g = ctx;
    if (done < total || g->before + total == g->total)
        g->given->progress(g->before + done, g->total, g->given->progress_ctx);
}

static void place(const struct grouping *g, size_t *offsets, size_t *indices)
{
    const size_t count = g->groups.used;
    size_t at = 0;
    for (size_t k = 0; k < count; k++) {
        offsets[k] = at;
        at += g->groups.entries[k].count;
    }
    for (size_t i = 0; i < g->n && indices; i++)
        indices[offsets[g->number[i]]++] = i;
    /* Each has moved to where the next group begins. */
    if (indices && count > 0)
        memmove(offsets + 1, offsets, (count - 1) * sizeof *offsets);
    offsets[0] = 0;
    offsets[count] = g->n;
}

static int group(struct grouping *g, crew_bytes_order order, crew_options *opt)
{
    const double deadline = opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
    struct tally all = {.error = 0};
    const crew_reducer reducer = {sizeof all, NULL, add_keys, merge, drop};
    int error = crew_reduce(g->n, &reducer, g, &all, opt);
    if (error || all.error) {
        crew_tally_free(&all.t);
        return error ? error : all.error;
    }
    g->groups = all.t;
    if (order == CREW_BYTES_SORTED)
        crew_tally_sort_by_key(&g->groups);
    if (!g->number)
        return 0;
    g->before = g->n;
    if (deadline > 0) {
        double left = deadline - crew__seconds();
        opt->timeout = left > 1e-9 ? left : 1e-9;
    }
    return crew_for(g->n, number_items, g, opt);
}

int crew_group_by_bytes(const crew_bytes *keys, size_t n, crew_bytes_order order, size_t *offsets, size_t *indices,
                        size_t *groups, const crew_options *opt)
{
    size_t bytes, all;
    crew_options own = opt ? *opt : (crew_options){0};
    if (!groups || (n > 0 && !keys) || (order != CREW_BYTES_FIRST_SEEN && order != CREW_BYTES_SORTED) ||
        !(own.timeout >= 0)) /* catches NaN too */
        return -EINVAL;
    if (!crew__mul(n, sizeof(uint32_t), &bytes) || !crew__mul(n, 2, &all))
        return -EOVERFLOW;
    struct grouping g = {.keys = keys, .n = n, .given = opt, .total = indices ? all : n};
    if (own.progress) {
        own.progress = tell;
        own.progress_ctx = &g;
    }
    own.failed = NULL;
    own.grain = 0;
    g.number = indices && n > 0 ? crew__alloc(bytes) : NULL;
    size_t *starts = offsets;
    if (indices && n > 0 && !g.number)
        return -ENOMEM;
    int error = group(&g, order, &own);
    if (!error && indices && !offsets) {
        starts = crew__alloc((g.groups.used + 1) * sizeof *starts);
        error = starts ? 0 : -ENOMEM;
    }
    if (!error && starts)
        place(&g, starts, indices);
    if (!error)
        *groups = g.groups.used;
    if (starts != offsets)
        crew__free(starts);
    crew__free(g.number);
    crew_tally_free(&g.groups);
    return error;
}
