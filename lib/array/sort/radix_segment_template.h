/* One thread's part of the radix sort: a segment that is a bucket of the parallel part, or a small array.

   A segment that fits the cache is sorted by its highest varying bits only, as many as tell its elements apart if they
   are random: two counting passes from the lower digit to the higher one, and an insertion sort for what still is out
   of order. Where the keys are so skewed that this would be much, and in a segment larger than the cache, one counting
   pass on the highest eight varying bits makes smaller segments. Parameters: see radix_shape_template.h. */

static inline RANK FN(rank)(ELEMENT e, const struct crew__key *key)
{
#ifdef RECORD_BYTES
    RANK bits;
    memcpy(&bits, (const char *)&e + key->offset, sizeof bits);
    return CREW__CAT(crew__rank, BITS)(bits, key);
#else
    (void)key;
    return e; /* ranks are stored in place of keys */
#endif
}

static inline struct VIEW FN(part)(struct VIEW a, size_t begin)
{
    a.k += begin;
#ifdef VALUE_BITS
    a.v += begin;
#endif
    return a;
}

static inline void FN(move)(struct VIEW to, size_t i, struct VIEW from, size_t j)
{
    to.k[i] = from.k[j];
#ifdef VALUE_BITS
    to.v[i] = from.v[j];
#endif
}

static inline void FN(copy)(struct VIEW to, struct VIEW from, size_t n)
{
    memcpy(to.k, from.k, n * sizeof *to.k);
#ifdef VALUE_BITS
    memcpy(to.v, from.v, n * sizeof *to.v);
#endif
}

/* Inserts the elements of `from` one by one into `to`, which may be the same. Gives up after `limit` moves; returns how
   many elements were inserted. */
static size_t FN(insertion)(struct VIEW from, struct VIEW to, size_t n, size_t limit, const struct crew__key *key)
{
    FN(move)(to, 0, from, 0);
    RANK last = FN(rank)(to.k[0], key);
    for (size_t i = 1; i < n; i++) {
        ELEMENT e = from.k[i];
        RANK r = FN(rank)(e, key);
        if (CREW__LIKELY(r >= last)) {
            FN(move)(to, i, from, i);
            last = r;
            continue;
        }
#ifdef VALUE_BITS
        VALUE v = from.v[i];
#endif
        size_t j = i;
        do {
            FN(move)(to, j, to, j - 1);
            j--;
        } while (j > 0 && FN(rank)(to.k[j - 1], key) > r);
        to.k[j] = e;
#ifdef VALUE_BITS
        to.v[j] = v;
#endif
        if (CREW__UNLIKELY(i - j > limit))
            return i + 1;
        limit -= i - j;
    }
    return n;
}

static RANK FN(varying)(const ELEMENT *k, size_t n, const struct crew__key *key)
{
    RANK any = 0, all = (RANK) ~(RANK)0;
    for (size_t i = 0; i < n; i++) {
        RANK r = FN(rank)(k[i], key);
        any |= r;
        all &= r;
    }
    return any ^ all;
}

static void FN(scatter)(struct VIEW from, struct VIEW to, size_t n, int shift, RANK mask, uint32_t *at,
                        const struct crew__key *key)
{
    for (size_t i = 0; i < n; i++)
        FN(move)(to, at[FN(rank)(from.k[i], key) >> shift & mask]++, from, i);
}

#include "radix_few_template.h"

static void FN(permute_view)(struct VIEW from, struct VIEW to, size_t n, const uint64_t *order, uint64_t mask)
{
    for (size_t i = 0; i < n; i++)
        FN(move)(to, i, from, (size_t)(order[i] & mask));
}

/* Sorts up to CREW__PACKED_SEGMENT elements from a into b, or back into a. False, with a as it was: not in that way. */
static CREW__NOINLINE bool FN(by_packed)(struct VIEW a, struct VIEW b, size_t n, bool into_b,
                                         const struct crew__key *key)
{
    static const struct crew__key ranks = {.span = (RANK) ~(RANK)0};
    struct crew__keys keys = {a.k, n, sizeof(ELEMENT), BITS == 64, &ranks};
#ifdef RECORD_BYTES
    keys.first = (const char *)a.k + key->offset;
    keys.key = key;
#else
    (void)key;
#endif
    uint64_t order[CREW__PACKED_SEGMENT], mask;
    if (!crew__packed_order(&keys, order, &mask))
        return false;
    if (!into_b)
        FN(copy)(b, a, n);
    FN(permute_view)(into_b ? a : b, into_b ? b : a, n, order, mask);
    return true;
}

/* Elements that the vectorised sort of packed numbers takes at once. */
#ifdef RECORD_BYTES
enum { FN(PACKED) = CREW__PACKED_SEGMENT };
#else
enum { FN(PACKED) = CREW__PACKED_FEW };
#endif

enum { FN(DONE), FN(SKEWED), FN(SKEWED_AND_MOVED) };

/* Sorts a segment that fits the cache from a into b, or back into a. Too skewed: SKEWED, nothing was done; or
   SKEWED_AND_MOVED, the elements are where the result should be. */
static CREW__NOINLINE int FN(by_low_digit)(struct VIEW a, struct VIEW b, size_t n, bool into_b, RANK varying,
                                           const struct crew__key *key)
{
    uint32_t low[1 << CREW__RADIX_DIGIT] = {0}, high[1 << CREW__RADIX_DIGIT] = {0};
    int top = crew__log2(varying) + 1, needed = top - crew__ctz(varying);
    int enough = crew__log2(n) + 3;
    int bits = needed <= 8 ? needed : ((needed < enough ? needed : enough) + 1) / 2;
    bits = bits > CREW__RADIX_DIGIT ? CREW__RADIX_DIGIT : bits;
    bool two = needed > bits;
    int shift = top - bits, shift_low = two ? (shift > bits ? shift - bits : 0) : shift;
    RANK mask = ((RANK)1 << bits) - 1, mask_low = two ? ((RANK)1 << (shift - shift_low)) - 1 : 0;
    bool rest = needed > 2 * bits;

    for (size_t i = 0; i < n; i++) {
        RANK r = FN(rank)(a.k[i], key);
        low[r >> shift_low & mask_low]++;
        high[r >> shift & mask]++;
    }
    if (rest) {
        uint64_t square = 0;
        for (size_t d = 0; d <= mask; d++)
            square += (uint64_t)high[d] * high[d];
        if (square >> bits > 2 * (uint64_t)n)
            return FN(SKEWED);
    }
    uint32_t at = 0;
    for (size_t d = 0; d <= mask; d++) {
        uint32_t count = high[d];
        high[d] = at;
        at += count;
    }
    struct VIEW from = a, to = b;
    if (two) {
        at = 0;
        for (size_t d = 0; d <= mask_low; d++) {
            uint32_t count = low[d];
            low[d] = at;
            at += count;
        }
        FN(scatter)(a, b, n, shift_low, mask_low, low, key);
        from = b;
        to = a;
    }
    FN(scatter)(from, to, n, shift, mask, high, key);
    struct VIEW want = into_b ? b : a;
    if (rest) {
        size_t done = FN(insertion)(to, want, n, n, key);
        if (done < n) {
            if (to.k != want.k)
                FN(copy)(FN(part)(want, done), FN(part)(to, done), n - done);
            return FN(SKEWED_AND_MOVED);
        }
    } else if (to.k != want.k) {
        FN(copy)(want, to, n);
    }
    return FN(DONE);
}

static void FN(segment)(struct VIEW a, struct VIEW b, size_t n, bool into_b, const struct crew__key *key);

static CREW__NOINLINE void FN(by_high_digit)(struct VIEW a, struct VIEW b, size_t n, bool into_b, RANK varying,
                                             const struct crew__key *key)
{
    size_t at[256] = {0};
    int top = crew__log2(varying) + 1, shift = top > 8 ? top - 8 : 0;
    for (size_t i = 0; i < n; i++)
        at[FN(rank)(a.k[i], key) >> shift & 255]++;
    size_t begin = 0;
    for (size_t d = 0; d < 256; d++) {
        size_t count = at[d];
        at[d] = begin;
        begin += count;
    }
    for (size_t i = 0; i < n; i++)
        FN(move)(b, at[FN(rank)(a.k[i], key) >> shift & 255]++, a, i);
    begin = 0;
    for (size_t d = 0; d < 256; d++) {
        if (at[d] > begin)
            FN(segment)(FN(part)(b, begin), FN(part)(a, begin), at[d] - begin, !into_b, key);
        begin = at[d];
    }
}

/* Sorts the n elements in a into b, or back into a; n is at least 1, the other array's contents are lost. It recurs
   through by_high_digit, which each time leaves eight varying bits less: at most eight deep. */
static void FN(segment)(struct VIEW a, struct VIEW b, size_t n, bool into_b, const struct crew__key *key)
{
    if (n <= CREW__RADIX_FEW) {
        if (n > 1 && FN(by_packed)(a, b, n, into_b, key))
            return;
        FN(few)(a, b, n, into_b, key);
        return;
    }
    RANK varying = FN(varying)(a.k, n, key);
    if (varying == 0) {
        if (into_b)
            FN(copy)(b, a, n);
        return;
    }
    if (n <= FN(PACKED) && FN(by_packed)(a, b, n, into_b, key))
        return;
    if (n * sizeof(ELEMENT) <= CREW__RADIX_CACHE) {
        int result = FN(by_low_digit)(a, b, n, into_b, varying, key);
        if (result == FN(DONE))
            return;
        if (result == FN(SKEWED) && n <= CREW__PACKED_SEGMENT && FN(by_packed)(a, b, n, into_b, key))
            return;
        if (n <= CREW__RADIX_SKEWED) {
            bool in_b = result == FN(SKEWED_AND_MOVED) && into_b;
            FN(few)(in_b ? b : a, in_b ? a : b, n, into_b != in_b, key);
            return;
        }
        if (result == FN(SKEWED_AND_MOVED) && into_b) {
            FN(by_high_digit)(b, a, n, false, varying, key);
            return;
        }
    }
    FN(by_high_digit)(a, b, n, into_b, varying, key);
}
