/* What the statements of expression.h and accumulate.h do between the caller's expressions: they cut the items, read
   the clock and ask for a team. All of it belongs to crew. */
#ifndef CREW_EXPRESSION_RUN_H
#define CREW_EXPRESSION_RUN_H

#include <crew/loop.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CREW__LANE_COUNT = 32,
    CREW__LEAF_ITEMS = 4096,
    CREW__PART_COUNT = 512,
    CREW__LANE_LEAVES = 16,
    CREW__ASKED_OF = 64
};

/* When a team did what, which tells what it cost. Written by several threads. */
struct crew__launch {
    const void *home; /* the thread that opened it; NULL: no team */
    int64_t opened;   /* ticks */
    int started;      /* when another thread began its first block, in 16 ticks since then; 0: none has */
    int finished;     /* when a block ended last */
};

struct crew__run {
    size_t items, done; /* of all; how many the caller has done */
    size_t from, to;    /* items to do next */
    size_t block;       /* items of a block, leaves of a chunk */
    size_t blocks;      /* blocks, chunks or, where lanes is set, lanes */
    int lanes;
    int threads; /* of the team for the rest; 1: the caller goes on alone */
    int64_t then;
    double item_ns;
    struct crew__launch launch;
};

/* Ticks, as the library's clock counts them. */
CREW_API int64_t crew__expression_ticks(void);

/* Threads for `left` items where `items` took that many ticks, 1 where a team is not worth it; what an item took. */
CREW_API int crew__expression_team(int64_t ticks, size_t items, size_t left, double *item_ns);

static inline int64_t crew__run_ticks(void)
{
#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
    return (int64_t)__builtin_ia32_rdtsc();
#else
    return crew__expression_ticks();
#endif
}

/* A team ends that was opened at `opened`: the next statements and loops of this thread know what it cost. */
CREW_API void crew__expression_closed(int64_t opened, int64_t started, int64_t finished);

static inline const void *crew__thread_here(void)
{
    static CREW__THREAD_LOCAL char here;
    return &here;
}

static inline void crew__launch_open(struct crew__launch *l)
{
    l->home = crew__thread_here();
    l->opened = crew__run_ticks();
}

static inline int crew__launch_now(const struct crew__launch *l)
{
    int64_t now = (crew__run_ticks() - l->opened) / 16 + 1;
    return now < INT32_MAX ? (int)now : INT32_MAX;
}

/* Around each block of a team, or all blocks of one thread. */
static inline void crew__launch_block(struct crew__launch *l)
{
    if (l->home != NULL && CREW__LOAD_INT(&l->started) == 0 && crew__thread_here() != l->home)
        CREW__STORE_INT(&l->started, crew__launch_now(l));
}

static inline void crew__launch_block_end(struct crew__launch *l)
{
    if (l->home != NULL)
        CREW__STORE_INT(&l->finished, crew__launch_now(l));
}

static inline void crew__launch_close(const struct crew__launch *l)
{
    crew__expression_closed(l->opened, (int64_t)l->started * 16, (int64_t)l->finished * 16);
}

static inline struct crew__run crew__run_of(size_t n)
{
    struct crew__run r = {n, 0, 0, 0, 1, 0, 0, 1, 0, 0, {NULL, 0, 0, 0}};
    return r;
}

/* The first items of a sum: one, then the rest of the first row. True: do from .. to - 1. */
static inline bool crew__run_row(struct crew__run *r)
{
    const int64_t long_ticks = 60000; /* about 20 us */
    r->from = r->done = r->to;
    if (!CREW__HAS_TEAMS || r->done == r->items)
        return false;
    if (r->done == 0) {
        r->to = 1;
        r->then = r->items > 1 ? crew__run_ticks() : 0;
        return true;
    }
    if (r->done == 1 || r->items > CREW__LANE_COUNT) {
        int64_t now = crew__run_ticks(), spent = now - r->then;
        r->then = now;
        if (r->done > 1 || (spent > long_ticks && r->items <= CREW__LANE_LEAVES * CREW__LEAF_ITEMS))
            r->threads =
                crew__expression_team(spent, r->done > 1 ? CREW__LANE_COUNT - 1 : 1, r->items - r->done, &r->item_ns);
        if (r->done > 1 || r->threads > 1)
            return false;
    }
    r->to = r->items > CREW__LANE_COUNT ? (size_t)CREW__LANE_COUNT : r->items;
    return true;
}

/* Cuts what is left of a sum into chunks of 2^k leaves, or into the lanes of its leaves where items are expensive. */
static inline void crew__run_cut(struct crew__run *r)
{
    size_t leaves = r->items / CREW__LEAF_ITEMS + (r->items % CREW__LEAF_ITEMS != 0);
    if (r->threads > 1 && leaves <= CREW__LANE_LEAVES && r->item_ns > 30) {
        r->lanes = 1;
        r->blocks = leaves * CREW__LANE_COUNT;
        return;
    }
    while ((leaves - 1) / r->block >= CREW__PART_COUNT)
        r->block *= 2;
    r->blocks = (leaves - 1) / r->block + 1;
}

static inline size_t crew__leaf_end(size_t n, size_t leaf)
{
    size_t begin = leaf * CREW__LEAF_ITEMS;
    return n - begin < CREW__LEAF_ITEMS ? n : begin + CREW__LEAF_ITEMS;
}

/* The leaf behind the last one of a chunk. */
static inline size_t crew__chunk_end(const struct crew__run *r, size_t chunk)
{
    size_t leaves = (r->items - 1) / CREW__LEAF_ITEMS + 1, begin = chunk * r->block;
    return leaves - begin < r->block ? leaves : begin + r->block;
}

/* Where the chunk's leaves are, and how many results of groups of them wait. */
struct crew__chunk {
    size_t leaf, stop, first, depth, carry;
};

static inline struct crew__chunk crew__chunk_of(const struct crew__run *r, size_t chunk)
{
    struct crew__chunk c = {chunk * r->block, crew__chunk_end(r, chunk), chunk * r->block, 0, 0};
    return c;
}

/* True: the last two results are of equal groups; merge them into the first of the two. */
static inline bool crew__chunk_carry(struct crew__chunk *c)
{
    if (c->carry & 1) {
        c->carry >>= 1;
        c->depth--;
        return true;
    }
    c->carry = c->leaf + 1 - c->first;
    return false;
}

/* The first item of a lane that the caller has not done. */
static inline size_t crew__lane_first(const struct crew__run *r, size_t unit)
{
    size_t first = unit / CREW__LANE_COUNT * CREW__LEAF_ITEMS + unit % CREW__LANE_COUNT;
    return first < r->done ? first + CREW__LANE_COUNT : first;
}

/* The first items of a loop, in blocks that grow. True: do from .. to - 1. */
static inline bool crew__run_grow(struct crew__run *r)
{
    r->from = r->to;
    size_t last = r->to - r->done;
    r->done = r->to;
    (void)last; /* without teams nobody asks */
    if (!CREW__HAS_TEAMS || r->done == r->items)
        return false;
    int64_t now = r->items > 1 ? crew__run_ticks() : 0, spent = now - r->then;
    r->then = now;
    if (r->done == 0) {
        r->to = 1;
        return true;
    }
    /* One item of some 0.1 us is worth the question: it is believed only where the place's teams are known. */
    if (r->done > 1 || spent > 400) {
        r->threads = crew__expression_team(spent, last, r->items - r->done, &r->item_ns);
        if (r->threads > 1)
            return false;
    }
    r->to = r->done > r->items / 16 ? r->items : r->done * 16;
    /* Sixteen more of a microsecond each would be half of a short loop: about 2 us of them, then a team is asked for.
     */
    if (r->done == 1 && spent > 400 && r->to > 2 + (size_t)(6000 / spent))
        r->to = 2 + (size_t)(6000 / spent);
    return true;
}

/* True where n items at the price of the first ones are worth no team, which takes about 2 us. spent: the ticks before
   those; becomes what they took. */
static inline bool crew__few_are_cheap(int64_t *spent, size_t items, size_t n)
{
    *spent = crew__run_ticks() - *spent;
    return (double)*spent * (double)n < 6000 * (double)items;
}

/* Blocks of about 10 us for what is left, eight a thread at least, for a team that opens now. */
static inline void crew__run_blocks(struct crew__run *r)
{
    size_t left = r->items - r->done, most = left / ((size_t)r->threads * 8) + 1;
    double items = r->item_ns > 0 ? 10000 / r->item_ns : 1;
    r->block = items < 1 ? 1 : items < (double)most ? (size_t)items : most;
    r->blocks = (left - 1) / r->block + 1;
    crew__launch_open(&r->launch);
}

/* Blocks next .. end-1, of which threads take the first; alone in its cache line. */
struct crew__share {
    size_t next, end;
    char apart[64 - 2 * sizeof(size_t)];
};

enum { CREW__SHARES = 64 };

static inline size_t crew__share_count(const struct crew__run *r)
{
    return r->threads < CREW__SHARES ? (size_t)r->threads : (size_t)CREW__SHARES;
}

/* A share of the blocks for each thread: the same part of the items in every loop, which its cache may still have. */
static inline void crew__run_shares(const struct crew__run *r, struct crew__share *share)
{
    size_t count = crew__share_count(r), each = r->blocks / count, more = r->blocks % count;
    for (size_t k = 0; k < count; k++) {
        share[k].next = k * each + (k < more ? k : more);
        share[k].end = share[k].next + each + (k < more);
    }
}

/* A block of the thread's own share or, where that is done, of the next one that has any; r->blocks: none is left. */
static inline size_t crew__run_take(const struct crew__run *r, struct crew__share *share, int thread)
{
    size_t count = crew__share_count(r), own = (size_t)thread % count;
    for (size_t k = 0; k < count; k++) {
        struct crew__share *s = &share[own + k < count ? own + k : own + k - count];
        if (CREW__LOAD_SIZE(&s->next) < s->end) {
            size_t block;
            CREW__CAPTURE
            block = s->next++;
            if (block < s->end)
                return block;
        }
    }
    return r->blocks;
}

static inline size_t crew__block_begin(const struct crew__run *r, size_t block)
{
    return r->done + block * r->block;
}

static inline size_t crew__block_end(const struct crew__run *r, size_t block)
{
    size_t begin = r->done + block * r->block;
    return r->items - begin < r->block ? r->items : begin + r->block;
}

/* Memory for count elements; NULL where there is none. */
CREW_API void *crew__expression_memory(size_t count, size_t size);
CREW_API void crew__expression_free(void *memory);

/* Items of a block of a reduction, as crew_reduce cuts them without a grain. */
static inline size_t crew__reduce_block(size_t n, size_t size)
{
    size_t most = ((size_t)64 << 20) / size, block = (n - 1) / 64 + 1;
    most = most < 64 ? 64 : most > 1024 ? 1024 : most;
    if (block > 64) {
        block = (n - 1) / most + 1;
        block = block > 64 ? block : 64;
    }
    return block;
}

static inline bool crew__all_zero(const void *p, size_t size)
{
    for (size_t k = 0; k < size; k++)
        if (((const unsigned char *)p)[k] != 0)
            return false;
    return true;
}

/* An array sum: how it is cut, and what a team adds up. */
struct crew__sums {
    size_t items, bins, block, blocks, done;
    int threads;
    int64_t then;
    struct crew__launch launch;
};

static inline struct crew__sums crew__sums_of(size_t n, size_t bins, size_t size)
{
    struct crew__sums s = {n, bins, n, n > 0, 0, 1, 0, {NULL, 0, 0, 0}};
    size_t least = bins > 64 ? bins : 64, most = bins > 0 ? ((size_t)64 << 20) / size / bins : 1;
    most = most > 64 ? 64 : most;
    if (most > 1 && n / least > 1) {
        s.block = (n - 1) / most + 1;
        s.block = s.block > least ? s.block : least;
        s.blocks = (n - 1) / s.block + 1;
    }
    return s;
}

static inline size_t crew__sums_end(const struct crew__sums *s, size_t block)
{
    size_t begin = block * s->block;
    return s->items - begin < s->block ? s->items : begin + s->block;
}

/* After a block on the caller. True: a team is worth it for the others. */
static inline bool crew__sums_open(struct crew__sums *s)
{
    double item_ns;
    s->done++;
    if (!CREW__HAS_TEAMS || s->done > 1)
        return false;
    s->threads = crew__expression_team(crew__run_ticks() - s->then, s->block, s->items - s->block, &item_ns);
    return s->threads > 1;
}

/* The arrays are added by ranges of 1024 bins. */
static inline size_t crew__sums_ranges(const struct crew__sums *s)
{
    return s->bins / 1024 + 1;
}

static inline size_t crew__sums_range_end(const struct crew__sums *s, size_t range)
{
    return s->bins - range * 1024 < 1024 ? s->bins : range * 1024 + 1024;
}

/* Threads for that: a team is not worth it for one range. */
static inline int crew__sums_width(const struct crew__sums *s)
{
    return s->bins < 4096 ? 1 : s->threads;
}

/* True where [out, out + bytes) starts inside in, behind its beginning: what a filter may not have. */
static inline bool crew__partly_over(const void *in, const void *out, size_t n, size_t size)
{
    uintptr_t from = (uintptr_t)in, to = (uintptr_t)out;
    return to > from && to - from < n * size;
}

#ifdef __cplusplus
}
#endif
#endif
