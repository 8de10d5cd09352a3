/* Blocks are handed out in order. Who has a block flags its items and packs them: straight to their place where the number
   of those kept before is known, else into a buffer. That number then goes on to the next block, and a block in a buffer
   that it reaches is copied by the one who brought it. So every element is read once, nobody waits, and an array may be
   packed in itself: what is written lies below the end of blocks that are all read. */
#define _POSIX_C_SOURCE 200809L
#include "select.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include "../loop/runner.h"
#include "pack_kernel.h"
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK_BYTES = 1 << 18, /* of elements in a buffer: an eighth to a half of a core's own cache */
    FEW_BLOCKS = 64,       /* their state fits on the stack */
    MANY_BLOCKS = 1024,    /* balance for 64 threads */
    STEP_BYTES = 1 << 14,  /* of elements: still in the first cache when they are packed */
    LEAST_BLOCK = 64,      /* items; hides what a block costs */
    INDICES = 512,
    WORKERS = 64,
    FAR_AHEAD = 64 /* units in buffers, behind which a thread is missed */
};

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
    const struct crew__select *s;
    const struct crew__pack_kernels *kernels;
    struct unit *units;
    size_t blocks, most;                   /* all, and in a unit */
    size_t total;                          /* kept in all, once the last unit was reached */
    bool single;                           /* one item a call, to know which failed */
    atomic_size_t taken, reached, fail_at; /* blocks; fail_at: SIZE_MAX where none failed */
    size_t step;                           /* items that the predicate is asked about at once */
    atomic_bool buffered;                  /* some unit had a buffer */
    _Atomic(char *) own[WORKERS];          /* buffers to use again: in the cache of that worker's core */
};

size_t crew__select_block(size_t n, size_t size)
{
    size_t most = BLOCK_BYTES / size, block = LEAST_BLOCK;
    if (n > FEW_BLOCKS * LEAST_BLOCK)
        block = n / FEW_BLOCKS < CREW__FLAGS ? n / FEW_BLOCKS : n / MANY_BLOCKS;
    if (n / FEW_BLOCKS >= CREW__FLAGS && block < CREW__FLAGS)
        block = CREW__FLAGS;
    block = block / LEAST_BLOCK * LEAST_BLOCK + (block % LEAST_BLOCK ? LEAST_BLOCK : 0);
    block = block < most ? block : most;
    return block ? block : 1;
}

/* Flags of items begin .. end-1, which are at most CREW__FLAGS; they may be written to `room`. */
static int ask(const struct run *r, size_t begin, size_t end, unsigned char *room, size_t *failed)
{
    const struct crew__select *s = r->s;
    size_t step = r->single ? 1 : end - begin;
    for (size_t i = begin; i < end; i += step) {
        int code = s->pred(i, i + step, room + (i - begin), s->ctx);
        if (code) {
            *failed = i;
            return code;
        }
    }
    return 0;
}

static void pack(const struct run *r, size_t begin, size_t n, const unsigned char *flags, char *out, size_t count,
                 int invert)
{
    const struct crew__select *s = r->s;
    if (s->in) {
        crew__pack(r->kernels, s->size, (const char *)s->in + begin * s->size, flags, n, out, count, invert);
        return;
    }
    size_t indices[INDICES];
    for (size_t done = 0; done < n; done += INDICES) {
        size_t part = n - done < INDICES ? n - done : INDICES;
        size_t kept = r->kernels->count(flags + done, part);
        for (size_t k = 0; k < part; k++)
            indices[k] = begin + done + k;
        crew__pack(r->kernels, sizeof *indices, indices, flags + done, part, out, kept, invert);
        out += kept * sizeof *indices;
    }
}

/* Packs items begin .. end-1 to out, the others to rest where that is wanted. *count becomes how many were kept. */
static int pack_items(const struct run *r, size_t begin, size_t end, char *out, char *rest, size_t *count)
{
    unsigned char room[CREW__FLAGS];
    const struct crew__select *s = r->s;
    size_t sum = 0;
    for (size_t next; begin < end; begin = next) {
        next = end - begin < r->step ? end : begin + r->step;
        size_t failed, n = next - begin;
        int code = s->flags ? 0 : ask(r, begin, next, room, &failed);
        if (code) {
            *count = failed;
            return code;
        }
        const unsigned char *flags = s->flags ? s->flags + begin : room;
        size_t kept = r->kernels->count(flags, n);
        /* The others first: in may be overwritten by those kept. */
        if (rest) {
            pack(r, begin, n, flags, rest, n - kept, 1);
            rest += (n - kept) * s->size;
        }
        pack(r, begin, n, flags, out + sum * s->size, kept, 0);
        sum += kept;
    }
    *count = sum;
    return 0;
}

static size_t first_item(const struct run *r, size_t block)
{
    return block < r->blocks ? block * r->s->block : r->s->n;
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

/* The unit that begins with `block` is PACKED and PLACED, and belongs to the caller: tells the units after it where their
   places are, and copies those that were waiting for that. */
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
    int code = pack_items(r, first, last, out, rest, &count);
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

int crew__select(const struct crew__select *s, size_t *count)
{
    struct unit few[FEW_BLOCKS + 1];
    struct run r = {.s = s, .kernels = crew__pack_kernels()};
    r.step = STEP_BYTES / s->size;
    r.step = r.step > CREW__FLAGS ? CREW__FLAGS : r.step < LEAST_BLOCK ? LEAST_BLOCK : r.step;
    r.blocks = s->n / s->block + (s->n % s->block != 0);
    r.most = BLOCK_BYTES / s->size / s->block;
    r.most = r.most ? r.most : 1;
    r.units = r.blocks <= FEW_BLOCKS ? few : crew__scratch_take(r.blocks * sizeof *r.units);
    if (!r.units)
        return -ENOMEM;
    memset(r.units, 0, r.blocks * sizeof *r.units);
    if (r.blocks > 0)
        atomic_store_explicit(&r.units[0].state, PLACED, memory_order_relaxed);
    atomic_store_explicit(&r.fail_at, SIZE_MAX, memory_order_relaxed);

    crew_options own = s->opt ? *s->opt : (crew_options){0};
    r.single = own.failed != NULL;
    own.failed = NULL;
    own.grain = own.grain / s->block + (own.grain % s->block != 0);
    struct crew__loop loop = {.n = r.blocks,
                              .fn = run_units,
                              .ctx = &r,
                              .opt = &own,
                              .max_block = r.most,
                              .item_ns = s->item_ns * (double)s->block,
                              .per_item = s->block,
                              .total = s->n};
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

int crew__select_check(const void *in, const void *out, size_t size, size_t n, const size_t *count)
{
    size_t bytes;
    if (size == 0 || !count || (n > 0 && (!in || !out)))
        return -EINVAL;
    if (!crew__mul(n, size, &bytes))
        return -EOVERFLOW;
    return (uintptr_t)out > (uintptr_t)in && crew__overlap(in, bytes, out, 1) ? -EINVAL : 0;
}
