/* The stable order of keys from one vectorised sort of (upper bits of the rank, index).

   A rank of 32 bits fits beside the index, and often one of 64 does, since only bits in which keys differ are needed.
   Else keys whose upper bits are the same stand beside each other afterwards, by index, and an insertion sort puts
   those few in order; where a sample says that they are many, this is left to the radix sort.

   Of the radix sort's time it takes, on one thread with AVX-512 (AVX2): argsort of 10, 100, 10^6
   u32 0.5 (0.5), 0.55 (0.8), 0.7 (1.0); of 100, 10^4, 10^6 f64 0.2 (0.25), 0.65 (0.9), 0.5 (0.7); records of 16 bytes,
   10, 100, 10^4, 10^5 0.5 (0.7), 0.43 (0.6), 0.75 (1.0), 0.6 (0.83), with Zipf's keys 0.37. An argsort needs no copy of
   keys and indices. */
#include "packed_order.h"
#include "../../core/base/compiler.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "sort_keys.h"
#include "vector_sort.h"
#include <stdatomic.h>
#include <string.h>

enum { BLOCK = 4096, SAMPLES = 64, PIECES = 64 };

struct packing {
    const struct crew__keys *keys;
    uint64_t *order, mask;
    int shift, bits; /* order[i] = rank >> shift << bits | index */
    bool whole;      /* no key has a bit below shift that another has not */
    struct crew__cut blocks;
    size_t starts[PIECES + 1]; /* of runs of keys that are alike */
    atomic_bool too_many;
};

static inline uint64_t rank_at(const struct crew__keys *keys, size_t i)
{
    const char *at = (const char *)keys->first + i * keys->stride;
    if (keys->wide) {
        uint64_t bits;
        memcpy(&bits, at, sizeof bits);
        return crew__rank_64(bits, keys->key);
    }
    uint32_t bits;
    memcpy(&bits, at, sizeof bits);
    return crew__rank_32(bits, keys->key);
}

/* varying: the bits of a 64-bit rank that are not the same in all. */
static void choose_bits(struct packing *p, uint64_t varying)
{
    p->bits = crew__log2(p->keys->n - 1) + 1;
    int low = crew__log2(varying & (0 - varying)), over = crew__log2(varying) + 1 + p->bits - 64;
    p->shift = over > low ? over : low;
    p->whole = p->shift == low;
    p->mask = ((uint64_t)1 << p->bits) - 1;
}

static void pack(size_t begin, size_t end, void *ctx)
{
    const struct packing *p = ctx;
    const struct crew__key key = *p->keys->key;
    const struct crew__keys keys = {p->keys->first, p->keys->n, p->keys->stride, p->keys->wide, &key};
    const int shift = p->shift, bits = p->bits;
    uint64_t *order = p->order;
    size_t from = crew__cut_begin(&p->blocks, begin), to = crew__cut_end(&p->blocks, end - 1);
    if (keys.wide)
        for (size_t i = from; i < to; i++)
            order[i] = rank_at(&keys, i) >> shift << bits | i;
    else
        for (size_t i = from; i < to; i++)
            order[i] = rank_at(&keys, i) << 32 | i;
}

static inline bool alike(const struct packing *p, size_t i, uint64_t o)
{
    return ((p->order[i] ^ o) & ~p->mask) == 0;
}

/* Puts keys that are alike in order, among those from begin to end - 1. Gives up after moves of four a key. */
static bool order_alike(const struct packing *p, size_t begin, size_t end)
{
    size_t limit = 4 * (end - begin);
    uint64_t last = 0; /* the rank before i, where it is known */
    bool known = false;
    for (size_t i = begin + 1; i < end; i++) {
        const uint64_t o = p->order[i];
        if (!alike(p, i - 1, o)) {
            known = false;
            continue;
        }
        const uint64_t rank = rank_at(p->keys, o & p->mask);
        last = known ? last : rank_at(p->keys, p->order[i - 1] & p->mask);
        known = true;
        if (CREW__LIKELY(last <= rank)) {
            last = rank;
            continue;
        }
        size_t j = i;
        for (; j > begin && alike(p, j - 1, o) && rank_at(p->keys, p->order[j - 1] & p->mask) > rank; j--)
            p->order[j] = p->order[j - 1];
        p->order[j] = o;
        if (i - j > limit)
            return false;
        limit -= i - j;
    }
    return true;
}

static void order_pieces(size_t begin, size_t end, void *ctx)
{
    struct packing *p = ctx;
    for (size_t c = begin; c < end; c++)
        if (!atomic_load_explicit(&p->too_many, memory_order_relaxed) &&
            !order_alike(p, p->starts[c], p->starts[c + 1]))
            atomic_store_explicit(&p->too_many, true, memory_order_relaxed);
}

static bool order_all_alike(struct packing *p)
{
    const struct crew__cut pieces = crew__cut_into(p->keys->n, PIECES);
    p->starts[0] = 0;
    for (size_t c = 1; c < pieces.count; c++) {
        size_t at = crew__cut_begin(&pieces, c);
        at = at > p->starts[c - 1] ? at : p->starts[c - 1];
        while (at < pieces.n && alike(p, at - 1, p->order[at]))
            at++;
        p->starts[c] = at;
    }
    p->starts[pieces.count] = pieces.n;
    crew__each(pieces.count, order_pieces, p, 0.5 * (double)pieces.size);
    return !p->too_many;
}

/* A sorted sample of ranks, SAMPLES of them; false where few are different: counting integers is faster then. */
static bool take_sample(const struct crew__keys *keys, const struct crew__vector_sort *vectors, uint64_t *sample)
{
    const struct crew__key *order = &crew__sort_types[CREW__U64].key;
    const size_t step = keys->n / SAMPLES;
    for (size_t i = 0; i < SAMPLES; i++)
        sample[i] = rank_at(keys, i * step + (size_t)((i * UINT64_C(0x9e3779b97f4a7c15) >> 40) % step));
    vectors->sort[1](sample, sample, SAMPLES, order, order);
    int same = 0;
    for (size_t i = 1; i < SAMPLES; i++)
        same += sample[i] == sample[i - 1];
    return same <= SAMPLES / 2 || keys->key->negative != 0;
}

/* Whether keys are so close to each other that many will be alike. */
static bool close_together(const struct packing *p, const uint64_t *sample)
{
    const size_t step = p->keys->n / SAMPLES;
    int close = 0;
    for (size_t i = 1; i < SAMPLES; i++)
        close += sample[i] != sample[i - 1] && (sample[i] >> p->shift) - (sample[i - 1] >> p->shift) < 4 * step;
    return close > SAMPLES / 4;
}

static bool order_few(struct packing *p, const struct crew__vector_sort *vectors)
{
    const struct crew__key key = *p->keys->key, *order = &crew__sort_types[CREW__U64].key;
    const struct crew__keys keys = {p->keys->first, p->keys->n, p->keys->stride, p->keys->wide, &key};
    if (keys.wide) {
        uint64_t any = 0, all = UINT64_MAX;
        for (size_t i = 0; i < keys.n; i++) {
            p->order[i] = rank_at(&keys, i);
            any |= p->order[i];
            all &= p->order[i];
        }
        choose_bits(p, any != all ? any ^ all : 1);
        for (size_t i = 0; i < keys.n; i++)
            p->order[i] = p->order[i] >> p->shift << p->bits | i;
    } else {
        pack(0, 1, p);
    }
    vectors->sort[1](p->order, p->order, keys.n, order, order);
    return p->whole || order_alike(p, 0, keys.n);
}

bool crew__packed_order(const struct crew__keys *keys, uint64_t *order, uint64_t *mask)
{
    const struct crew__vector_sort *vectors = crew__vector_sort();
    const size_t n = keys->n;
    if (!vectors || n > UINT32_MAX)
        return false;
    struct packing p;
    p.keys = keys;
    p.order = order;
    p.mask = UINT32_MAX;
    p.shift = 0;
    p.bits = 32;
    p.whole = true;
    p.blocks = crew__cut_by(n, n <= CREW__PACKED_SEGMENT ? n : BLOCK);
    p.too_many = false;
    if (n <= CREW__PACKED_SEGMENT) {
        bool done = order_few(&p, vectors);
        *mask = p.mask;
        return done;
    }
    uint64_t sample[SAMPLES];
    if (!take_sample(keys, vectors, sample))
        return false;
    if (keys->wide) {
        size_t nans;
        uint64_t varying = crew__varying_bits(keys, &nans);
        choose_bits(&p, nans > 0 ? UINT64_MAX : varying != 0 ? varying : 1);
    }
    *mask = p.mask;
    if (!p.whole && close_together(&p, sample))
        return false;
    crew__each(p.blocks.count, pack, &p, 0.5 * (double)BLOCK);
    if (crew__sort_in_vectors(vectors, &crew__sort_types[CREW__U64], order, n) != 0)
        return false;
    return p.whole || order_all_alike(&p);
}
