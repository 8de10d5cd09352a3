/* {lowest,highest,extremes,find}_{f32..u64} and {least,most}_{f32,f64}: the kernels of one type that compare.
   Parameters, beside those of a type:

   IS_NAN(a)   0 for integers
   ACCS        accumulators of lowest and highest kept in registers, 4 or 8; both together keep 4 each */

#define VECTOR CREW__CAT(vec, TYPE)
#define WIDTH (sizeof(VECTOR) / sizeof(ELEMENT))
#define LANES (2048 / BITS) /* of a leaf; WIDTH * ACCS at least */
#define LOAD(p) LOAD_AS(VECTOR, p)
#define STORE(p, v) STORE_AS(VECTOR, p, v)
#define FILL(x) FILL_AS(VECTOR, x)
#define LOWER CREW__CAT(LOWER, TYPE)
#define HIGHER CREW__CAT(HIGHER, TYPE)
#define EQUAL CREW__CAT(EQUAL, TYPE)
#define ORDERED CREW__CAT(ordered, TYPE)
#define ORDERED_ALL CREW__CAT(ORDERED_ALL, TYPE)
#define BOTH_ORDERED CREW__CAT(BOTH_ORDERED, TYPE)
#define IS_ORDERED CREW__CAT(IS_ORDERED, TYPE)

#define OP lowest
#include "reduce_extreme_template.h"
#define OP highest
#include "reduce_extreme_template.h"
#if FLOATING
#define OP least
#define SKIPS
#include "reduce_extreme_template.h"
#define OP most
#define SKIPS
#include "reduce_extreme_template.h"
#endif

/* The same lanes and ties as lowest and highest, so that the results are theirs to the bit. */
FUNCTION int CREW__CAT(extremes, TYPE)(const void *xs, const void *ys, size_t n, struct crew__partial *out)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    (void)ys;
    ELEMENT lows[LANES], highs[LANES];
    size_t whole = n / LANES * LANES;
    int unordered = 0;
#if FLOATING
    ORDERED ordered0 = ORDERED_ALL, ordered1 = ordered0;
#endif
    for (size_t first = 0; first < LANES; first += 4 * WIDTH) {
        VECTOR l0 = FILL(MOST), l1 = l0, l2 = l0, l3 = l0;
        VECTOR h0 = FILL(LEAST), h1 = h0, h2 = h0, h3 = h0;
        for (size_t i = first; i < whole; i += LANES) {
            VECTOR x0 = LOAD(x + i), x1 = LOAD(x + i + WIDTH);
            VECTOR x2 = LOAD(x + i + 2 * WIDTH), x3 = LOAD(x + i + 3 * WIDTH);
            l0 = LOWER(x0, l0);
            h0 = HIGHER(x0, h0);
            l1 = LOWER(x1, l1);
            h1 = HIGHER(x1, h1);
            l2 = LOWER(x2, l2);
            h2 = HIGHER(x2, h2);
            l3 = LOWER(x3, l3);
            h3 = HIGHER(x3, h3);
#if FLOATING
            ordered0 = BOTH_ORDERED(ordered0, x0, x1);
            ordered1 = BOTH_ORDERED(ordered1, x2, x3);
#endif
        }
        STORE(lows + first, l0);
        STORE(lows + first + WIDTH, l1);
        STORE(lows + first + 2 * WIDTH, l2);
        STORE(lows + first + 3 * WIDTH, l3);
        STORE(highs + first, h0);
        STORE(highs + first + WIDTH, h1);
        STORE(highs + first + 2 * WIDTH, h2);
        STORE(highs + first + 3 * WIDTH, h3);
    }
    size_t i = whole;
    for (; n - i >= WIDTH; i += WIDTH) {
        ELEMENT *low = lows + i % LANES, *high = highs + i % LANES;
        VECTOR v = LOAD(x + i);
        STORE(low, LOWER(v, LOAD(low)));
        STORE(high, HIGHER(v, LOAD(high)));
#if FLOATING
        ordered0 = BOTH_ORDERED(ordered0, v, v);
#endif
    }
#if FLOATING
    unordered = !IS_ORDERED(ordered0) || !IS_ORDERED(ordered1);
#endif
    for (; i < n; i++) {
        if (x[i] < lows[i % LANES])
            lows[i % LANES] = x[i];
        if (x[i] > highs[i % LANES])
            highs[i % LANES] = x[i];
        unordered |= IS_NAN(x[i]);
    }
#if FLOATING
    if (unordered) {
        out->value.TYPE = out->u.high.TYPE = NAN;
        return 1;
    }
#else
    (void)unordered;
#endif
    size_t half = LANES / 2;
    for (; half >= WIDTH; half /= 2)
        for (size_t l = 0; l < half; l += WIDTH) {
            STORE(lows + l, LOWER(LOAD(lows + l + half), LOAD(lows + l)));
            STORE(highs + l, HIGHER(LOAD(highs + l + half), LOAD(highs + l)));
        }
    for (; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) {
            if (lows[l + half] < lows[l])
                lows[l] = lows[l + half];
            if (highs[l + half] > highs[l])
                highs[l] = highs[l + half];
        }
    out->value.TYPE = lows[0];
    out->u.high.TYPE = highs[0];
    return 0;
}

FUNCTION size_t CREW__CAT(find, TYPE)(const void *xs, size_t n, const void *value)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    const ELEMENT wanted = *(const ELEMENT *)value;
    size_t i = 0;
#if FLOATING
    if (wanted != wanted) {
        while (i < n && x[i] == x[i])
            i++;
        return i;
    }
#endif
    const VECTOR v = FILL(wanted);
    while (n - i >= 4 * WIDTH && !(EQUAL(LOAD(x + i), v) | EQUAL(LOAD(x + i + WIDTH), v) |
                                   EQUAL(LOAD(x + i + 2 * WIDTH), v) | EQUAL(LOAD(x + i + 3 * WIDTH), v)))
        i += 4 * WIDTH;
    while (i < n && x[i] != wanted)
        i++;
    return i;
}

#undef VECTOR
#undef WIDTH
#undef LANES
#undef LOAD
#undef STORE
#undef FILL
#undef LOWER
#undef HIGHER
#undef EQUAL
#undef ORDERED
#undef ORDERED_ALL
#undef BOTH_ORDERED
#undef IS_ORDERED
