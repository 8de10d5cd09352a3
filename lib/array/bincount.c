#include "bincount.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include "../base/threads.h"
#include "../loop/runner.h"
#include <crew/histogram.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK = 4096,      /* elements that a loop's item stands for */
    DIRECT = 1024,     /* elements that are not worth a table */
    MOST_SLOTS = 1024, /* tables */
    MERGE_BINS = 1024, /* bins that a merging loop's item stands for */
    LANES = 4          /* of a narrow table */
};

/* One pass adds at most so many elements, so that no 32-bit counter overflows. */
static const size_t PASS = (size_t)1 << 31;

enum slot_state { FRESH, USED, TAKEN };

struct pass {
    const struct crew__tally *t;
    size_t first, n; /* elements of this pass */
    char *tables;
    size_t table_size;
    int slots;
    _Atomic unsigned char *state;
    uint64_t *counts;
    size_t bins; /* of counts, at most t->bins */
    int add;     /* counts has those of earlier passes */
    _Atomic uint64_t in_range;
};

static size_t table_size(size_t width)
{
    size_t bytes = width <= CREW__TALLY_WIDE ? LANES * sizeof(uint32_t) * width : 5 * width;
    return (bytes + CREW__CACHE_LINE - 1) / CREW__CACHE_LINE * CREW__CACHE_LINE;
}

/* A table that nobody uses: there are as many as threads. Which one is no matter, because integers are added. */
static int take_slot(struct pass *p)
{
    for (int s = 0;; s = s + 1 < p->slots ? s + 1 : 0) {
        unsigned char was = atomic_exchange_explicit(&p->state[s], TAKEN, memory_order_acquire);
        if (was == TAKEN)
            continue;
        if (was == FRESH)
            memset(p->tables + (size_t)s * p->table_size, 0, p->table_size);
        return s;
    }
}

static int count_blocks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct pass *p = ctx;
    (void)failed;
    size_t from = begin * BLOCK, to = end * BLOCK < p->n ? end * BLOCK : p->n;
    int s = take_slot(p);
    p->t->fn(p->first + from, p->first + to, p->t->ctx, p->tables + (size_t)s * p->table_size, p->t->bins);
    atomic_store_explicit(&p->state[s], USED, memory_order_release);
    return 0;
}

static void add_table(const struct pass *p, const char *table, size_t from, size_t to)
{
    size_t width = p->t->width;
    const uint32_t *words = (const uint32_t *)(const void *)table;
    uint64_t *counts = p->counts;
    if (width <= CREW__TALLY_WIDE) {
        for (size_t b = from; b < to; b++)
            counts[b] += (uint64_t)words[b] + words[b + width] + words[b + 2 * width] + words[b + 3 * width];
        return;
    }
    const uint8_t *bytes = (const uint8_t *)(words + width);
    for (size_t b = from; b < to; b++)
        counts[b] += ((uint64_t)words[b] << 8) + bytes[b];
}

static uint64_t sum(const uint64_t *counts, size_t from, size_t to)
{
    uint64_t s = 0;
    for (size_t b = from; b < to; b++)
        s += counts[b];
    return s;
}

static int merge_bins(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct pass *p = ctx;
    uint64_t before = 0, after = 0;
    (void)failed;
    for (size_t m = begin; m < end; m++) {
        size_t from = m * MERGE_BINS, to = p->bins - from < MERGE_BINS ? p->bins : from + MERGE_BINS;
        if (p->add)
            before += sum(p->counts, from, to);
        else
            memset(p->counts + from, 0, (to - from) * sizeof *p->counts);
        for (int s = 0; s < p->slots; s++)
            if (atomic_load_explicit(&p->state[s], memory_order_relaxed) == USED)
                add_table(p, p->tables + (size_t)s * p->table_size, from, to);
        if (p->slots > 0)
            after += sum(p->counts, from, to);
    }
    if (p->slots > 0)
        atomic_fetch_add_explicit(&p->in_range, after - before, memory_order_relaxed);
    return 0;
}

static void merge(struct pass *p)
{
    struct crew__loop loop = {
        .n = (p->bins + MERGE_BINS - 1) / MERGE_BINS,
        .fn = merge_bins,
        .ctx = p,
        .item_ns = MERGE_BINS * (0.3 + 0.3 * p->slots),
    };
    if (loop.n < 8) {
        size_t failed;
        merge_bins(0, loop.n, p, &failed);
    } else {
        crew__run(&loop);
    }
}

/* Tables that the scratch rule allows and that pay: making and adding one costs as much as counting about as many
   elements as it has bins. */
static int slots_for(const struct crew__tally *t, size_t n)
{
    if (n <= DIRECT || t->width > n / 4)
        return 0;
    size_t slots = n / 4 / t->width, budget = n * t->size / table_size(t->width);
    size_t blocks = n / BLOCK + 1, threads = n < 4 * BLOCK ? 1 : (size_t)crew__resolve_threads(0);
    slots = slots < budget ? slots : budget;
    slots = slots < blocks ? slots : blocks;
    slots = slots < threads ? slots : threads;
    return slots < 1 ? 1 : (int)slots;
}

static CREW__NOINLINE int count_in_tables(struct pass *p)
{
    _Atomic unsigned char state[MOST_SLOTS];
    p->slots = slots_for(p->t, p->n);
    if (p->slots == 0)
        return 0;
    p->table_size = table_size(p->t->width);
    p->tables = crew__scratch_take((size_t)p->slots * p->table_size);
    if (p->tables == NULL)
        return 0;
    for (int s = 0; s < p->slots; s++)
        atomic_init(&state[s], FRESH);
    p->state = state;
    struct crew__loop loop = {
        .n = (p->n + BLOCK - 1) / BLOCK,
        .fn = count_blocks,
        .ctx = p,
        .opt = &(crew_options){.threads = p->slots},
        .item_ns = BLOCK * p->t->item_ns,
    };
    size_t failed;
    if (p->slots == 1)
        count_blocks(0, loop.n, p, &failed);
    else
        crew__run(&loop);
    merge(p);
    crew__scratch_give(p->tables);
    return 1;
}

uint64_t crew__tally_run(const struct crew__tally *t, uint64_t *counts, size_t bins)
{
    struct pass p = {.t = t, .counts = counts, .bins = bins < t->bins ? bins : t->bins};
    do {
        p.n = t->n - p.first < PASS ? t->n - p.first : PASS;
        if (!count_in_tables(&p)) {
            p.slots = 0;
            merge(&p);
            p.in_range += t->direct(p.first, p.first + p.n, t->ctx, counts, p.bins);
        }
        p.first += p.n;
        p.add = 1;
    } while (p.first < t->n);
    if (bins > p.bins)
        memset(counts + p.bins, 0, (bins - p.bins) * sizeof *counts);
    return p.in_range;
}

int crew__tally_result(size_t out, size_t *out_of_range)
{
    if (out_of_range == NULL)
        return out == 0 ? 0 : -ERANGE;
    *out_of_range = out;
    return 0;
}

/* Bytes in registers: 16 at once, which are one increment where they are all equal. */
static void tally_u8(size_t begin, size_t end, void *ctx, void *table, size_t bins)
{
    const uint8_t *keys = ctx;
    uint32_t(*t)[256] = table;
    size_t i = begin;
    (void)bins;
    for (; end - i >= 16; i += 16) {
        uint64_t v[2];
        memcpy(v, keys + i, 16);
        if (CREW__UNLIKELY(v[0] == v[1]) && v[0] == (v[0] << 8 | v[0] >> 56)) {
            t[0][v[0] & 255] += 16;
            continue;
        }
        for (int half = 0; half < 2; half++) {
            uint64_t k = v[half];
            t[0][k & 255]++;
            t[1][k >> 8 & 255]++;
            t[2][k >> 16 & 255]++;
            t[3][k >> 24 & 255]++;
            t[0][k >> 32 & 255]++;
            t[1][k >> 40 & 255]++;
            t[2][k >> 48 & 255]++;
            t[3][k >> 56]++;
        }
    }
    for (; i < end; i++)
        t[0][keys[i]]++;
}

static uint64_t direct_u8(size_t begin, size_t end, void *ctx, uint64_t *counts, size_t bins)
{
    const uint8_t *keys = ctx;
    uint64_t in_range = 0;
    if (bins == 256) {
        for (size_t i = begin; i < end; i++)
            counts[keys[i]]++;
        return end - begin;
    }
    for (size_t i = begin; i < end; i++)
        if (keys[i] < bins) {
            counts[keys[i]]++;
            in_range++;
        }
    return in_range;
}

int crew_bincount_u8(const uint8_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
{
    /* All 256 keys have a counter in the tables, so that none needs a comparison. */
    struct crew__tally t = {n, 1, 256, 256, 0.4, tally_u8, direct_u8, (void *)(uintptr_t)keys};
    if ((n > 0 && keys == NULL) || (bins > 0 && counts == NULL))
        return -EINVAL;
    if (bins > SIZE_MAX / sizeof *counts)
        return -EOVERFLOW;
    if (crew__overlap(keys, n, counts, bins * sizeof *counts))
        return -EINVAL;
    return crew__tally_result(n - (size_t)crew__tally_run(&t, counts, bins), out_of_range);
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE u16
#define KEY uint16_t
#define WORD uint32_t
#define BINS (UINT16_MAX + 1)
#include "bincount_template.h"

#define TYPE i32
#define KEY int32_t
#define WORD uint32_t
#define BINS ((uint32_t)INT32_MAX + 1)
#include "bincount_template.h"

#define TYPE u32
#define KEY uint32_t
#define WORD uint32_t
#define BINS SIZE_MAX
#include "bincount_template.h"

#define TYPE i64
#define KEY int64_t
#define WORD uint64_t
#define BINS INT64_MAX
#include "bincount_template.h"

#define TYPE u64
#define KEY uint64_t
#define WORD uint64_t
#define BINS SIZE_MAX
#include "bincount_template.h"

void crew__tally_u32(const uint32_t *keys, size_t n, void *table, size_t bins)
{
    tally_u32(0, n, (void *)(uintptr_t)keys, table, bins);
}
