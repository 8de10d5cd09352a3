/* crew__filter_run: blocks are handed out in order. Who has a block flags its items and packs them: straight to their
   place where the number of those kept before is known, else into a buffer. That number then goes on to the next block,
   and a block in a buffer that it reaches is copied by the one who brought it. So every element is read once, nobody
   waits, and an array may be packed in itself: what is written lies below the end of blocks that are all read. */
#define _POSIX_C_SOURCE 200809L
#include "filter_engine.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/base/threads.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../../core/loop/watch.h"
#include "filter_by_items.h"
#include "filter_passes.h"
#include "pack_kernels.h"
#include <crew/for.h>
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK_BYTES = 1 << 18, /* of elements in a buffer: an eighth to a half of a core's own cache */
    FEW_BLOCKS = 64,       /* their state fits on the stack */
    MANY_BLOCKS = 1024,    /* balance for 64 threads */
    LEAST_BLOCK = 64,      /* items; hides what a block costs */
    FLAGGED_AT_ONCE = 2 * LEAST_BLOCK,
    WORKERS = 64,
    FAR_AHEAD = 64 /* units in buffers, behind which a thread is missed */
};

/* Of elements. A predicate makes the second pass read what the first one would have had at hand. */
static const size_t CACHED_BYTES = (size_t)8 << 20, CACHED_FLAGGED_BYTES = (size_t)16 << 20;

enum { EMPTY, PACKED, PLACED };

/* A unit is one or several blocks that one call does; its first block holds its state. */
struct unit {
    atomic_int state;
    int code;      /* of the predicate, where it failed */
    size_t offset; /* elements kept before; known once PLACED was set */
    size_t count;  /* elements kept; where the predicate failed the item */
    size_t next;   /* block that the next unit begins with */
    char *buffer;  /* packed elements, the others behind room for all; NULL: in place already */
};

struct run {
    const struct crew__filter *f;
    struct crew__packer packer;
    size_t from; /* item that the first block begins with */
    struct crew__cut blocks;
    struct unit *units;
    size_t most;                  /* blocks in a unit */
    size_t total;                 /* kept in all, once the last unit was reached */
    atomic_size_t reached;        /* block */
    atomic_bool buffered;         /* some unit had a buffer */
    _Atomic(char *) own[WORKERS]; /* buffers to use again: in the cache of that worker's core */
};

size_t crew__filter_block(size_t n, size_t size)
{
    if (n <= FEW_BLOCKS * LEAST_BLOCK && size <= BLOCK_BYTES / LEAST_BLOCK)
        return LEAST_BLOCK;
    size_t most = BLOCK_BYTES / size, block = LEAST_BLOCK;
    if (n > FEW_BLOCKS * LEAST_BLOCK)
        block = n / FEW_BLOCKS < CREW__FLAGS ? n / FEW_BLOCKS : n / MANY_BLOCKS;
    if (n / FEW_BLOCKS >= CREW__FLAGS && block < CREW__FLAGS)
        block = CREW__FLAGS;
    block = crew__cut_by(block, LEAST_BLOCK).count * LEAST_BLOCK;
    block = block < most ? block : most;
    return block ? block : 1;
}

/* The call's options for a loop over blocks. */
static crew_options in_blocks(const struct crew__filter *f)
{
    crew_options own = f->opt ? *f->opt : (crew_options){0};
    own.grain = crew__cut_by(own.grain, f->block).count;
    own.failed = NULL;
    return own;
}

static size_t first_item(const struct run *r, size_t block)
{
    return block < r->blocks.count ? r->from + crew__cut_begin(&r->blocks, block) : r->f->n;
}

static char *take_buffer(struct run *r)
{
    int id = crew_worker();
    char *buffer = NULL;
    atomic_store_explicit(&r->buffered, true, memory_order_relaxed);
    if (id >= 0 && id < WORKERS)
        buffer = atomic_exchange_explicit(&r->own[id], NULL, memory_order_acquire);
    return buffer ? buffer : crew__scratch_take(r->most * r->f->block * r->f->size * (r->f->rest ? 2 : 1));
}

static void give_buffer(struct run *r, char *buffer)
{
    int id = crew_worker();
    char *none = NULL;
    if (id < 0 || id >= WORKERS ||
        !atomic_compare_exchange_strong_explicit(&r->own[id], &none, buffer, memory_order_release,
                                                 memory_order_relaxed))
        crew__scratch_give(buffer);
}

static void copy_out(struct run *r, size_t block)
{
    const struct crew__filter *f = r->f;
    struct unit *u = &r->units[block];
    if (!u->buffer)
        return;
    size_t first = first_item(r, block), items = first_item(r, u->next) - first;
    memcpy((char *)f->out + u->offset * f->size, u->buffer, u->count * f->size);
    if (f->rest)
        memcpy((char *)f->rest + (first - u->offset) * f->size, u->buffer + items * f->size,
               (items - u->count) * f->size);
    give_buffer(r, u->buffer);
    u->buffer = NULL;
}

/* The unit that begins with `block` is PACKED and PLACED, and belongs to the caller: tells the units after it where
   their places are, and copies those that were waiting for that. */
static void pass_on(struct run *r, size_t block)
{
    size_t first = block;
    for (bool waiting = true; waiting;) {
        const struct unit *u = &r->units[block];
        size_t offset = u->offset + u->count;
        block = u->next;
        if (block == r->blocks.count) {
            r->total = offset;
            break;
        }
        r->units[block].offset = offset;
        waiting = atomic_exchange_explicit(&r->units[block].state, PLACED, memory_order_acq_rel) == PACKED;
    }
    atomic_store_explicit(&r->reached, block, memory_order_relaxed);
    for (size_t next; first != block; first = next) {
        next = r->units[first].next;
        copy_out(r, first);
    }
}

static bool is_placed(struct unit *u)
{
    return atomic_load_explicit(&u->state, memory_order_acquire) == PLACED;
}

/* Where the unit's elements may go now: false without memory. */
static bool choose_place(struct run *r, size_t block, struct unit *u)
{
    if (is_placed(u))
        return true;
    if (block - atomic_load_explicit(&r->reached, memory_order_relaxed) > FAR_AHEAD * r->most)
        sched_yield(); /* the thread that others follow may be waiting for this processor */
    u->buffer = take_buffer(r);
    while (!u->buffer && !is_placed(u)) {
        if (!r->f->cannot_fail)
            return false;
        sched_yield();
    }
    return true;
}

static int do_unit(struct run *r, size_t block, size_t end)
{
    const struct crew__filter *f = r->f;
    struct unit *u = &r->units[block];
    size_t first = first_item(r, block), last = first_item(r, end), count;
    u->next = end;
    if (!choose_place(r, block, u))
        return -ENOMEM;
    size_t items = last - first;
    char *out, *rest = NULL;
    if (u->buffer) {
        out = u->buffer;
        if (f->rest)
            rest = out + items * f->size;
    } else {
        out = (char *)f->out + u->offset * f->size;
        if (f->rest)
            rest = (char *)f->rest + (first - u->offset) * f->size;
    }
    int code = crew__pack_items(&r->packer, first, last, out, rest, &count);
    u->count = count;
    if (code)
        return code;
    if (!u->buffer || atomic_exchange_explicit(&u->state, PACKED, memory_order_acq_rel) == PLACED)
        pass_on(r, block);
    return 0;
}

static int run_units(size_t begin, size_t end, void *ctx, size_t *failed)
{
    int code = do_unit(ctx, begin, end);
    *failed = begin;
    return code;
}

static void give_all(struct run *r, bool whole)
{
    if (!atomic_load_explicit(&r->buffered, memory_order_relaxed))
        return;
    for (int i = 0; i < WORKERS; i++)
        crew__scratch_give(atomic_load_explicit(&r->own[i], memory_order_relaxed));
    for (size_t b = 0; !whole && b < r->blocks.count; b++)
        crew__scratch_give(r->units[b].buffer);
}

/* Does the items from `from` on, a multiple of the block, where `kept` of those before were kept. */
static CREW__NOINLINE int run_blocks(const struct crew__packer *packer, size_t from, size_t kept, double item_ns,
                                     size_t *count)
{
    const struct crew__filter *f = packer->f;
    struct unit few[FEW_BLOCKS + 1];
    struct run r = {.f = f, .packer = *packer, .from = from, .total = kept};
    r.blocks = crew__cut_by(f->n - from, f->block);
    const size_t blocks = r.blocks.count;
    r.most = BLOCK_BYTES / f->size / f->block;
    r.most = r.most ? r.most : 1;
    r.units = blocks <= FEW_BLOCKS ? few : crew__scratch_take(blocks * sizeof *r.units);
    if (!r.units)
        return -ENOMEM;
    memset(r.units, 0, blocks * sizeof *r.units);
    if (blocks > 0) {
        r.units[0].offset = kept;
        atomic_store_explicit(&r.units[0].state, PLACED, memory_order_relaxed);
    }

    size_t failed = SIZE_MAX;
    crew_options own = in_blocks(f);
    own.failed = &failed;
    struct crew__loop loop = {.n = blocks,
                              .fn = run_units,
                              .ctx = &r,
                              .opt = &own,
                              .max_block = r.most,
                              .in_order = 1,
                              .item_ns = item_ns * (double)f->block,
                              .per_item = f->block,
                              .total = f->n - from};
    int code = crew__run(&loop);
    if (failed != SIZE_MAX && f->opt && f->opt->failed && code != -ENOMEM)
        *f->opt->failed = r.units[failed].count;
    give_all(&r, code == 0);
    if (code == 0)
        *count = r.total;
    if (r.units != few)
        crew__scratch_give(r.units);
    return code;
}

/* The first blocks, on the calling thread. */
struct start {
    const struct crew__packer *packer;
    struct crew__cut blocks;
    unsigned char *room;
    size_t kept;
};

static int flag_start(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct start *t = ctx;
    const struct crew__filter *f = t->packer->f;
    size_t item = crew__cut_begin(&t->blocks, begin);
    (void)failed;
    return f->pred(item, crew__cut_end(&t->blocks, end - 1), t->room + item, f->ctx);
}

static int pack_start(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct start *t = ctx;
    const struct crew__filter *f = t->packer->f;
    size_t item = crew__cut_begin(&t->blocks, begin), count;
    char *rest = f->rest ? (char *)f->rest + (item - t->kept) * f->size : NULL;
    int code = crew__pack_items(t->packer, item, crew__cut_end(&t->blocks, end - 1), (char *)f->out + t->kept * f->size,
                                rest, &count);
    (void)failed;
    t->kept += code ? 0 : count;
    return code;
}

/* Does the blocks that come before a team, *from becomes the item after them. What a block costs in run_blocks, some
   hundred nanoseconds, is then not paid by a short array. Few items are flagged in two or three calls and packed at
   once: with 100 doubles filter takes 0.7 and unique 0.5 of the time, with 1000 filter as long and unique 0.9. */
static CREW__NOINLINE int run_start(const struct crew__packer *p, size_t *from, size_t *kept, double *item_ns)
{
    const struct crew__filter *f = p->f;
    unsigned char room[CREW__FILTER_FEW];
    const bool few = f->n <= CREW__FILTER_FEW && f->n <= p->step && !f->produce;
    struct start start = {p, crew__cut_by(f->n, f->block), room, 0};
    crew_options own;
    if (f->opt)
        own = in_blocks(f);
    struct crew__loop loop = {.n = start.blocks.count,
                              .fn = few ? flag_start : pack_start,
                              .ctx = &start,
                              .opt = f->opt ? &own : NULL,
                              .first = few && start.blocks.count == 2 ? 2 : 1,
                              .item_ns = f->item_ns * (double)f->block};
    size_t done = loop.n;
    int code = few && f->flags ? 0 : crew__run_first(&loop, &done, item_ns);
    *from = done < loop.n ? crew__cut_begin(&start.blocks, done) : f->n;
    if (few && code == 0) {
        const unsigned char *flags = f->flags ? f->flags : room;
        start.kept = p->kernels->count(flags, *from);
        crew__pack_flagged(p, 0, *from, flags, start.kept, f->out, f->rest);
    }
    if (done < loop.n)
        *item_ns /= (double)f->block;
    *kept = start.kept;
    return code;
}

/* True where two passes over the array are better than one with buffers. */
static bool fits_caches(const struct crew__filter *f)
{
    size_t bytes = f->n * f->size; /* indices too: out has room for them */
    return !f->produce && bytes <= (f->flags ? CACHED_FLAGGED_BYTES : CACHED_BYTES) &&
           crew__resolve_threads(f->opt ? f->opt->threads : 0) > 1 &&
           (!f->in || !crew__overlap(f->in, bytes, f->out, bytes));
}

struct few {
    const struct crew__filter *f;
    unsigned char flags[FLAGGED_AT_ONCE];
};

static int flag_few(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct few *few = ctx;
    (void)begin, (void)end, (void)failed;
    return few->f->pred(0, few->f->n, few->flags, few->f->ctx);
}

/* As many as run_start has flagged by one call: without blocks 100 doubles take 0.9 of the time, one takes 0.7. */
static CREW__NOINLINE int run_few(const struct crew__filter *f, size_t *count)
{
    const struct crew__pack_kernels *kernels = crew__pack_kernels();
    struct few few;
    double unused;
    size_t done, kept;
    few.f = f;
    struct crew__loop loop = {.n = f->n > 0, .fn = flag_few, .ctx = &few, .first = 1};
    int code = crew__run_first(&loop, &done, &unused);
    if (code)
        return code;
    kept = kernels->count(few.flags, f->n);
    if (f->in)
        crew__pack(kernels, f->size, f->in, few.flags, f->n, f->out, kept, 0);
    else
        kernels->pack_index(0, few.flags, f->n, f->out, kept);
    *count = kept;
    return 0;
}

int crew__filter_by_blocks(const struct crew__filter *f, struct crew__site *site, size_t *count)
{
    if (f->n <= FLAGGED_AT_ONCE && f->block == LEAST_BLOCK && f->pred && !f->rest && !f->opt && crew__unwatched(NULL))
        return run_few(f, count);
    struct crew__packer packer = crew__packer(f, f->opt && f->opt->failed);
    size_t from = 0, kept = 0;
    double item_ns = f->item_ns;
    if (!packer.single && crew__unwatched(f->opt)) {
        int code = run_start(&packer, &from, &kept, &item_ns);
        if (code == 0 && from == f->n)
            *count = kept;
        if (code || from == f->n)
            return code;
        if (site && item_ns > CREW__LONG_ITEM_NS) {
            site->item_ns = (float)item_ns;
            unsigned char *flags = crew__scratch_take(f->n - from);
            code = flags ? crew__filter_by_items(f, from, kept, flags, count) : -ENOMEM;
            crew__scratch_give(flags);
            return code;
        }
        if (fits_caches(f)) {
            code = crew__filter_passes(&packer, from, kept, item_ns, count);
            if (code != -ENOMEM)
                return code;
        }
    }
    return run_blocks(&packer, from, kept, item_ns, count);
}

int crew__filter_check(const void *in, const void *out, size_t size, size_t n, const size_t *count)
{
    size_t bytes;
    if (size == 0 || !count || (n > 0 && (!in || !out)))
        return -EINVAL;
    if (!crew__array_bytes(n, size, &bytes))
        return -EOVERFLOW;
    return (uintptr_t)out > (uintptr_t)in && crew__overlap(in, bytes, out, 1) ? -EINVAL : 0;
}
