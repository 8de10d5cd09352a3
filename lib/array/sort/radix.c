/* The radix sort's part that is the same for all shapes of element: it looks at the keys first, splits many elements
   into buckets by their highest varying bits, and has each bucket sorted by one thread. */
#include "radix.h"
#include "../../core/base/compiler.h"
#include "../../core/base/scratch.h"
#include "../move/move.h"
#include "key_order.h"
#include "packed_order.h"
#include <errno.h>
#include <string.h>

enum {
    ALONE = 16384,   /* elements that are sorted as one segment */
    ON_STACK = 1000, /* elements whose scratch is on the stack */
    LARGEST = 16,    /* bytes of an element and its value */
    CHUNKS = 128,
    PERMUTED = 4096,   /* records that a thread moves at once */
    CACHED = 16 << 20, /* bytes that can be read in any order */
    BIG = 64           /* a bucket with more than that part of the array is split by all threads */
};

struct sort {
    const struct crew__radix_shape *shape;
    struct crew__radix_array a, b; /* the array and the scratch */
    size_t n;
    size_t *counts; /* a row a chunk */
    const struct crew__key *key;
    struct crew__keys keys; /* of a */
};

static struct crew__radix_array part(const struct sort *s, struct crew__radix_array a, size_t begin)
{
    a.k = (char *)a.k + begin * s->shape->element;
    a.v = a.v ? (char *)a.v + begin * s->shape->value : NULL;
    return a;
}

static struct crew__keys keys_of(const struct crew__radix_shape *shape, const void *k, size_t n,
                                 const struct crew__key *key)
{
    const char *first = k;
    return (struct crew__keys){first + (shape->record ? key->offset : 0), n, shape->element, shape->wide, key};
}

/* Bits of the first digit: buckets of about 32 KiB, so that both a bucket and where it goes stay in the cache. */
static int digit(const struct crew__radix_shape *shape, size_t n, uint64_t varying)
{
    int bits = crew__log2(n * shape->element >> 15 | 1) + 1;
    bits = bits < 6 ? 6 : bits > 11 ? 11 : bits;
    int needed = crew__log2(varying) + 1;
    return bits < needed ? bits : needed;
}

static size_t most_chunks(size_t n)
{
    size_t chunks = n >> 14;
    return chunks < 2 ? 2 : chunks > CHUNKS ? CHUNKS : chunks;
}

/* Cuts the range of ranks that vary into equal buckets. Where a few outliers make that range eight times as wide as the
   middle three quarters of a sample, only the range of these is cut. Both of its ends are elements that go to different
   buckets, so every split makes progress. */
static void choose_buckets(const struct crew__radix_shape *shape, struct crew__radix_split *split, uint64_t varying,
                           bool outliers)
{
    enum { SAMPLE = 64, FROM = SAMPLE / 8 };
    uint64_t sample[SAMPLE];
    size_t n = split->chunks.n;
    for (size_t i = 0; i < SAMPLE; i++) {
        uint64_t r = shape->rank_at(split, n / SAMPLE * i);
        size_t j = i;
        for (; j > 0 && sample[j - 1] > r; j--)
            sample[j] = sample[j - 1];
        sample[j] = r;
    }
    int top = crew__log2(varying) + 1;
    split->low = top < 64 ? sample[0] >> top << top : 0;
    uint64_t range = sample[SAMPLE - 1 - FROM] - sample[FROM];
    if (range != 0 && outliers && crew__log2(range) + 3 < top) {
        split->low = sample[FROM];
        varying = range;
        top = crew__log2(range) + 1;
    }
    split->bits = digit(shape, n, varying);
    split->shift = top - split->bits;
}

/* Splits split->from into buckets in split->to and sorts all but the big ones. */
static void sort_by_buckets(const struct crew__radix_shape *shape, struct crew__radix_split *split)
{
    const size_t n = split->chunks.n, buckets = (size_t)1 << split->bits;
    const double chunk_ns = (double)split->chunks.size;
    split->buffered = split->bits > 8 && n * shape->element > (size_t)1 << 24;
    crew__each(split->chunks.count, shape->count, split, chunk_ns);
    size_t at = 0;
    for (size_t d = 0; d < buckets; d++) {
        for (size_t c = 0; c < split->chunks.count; c++) {
            size_t *place = &split->at[(c << split->bits) + d], count = *place;
            *place = at;
            at += count;
        }
    }
    crew__each(split->chunks.count, shape->distribute, split, 2 * chunk_ns);
    crew__each(buckets, shape->sort_buckets, split, 6 * (double)n / (double)buckets);
}

struct pending {
    size_t begin, n;
    bool in_a;
};

/* Big buckets are disjoint and each a 64th of the whole, so 64 places hold those that wait. */
static void sort_many(const struct sort *s, uint64_t varying)
{
    static const struct crew__key ranks = {.span = UINT64_MAX};
    const struct crew__radix_shape *shape = s->shape;
    struct pending wait[BIG + 1] = {{0, s->n, true}};
    size_t big = s->n / BIG + 1;
    big = big < ALONE * 2 ? ALONE * 2 : big;
    int rounds = 0;
    for (int waiting = 1; waiting > 0; rounds++) {
        struct pending p = wait[--waiting];
        struct crew__radix_split split = {.big = big, .at = s->counts, .key = s->key};
        split.chunks = crew__cut_into(p.n, most_chunks(p.n));
        split.from = part(s, p.in_a ? s->a : s->b, p.begin);
        split.to = part(s, p.in_a ? s->b : s->a, p.begin);
        split.into_to = !p.in_a;
        split.from_key = rounds == 0 || shape->record ? s->key : &ranks;
        if (rounds > 0) {
            struct crew__keys keys = keys_of(shape, split.from.k, p.n, split.from_key);
            size_t nans;
            varying = crew__varying_bits(&keys, &nans);
        }
        if (varying == 0) {
            crew__each(split.chunks.count, shape->take_as_are, &split, (double)split.chunks.size / 2);
            continue;
        }
        choose_buckets(shape, &split, varying, rounds < 4 * BIG); /* then by bits only, which end */
        sort_by_buckets(shape, &split);
        const size_t *ends = s->counts + ((split.chunks.count - 1) << split.bits);
        for (size_t d = 0, begin = 0; d >> split.bits == 0; begin = ends[d++])
            if (ends[d] - begin >= big)
                wait[waiting++] = (struct pending){p.begin + begin, ends[d] - begin, !p.in_a};
    }
}

static int sort_unordered(struct sort *s)
{
    const struct crew__radix_shape *shape = s->shape;
    size_t nans;
    if (s->n <= CREW__RADIX_FEW && (shape->record || s->key->negative == 0)) { /* merged, and none is a NaN */
        shape->sort_alone(s->a, s->b, s->n, s->key);
        return 0;
    }
    uint64_t varying = crew__varying_bits(&s->keys, &nans);
    if (s->n > ALONE) {
        s->counts = crew__scratch_take((most_chunks(s->n) << digit(shape, s->n, UINT64_MAX)) * sizeof *s->counts);
        if (!s->counts)
            return -ENOMEM;
    }
    if (nans > 0) {
        s->n = s->keys.n = shape->move_nans(s->a, s->b, s->n, s->key);
        varying = s->n > 0 ? crew__varying_bits(&s->keys, &nans) : 0;
    }
    if (varying != 0 && s->counts)
        sort_many(s, varying);
    else if (varying != 0)
        shape->sort_alone(s->a, s->b, s->n, s->key);
    crew__scratch_give(s->counts);
    return 0;
}

static CREW__NOINLINE int sort_on_stack(struct sort *s)
{
    uint64_t memory[ON_STACK * LARGEST / sizeof(uint64_t)];
    s->b.k = memory;
    s->b.v = (char *)memory + ON_STACK * s->shape->element;
    int code = sort_unordered(s);
    s->b.k = s->b.v = NULL; /* gone with this frame */
    return code;
}

static CREW__NOINLINE int sort_on_heap(struct sort *s)
{
    size_t size = s->n * s->shape->element, gap = (0 - size) & (CREW__CACHE_LINE - 1);
    char *memory = crew__scratch_take(size + gap + s->n * s->shape->value);
    if (!memory)
        return -ENOMEM;
    s->b.k = memory;
    s->b.v = memory + size + gap;
    int error = sort_unordered(s);
    crew__scratch_give(memory);
    return error;
}

/* Few elements: false, where they are as they were. */
static CREW__NOINLINE bool sort_packed(const struct sort *s)
{
    uint64_t order[CREW__PACKED_FEW], keys[CREW__PACKED_FEW * 2], values[CREW__PACKED_FEW], mask;
    const struct crew__radix_array copy = {keys, values};
    if (!crew__packed_order(&s->keys, order, &mask))
        return false;
    memcpy(keys, s->a.k, s->n * s->shape->element);
    if (s->a.v)
        memcpy(values, s->a.v, s->n * s->shape->value);
    s->shape->permute(copy, s->a, s->n, order, mask);
    return true;
}

struct permuting {
    const struct crew__radix_shape *shape;
    struct crew__radix_array from, to;
    const uint64_t *order;
    uint64_t mask;
    struct crew__cut blocks;
};

static void permute_blocks(size_t begin, size_t end, void *ctx)
{
    const struct permuting *p = ctx;
    size_t first = crew__cut_begin(&p->blocks, begin), n = crew__cut_end(&p->blocks, end - 1) - first;
    const struct crew__radix_array to = {(char *)p->to.k + first * p->shape->element, NULL};
    p->shape->permute(p->from, to, n, p->order + first, p->mask);
}

/* Records: moved once, which takes 0.6 to 0.75 of the radix sort's time as long as the cache holds them, a third where
   some keys are many times there. False, where they are as they were. */
static CREW__NOINLINE bool permute_records(const struct sort *s)
{
    const size_t bytes = s->n * s->shape->element;
    char *memory = crew__scratch_take(bytes + s->n * sizeof(uint64_t));
    if (!memory)
        return false;
    struct permuting p = {s->shape, {memory, NULL}, s->a, (uint64_t *)(void *)(memory + bytes), 0, {0}};
    bool done = crew__packed_order(&s->keys, (uint64_t *)(void *)(memory + bytes), &p.mask);
    if (done) {
        crew__copy(s->a.k, memory, bytes);
        p.blocks = crew__cut_by(s->n, PERMUTED);
        crew__each(p.blocks.count, permute_blocks, &p, 2 * PERMUTED);
    }
    crew__scratch_give(memory);
    return done;
}

int crew__radix_sort(const struct crew__radix_shape *shape, void *keys, void *values, size_t n,
                     const struct crew__key *key)
{
    const struct crew__radix_array a = {keys, values};
    if (n <= CREW__RADIX_GROUP) {
        shape->sort_group(a, n, key);
        return 0;
    }
    struct sort s = {.shape = shape, .a = a, .n = n, .key = key, .keys = keys_of(shape, keys, n, key)};
    int order = crew__key_order(&s.keys);
    if (order < 0) {
        crew__reverse(keys, n, shape->element);
        if (values)
            crew__reverse(values, n, shape->value);
    }
    if (order != 0 || (n <= CREW__PACKED_FEW && sort_packed(&s)))
        return 0;
    if (shape->record && n > CREW__PACKED_FEW && n * shape->element <= CACHED && permute_records(&s))
        return 0;
    return n <= ON_STACK ? sort_on_stack(&s) : sort_on_heap(&s);
}
