/* {total,scan}_{sum,product,min,max}_{f32..u64} on vectors, for scan_op_template.h. */

#define VEC CREW__CAT(vec, MEMBER)
#if BITS == 64 || !EXACT
#define WIDTH WIDTH64
#else
#define WIDTH WIDTH32
#endif
#define STEPS(k) CREW__CAT(STEP##k, WIDTH)
#define FILL(x) FILL_AS(VEC, (ACC)(x))
#define UNORDERED CREW__CAT(UNORDERED, TYPE)
#if BITS == 32 && !EXACT
#define LOAD(p) CREW__CAT(WIDEN, TYPE)(p)
#define STORE(p, v) CREW__CAT(store_half, TYPE)(p, v)
#else
#define LOAD(p) LOAD_AS(VEC, p)
#define STORE(p, v) STORE_AS(VEC, p, v)
#endif

/* Vectors in a row; where order does not matter two keep the shuffles busy. */
#define VECTORS (EXACT ? 2 : CREW__SCAN_ROW / WIDTH)
#define ROW_ELEMENTS (VECTORS * WIDTH)

/* The scan of one vector. */
INLINE VEC CREW__CAT(within, NAME)(VEC v, VEC neutral)
{
    v = VJOIN(STEPS(1)(v, neutral), v);
    v = VJOIN(STEPS(2)(v, neutral), v);
#if WIDTH > 4
    v = VJOIN(STEPS(3)(v, neutral), v);
#endif
#if WIDTH > 8
    v = VJOIN(STEPS(4)(v, neutral), v);
#endif
    return v;
}

/* The scans of the vectors of a row, or *stop where x has a NaN that the vectors would lose. */
INLINE void CREW__CAT(row, NAME)(const ELEMENT *x, VEC *v, VEC neutral, int *stop)
{
    *stop = 0;
    for (int k = 0; k < VECTORS; k++)
        v[k] = LOAD(x + k * WIDTH);
#if FLOATING && EXTREME
    *stop = UNORDERED(v[0], v[1]) != 0;
#endif
    for (int k = 0; k < VECTORS; k++)
        v[k] = CREW__CAT(within, NAME)(v[k], neutral);
    for (int k = 1; k < VECTORS; k++)
        v[k] = VJOIN(CREW__CAT(LAST, WIDTH)(v[k - 1]), v[k]);
}

#if EXACT

FUNCTION void CREW__CAT(total, NAME)(const void *xs, size_t n, union crew__scalar *total)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    VEC a = FILL(NEUTRAL), b = a, c = a, d = a;
    size_t i = 0;
    for (; n - i >= 4 * WIDTH; i += 4 * WIDTH) {
        VEC p = LOAD(x + i), q = LOAD(x + i + WIDTH);
        VEC r = LOAD(x + i + 2 * WIDTH), s = LOAD(x + i + 3 * WIDTH);
#if FLOATING
        if (CREW__UNLIKELY(UNORDERED(p, q) || UNORDERED(r, s)))
            break; /* the rest one at a time */
#endif
        a = VJOIN(a, p);
        b = VJOIN(b, q);
        c = VJOIN(c, r);
        d = VJOIN(d, s);
    }
    a = VJOIN(VJOIN(a, b), VJOIN(c, d));
    ACC t = NEUTRAL;
    for (int k = 0; k < WIDTH; k++)
        t = JOIN(t, a[k]);
    for (; i < n; i++)
        t = CREW__CAT(one, NAME)(t, x[i]);
#if FLOATING
    /* Of -0 and +0 a scan keeps the first, so the total must be that one. */
    for (i = 0; i < n && t == 0; i++)
        if (x[i] == 0) {
            t = x[i];
            break;
        }
#endif
    total->MEMBER = t;
}

INLINE void CREW__CAT(scan, NAME)(const ELEMENT *x, ELEMENT *out, size_t n, struct crew__scan_state *at,
                                  size_t exclusive)
{
    ACC *prefix = &at->prefix.MEMBER;
    const VEC neutral = FILL(NEUTRAL);
    VEC carry = FILL(*prefix), before = carry;
    size_t i = 0;
    if (IS_NAN(*prefix))
        carry = FILL(NAN);
    else
        for (; n - i >= ROW_ELEMENTS; i += ROW_ELEMENTS) {
            VEC v[VECTORS];
            int stop;
            CREW__CAT(row, NAME)(x + i, v, neutral, &stop);
            if (CREW__UNLIKELY(stop))
                break;
            VEC all = CREW__CAT(LAST, WIDTH)(v[VECTORS - 1]);
            for (int k = 0; k < VECTORS; k++) {
                v[k] = VJOIN(carry, v[k]);
                STORE(out + i + k * WIDTH, exclusive ? CREW__CAT(BEFORE, WIDTH)(before, v[k]) : v[k]);
                before = v[k];
            }
            carry = VJOIN(carry, all);
        }
    *prefix = CREW__CAT(serial, NAME)(x + i, out + i, n - i, carry[0], exclusive);
}

#else

FUNCTION void CREW__CAT(total, NAME)(const void *xs, size_t n, union crew__scalar *total)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    const VEC neutral = FILL(NEUTRAL);
    VEC carry = neutral, v[VECTORS];
    int stop;
    size_t i = 0;
    for (; n - i >= ROW_ELEMENTS; i += ROW_ELEMENTS) {
        CREW__CAT(row, NAME)(x + i, v, neutral, &stop);
        carry = VJOIN(carry, CREW__CAT(LAST, WIDTH)(v[VECTORS - 1]));
    }
    if (i < n) {
        ELEMENT rest[ROW_ELEMENTS];
        for (size_t k = 0; k < ROW_ELEMENTS; k++)
            rest[k] = i + k < n ? x[i + k] : (ELEMENT)NEUTRAL;
        CREW__CAT(row, NAME)(rest, v, neutral, &stop);
        carry = VJOIN(carry, CREW__CAT(LAST, WIDTH)(v[VECTORS - 1]));
    }
    total->MEMBER = IS_NAN(carry[0]) ? (ACC)NAN : carry[0];
}

/* Scans a row into out; carry moves on. Results are added up in *all_results, which is NaN from the first NaN on: that
   takes one instruction a vector, and a compare three. */
INLINE void CREW__CAT(step, NAME)(const ELEMENT *x, ELEMENT *out, VEC p, VEC *carry, VEC *before, VEC *all_results,
                                  size_t exclusive)
{
    const VEC neutral = FILL(NEUTRAL);
    VEC v[VECTORS];
    int stop;
    CREW__CAT(row, NAME)(x, v, neutral, &stop);
    VEC all = CREW__CAT(LAST, WIDTH)(v[VECTORS - 1]);
    for (int k = 0; k < VECTORS; k++) {
        v[k] = VJOIN(p, VJOIN(*carry, v[k]));
        STORE(out + k * WIDTH, exclusive ? CREW__CAT(BEFORE, WIDTH)(*before, v[k]) : v[k]);
        *before = v[k];
        *all_results += v[k];
    }
    *carry = VJOIN(*carry, all);
}

INLINE void CREW__CAT(scan, NAME)(const ELEMENT *x, ELEMENT *out, size_t n, struct crew__scan_state *at,
                                  size_t exclusive)
{
    if (IS_NAN(at->prefix.MEMBER)) {
        CREW__CAT(fill_nan, NAME)(out, n);
        return;
    }
    const VEC p = FILL(at->prefix.MEMBER);
    VEC carry = FILL(at->rows.MEMBER), before = VJOIN(p, carry);
    VEC all_results = before;
    size_t i = 0;
    for (; n - i >= ROW_ELEMENTS; i += ROW_ELEMENTS)
        CREW__CAT(step, NAME)(x + i, out + i, p, &carry, &before, &all_results, exclusive);
    if (i < n) {
        ELEMENT rest[ROW_ELEMENTS];
        for (size_t k = 0; k < ROW_ELEMENTS; k++)
            rest[k] = i + k < n ? x[i + k] : (ELEMENT)NEUTRAL;
        CREW__CAT(step, NAME)(rest, rest, p, &carry, &before, &all_results, exclusive);
        memcpy(out + i, rest, (n - i) * sizeof *out);
    }
    int nans = 0;
    for (int k = 0; k < WIDTH; k++)
        nans |= IS_NAN(all_results[k]);
    /* The prefix stays: what comes out must not depend on how a leaf is cut into parts. */
    at->rows.MEMBER = IS_NAN(carry[0]) ? (ACC)NAN : carry[0];
    if (CREW__UNLIKELY(nans))
        CREW__CAT(unify_nans, NAME)(out, n);
}

#endif

#undef VEC
#undef WIDTH
#undef STEPS
#undef VECTORS
#undef ROW_ELEMENTS
#undef FILL
#undef UNORDERED
#undef LOAD
#undef STORE
