/* Whether keys are sorted and in which bits they differ, by all threads. */
#include "key_order.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../typed/isa.h"
#include "descents_avx2.h"
#include <stdatomic.h>
#include <string.h>

enum { BLOCK = 4096, FEW = 32 };

struct bits_seen {
    uint64_t any, none; /* bits set in some, bits clear in some */
    size_t nans;
};

#define BITS 32
#include "key_order_template.h"

#define BITS 64
#include "key_order_template.h"

struct order {
    const struct crew__keys *keys;
    struct crew__cut blocks;       /* of pairs of neighbours */
    _Atomic bool not_up, not_down; /* not sorted, not strictly reversed */
};

static void look_at_order(size_t begin, size_t end, void *ctx)
{
    struct order *o = ctx;
    const struct crew__keys *keys = o->keys;
    for (size_t b = begin; b < end; b++) {
        if (atomic_load_explicit(&o->not_up, memory_order_relaxed) &&
            atomic_load_explicit(&o->not_down, memory_order_relaxed))
            return;
        size_t from = crew__cut_begin(&o->blocks, b), n = crew__cut_end(&o->blocks, b) - from;
        size_t descents = keys->wide ? descents_64(keys, from, n) : descents_32(keys, from, n);
        if (descents != 0)
            atomic_store_explicit(&o->not_up, true, memory_order_relaxed);
        if (descents != n)
            atomic_store_explicit(&o->not_down, true, memory_order_relaxed);
    }
}

int crew__key_order(const struct crew__keys *keys)
{
    size_t pairs = keys->n - 1, few = pairs < FEW ? pairs : FEW;
    size_t descents = keys->wide ? few_descents_64(keys, few) : few_descents_32(keys, few);
    if (descents != 0 && descents != few)
        return 0;
    if (few == pairs)
        return descents == 0 ? 1 : -1;
    struct order o = {keys, crew__cut_by(pairs, BLOCK), descents != 0, descents != few};
    double block_ns = keys->stride > 8 ? 2000 : 60 * (double)keys->stride;
    crew__each(o.blocks.count, look_at_order, &o, block_ns);
    return !o.not_up ? 1 : !o.not_down ? -1 : 0;
}

struct bits {
    const struct crew__keys *keys;
    struct crew__cut blocks;
    _Atomic uint64_t any, none;
    atomic_size_t nans;
};

static struct bits_seen look_at(const struct crew__keys *keys, size_t from, size_t to)
{
    return keys->wide ? bits_64(keys, from, to) : bits_32(keys, from, to);
}

static void look_at_bits(size_t begin, size_t end, void *ctx)
{
    struct bits *b = ctx;
    struct bits_seen seen = look_at(b->keys, crew__cut_begin(&b->blocks, begin), crew__cut_end(&b->blocks, end - 1));
    atomic_fetch_or_explicit(&b->any, seen.any, memory_order_relaxed);
    atomic_fetch_or_explicit(&b->none, seen.none, memory_order_relaxed);
    atomic_fetch_add_explicit(&b->nans, seen.nans, memory_order_relaxed);
}

uint64_t crew__varying_bits(const struct crew__keys *keys, size_t *nans)
{
    if (keys->n <= BLOCK) { /* the atomic operations take a sixth of the time of a sort of ten keys */
        struct bits_seen seen = look_at(keys, 0, keys->n);
        *nans = seen.nans;
        return seen.any & seen.none;
    }
    struct bits b = {.keys = keys, .blocks = crew__cut_by(keys->n, BLOCK)};
    crew__each(b.blocks.count, look_at_bits, &b, 1000);
    *nans = b.nans;
    return b.any & b.none;
}
