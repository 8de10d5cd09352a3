/* {lowest,highest}_{f32..u64} and {least,most}_{f32,f64}: a kernel that finds the lowest or highest element.
   Parameters, beside those of a type: OP, lowest, highest, least or most; SKIPS, for the last two: NaNs count for
   nothing, and an array of them gives the worst element; both undefined at the end; and those of
   reduce_order_template.h, which includes this file. */
#define EXTREME CREW__CAT(OP, TYPE)

/* VECTOR that has x where x is better than m, else m, also where either is NaN; whether a is better than b; no element
   is worse. */
#define BEST CREW__JOIN(BEST_, OP)
#define BETTER CREW__JOIN(BETTER_, OP)
#define WORST CREW__JOIN(WORST_, OP)

#define BEST_lowest LOWER
#define BETTER_lowest(a, b) ((a) < (b))
#define WORST_lowest MOST

#define BEST_highest HIGHER
#define BETTER_highest(a, b) ((a) > (b))
#define WORST_highest LEAST

#define BEST_least LOWER
#define BETTER_least(a, b) ((a) < (b))
#define WORST_least MOST

#define BEST_most HIGHER
#define BETTER_most(a, b) ((a) > (b))
#define WORST_most LEAST

/* Brings lanes up to rows * LANES elements; 0 where any element is NaN. */
FUNCTION int CREW__CAT(EXTREME, rows)(const ELEMENT *x, size_t rows, ELEMENT *lanes)
{
#if FLOATING && !defined SKIPS
    ORDERED ordered0 = ORDERED_ALL, ordered1 = ordered0;
#endif
    for (size_t first = 0; first < LANES; first += WIDTH * ACCS) {
        ELEMENT *lane = lanes + first;
        VECTOR m0 = LOAD(lane), m1 = LOAD(lane + WIDTH), m2 = LOAD(lane + 2 * WIDTH), m3 = LOAD(lane + 3 * WIDTH);
#if ACCS == 8
        VECTOR m4 = LOAD(lane + 4 * WIDTH), m5 = LOAD(lane + 5 * WIDTH);
        VECTOR m6 = LOAD(lane + 6 * WIDTH), m7 = LOAD(lane + 7 * WIDTH);
#endif
        for (size_t i = first; i < rows * LANES; i += LANES) {
            VECTOR x0 = LOAD(x + i), x1 = LOAD(x + i + WIDTH);
            VECTOR x2 = LOAD(x + i + 2 * WIDTH), x3 = LOAD(x + i + 3 * WIDTH);
            m0 = BEST(x0, m0);
            m1 = BEST(x1, m1);
            m2 = BEST(x2, m2);
            m3 = BEST(x3, m3);
#if FLOATING && !defined SKIPS
            ordered0 = BOTH_ORDERED(ordered0, x0, x1);
            ordered1 = BOTH_ORDERED(ordered1, x2, x3);
#endif
#if ACCS == 8
            x0 = LOAD(x + i + 4 * WIDTH), x1 = LOAD(x + i + 5 * WIDTH);
            x2 = LOAD(x + i + 6 * WIDTH), x3 = LOAD(x + i + 7 * WIDTH);
            m4 = BEST(x0, m4);
            m5 = BEST(x1, m5);
            m6 = BEST(x2, m6);
            m7 = BEST(x3, m7);
#if FLOATING && !defined SKIPS
            ordered0 = BOTH_ORDERED(ordered0, x0, x1);
            ordered1 = BOTH_ORDERED(ordered1, x2, x3);
#endif
#endif
        }
        STORE(lane, m0);
        STORE(lane + WIDTH, m1);
        STORE(lane + 2 * WIDTH, m2);
        STORE(lane + 3 * WIDTH, m3);
#if ACCS == 8
        STORE(lane + 4 * WIDTH, m4);
        STORE(lane + 5 * WIDTH, m5);
        STORE(lane + 6 * WIDTH, m6);
        STORE(lane + 7 * WIDTH, m7);
#endif
    }
#if FLOATING && !defined SKIPS
    return IS_ORDERED(ordered0) && IS_ORDERED(ordered1);
#else
    return 1;
#endif
}

/* Turned as in reduce_sum_template.h. */
FUNCTION int EXTREME(const void *xs, const void *ys, size_t n, struct crew__partial *out)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    (void)ys;
    ELEMENT turned[2 * LANES], *lanes = turned;
    size_t skip = crew__kernel_skip(x, sizeof *x, WIDTH * sizeof *x / 8, n), rows = (n - skip) / LANES, i = 0;
    for (size_t l = 0; l < LANES; l += WIDTH)
        STORE(turned + l, FILL(WORST));
    int unordered = 0;
    for (; i < skip; i++) {
        if (BETTER(x[i], WORST))
            turned[LANES - skip + i] = x[i];
        unordered |= IS_NAN(x[i]);
    }
    unordered |= !CREW__CAT(EXTREME, rows)(x + skip, rows, turned);
#if FLOATING && !defined SKIPS
    ORDERED ordered = ORDERED_ALL;
#endif
    for (i += rows * LANES; n - i >= WIDTH; i += WIDTH) {
        ELEMENT *lane = turned + (i - skip) % LANES;
        VECTOR v = LOAD(x + i);
        STORE(lane, BEST(v, LOAD(lane)));
#if FLOATING && !defined SKIPS
        ordered = BOTH_ORDERED(ordered, v, v);
#endif
    }
#if FLOATING && !defined SKIPS
    unordered |= !IS_ORDERED(ordered);
#endif
    for (; i < n; i++) {
        ELEMENT *lane = turned + (i - skip) % LANES;
        if (BETTER(x[i], *lane))
            *lane = x[i];
        unordered |= IS_NAN(x[i]);
    }
#if FLOATING && !defined SKIPS
    if (unordered) {
        out->value.TYPE = NAN;
        return 1;
    }
#else
    (void)unordered;
#endif
    if (skip > 0) {
        for (size_t l = 0; l < LANES; l += WIDTH)
            STORE(turned + LANES + l, LOAD(turned + l));
        lanes = turned + LANES - skip;
    }
    size_t half = LANES / 2;
    for (; half >= WIDTH; half /= 2)
        for (size_t l = 0; l < half; l += WIDTH)
            STORE(lanes + l, BEST(LOAD(lanes + l + half), LOAD(lanes + l)));
    for (; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++)
            if (BETTER(lanes[l + half], lanes[l]))
                lanes[l] = lanes[l + half];
    out->value.TYPE = lanes[0];
    return 0;
}

#undef EXTREME
#undef BEST
#undef BETTER
#undef WORST
#undef BEST_lowest
#undef BETTER_lowest
#undef WORST_lowest
#undef BEST_highest
#undef BETTER_highest
#undef WORST_highest
#undef BEST_least
#undef BETTER_least
#undef WORST_least
#undef BEST_most
#undef BETTER_most
#undef WORST_most
#undef SKIPS
#undef OP
