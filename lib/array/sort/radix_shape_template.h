/* The radix sort of one shape of element; radix.h has the interface. The including file defines

   INSTANCE  suffix of the names
   BITS      of the key: 32 or 64
   ELEMENT   what is moved: the key as an unsigned integer, or a record
   RECORD    defined where ELEMENT is a record with the key at key->offset
   VALUE     type of the values in an array beside the keys, undefined where there are none

   Keys that are not in a record are replaced by their ranks in the first pass and restored in the last. A NaN has no
   rank of its own, so NaNs are moved to the end before. */
#include "radix_steps.h"

#define RANK CREW__CAT3(uint, BITS, _t)
#define FN(name) CREW__CAT3(name, _, INSTANCE)
#define VIEW CREW__CAT3(view, _, INSTANCE)

struct VIEW {
    ELEMENT *k;
#ifdef VALUE
    VALUE *v;
#endif
};

#include "radix_segment_template.h"

enum { FN(LINE) = CREW__CACHE_LINE / sizeof(ELEMENT) };

struct FN(job) {
    struct VIEW from, to;
    size_t n, chunk, chunks; /* elements in a chunk, number of chunks */
    RANK low;                /* see bucket() */
    int shift, bits;
    bool outliers; /* a sample may say where the buckets are */
    bool first;    /* keys are not ranks yet */
    bool buffered; /* scatter line by line */
    bool into_to;  /* where the result of the whole belongs: to, else from */
    size_t big;    /* buckets of that size are left for later */
    size_t *at;    /* chunks rows of 2^bits counts, then places */
    const struct crew__key *key;
};

static inline RANK FN(in)(RANK bits, const struct crew__key *key)
{
    return bits ^ ((RANK)key->top | ((RANK)(0 - (bits >> (BITS - 1))) & (RANK)key->negative));
}

static inline RANK FN(out)(RANK r, const struct crew__key *key)
{
    return r ^ ((RANK)key->top | ((RANK)((r >> (BITS - 1)) - 1) & (RANK)key->negative));
}

/* The rank of an element of the input. */
static inline RANK FN(raw)(ELEMENT e, const struct crew__key *key)
{
#ifdef RECORD
    return FN(rank)(e, key);
#else
    return CREW__CAT(crew__rank, BITS)(e, key);
#endif
}

static inline ELEMENT FN(enter)(ELEMENT e, bool first, const struct crew__key *key)
{
#ifdef RECORD
    (void)first;
    (void)key;
    return e;
#else
    return first ? FN(in)(e, key) : e;
#endif
}

static void FN(leave)(ELEMENT *k, size_t n, const struct crew__key *key)
{
#ifdef RECORD
    (void)k;
    (void)n;
    (void)key;
#else
    if (key->top != 0)
        for (size_t i = 0; i < n; i++)
            k[i] = FN(out)(k[i], key);
#endif
}

/* Buckets are ranges of ranks from low on, 2^shift wide; what is outside of them goes to the first and the last. */
static inline size_t FN(bucket)(RANK r, RANK low, int shift, RANK last)
{
    RANK d = r > low ? (RANK)(r - low) >> shift : 0;
    return (size_t)(d < last ? d : last);
}

static inline size_t FN(chunk_length)(const struct FN(job) * job, size_t c)
{
    size_t left = job->n - c * job->chunk;
    return left < job->chunk ? left : job->chunk;
}

static int FN(count)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct FN(job) *job = ctx;
    (void)failed;
    const struct crew__key key = *job->key;
    const RANK mask = ((RANK)1 << job->bits) - 1, low = job->low;
    const int shift = job->shift;
    for (size_t c = begin; c < end; c++) {
        const ELEMENT *k = job->from.k + c * job->chunk;
        size_t n = FN(chunk_length)(job, c), *count = job->at + (c << job->bits);
        memset(count, 0, sizeof *count << job->bits);
        if (job->first)
            for (size_t i = 0; i < n; i++)
                count[FN(bucket)(FN(rank)(FN(enter)(k[i], true, &key), &key), low, shift, mask)]++;
        else
            for (size_t i = 0; i < n; i++)
                count[FN(bucket)(FN(rank)(k[i], &key), low, shift, mask)]++;
    }
    return 0;
}

static void FN(scatter_plain)(const struct FN(job) * job, struct VIEW from, size_t n, size_t *at, bool first)
{
    const struct crew__key key = *job->key;
    const RANK mask = ((RANK)1 << job->bits) - 1, low = job->low;
    const int shift = job->shift;
    struct VIEW to = job->to;
    for (size_t i = 0; i < n; i++) {
        ELEMENT e = FN(enter)(from.k[i], first, &key);
        size_t j = at[FN(bucket)(FN(rank)(e, &key), low, shift, mask)]++;
        to.k[j] = e;
#ifdef VALUE
        to.v[j] = from.v[i];
#endif
    }
}

/* Collects elements in one cache line a bucket and writes whole lines: memory then sees a quarter to a sixteenth of the
   accesses, and the pages of all buckets need not be in the translation buffer at once. */
static void FN(scatter_lines)(const struct FN(job) * job, struct VIEW from, size_t n, size_t *at, bool first,
                              struct VIEW lines, size_t *start)
{
    enum { LINE = FN(LINE) };
    const struct crew__key key = *job->key;
    const RANK mask = ((RANK)1 << job->bits) - 1, low = job->low;
    const int shift = job->shift;
    struct VIEW to = job->to;
    memcpy(start, at, sizeof *at << job->bits);
    for (size_t i = 0; i < n; i++) {
        ELEMENT e = FN(enter)(from.k[i], first, &key);
        size_t d = FN(bucket)(FN(rank)(e, &key), low, shift, mask), j = at[d]++, slot = d * LINE + j % LINE;
        lines.k[slot] = e;
#ifdef VALUE
        lines.v[slot] = from.v[i];
#endif
        if (j % LINE == LINE - 1) {
            size_t base = j - (LINE - 1);
            if (CREW__LIKELY(base >= start[d]))
                FN(copy)(FN(part)(to, base), FN(part)(lines, d * LINE), LINE);
            else /* the first line starts in the middle, behind another chunk's elements */
                FN(copy)(FN(part)(to, start[d]), FN(part)(lines, d * LINE + start[d] % LINE), j + 1 - start[d]);
        }
    }
    for (size_t d = 0; d <= mask; d++) {
        size_t base = at[d] - at[d] % LINE;
        base = base > start[d] ? base : start[d];
        if (base < at[d])
            FN(copy)(FN(part)(to, base), FN(part)(lines, d * LINE + base % LINE), at[d] - base);
    }
}

static int FN(distribute)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct FN(job) *job = ctx;
    (void)failed;
    size_t buckets = (size_t)1 << job->bits, size = sizeof(ELEMENT);
#ifdef VALUE
    size += sizeof(VALUE);
#endif
    /* Without that memory the plain loop does the same. */
    char *memory = job->buffered ? crew__scratch_take(buckets * (FN(LINE) * size + sizeof(size_t))) : NULL;
    struct VIEW lines = {.k = (ELEMENT *)(void *)memory};
    size_t *start = NULL;
    if (memory) {
        start = (size_t *)(void *)(memory + buckets * FN(LINE) * size);
#ifdef VALUE
        lines.v = (VALUE *)(void *)(memory + buckets * FN(LINE) * sizeof(ELEMENT));
#endif
    }
    for (size_t c = begin; c < end; c++) {
        struct VIEW from = FN(part)(job->from, c * job->chunk);
        size_t n = FN(chunk_length)(job, c), *at = job->at + (c << job->bits);
        if (memory && job->first)
            FN(scatter_lines)(job, from, n, at, true, lines, start);
        else if (memory)
            FN(scatter_lines)(job, from, n, at, false, lines, start);
        else if (job->first)
            FN(scatter_plain)(job, from, n, at, true);
        else
            FN(scatter_plain)(job, from, n, at, false);
    }
    crew__scratch_give(memory);
    return 0;
}

static int FN(finish)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct FN(job) *job = ctx;
    (void)failed;
    /* The last chunk's places now are where the buckets end. */
    const size_t *ends = job->at + ((job->chunks - 1) << job->bits);
    for (size_t d = begin; d < end; d++) {
        size_t from = d ? ends[d - 1] : 0, n = ends[d] - from;
        if (n == 0 || n >= job->big)
            continue;
        FN(segment)(FN(part)(job->to, from), FN(part)(job->from, from), n, !job->into_to, job->key);
        FN(leave)((job->into_to ? job->to : job->from).k + from, n, job->key);
    }
    return 0;
}

struct FN(scan) {
    const ELEMENT *k;
    size_t n;
    bool first;
    const struct crew__key *key;
    _Atomic uint64_t any, none; /* bits set in some rank, bits clear in some rank */
    atomic_size_t nans;
    _Atomic bool not_up, not_down; /* not sorted, not strictly reversed */
};

static int FN(scan_bits)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct FN(scan) *s = ctx;
    (void)failed;
    const struct crew__key key = *s->key;
    RANK any = 0, none = 0;
    size_t nans = 0, from = begin * CREW__RADIX_SCAN,
           to = s->n / CREW__RADIX_SCAN >= end ? end * CREW__RADIX_SCAN : s->n;
    if (!s->first) {
        for (size_t i = from; i < to; i++) {
            RANK r = FN(rank)(s->k[i], &key);
            any |= r;
            none |= ~r;
        }
    } else {
        for (size_t i = from; i < to; i++) {
            RANK r = FN(rank)(FN(enter)(s->k[i], true, &key), &key);
            any |= r;
            none |= ~r;
#ifndef RECORD
            nans += (RANK)(r - (RANK)key.least) > (RANK)key.span;
#endif
        }
    }
    atomic_fetch_or_explicit(&s->any, any, memory_order_relaxed);
    atomic_fetch_or_explicit(&s->none, none, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->nans, nans, memory_order_relaxed);
    return 0;
}

/* How many of the n elements have a lower one behind them. */
static size_t FN(count_falls)(const ELEMENT *k, size_t n, const struct crew__key *key)
{
    size_t falls = 0;
#ifndef RECORD
    if (crew__isa() >= CREW__ISA_AVX2)
        return CREW__CAT(crew__falls_avx2_, BITS)(k, n, key);
    if (key->negative == 0) { /* integers need no look at NaNs: twice as fast */
        const RANK top = (RANK)key->top;
        for (size_t i = 0; i < n; i++)
            falls += (k[i] ^ top) > (k[i + 1] ^ top);
        return falls;
    }
#endif
    RANK last = FN(raw)(k[0], key);
    for (size_t i = 1; i <= n; i++) {
        RANK r = FN(raw)(k[i], key);
        falls += last > r;
        last = r;
    }
    return falls;
}

static int FN(scan_order)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct FN(scan) *s = ctx;
    (void)failed;
    const struct crew__key key = *s->key;
    for (size_t c = begin; c < end; c++) {
        if (atomic_load_explicit(&s->not_up, memory_order_relaxed) &&
            atomic_load_explicit(&s->not_down, memory_order_relaxed))
            return 0;
        size_t from = c * CREW__RADIX_SCAN,
               to = s->n - 1 - from < CREW__RADIX_SCAN ? s->n - 1 : from + CREW__RADIX_SCAN;
        size_t falls = FN(count_falls)(s->k + from, to - from, &key);
        if (falls != 0)
            atomic_store_explicit(&s->not_up, true, memory_order_relaxed);
        if (falls != to - from)
            atomic_store_explicit(&s->not_down, true, memory_order_relaxed);
    }
    return 0;
}

#include "radix_driver_template.h"

#undef RANK
#undef FN
#undef VIEW
#undef INSTANCE
#undef BITS
#undef ELEMENT
#undef RECORD
#undef VALUE
