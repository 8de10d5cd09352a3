/* partition_BITS of vector_sort_avx2.c and vector_sort_avx512.c: parts an array of signed keys in place, a vector at a
   time (Bramas, arXiv 1704.08579). Included by vector_sort_template.h. */
enum { FN(UNROLL) = 4, FN(STEP) = FN(UNROLL) * LANES };

/* What has been read and not yet written leaves a gap in front of `left` and one behind `right`, together as wide as
   2 UNROLL vectors. */
struct FN(ends) {
    KEY *left, *right; /* up to where keys were read */
    KEY *low, *high;   /* up to where keys were written */
};

INLINE void FN(write)(struct FN(ends) * e, VECTOR v, VECTOR pivot)
{
    size_t lows = FN(split)(v, pivot, e->low, e->high);
    e->low += lows;
    e->high -= LANES - lows;
}

/* `keys` more from where the gap is narrower, so that both are as wide as what is written before the next look. */
INLINE const KEY *FN(read)(struct FN(ends) * e, size_t keys)
{
    bool from_left = e->left - e->low <= e->high - e->right;
    const KEY *at = from_left ? e->left : e->right - keys;
    e->left += from_left ? keys : 0;
    e->right -= from_left ? 0 : keys;
    return at;
}

/* Moves keys up to pivot, which is not the largest number, to the front; returns how many there are. n is at least
   2 STEP. */
FUNCTION CREW__NOINLINE size_t FN(partition)(KEY *x, size_t n, KEY last_low)
{
    const VECTOR pivot = SPLAT(last_low);
    KEY *const end = x + n;
    struct FN(ends) e = {x + FN(STEP), end - FN(STEP), x, end};
    const VECTOR f0 = LOAD(x), f1 = LOAD(x + LANES), f2 = LOAD(x + 2 * LANES), f3 = LOAD(x + 3 * LANES);
    const VECTOR l0 = LOAD(end - LANES), l1 = LOAD(end - 2 * LANES), l2 = LOAD(end - 3 * LANES),
                 l3 = LOAD(end - 4 * LANES);
    while (e.right - e.left >= FN(STEP)) {
        const KEY *at = FN(read)(&e, FN(STEP));
        VECTOR a = LOAD(at), b = LOAD(at + LANES), c = LOAD(at + 2 * LANES), d = LOAD(at + 3 * LANES);
        FN(write)(&e, a, pivot);
        FN(write)(&e, b, pivot);
        FN(write)(&e, c, pivot);
        FN(write)(&e, d, pivot);
    }
    while (e.right - e.left >= LANES)
        FN(write)(&e, LOAD(FN(read)(&e, LANES)), pivot);

    /* The gaps have become one. Two vectors fit beside each other as long as it is as wide as both; the last one, and
       the keys that fill none, are parted elsewhere. Behind the latter stand the largest numbers, which go last. */
    size_t rest = (size_t)(e.right - e.left);
    VECTOR tail = SPLAT(MOST_SIGNED);
    if (rest > 0)
        tail = PAD(LOAD_FIRST(e.left, rest), rest);
    FN(write)(&e, f0, pivot);
    FN(write)(&e, f1, pivot);
    FN(write)(&e, f2, pivot);
    FN(write)(&e, f3, pivot);
    FN(write)(&e, l0, pivot);
    FN(write)(&e, l1, pivot);
    FN(write)(&e, l2, pivot);
    KEY few[4 * LANES];
    struct FN(ends) f = {.low = few, .high = few + 4 * LANES};
    FN(write)(&f, tail, pivot);
    FN(write)(&f, l3, pivot);
    size_t lows = (size_t)(f.low - few), highs = LANES + rest - lows;
    memcpy(e.low, few, lows * sizeof(KEY));
    memcpy(e.low + lows, f.high, highs * sizeof(KEY));
    return (size_t)(e.low - x) + lows;
}
