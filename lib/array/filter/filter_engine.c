/* Blocks are handed out in order. Who has a block flags its items and packs them: straight to their place where the
   number of those kept before is known, else into a buffer. That number then goes on to the next block, and a block in
   a buffer that it reaches is copied by the one who brought it. So every element is read once, nobody waits, and an
   array may be packed in itself: what is written lies below the end of blocks that are all read. */
#define _POSIX_C_SOURCE 200809L
#include "filter_engine.h"
#include "../../core/base/clock.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/base/threads.h"
#include "../../core/loop/runner.h"
#include "pack_kernel.h"
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK_BYTES = 1 << 18, /* of elements in a buffer: an eighth to a half of a core's own cache */
    FEW_BLOCKS = 64,       /* their state fits on the stack */
    MANY_BLOCKS = 1024,    /* balance for 64 threads */
    LEAST_BLOCK = 64,      /* items; hides what a block costs */
    FEW_ITEMS = 1024,      /* one thread has flagged them before another would have begun */
    WORKERS = 64,
    FAR_AHEAD = 64 /* units in buffers, behind which a thread is missed */
};

/* Of elements. A predicate makes the second pass read what the first one would have had at hand. */
static const size_t CACHED_BYTES = (size_t)8 << 20, CACHED_FLAGGED_BYTES = (size_t)16 << 20;

enum { EMPTY, PACKED, PLACED };

/* What one thread does sooner than a team, and what it does between two looks at the clock. */
static const double ALONE_NS = 10000, PIECE_NS = 2000, BRIEF_NS = 500;

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
    const struct crew__select *s;
    struct crew__packer packer;
    size_t from; /* item that the first block begins with */
    struct unit *units;
    size_t blocks, most;                   /* all, and in a unit */
    size_t total;                          /* kept in all, once the last unit was reached */
    atomic_size_t taken, reached, fail_at; /* blocks; fail_at: SIZE_MAX where none failed */
    atomic_bool buffered;                  /* some unit had a buffer */
    _Atomic(char *) own[WORKERS];          /* buffers to use again: in the cache of that worker's core */
};

size_t crew__select_block(size_t n, size_t size)
{
    if (n <= FEW_BLOCKS * LEAST_BLOCK && size <= BLOCK_BYTES / LEAST_BLOCK)
        return LEAST_BLOCK;
    size_t most = BLOCK_BYTES / size, block = LEAST_BLOCK;
    if (n > FEW_BLOCKS * LEAST_BLOCK)
        block = n / FEW_BLOCKS < CREW__FLAGS ? n / FEW_BLOCKS : n / MANY_BLOCKS;
    if (n / FEW_BLOCKS >= CREW__FLAGS && block < CREW__FLAGS)
        block = CREW__FLAGS;
    block = block / LEAST_BLOCK * LEAST_BLOCK + (block % LEAST_BLOCK ? LEAST_BLOCK : 0);
    block = block < most ? block : most;
    return block ? block : 1;
}

static size_t first_item(const struct run *r, size_t block)
{
    return block < r->blocks ? r->from + block * r->s->block : r->s->n;
}

static char *take_buffer(struct run *r)
{
    int id = crew__worker;
    char *buffer = NULL;
    atomic_store_explicit(&r->buffered, true, memory_order_relaxed);
    if (id >= 0 && id < WORKERS)
        buffer = atomic_exchange_explicit(&r->own[id], NULL, memory_order_acquire);
    return buffer ? buffer : crew__scratch_take(r->most * r->s->block * r->s->size * (r->s->rest ? 2 : 1));
}

static void give_buffer(struct run *r, char *buffer)
{
    int id = crew__worker;
    char *none = NULL;
    if (id < 0 || id >= WORKERS ||
        !atomic_compare_exchange_strong_explicit(&r->own[id], &none, buffer, memory_order_release,
                                                 memory_order_relaxed))
        crew__scratch_give(buffer);
}

static void copy_out(struct run *r, size_t block)
{
    const struct crew__select *s = r->s;
    struct unit *u = &r->units[block];
    if (!u->buffer)
        return;
    size_t first = first_item(r, block), items = first_item(r, u->next) - first;
    memcpy((char *)s->out + u->offset * s->size, u->buffer, u->count * s->size);
    if (s->rest)
        memcpy((char *)s->rest + (first - u->offset) * s->size, u->buffer + items * s->size,
               (items - u->count) * s->size);
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
        if (block == r->blocks) {
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
        if (!r->s->cannot_fail)
            return false;
        sched_yield();
    }
    return true;
}

static int do_unit(struct run *r, size_t block, size_t end)
{
    const struct crew__select *s = r->s;
    struct unit *u = &r->units[block];
    size_t first = first_item(r, block), last = first_item(r, end), count;
    u->next = end;
    if (!choose_place(r, block, u))
        return -ENOMEM;
    size_t items = last - first;
    char *out, *rest = NULL;
    if (u->buffer) {
        out = u->buffer;
        if (s->rest)
            rest = out + items * s->size;
    } else {
        out = (char *)s->out + u->offset * s->size;
        if (s->rest)
            rest = (char *)s->rest + (first - u->offset) * s->size;
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
    struct run *r = ctx;
    size_t blocks = end - begin;
    size_t block = atomic_fetch_add_explicit(&r->taken, blocks, memory_order_relaxed);
    size_t lowest = atomic_load_explicit(&r->fail_at, memory_order_relaxed);
    int code = 0;
    if (block < lowest) {
        code = do_unit(r, block, block + blocks);
        if (CREW__LIKELY(code == 0))
            return 0;
        r->units[block].code = code;
        while (block < lowest && !atomic_compare_exchange_weak_explicit(&r->fail_at, &lowest, block,
                                                                        memory_order_relaxed, memory_order_relaxed))
            ;
    }
    /* Blocks below are taken already and will be done, so the runner need not start another one. */
    *failed = 0;
    return 1;
}

static void give_all(struct run *r, bool whole)
{
    if (!atomic_load_explicit(&r->buffered, memory_order_relaxed))
        return;
    for (int i = 0; i < WORKERS; i++)
        crew__scratch_give(atomic_load_explicit(&r->own[i], memory_order_relaxed));
    for (size_t b = 0; !whole && b < r->blocks; b++)
        crew__scratch_give(r->units[b].buffer);
}

/* Does the items from `from` on, a multiple of the block, where `kept` of those before were kept. */
static CREW__NOINLINE int run_blocks(const struct crew__packer *packer, size_t from, size_t kept, size_t *count)
{
    const struct crew__select *s = packer->s;
    struct unit few[FEW_BLOCKS + 1];
    struct run r = {.s = s, .packer = *packer, .from = from, .total = kept};
    size_t items = s->n - from;
    r.blocks = items / s->block + (items % s->block != 0);
    r.most = BLOCK_BYTES / s->size / s->block;
    r.most = r.most ? r.most : 1;
    r.units = r.blocks <= FEW_BLOCKS ? few : crew__scratch_take(r.blocks * sizeof *r.units);
    if (!r.units)
        return -ENOMEM;
    memset(r.units, 0, r.blocks * sizeof *r.units);
    if (r.blocks > 0) {
        r.units[0].offset = kept;
        atomic_store_explicit(&r.units[0].state, PLACED, memory_order_relaxed);
    }
    atomic_store_explicit(&r.fail_at, SIZE_MAX, memory_order_relaxed);

    crew_options own = s->opt ? *s->opt : (crew_options){0};
    own.failed = NULL;
    own.grain = own.grain / s->block + (own.grain % s->block != 0);
    struct crew__loop loop = {.n = r.blocks,
                              .fn = run_units,
                              .ctx = &r,
                              .opt = &own,
                              .max_block = r.most,
                              .item_ns = s->item_ns * (double)s->block,
                              .per_item = s->block,
                              .total = items};
    int code = crew__run(&loop);
    size_t fail_at = atomic_load_explicit(&r.fail_at, memory_order_relaxed);
    if (fail_at != SIZE_MAX) {
        code = r.units[fail_at].code;
        if (s->opt && s->opt->failed && code != -ENOMEM)
            *s->opt->failed = r.units[fail_at].count;
    }
    give_all(&r, code == 0);
    if (code == 0)
        *count = r.total;
    if (r.units != few)
        crew__scratch_give(r.units);
    return code;
}

/* `count` items took ns, so many are left. */
static bool worth_a_team(double ns, size_t count, size_t left)
{
    /* A short piece may have been slow because caches were cold. */
    return ns > BRIEF_NS && ns * (double)left > ALONE_NS * (double)count;
}

/* run_alone for 1 to FEW_ITEMS items: flags are asked for in two calls at the most and packed at once. With 100
   doubles filter takes 0.7 and unique 0.5 of the time, with 1000 filter as long as before and unique 0.9. */
static CREW__NOINLINE int run_few(const struct crew__packer *p, size_t *from, size_t *kept, double *item_ns)
{
    const struct crew__select *s = p->s;
    unsigned char room[FEW_ITEMS];
    const unsigned char *flags = s->flags ? s->flags : room;
    size_t n = s->n, count;
    if (!s->flags) {
        /* Where the cost is known, crew__select has found it to be little. */
        size_t first = s->item_ns > 0 || n <= 2 * s->block ? n : s->block;
        int64_t then = first < n ? crew__ticks() : 0;
        int code = s->pred(0, first, room, s->ctx);
        if (code == 0 && first < n) {
            double ns = (double)(crew__ticks() - then) / crew__ticks_per_ns();
            *item_ns = ns / (double)first;
            if (worth_a_team(ns, first, n - first))
                n = first;
            else
                code = s->pred(first, n, room + first, s->ctx);
        }
        if (CREW__UNLIKELY(code != 0))
            return code;
    }
    count = p->kernels->count(flags, n);
    /* The others first: in may be overwritten by those kept. */
    if (s->rest)
        crew__pack_flagged(p, 0, n, flags, s->rest, n - count, 1);
    crew__pack_flagged(p, 0, n, flags, s->out, count, 0);
    *from = n;
    *kept = count;
    return 0;
}

/* Packs from the start until all is done, or until what is left is worth a team; *from becomes the item that comes
   next. What a block costs in run_blocks, some hundred nanoseconds, is then not paid by a short array. */
static int run_alone(const struct crew__packer *p, size_t *from, size_t *kept, double *item_ns)
{
    const struct crew__select *s = p->s;
    size_t done = 0, sum = 0, piece = s->block;
    int64_t then = s->n > piece ? crew__ticks() : 0;
    int code = 0;
    while (done < s->n) {
        size_t end = s->n - done < piece ? s->n : done + piece, count;
        char *rest = s->rest ? (char *)s->rest + (done - sum) * s->size : NULL;
        code = crew__pack_items(p, done, end, (char *)s->out + sum * s->size, rest, &count);
        if (CREW__UNLIKELY(code != 0))
            break;
        sum += count;
        count = end - done;
        done = end;
        if (done == s->n)
            break;
        int64_t now = crew__ticks();
        double ns = (double)(now - then) / crew__ticks_per_ns();
        *item_ns = ns / (double)count;
        if (worth_a_team(ns, count, s->n - done))
            break;
        piece = ns < BRIEF_NS ? done * 3 : (size_t)((double)count * PIECE_NS / ns) / s->block * s->block;
        piece = piece ? piece : s->block;
        then = now;
    }
    *from = done;
    *kept = sum;
    return code;
}

/* True where two passes over the array are better than one with buffers. */
static bool fits_caches(const struct crew__select *s)
{
    size_t bytes = s->n * s->size; /* indices too: out has room for them */
    return bytes <= (s->flags ? CACHED_FLAGGED_BYTES : CACHED_BYTES) &&
           crew__resolve_threads(s->opt ? s->opt->threads : 0) > 1 &&
           (!s->in || !crew__overlap(s->in, bytes, s->out, bytes));
}

int crew__select(const struct crew__select *s, size_t *count)
{
    struct crew__packer packer = crew__packer(s, s->opt && s->opt->failed);
    size_t from = 0, kept = 0;
    double item_ns = s->item_ns;
    if (crew__unwatched(s->opt)) {
        int code = 0;
        if (s->item_ns * (double)s->n < ALONE_NS) {
            int outer = crew__worker;
            if (outer < 0)
                crew__worker = 0;
            bool few = s->n <= FEW_ITEMS && s->n <= packer.step && s->n > 0;
            code = few ? run_few(&packer, &from, &kept, &item_ns) : run_alone(&packer, &from, &kept, &item_ns);
            crew__worker = outer;
        }
        if (code == 0 && from == s->n)
            *count = kept;
        if (code || from == s->n)
            return code;
        if (fits_caches(s)) {
            code = crew__select_passes(&packer, from, kept, item_ns, count);
            if (code != -ENOMEM)
                return code;
        }
    }
    return run_blocks(&packer, from, kept, count);
}

int crew__select_check(const void *in, const void *out, size_t size, size_t n, const size_t *count)
{
    size_t bytes;
    if (size == 0 || !count || (n > 0 && (!in || !out)))
        return -EINVAL;
    if (!crew__mul(n, size, &bytes))
        return -EOVERFLOW;
    return (uintptr_t)out > (uintptr_t)in && crew__overlap(in, bytes, out, 1) ? -EINVAL : 0;
}
