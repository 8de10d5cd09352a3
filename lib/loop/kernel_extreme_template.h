/* A kernel that finds the lowest or highest element and the leaf that has it. Parameters, undefined at the end:

   EXTREME       name of the kernel
   PICK(x, m)    VECTOR that has x where x is better than m, else m, also where either is NaN
   BETTER(a, b)  a is better than b
   WORST         no element is worse

   and those of kernel_order_template.h, which includes this file. */

/* Also says whether any element is NaN; the result is without meaning then. */
FUNCTION ELEMENT CREW__CAT(EXTREME, leaf)(const ELEMENT *x, size_t n, int *nan)
{
    ELEMENT lanes[LANES];
    size_t whole = n / LANES * LANES;
    *nan = 0;
#if FLOATING
    ORDERED ordered0 = ORDERED_ALL(), ordered1 = ordered0;
#endif
    for (size_t first = 0; first < LANES; first += WIDTH * ACCS) {
        VECTOR m0 = FILL(WORST), m1 = m0, m2 = m0, m3 = m0;
#if ACCS == 8
        VECTOR m4 = m0, m5 = m0, m6 = m0, m7 = m0;
#endif
        for (size_t i = first; i < whole; i += LANES) {
            VECTOR x0 = LOAD(x + i), x1 = LOAD(x + i + WIDTH);
            VECTOR x2 = LOAD(x + i + 2 * WIDTH), x3 = LOAD(x + i + 3 * WIDTH);
            m0 = PICK(x0, m0);
            m1 = PICK(x1, m1);
            m2 = PICK(x2, m2);
            m3 = PICK(x3, m3);
#if FLOATING
            ordered0 = BOTH_ORDERED(ordered0, x0, x1);
            ordered1 = BOTH_ORDERED(ordered1, x2, x3);
#endif
#if ACCS == 8
            x0 = LOAD(x + i + 4 * WIDTH), x1 = LOAD(x + i + 5 * WIDTH);
            x2 = LOAD(x + i + 6 * WIDTH), x3 = LOAD(x + i + 7 * WIDTH);
            m4 = PICK(x0, m4);
            m5 = PICK(x1, m5);
            m6 = PICK(x2, m6);
            m7 = PICK(x3, m7);
#if FLOATING
            ordered0 = BOTH_ORDERED(ordered0, x0, x1);
            ordered1 = BOTH_ORDERED(ordered1, x2, x3);
#endif
#endif
        }
        STORE(lanes + first, m0);
        STORE(lanes + first + WIDTH, m1);
        STORE(lanes + first + 2 * WIDTH, m2);
        STORE(lanes + first + 3 * WIDTH, m3);
#if ACCS == 8
        STORE(lanes + first + 4 * WIDTH, m4);
        STORE(lanes + first + 5 * WIDTH, m5);
        STORE(lanes + first + 6 * WIDTH, m6);
        STORE(lanes + first + 7 * WIDTH, m7);
#endif
    }
#if FLOATING
    *nan = !IS_ORDERED(ordered0) || !IS_ORDERED(ordered1);
#endif
    for (size_t i = whole; i < n; i++) {
        if (BETTER(x[i], lanes[i % LANES]))
            lanes[i % LANES] = x[i];
#if FLOATING
        *nan |= x[i] != x[i];
#endif
    }
    size_t half = LANES / 2;
    for (; half >= WIDTH; half /= 2)
        for (size_t l = 0; l < half; l += WIDTH)
            STORE(lanes + l, PICK(LOAD(lanes + l + half), LOAD(lanes + l)));
    for (; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++)
            if (BETTER(lanes[l + half], lanes[l]))
                lanes[l] = lanes[l + half];
    return lanes[0];
}

FUNCTION void EXTREME(const void *xs, const void *ys, size_t n, size_t first_leaf, struct crew__partial *out)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    (void)ys;
    out->value.MEMBER = WORST;
    out->u.leaf = first_leaf;
    for (size_t begin = 0; begin < n; begin += CREW__LEAF) {
        int nan;
        size_t left = n - begin;
        ELEMENT best = CREW__CAT(EXTREME, leaf)(x + begin, left < CREW__LEAF ? left : CREW__LEAF, &nan);
        if (nan || BETTER(best, out->value.MEMBER)) {
            out->value.MEMBER = best;
            out->u.leaf = first_leaf + begin / CREW__LEAF;
        }
#if FLOATING
        if (nan) {
            out->value.MEMBER = NAN;
            return;
        }
#endif
    }
}

#undef EXTREME
#undef PICK
#undef BETTER
#undef WORST
