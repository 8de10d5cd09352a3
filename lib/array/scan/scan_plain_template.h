/* {total,scan,segments}_{sum,product,min,max}_{f32..u64} in plain C, for scan_op_template.h. */

#if EXACT

FUNCTION void CREW__CAT(total, NAME)(const void *xs, size_t n, union crew__scalar *total)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    ACC a = NEUTRAL;
    for (size_t i = 0; i < n; i++) {
#if FLOATING
        a = CREW__CAT(one, NAME)(a, x[i]);
#else
        a = JOIN(a, x[i]);
#endif
    }
    total->MEMBER = a;
}

INLINE void CREW__CAT(scan, NAME)(const ELEMENT *x, ELEMENT *out, size_t n, struct crew__scan_state *at,
                                  size_t exclusive)
{
    at->prefix.MEMBER = CREW__CAT(serial, NAME)(x, out, n, at->prefix.MEMBER, exclusive);
}

INLINE void CREW__CAT(each_segment, NAME)(const ELEMENT *x, const unsigned char *flags, ELEMENT *out, size_t n,
                                          union crew__scalar *prefix, size_t exclusive)
{
    ACC a = prefix->MEMBER;
    for (size_t i = 0; i < n; i++) {
#if EXTREME
        a = flags[i] ? NEUTRAL : a;
#else /* compilers make a jump of it otherwise, which nothing predicts */
        const WORD keep = (WORD)0 - (WORD)(flags[i] == 0);
        a = (ACC)(((WORD)a & keep) | ((WORD)(ACC)NEUTRAL & ~keep));
#endif
        ACC before = a;
#if FLOATING
        a = CREW__CAT(one, NAME)(a, x[i]);
#else
        a = JOIN(a, x[i]);
#endif
        out[i] = exclusive ? before : a;
    }
    prefix->MEMBER = a;
}

#else

/* Up to a row of x, scanned into v; what is missing is neutral. */
INLINE void CREW__CAT(row, NAME)(const ELEMENT *x, size_t n, ACC *v)
{
    for (size_t i = 0; i < CREW__SCAN_ROW; i++)
        v[i] = i < n ? (ACC)x[i] : NEUTRAL;
    for (size_t i = 0; i < CREW__SCAN_ROW; i += 2)
        v[i + 1] = JOIN(v[i], v[i + 1]);
    for (size_t i = 0; i < CREW__SCAN_ROW; i += 4) {
        v[i + 2] = JOIN(v[i + 1], v[i + 2]);
        v[i + 3] = JOIN(v[i + 1], v[i + 3]);
    }
    for (size_t i = 4; i < CREW__SCAN_ROW; i++)
        v[i] = JOIN(v[3], v[i]);
}

FUNCTION void CREW__CAT(total, NAME)(const void *xs, size_t n, union crew__scalar *total)
{
    const ELEMENT *x = (const ELEMENT *)xs;
    ACC carry = NEUTRAL, v[CREW__SCAN_ROW];
    size_t i = 0;
    for (; n - i >= CREW__SCAN_ROW; i += CREW__SCAN_ROW) {
        CREW__CAT(row, NAME)(x + i, CREW__SCAN_ROW, v);
        carry = JOIN(carry, v[CREW__SCAN_ROW - 1]);
    }
    if (i < n) {
        CREW__CAT(row, NAME)(x + i, n - i, v);
        carry = JOIN(carry, v[CREW__SCAN_ROW - 1]);
    }
    total->MEMBER = IS_NAN(carry) ? (ACC)NAN : carry;
}

FUNCTION void CREW__CAT(scan, NAME)(const ELEMENT *x, ELEMENT *out, size_t n, struct crew__scan_state *at,
                                    size_t exclusive)
{
    ACC p = at->prefix.MEMBER, carry = at->rows.MEMBER, v[CREW__SCAN_ROW + 1];
    if (IS_NAN(p)) {
        CREW__CAT(fill_nan, NAME)(out, n);
        return;
    }
    v[CREW__SCAN_ROW] = NEUTRAL;
    ACC all_results = JOIN(p, carry); /* their sum is NaN from the first NaN on */
    size_t i = 0;
    for (; n - i >= CREW__SCAN_ROW; i += CREW__SCAN_ROW) {
        v[0] = JOIN(p, carry);
        CREW__CAT(row, NAME)(x + i, CREW__SCAN_ROW, v + 1);
        for (size_t k = 1; k <= CREW__SCAN_ROW; k++)
            v[k] = JOIN(carry, v[k]);
        carry = v[CREW__SCAN_ROW];
        for (size_t k = 1; k <= CREW__SCAN_ROW; k++)
            v[k] = JOIN(p, v[k]);
        all_results += ((v[1] + v[2]) + (v[3] + v[4])) + ((v[5] + v[6]) + (v[7] + v[8]));
        for (size_t k = 0; k < CREW__SCAN_ROW; k++)
            out[i + k] = (ELEMENT)v[k + 1 - exclusive];
    }
    if (i < n) {
        v[0] = JOIN(p, carry);
        CREW__CAT(row, NAME)(x + i, n - i, v + 1);
        for (size_t k = 1; k <= CREW__SCAN_ROW; k++)
            v[k] = JOIN(carry, v[k]);
        carry = v[CREW__SCAN_ROW];
        for (size_t k = 0; k < n - i; k++) {
            ACC r = k + 1 - exclusive == 0 ? v[0] : JOIN(p, v[k + 1 - exclusive]);
            all_results += r;
            out[i + k] = (ELEMENT)r;
        }
    }
    /* The prefix stays: what comes out must not depend on how a leaf is cut into parts. */
    at->rows.MEMBER = IS_NAN(carry) ? (ACC)NAN : carry;
    if (IS_NAN(all_results))
        CREW__CAT(unify_nans, NAME)(out, n);
}

/* Element k of a row has the scan `value` of it; ends the row with the segment. */
#define NEXT(k, value)                                                                                                 \
    result = JOIN(carry, value);                                                                                       \
    all_results[(k) % 4] += result;                                                                                    \
    out[i] = (ELEMENT)(exclusive ? before : result);                                                                   \
    before = result;                                                                                                   \
    if (++i == n || flags[i])                                                                                          \
        break;

/* Rows as above, but without those elements of one that the segment has not. The prefix is neutral, and to join with it
   changes nothing: no result is -0. */
INLINE void CREW__CAT(each_segment, NAME)(const ELEMENT *x, const unsigned char *flags, ELEMENT *out, size_t n,
                                          union crew__scalar *prefix, size_t exclusive)
{
    ACC all_results[4] = {0}, before = NEUTRAL, result;
    for (size_t i = 0; i < n;) {
        ACC carry = before = NEUTRAL;
        for (;;) {
            ACC one = x[i];
            NEXT(0, one)
            ACC two = JOIN(one, x[i]);
            NEXT(1, two)
            one = x[i];
            NEXT(2, JOIN(two, one))
            ACC half = JOIN(two, JOIN(one, x[i]));
            NEXT(3, half)
            one = x[i];
            NEXT(4, JOIN(half, one))
            two = JOIN(one, x[i]);
            NEXT(5, JOIN(half, two))
            one = x[i];
            NEXT(6, JOIN(half, JOIN(two, one)))
            NEXT(7, JOIN(half, JOIN(two, JOIN(one, x[i]))))
            carry = before;
        }
    }
    prefix->MEMBER = IS_NAN(before) ? (ACC)NAN : before;
    all_results[0] += (all_results[1] + all_results[2]) + all_results[3];
    if (IS_NAN(all_results[0]))
        CREW__CAT(unify_nans, NAME)(out, n);
}

#undef NEXT

#endif

FUNCTION void CREW__CAT(segments, NAME)(const void *x, const unsigned char *flags, void *out, size_t n,
                                        union crew__scalar *prefix)
{
    CREW__CAT(each_segment, NAME)((const ELEMENT *)x, flags, (ELEMENT *)out, n, prefix, 0);
}

FUNCTION void CREW__CAT(segments_exclusive, NAME)(const void *x, const unsigned char *flags, void *out, size_t n,
                                                  union crew__scalar *prefix)
{
    CREW__CAT(each_segment, NAME)((const ELEMENT *)x, flags, (ELEMENT *)out, n, prefix, 1);
}
