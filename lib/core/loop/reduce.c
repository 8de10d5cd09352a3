/* crew_reduce: blocks cut by n, grain and size alone, an accumulator each, merged pairwise level by level: block k with
   k + 1, then the results of 0 and 2, and so on. The tree's shape does not depend on who computes it. */
#define _POSIX_C_SOURCE 200809L
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include "reduce_cut.h"
#include "runner.h"
#include "sites.h"
#include "watch.h"
#include <crew/reduce.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum {
    ALIGN = 64,        /* of an accumulator: no two share a cache line */
    LOOKED_AT = 32,    /* merges between two looks at the clock */
    FOLDED_MORE = 7,   /* folds after one, after eight, ... */
    STACK_BYTES = 4096 /* scratch on the stack: CREW__FEW_BLOCKS small accumulators */
};

/* What one thread folds, and merges, before a team is asked for. */
static const double QUICK_NS = 1000;

struct reduction {
    int (*fold)(size_t begin, size_t end, void *acc, void *ctx); /* first: by_site */
    const crew_reducer *r;
    void *ctx;
    struct crew__cut blocks;
    char *accs; /* an accumulator for each block, stride bytes apart */
    size_t stride;
    unsigned char *begun; /* 1 where an accumulator was set up, so that a failed call drops just those */
    size_t step;          /* merging: accumulators k * 2 * step and k * 2 * step + step, */
    size_t left;          /* of those so many are left, */
    size_t first;         /* and so many pairs of this level are done */
    size_t folded;        /* blocks that need no loop any more */
    int code;             /* of the fold that failed there */
    double block_ns;      /* what the last of them took, where it was long */
};

static inline void set_up(const struct reduction *d, void *acc)
{
    if (d->r->size == sizeof(double)) { /* a call less */
        static const char none[sizeof(double)];
        memcpy(acc, d->r->identity ? d->r->identity : none, sizeof(double));
    } else if (d->r->identity) {
        memcpy(acc, d->r->identity, d->r->size);
    } else {
        memset(acc, 0, d->r->size);
    }
}

CREW__HOT static int fold_blocks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct reduction *d = ctx;
    for (size_t k = begin; k < end; k++) {
        char *acc = d->accs + k * d->stride;
        set_up(d, acc);
        d->begun[k] = 1;
        int code = d->r->fold(crew__cut_begin(&d->blocks, k), crew__cut_end(&d->blocks, k), acc, d->ctx);
        if (code) {
            *failed = k;
            return code;
        }
    }
    return 0;
}

/* Pairs of a level from `first` on. */
CREW__HOT static void merge_pairs(size_t begin, size_t end, void *ctx)
{
    const struct reduction *d = ctx;
    for (size_t pair = begin + d->first; pair < end + d->first; pair++) {
        char *left = d->accs + pair * 2 * d->step * d->stride;
        d->r->merge(left, left + d->step * d->stride, d->ctx);
    }
}

static void next_level(struct reduction *d)
{
    d->left -= d->left / 2;
    d->first = 0;
    d->step *= 2;
}

/* Level by level on the calling thread, as long as merges are quick: a loop for each level of a few quick ones takes
   longer than all of them. The first one tells. */
CREW__HOT static void merge_until(struct reduction *d, int64_t until)
{
    size_t unseen = LOOKED_AT - 1; /* since the last look at the clock */
    while (d->left > 1) {
        for (const size_t pairs = d->left / 2; d->first < pairs;) {
            size_t some = LOOKED_AT - unseen, many = pairs - d->first < some ? pairs - d->first : some;
            merge_pairs(0, many, d);
            d->first += many;
            unseen += many;
            if (unseen < LOOKED_AT)
                continue;
            unseen = 0;
            if (crew__ticks() > until)
                return;
        }
        next_level(d);
    }
}

CREW__HOT static void merge_quickly(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    merge_until(ctx, crew__ticks() + (int64_t)(QUICK_NS * crew__ticks_per_ns()));
}

static void start_merging(struct reduction *d)
{
    d->step = 1;
    d->first = 0;
    d->left = d->blocks.count;
}

/* The first blocks, all where they are quick, and then the merges: a loop costs as much as 50 small blocks. The clock,
   which takes as long as three small blocks, is not read after the last one: the first merge tells as well. */
CREW__HOT static void fold_quickly(size_t begin, size_t end, void *ctx)
{
    struct reduction *d = ctx;
    (void)begin;
    (void)end;
    const double per_ns = crew__ticks_per_ns();
    const int64_t quick = (int64_t)(QUICK_NS * per_ns), since = d->blocks.count > 1 ? crew__ticks() : 0;
    int64_t then = since;
    size_t failed;
    for (;;) {
        size_t left = d->blocks.count - d->folded, many = d->folded > 0 ? d->folded * FOLDED_MORE : 1;
        many = many < left ? many : left;
        d->code = fold_blocks(d->folded, d->folded + many, d, &failed);
        if (d->code)
            return;
        d->folded += many;
        if (many == left)
            break;
        const int64_t now = crew__ticks();
        if (now - since > quick) {
            d->block_ns = (double)(now - then) / per_ns / (double)many;
            return;
        }
        then = now;
    }
    merge_until(d, then + quick);
}

/* quick: the blocks were. Accumulators that take long to merge take long to set up and to fold too. */
CREW__HOT static void merge_all(struct reduction *d, int threads, bool quick)
{
    crew_options opt = {.threads = threads};
    if (quick && !crew__tuning.always_open && d->left > 1)
        crew__run(&(struct crew__loop){.n = 1, .each = merge_quickly, .ctx = d, .item_ns = QUICK_NS, .part = 1});
    while (d->left > 1) {
        /* an odd accumulator out waits for the next level */
        struct crew__loop loop = {.n = d->left / 2 - d->first, .each = merge_pairs, .ctx = d, .opt = &opt, .part = 1};
        crew__run(&loop);
        next_level(d);
    }
}

static void drop_all(const struct reduction *d)
{
    for (size_t k = 0; d->r->drop && k < d->blocks.count; k++)
        if (d->begun[k])
            d->r->drop(d->accs + k * d->stride, d->ctx);
}

/* The exact failing index in block k, by folding it again item by item; accumulators are crew's, so nobody sees that.
   The block's first item where the failure does not come back. */
static size_t find_failure(const struct reduction *d, size_t k)
{
    size_t from = crew__cut_begin(&d->blocks, k), to = crew__cut_end(&d->blocks, k);
    char *acc = d->accs + k * d->stride;
    size_t at = from;
    if (d->r->drop)
        d->r->drop(acc, d->ctx);
    set_up(d, acc);
    while (at < to && d->r->fold(at, at + 1, acc, d->ctx) == 0)
        at++;
    return at < to ? at : from;
}

CREW__HOT static int fold_more(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct reduction *d = ctx;
    int code = fold_blocks(d->folded + begin, d->folded + end, ctx, failed);
    if (code)
        *failed -= d->folded;
    return code;
}

/* A call of a site whose calls take little, without options, and nobody watches. */
static int run_brief(struct reduction *d)
{
    crew__run(&(struct crew__loop){.n = 1, .each = fold_quickly, .ctx = d, .item_ns = QUICK_NS, .part = 1});
    const bool quick = d->folded == d->blocks.count;
    if (!quick && d->code == 0) {
        crew__site_of_calls((uintptr_t)d->fold, d->blocks.n)->item_ns = (float)(d->block_ns / (double)d->blocks.size);
        struct crew__loop loop = {
            .n = d->blocks.count - d->folded, .fn = fold_more, .ctx = d, .by_site = CREW__BY_BLOCK};
        d->code = crew__run(&loop);
    }
    if (d->code == 0 && d->left > 1)
        merge_all(d, 0, quick);
    return d->code;
}

static int run_long(struct reduction *d, struct crew__site *site, const crew_options *opt)
{
    size_t failed = SIZE_MAX;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    own.grain = 0;
    struct crew__loop loop = {.n = d->blocks.count,
                              .fn = fold_blocks,
                              .ctx = d,
                              .opt = opt ? &own : NULL,
                              .by_site = CREW__BY_ITEM,
                              .per_item = d->blocks.size,
                              .total = d->blocks.n};
    const int64_t since = crew__ticks();
    int code = crew__run(&loop);
    if (failed != SIZE_MAX && opt && opt->failed)
        *opt->failed = find_failure(d, failed);
    if (code)
        return code;
    if (site) {
        crew__site_learn_call(site, since, d->blocks.n);
        merge_all(d, own.threads, (double)site->item_ns * (double)d->blocks.n < 20 * QUICK_NS);
    }
    return 0;
}

CREW__HOT static int run_reduction(struct reduction *d, void *result, const crew_options *opt)
{
    start_merging(d);
    struct crew__site *site = d->blocks.count > 1 ? crew__site_of_calls((uintptr_t)d->fold, d->blocks.n) : NULL;
    const bool brief = !site || crew__site_is_brief(site, d->blocks.n);
    int code = brief && !opt && crew__unwatched(NULL) ? run_brief(d) : run_long(d, site, opt);
    if (code)
        drop_all(d);
    else
        memcpy(result, d->accs, d->r->size);
    return code;
}

CREW__HOT int crew_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, const crew_options *opt)
{
    if (!r || r->size == 0 || !r->fold || !r->merge || !result || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    struct reduction d = {.fold = r->fold, .r = r, .ctx = ctx};
    if (n == 0) {
        set_up(&d, result);
        return 0;
    }
    d.blocks = crew__reduce_cut(n, r->size, opt ? opt->grain : 0);
    const size_t count = d.blocks.count;
    d.stride = r->size + (ALIGN - r->size % ALIGN) % ALIGN;
    size_t bytes;
    if (d.stride < r->size || !crew__mul(count, d.stride, &bytes) || bytes > SIZE_MAX - count)
        return -EOVERFLOW;

    _Alignas(ALIGN) char small[STACK_BYTES + CREW__FEW_BLOCKS];
    char *scratch = bytes + count <= sizeof small ? small : crew__scratch_take(bytes + count);
    if (!scratch)
        return -ENOMEM;
    d.accs = scratch;
    d.begun = (unsigned char *)scratch + bytes;
    memset(d.begun, 0, count);
    int code = run_reduction(&d, result, opt);
    if (scratch != small)
        crew__scratch_give_or_free(scratch);
    return code;
}
