/* The loops that count into tables and add them up: crew__count_bins. */
#include "bincount_tables.h"
#include "../../core/base/compiler.h"
#include "../../core/base/scratch.h"
#include "../../core/base/threads.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK = 8192,      /* elements that a loop's item stands for */
    PARALLEL = 16384,  /* fewest elements for two threads */
    DIRECT = 1024,     /* elements that are not worth a table */
    MOST_SLOTS = 1024, /* tables */
    MERGE_BINS = 1024, /* bins that a merging loop's item stands for */
    LANES = 4          /* of a table of lanes */
};

/* One pass adds at most so many elements, so that no 32-bit counter overflows. */
static const size_t PASS = (size_t)1 << 31;

/* A list holds 32-bit keys, and width itself is one. */
static const size_t MOST_WIDTH = (size_t)1 << 31;

enum slot_state { FRESH, USED, TAKEN };

/* In front of a table's cells. The state is on no line that another thread writes: 0.95 of the time with 3 * 10^5 keys.
 */
struct slot {
    struct crew__table table;
    _Atomic unsigned char state;
};

_Static_assert(sizeof(struct slot) <= CREW__CACHE_LINE, "cells begin on the next line");

struct pass {
    const struct crew__bincount *what;
    size_t first, n; /* elements of this pass */
    size_t width;
    char *tables;
    size_t table_size;
    int slots;
    atomic_flag *adding; /* a list is being added to counts */
    void *counts;
    size_t bins;             /* of counts, at most what->bins */
    struct crew__cut blocks; /* of n */
    struct crew__cut merges; /* of bins */
    int add;                 /* counts has something already */
    _Atomic uint64_t in_range;
};

static bool has_lanes(const struct crew__bincount *what)
{
    return what->bins <= CREW__LANE_BINS && !what->scattered;
}

static size_t cells_size(const struct crew__bincount *what, size_t width)
{
    size_t bins = what->bins, cells = width + CREW__TABLE_PAD;
    size_t bytes = has_lanes(what)           ? LANES * sizeof(uint32_t) * cells
                   : bins <= CREW__WORD_BINS ? sizeof(uint32_t) * cells
                                             : cells;
    return (bytes + CREW__CACHE_LINE - 1) / CREW__CACHE_LINE * CREW__CACHE_LINE;
}

static size_t table_size(const struct crew__bincount *what, size_t width)
{
    return CREW__CACHE_LINE + cells_size(what, width) +
           (what->bins > CREW__WORD_BINS ? CREW__TABLE_LIST * sizeof(uint32_t) : 0);
}

static struct slot *slot_of(const struct pass *p, int s)
{
    return (struct slot *)(void *)(p->tables + (size_t)s * p->table_size);
}

static void make_table(const struct pass *p, struct slot *slot)
{
    char *cells = (char *)slot + CREW__CACHE_LINE;
    size_t size = cells_size(p->what, p->width);
    slot->table = (struct crew__table){.width = p->width,
                                       .lanes = has_lanes(p->what),
                                       .list = (void *)(cells + size),
                                       .words = (void *)cells,
                                       .bytes = (void *)cells};
    memset(cells, 0, size);
}

/* A table that nobody uses: there are as many as threads. Which one is no matter, because integers are added; a thread
   looks at its own first, which is in its cache. */
static struct slot *take_slot(struct pass *p)
{
    int own = crew__worker < 0 ? 0 : crew__worker % p->slots;
    for (int s = own;; s = s + 1 < p->slots ? s + 1 : 0) {
        struct slot *slot = slot_of(p, s);
        unsigned char was = atomic_exchange_explicit(&slot->state, TAKEN, memory_order_acquire);
        if (was == TAKEN)
            continue;
        if (was == FRESH)
            make_table(p, slot);
        return slot;
    }
}

static void add_list(struct pass *p, struct crew__table *t)
{
    uint64_t added = 0;
    for (size_t i = 0; i < t->listed; i++)
        if (t->list[i] < p->bins) {
            if (p->what->narrow)
                ((uint32_t *)p->counts)[t->list[i]] += 256;
            else
                ((uint64_t *)p->counts)[t->list[i]] += 256;
            added += 256;
        }
    t->listed = 0;
    atomic_fetch_add_explicit(&p->in_range, added, memory_order_relaxed);
}

static void count_blocks(size_t begin, size_t end, void *ctx)
{
    struct pass *p = ctx;
    const struct crew__bincount *what = p->what;
    size_t from = crew__cut_begin(&p->blocks, begin), to = crew__cut_end(&p->blocks, end - 1);
    struct slot *slot = take_slot(p);
    struct crew__table *table = &slot->table;
    size_t most = what->bins > CREW__WORD_BINS ? CREW__TABLE_BLOCK : to - from;
    for (size_t next; from < to; from = next) {
        next = to - from < most ? to : from + most;
        what->in_table(p->first + from, p->first + next, what->ctx, table, what->bins);
        if (CREW__UNLIKELY(table->listed > CREW__TABLE_LIST - CREW__TABLE_BLOCK)) {
            while (atomic_flag_test_and_set_explicit(p->adding, memory_order_acquire))
                ;
            add_list(p, table);
            atomic_flag_clear_explicit(p->adding, memory_order_release);
        }
    }
    atomic_store_explicit(&slot->state, USED, memory_order_release);
}

/* sums[k] += the cells from .. from + count - 1 of a table. */
static void add_table(const struct pass *p, const struct crew__table *t, size_t from, size_t count, uint32_t *sums)
{
    const size_t stride = t->width + CREW__TABLE_PAD;
    const uint32_t *a = t->words + from, *b = a + stride, *c = b + stride, *d = c + stride;
    const uint8_t *bytes = t->bytes + from;
    if (t->lanes)
        for (size_t k = 0; k < count; k++)
            sums[k] += (a[k] + b[k]) + (c[k] + d[k]);
    else if (p->what->bins <= CREW__WORD_BINS)
        for (size_t k = 0; k < count; k++)
            sums[k] += a[k];
    else
        for (size_t k = 0; k < count; k++)
            sums[k] += bytes[k];
}

static void merge_bins(size_t begin, size_t end, void *ctx)
{
    struct pass *p = ctx;
    uint32_t all = 0, sums[MERGE_BINS];
    const int add = p->add;
    for (size_t m = begin; m < end; m++) {
        size_t from = crew__cut_begin(&p->merges, m), count = crew__cut_end(&p->merges, m) - from;
        memset(sums, 0, sizeof sums);
        for (int s = 0; s < p->slots; s++)
            if (atomic_load_explicit(&slot_of(p, s)->state, memory_order_relaxed) == USED)
                add_table(p, &slot_of(p, s)->table, from, count, sums);
        if (p->what->narrow) {
            uint32_t *counts = (uint32_t *)p->counts + from;
            for (size_t b = 0; b < count; b++) {
                counts[b] = sums[b] + (add ? counts[b] : 0);
                all += sums[b];
            }
            continue;
        }
        uint64_t *counts = (uint64_t *)p->counts + from;
        for (size_t b = 0; b < count; b++) {
            counts[b] = sums[b] + (add ? counts[b] : 0);
            all += sums[b]; /* of elements of one pass */
        }
    }
    atomic_fetch_add_explicit(&p->in_range, all, memory_order_relaxed);
}

static void clear_bins(size_t begin, size_t end, void *ctx)
{
    struct pass *p = ctx;
    size_t from = crew__cut_begin(&p->merges, begin), to = crew__cut_end(&p->merges, end - 1);
    const size_t size = crew__counter_size(p->what);
    memset((char *)p->counts + from * size, 0, (to - from) * size);
}

static void clear_counts(struct pass *p)
{
    /* Up to a second-level cache's size, what one thread cleared is faster to write again for that one. */
    if (p->bins >= 128 * MERGE_BINS)
        crew__each(p->merges.count, clear_bins, p, 0.3 * (double)MERGE_BINS);
    else if (p->bins > 0)
        memset(p->counts, 0, p->bins * crew__counter_size(p->what));
    p->add = 1;
}

/* Tables that the scratch rule allows and that pay. Making and adding one costs as much as counting about so many
 * elements. */
static int slots_for(const struct crew__bincount *what, size_t n, size_t width)
{
    size_t price = has_lanes(what) ? 4 * width : what->bins <= CREW__WORD_BINS ? 2 * width : width / 8;
    if (n < 2 * price)
        return 0;
    size_t slots = n / price, budget = n * what->size / table_size(what, width);
    size_t blocks = n / BLOCK + 1, threads = n < PARALLEL ? 1 : (size_t)crew__resolve_threads(0);
    slots = slots < budget ? slots : budget;
    slots = slots < blocks ? slots : blocks;
    slots = slots < threads ? slots : threads;
    /* A table without lanes only pays for being narrower than the counts, where those are not in the first cache. */
    if ((slots == 1 || n < 2 * PARALLEL) && what->scattered && what->bins <= CREW__LANE_BINS)
        return 0;
    return slots < MOST_SLOTS ? (int)slots : MOST_SLOTS;
}

static CREW__NOINLINE int count_in_tables(struct pass *p)
{
    atomic_flag adding = ATOMIC_FLAG_INIT;
    for (p->width = 1; p->width < p->what->bins; p->width *= 2)
        ;
    p->slots = slots_for(p->what, p->n, p->width);
    if (p->slots == 0)
        return 0;
    p->table_size = table_size(p->what, p->width);
    p->tables = crew__scratch_take((size_t)p->slots * p->table_size);
    if (p->tables == NULL)
        return 0;
    for (int s = 0; s < p->slots; s++)
        atomic_init(&slot_of(p, s)->state, FRESH);
    /* It outlives the loops below, which are all that looks at it. */
    /* cppcheck-suppress autoVariables */
    p->adding = &adding;
    /* A table's bytes start over once in 256 elements at the most: with fewer, no list is added before the others are.
     */
    if (!p->add && p->what->bins > CREW__WORD_BINS && p->n / 256 > CREW__TABLE_LIST - CREW__TABLE_BLOCK)
        clear_counts(p);
    p->blocks = crew__cut_by(p->n, BLOCK);
    struct crew__loop loop = {
        .n = p->blocks.count,
        .each = count_blocks,
        .ctx = p,
        .opt = &(crew_options){.threads = p->slots},
        .item_ns = (double)BLOCK * p->what->item_ns,
    };
    crew__run(&loop);
    crew__each(p->merges.count, merge_bins, p, (double)MERGE_BINS * (0.2 + 0.15 * p->slots));
    for (int s = 0; s < p->slots; s++)
        if (atomic_load_explicit(&slot_of(p, s)->state, memory_order_relaxed) == USED)
            add_list(p, &slot_of(p, s)->table);
    crew__scratch_give(p->tables);
    p->add = 1;
    return 1;
}

uint64_t crew__count_bins(const struct crew__bincount *what, void *counts, size_t bins)
{
    const size_t size = crew__counter_size(what);
    struct pass p = {.what = what, .counts = counts, .bins = bins < what->bins ? bins : what->bins};
    p.merges = crew__cut_by(p.bins, MERGE_BINS);
    do {
        p.n = what->n - p.first < PASS ? what->n - p.first : PASS;
        if (p.n <= DIRECT || what->bins > MOST_WIDTH || what->bins / 4 > p.n || !count_in_tables(&p)) {
            if (!p.add)
                clear_counts(&p);
            p.in_range += what->directly(p.first, p.first + p.n, what->ctx, counts, p.bins);
        }
        p.first += p.n;
    } while (p.first < what->n);
    if (bins > p.bins)
        memset((char *)counts + p.bins * size, 0, (bins - p.bins) * size);
    return p.in_range;
}

int crew__range_result(size_t out, size_t *out_of_range)
{
    if (out_of_range == NULL)
        return out == 0 ? 0 : -ERANGE;
    *out_of_range = out;
    return 0;
}
