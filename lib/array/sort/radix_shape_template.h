/* crew__radix_k32 .. crew__radix_r16k64: the kernels of the radix sort for one shape of element. The including file
   defines, and this one undefines,

   BITS          of the key: 32 or 64
   VALUE_BITS    of the values in an array beside the keys; undefined where there are none
   RECORD_BYTES  of a record with the key at key->offset; undefined where the keys are in an array */
#define RANK CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#if defined(RECORD_BYTES)
#define SHAPE CREW__JOIN(CREW__JOIN(r, RECORD_BYTES), CREW__JOIN(k, BITS))
#define ELEMENT struct FN(record)
#elif defined(VALUE_BITS)
#define SHAPE CREW__JOIN(CREW__JOIN(k, BITS), CREW__JOIN(v, VALUE_BITS))
#define ELEMENT RANK
#define VALUE CREW__JOIN(uint, CREW__JOIN(VALUE_BITS, _t))
#else
#define SHAPE CREW__JOIN(k, BITS)
#define ELEMENT RANK
#endif
#define FN(name) CREW__CAT(name, SHAPE)
#define VIEW FN(view)

#ifdef RECORD_BYTES
struct FN(record) {
    unsigned char bytes[RECORD_BYTES];
};
#endif

struct VIEW {
    ELEMENT *k;
#ifdef VALUE_BITS
    VALUE *v;
#endif
};

static inline struct VIEW FN(view_of)(struct crew__radix_array a)
{
    struct VIEW view;
    view.k = a.k;
#ifdef VALUE_BITS
    view.v = a.v;
#endif
    return view;
}

#include "radix_segment_template.h"

enum { FN(LINE) = CREW__CACHE_LINE / sizeof(ELEMENT) };

#ifndef RECORD_BYTES
/* Of a NaN too: a number of its own, which is not between those of the infinities. */
static inline RANK FN(key_to_rank)(RANK bits, const struct crew__key *key)
{
    return bits ^ ((RANK)key->top | ((RANK)(0 - (bits >> (BITS - 1))) & (RANK)key->negative));
}

static inline RANK FN(rank_to_key)(RANK r, const struct crew__key *key)
{
    return r ^ ((RANK)key->top | ((RANK)((r >> (BITS - 1)) - 1) & (RANK)key->negative));
}
#endif

/* What the sort moves in place of an element. */
static inline ELEMENT FN(element_to_rank)(ELEMENT e, const struct crew__key *key)
{
#ifdef RECORD_BYTES
    (void)key;
    return e;
#else
    return FN(key_to_rank)(e, key);
#endif
}

static void FN(ranks_to_keys)(ELEMENT *k, size_t n, const struct crew__key *key)
{
#ifdef RECORD_BYTES
    (void)k;
    (void)n;
    (void)key;
#else
    if (key->top != 0)
        for (size_t i = 0; i < n; i++)
            k[i] = FN(rank_to_key)(k[i], key);
#endif
}

static void FN(sort_input_group)(struct crew__radix_array a, size_t n, const struct crew__key *key)
{
    RANK rank[CREW__RADIX_GROUP];
    struct VIEW view = FN(view_of)(a);
    for (size_t i = 0; i < n; i++)
#ifdef RECORD_BYTES
        rank[i] = FN(rank)(view.k[i], key);
#else
        rank[i] = CREW__CAT(crew__rank, BITS)(view.k[i], key);
#endif
    FN(sort_group)(view, view, n, rank);
}

static void FN(permute)(struct crew__radix_array from, struct crew__radix_array to, size_t n, const uint64_t *order,
                        uint64_t mask)
{
    FN(permute_view)(FN(view_of)(from), FN(view_of)(to), n, order, mask);
}

static void FN(sort_alone)(struct crew__radix_array a, struct crew__radix_array b, size_t n,
                           const struct crew__key *key)
{
    struct VIEW view = FN(view_of)(a);
#ifndef RECORD_BYTES
    for (size_t i = 0; i < n; i++)
        view.k[i] = FN(key_to_rank)(view.k[i], key);
#endif
    FN(segment)(view, FN(view_of)(b), n, false, key);
    FN(ranks_to_keys)(view.k, n, key);
}

#ifndef RECORD_BYTES
static size_t FN(move_nans)(struct crew__radix_array array, struct crew__radix_array scratch, size_t n,
                            const struct crew__key *key)
{
    struct VIEW a = FN(view_of)(array), b = FN(view_of)(scratch);
    size_t kept = 0, nans = 0;
    for (size_t i = 0; i < n; i++) {
        bool nan = (RANK)(FN(key_to_rank)(a.k[i], key) - (RANK)key->least) > (RANK)key->span;
        FN(move)(b, nans, a, i);
        FN(move)(a, kept, a, i);
        nans += nan;
        kept += !nan;
    }
    FN(copy)(FN(part)(a, kept), b, nans);
    return kept;
}
#endif

static uint64_t FN(rank_at)(const struct crew__radix_split *s, size_t i)
{
    const ELEMENT *k = s->from.k;
    return FN(rank)(FN(element_to_rank)(k[i], s->from_key), s->from_key);
}

static inline size_t FN(bucket)(RANK r, RANK low, int shift, RANK last)
{
    RANK d = r > low ? (RANK)(r - low) >> shift : 0;
    return (size_t)(d < last ? d : last);
}

static void FN(count)(size_t begin, size_t end, void *ctx)
{
    const struct crew__radix_split *s = ctx;
    const struct crew__key key = *s->from_key;
    const RANK last = ((RANK)1 << s->bits) - 1, low = (RANK)s->low;
    const int shift = s->shift;
    const ELEMENT *k = s->from.k;
    for (size_t c = begin; c < end; c++) {
        size_t *count = s->at + (c << s->bits);
        memset(count, 0, sizeof *count << s->bits);
        for (size_t i = crew__cut_begin(&s->chunks, c), to = crew__cut_end(&s->chunks, c); i < to; i++)
            count[FN(bucket)(FN(rank)(FN(element_to_rank)(k[i], &key), &key), low, shift, last)]++;
    }
}

static void FN(scatter_plain)(const struct crew__radix_split *s, struct VIEW from, size_t n, size_t *at)
{
    const struct crew__key key = *s->from_key;
    const RANK last = ((RANK)1 << s->bits) - 1, low = (RANK)s->low;
    const int shift = s->shift;
    struct VIEW to = FN(view_of)(s->to);
    for (size_t i = 0; i < n; i++) {
        ELEMENT e = FN(element_to_rank)(from.k[i], &key);
        size_t j = at[FN(bucket)(FN(rank)(e, &key), low, shift, last)]++;
        to.k[j] = e;
#ifdef VALUE_BITS
        to.v[j] = from.v[i];
#endif
    }
}

/* Collects elements in one cache line a bucket and writes whole lines: memory then sees a quarter to a sixteenth of the
   accesses, and the pages of all buckets need not be in the translation buffer at once. */
static void FN(scatter_lines)(const struct crew__radix_split *s, struct VIEW from, size_t n, size_t *at,
                              struct VIEW lines, size_t *start)
{
    enum { LINE = FN(LINE) };
    const struct crew__key key = *s->from_key;
    const RANK last = ((RANK)1 << s->bits) - 1, low = (RANK)s->low;
    const int shift = s->shift;
    struct VIEW to = FN(view_of)(s->to);
    memcpy(start, at, sizeof *at << s->bits);
    for (size_t i = 0; i < n; i++) {
        ELEMENT e = FN(element_to_rank)(from.k[i], &key);
        size_t d = FN(bucket)(FN(rank)(e, &key), low, shift, last), j = at[d]++, slot = d * LINE + j % LINE;
        lines.k[slot] = e;
#ifdef VALUE_BITS
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
    for (size_t d = 0; d <= last; d++) {
        size_t base = at[d] - at[d] % LINE;
        base = base > start[d] ? base : start[d];
        if (base < at[d])
            FN(copy)(FN(part)(to, base), FN(part)(lines, d * LINE + base % LINE), at[d] - base);
    }
}

static void FN(distribute)(size_t begin, size_t end, void *ctx)
{
    const struct crew__radix_split *s = ctx;
    size_t buckets = (size_t)1 << s->bits, size = sizeof(ELEMENT);
#ifdef VALUE_BITS
    size += sizeof(VALUE);
#endif
    /* Without that memory the plain loop does the same. */
    char *memory = s->buffered ? crew__scratch_take(buckets * (FN(LINE) * size + sizeof(size_t))) : NULL;
    struct VIEW lines = {.k = (ELEMENT *)(void *)memory};
    size_t *start = NULL;
    if (memory) {
        start = (size_t *)(void *)(memory + buckets * FN(LINE) * size);
#ifdef VALUE_BITS
        lines.v = (VALUE *)(void *)(memory + buckets * FN(LINE) * sizeof(ELEMENT));
#endif
    }
    for (size_t c = begin; c < end; c++) {
        size_t first = crew__cut_begin(&s->chunks, c), n = crew__cut_end(&s->chunks, c) - first;
        struct VIEW from = FN(part)(FN(view_of)(s->from), first);
        size_t *at = s->at + (c << s->bits);
        if (memory)
            FN(scatter_lines)(s, from, n, at, lines, start);
        else
            FN(scatter_plain)(s, from, n, at);
    }
    crew__scratch_give(memory);
}

static void FN(sort_buckets)(size_t begin, size_t end, void *ctx)
{
    const struct crew__radix_split *s = ctx;
    const struct VIEW from = FN(view_of)(s->from), to = FN(view_of)(s->to);
    /* The last chunk's places now are where the buckets end. */
    const size_t *ends = s->at + ((s->chunks.count - 1) << s->bits);
    for (size_t d = begin; d < end; d++) {
        size_t first = d ? ends[d - 1] : 0, n = ends[d] - first;
        if (n == 0 || n >= s->big)
            continue;
        FN(segment)(FN(part)(to, first), FN(part)(from, first), n, !s->into_to, s->key);
        FN(ranks_to_keys)((s->into_to ? to : from).k + first, n, s->key);
    }
}

static void FN(take_as_are)(size_t begin, size_t end, void *ctx)
{
    const struct crew__radix_split *s = ctx;
    const struct VIEW from = FN(view_of)(s->from), to = FN(view_of)(s->to);
    for (size_t c = begin; c < end; c++) {
        size_t at = crew__cut_begin(&s->chunks, c), n = crew__cut_end(&s->chunks, c) - at;
        if (s->into_to)
            FN(copy)(FN(part)(to, at), FN(part)(from, at), n);
        FN(ranks_to_keys)((s->into_to ? to : from).k + at, n, s->key);
    }
}

const struct crew__radix_shape CREW__CAT(crew__radix, SHAPE) = {
    .element = sizeof(ELEMENT),
    .wide = BITS == 64,
#ifdef VALUE_BITS
    .value = sizeof(VALUE),
#endif
#ifdef RECORD_BYTES
    .record = true,
#else
    .move_nans = FN(move_nans),
#endif
    .sort_group = FN(sort_input_group),
    .permute = FN(permute),
    .sort_alone = FN(sort_alone),
    .rank_at = FN(rank_at),
    .count = FN(count),
    .distribute = FN(distribute),
    .take_as_are = FN(take_as_are),
    .sort_buckets = FN(sort_buckets),
};

#undef RANK
#undef SHAPE
#undef ELEMENT
#undef VALUE
#undef FN
#undef VIEW
#undef BITS
#undef VALUE_BITS
#undef RECORD_BYTES
