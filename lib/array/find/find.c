/* crew_find_first, crew_any, crew_all, crew_none: blocks are handed out in order, so that all threads work just above
   what is searched already. */
#define _POSIX_C_SOURCE 200809L
#include "../../core/base/clock.h"
#include "../../core/base/compiler.h"
#include "../../core/loop/runner.h"
#include "../../core/loop/sites.h"
#include "../filter/filter_items.h"
#include "../filter/pack_kernels.h"
#include "lowest.h"
#include <crew/find.h>
#include <errno.h>

/* Items asked about at once: few at the start, where the hit may be. One where they may take long. */
enum { FIRST_ITEMS = 64 };

struct search {
    crew_predicate *pred; /* first: by_site */
    void *ctx;
    int stop_at;       /* flag (0 or 1) of the item that ends the search */
    atomic_size_t hit; /* lowest such item; SIZE_MAX: none yet */
};

static int end_at(struct search *s, size_t i, size_t *failed)
{
    *failed = i;
    crew__lowest_set(&s->hit, i);
    return 1;
}

/* A predicate says that a block failed, not where, and there may be a hit below: where blocks are cut depends on speed,
   so the block is asked about once more, one item at a time. */
static CREW__NOINLINE int search_items(struct search *s, size_t begin, size_t end, int code, size_t *failed)
{
    for (size_t i = begin; i < end && end - begin > 1; i++) {
        unsigned char flag;
        *failed = i;
        int item_code = s->pred(i, i + 1, &flag, s->ctx);
        if (item_code)
            return item_code;
        if ((flag != 0) == s->stop_at)
            return end_at(s, i, failed);
    }
    *failed = begin;
    return code;
}

/* A hit ends the loop as a failure does: the lowest wins, blocks below it are still searched. */
static int search_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct search *s = ctx;
    unsigned char flags[CREW__FLAGS];
    int code = s->pred(begin, end, flags, s->ctx);
    if (code)
        return search_items(s, begin, end, code, failed);
    size_t n = end - begin;
    if (crew__pack_kernels()->count(flags, n) == (s->stop_at ? 0 : n))
        return 0;
    size_t i = 0;
    while ((flags[i] != 0) != s->stop_at)
        i++;
    return end_at(s, begin + i, failed);
}

static int search(size_t n, crew_predicate *pred, void *ctx, int stop_at, size_t *index, const crew_options *opt)
{
    if (!pred)
        return -EINVAL;
    struct search s = {.pred = pred, .ctx = ctx, .stop_at = stop_at};
    atomic_store_explicit(&s.hit, SIZE_MAX, memory_order_relaxed);
    size_t end = SIZE_MAX;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &end;
    const size_t start = n < FIRST_ITEMS ? n : FIRST_ITEMS;
    struct crew__site *site = n > 1 ? crew__site_of_calls((uintptr_t)pred, n) : NULL;
    const bool brief = !site || (crew__site_is_brief(site, start) && !crew__site_is_due(site));
    const int64_t started = brief ? 0 : crew__ticks();
    int code = crew__run(&(struct crew__loop){.n = n,
                                              .fn = search_block,
                                              .ctx = &s,
                                              .opt = &own,
                                              .max_block = CREW__FLAGS,
                                              .first = brief ? start : 1,
                                              .in_order = 1,
                                              .by_site = CREW__BY_BLOCK});
    if (!brief)
        crew__site_learn_call(site, started, end < n ? end + 1 : n);
    bool hit = end < n && end == atomic_load_explicit(&s.hit, memory_order_relaxed);
    if (end < n && !hit && opt && opt->failed)
        *opt->failed = end;
    if (code && !hit)
        return code;
    *index = hit ? end : n;
    return 0;
}

int crew_find_first(size_t n, crew_predicate *pred, void *ctx, size_t *index, const crew_options *opt)
{
    return index ? search(n, pred, ctx, 1, index, opt) : -EINVAL;
}

int crew_any(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt)
{
    size_t index;
    int code = result ? search(n, pred, ctx, 1, &index, opt) : -EINVAL;
    if (code == 0)
        *result = index < n;
    return code;
}

int crew_all(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt)
{
    size_t index;
    int code = result ? search(n, pred, ctx, 0, &index, opt) : -EINVAL;
    if (code == 0)
        *result = index == n;
    return code;
}

int crew_none(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt)
{
    size_t index;
    int code = result ? search(n, pred, ctx, 1, &index, opt) : -EINVAL;
    if (code == 0)
        *result = index == n;
    return code;
}
