/* has_nan_BITS and vector_sort_BITS of vector_sort_avx2.c and vector_sort_avx512.c. Those define the VECTOR of LANES
   signed keys of BITS bits, its operations and

   turn_BITS(v, width)     each group of `width` lanes in reverse
   order_BITS(v, w, half)  the higher key of v and w in lanes whose number has the bit `half`, else the lower one
   split_BITS(v, pivot, left, right)  stores the keys up to the pivot from `left` on and the others up to `right`; the
                           rest of both vectors is anything. Returns how many went to the left

   Everything is undefined at the end. */
#define KEY CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#define SIGNED CREW__JOIN(int, CREW__JOIN(BITS, _t))
#define MOST_SIGNED ((KEY) ~(KEY)0 >> 1)
#define SIGN ((KEY)1 << (BITS - 1))
#define NETWORK ((size_t)16 * LANES)

/* How keys become signed numbers of the same order, and back: bits ^ flip ^ (sign bit set ? negative : 0). */
struct FN(form) {
    KEY flip, negative;
};

static inline struct FN(form) FN(form_of)(const struct crew__key *key)
{
    return (struct FN(form)){(KEY)key->top ^ SIGN, (KEY)key->negative};
}

INLINE VECTOR FN(convert)(VECTOR v, const struct FN(form) * form)
{
    return CONVERT(v, SPLAT(form->flip), SPLAT(form->negative));
}

INLINE void FN(columns_2)(VECTOR *v)
{
    VECTOR low = LOWER(v[0], v[1]);
    v[1] = HIGHER(v[0], v[1]);
    v[0] = low;
}

#include "vector_network_template.h"
#include "vector_partition_template.h"

FUNCTION void FN(convert_all)(void *keys, size_t n, const struct crew__key *key)
{
    const struct FN(form) form = FN(form_of)(key);
    KEY *x = keys;
    size_t i = 0;
    if (form.flip == 0 && form.negative == 0)
        return;
    for (; n - i >= LANES; i += LANES)
        STORE(x + i, FN(convert)(LOAD(x + i), &form));
    if (i < n)
        STORE_FIRST(x + i, FN(convert)(LOAD_FIRST(x + i, n - i), &form), n - i);
}

FUNCTION void FN(fill_equal)(KEY *out, size_t n, KEY key, const struct FN(form) * form)
{
    const VECTOR v = FN(convert)(SPLAT(key), form);
    size_t i = 0;
    for (; n - i >= LANES; i += LANES)
        STORE(out + i, v);
    if (i < n)
        STORE_FIRST(out + i, v, n - i);
}

FUNCTION bool FN(all_equal)(const KEY *x, size_t n, KEY key)
{
    const VECTOR v = SPLAT(key);
    for (size_t i = 0; n - i >= LANES; i += LANES)
        if (!SAME(LOAD(x + i), v))
            return false;
    return SAME(LOAD(x + n - LANES), v);
}

/* Where to part n keys, which are at least `least` and at most `most`: a median of samples, one less where it is the
   most. *same: all samples are the same. */
FUNCTION KEY FN(choose_pivot)(const KEY *x, size_t n, const struct FN(form) * identity, bool *same)
{
    enum { MOST_SAMPLES = 8 * LANES };
    KEY sample[MOST_SAMPLES];
    size_t samples = n < 8 * NETWORK ? LANES : n < 128 * NETWORK ? 4 * LANES : MOST_SAMPLES, step = n / samples;
    for (size_t i = 0; i < samples; i++)
        sample[i] = x[i * step + step / 2];
    FN(network)(sample, sample, samples, identity, identity);
    *same = sample[0] == sample[samples - 1];
    size_t middle = samples / 2;
    return sample[middle] == sample[samples - 1] && !*same ? sample[middle] - 1 : sample[middle];
}

/* The middle between the lowest and the highest key. */
FUNCTION KEY FN(middle_of_range)(const KEY *x, size_t n)
{
    SIGNED least = (SIGNED)MOST_SIGNED, most = (SIGNED)SIGN;
    for (size_t i = 0; i < n; i++) {
        least = (SIGNED)x[i] < least ? (SIGNED)x[i] : least;
        most = (SIGNED)x[i] > most ? (SIGNED)x[i] : most;
    }
    return (KEY)least + ((KEY)most - (KEY)least) / 2;
}

/* Sorts n signed keys of x into out, by halves until a network takes them. No key is below `least` or above `most`.
   After `rounds` unlucky choices the range of the keys is halved instead, which ends. */
FUNCTION void FN(quicksort)(KEY *x, KEY *out, size_t n, SIGNED least, SIGNED most, int rounds,
                            const struct FN(form) * to)
{
    const struct FN(form) identity = {0, 0};
    while (n > NETWORK) {
        bool same = false;
        KEY pivot = rounds-- > 0 ? FN(choose_pivot)(x, n, &identity, &same) : FN(middle_of_range)(x, n);
        if (least == most || (same && FN(all_equal)(x, n, pivot))) {
            FN(fill_equal)(out, n, pivot, to);
            return;
        }
        if ((SIGNED)pivot == most)
            pivot--;
        size_t lows = FN(partition)(x, n, pivot), highs = n - lows;
        SIGNED above = (SIGNED)(pivot + 1);
        if (lows < highs) {
            if (lows > 0)
                FN(quicksort)(x, out, lows, least, (SIGNED)pivot, rounds, to);
            x += lows;
            out += lows;
            n = highs;
            least = above;
        } else {
            if (highs > 0)
                FN(quicksort)(x + lows, out + lows, highs, above, most, rounds, to);
            n = lows;
            most = (SIGNED)pivot;
        }
    }
    FN(network)(x, out, n, &identity, to);
}

FUNCTION void FN(split_by)(KEY *x, size_t n, const KEY *pivots, size_t count, size_t *sizes)
{
    if (count == 0 || n == 0) {
        memset(sizes, 0, (count + 1) * sizeof *sizes);
        sizes[0] = n;
        return;
    }
    size_t middle = count / 2, lows = 0;
    if (n >= 2 * FN(STEP)) {
        lows = FN(partition)(x, n, pivots[middle]);
    } else {
        for (size_t i = 0; i < n; i++) { /* without a branch that depends on keys */
            KEY key = x[i];
            x[i] = x[lows];
            x[lows] = key;
            lows += (SIGNED)key <= (SIGNED)pivots[middle];
        }
    }
    FN(split_by)(x, lows, pivots, middle, sizes);
    FN(split_by)(x + lows, n - lows, pivots + middle + 1, count - middle - 1, sizes + middle + 1);
}

FUNCTION void FN(split_all)(void *x, size_t n, const void *pivots, size_t count, size_t *sizes)
{
    FN(split_by)(x, n, pivots, count, sizes);
}

/* n is at least 1. */
FUNCTION bool FN(has_nan)(const void *keys, size_t n)
{
    const KEY *x = keys;
    size_t i = 0;
    unsigned any = 0;
    for (; n - i >= LANES; i += LANES)
        any |= NANS(LOAD(x + i));
    return any || (i < n && NANS(LOAD_FIRST(x + i, n - i)));
}

FUNCTION void FN(vector_sort)(void *x, void *out, size_t n, const struct crew__key *from, const struct crew__key *to)
{
    const struct FN(form) in = FN(form_of)(from), back = FN(form_of)(to);
    if (n <= NETWORK) {
        FN(network)(x, out, n, &in, &back);
        return;
    }
    FN(convert_all)(x, n, from);
    FN(quicksort)(x, out, n, (SIGNED)SIGN, (SIGNED)MOST_SIGNED, 2 * crew__log2(n), &back);
}

#undef BITS
#undef KEY
#undef SIGNED
#undef MOST_SIGNED
#undef SIGN
#undef NETWORK
#undef LANES
#undef FIRST
#undef SPLAT
#undef LOAD_FIRST
#undef STORE_FIRST
#undef PAD
#undef LOWER
#undef HIGHER
#undef SIGNS
#undef SAME
#undef NANS
#undef SWAP_1
#undef SWAP_2
#undef SWAP_4
