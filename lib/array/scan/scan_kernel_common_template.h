/* What the plain and the vector template share: single elements. Parameters as in scan_kernel_all_template.h. */

#if FLOATING
#define IS_NAN(a) ((a) != (a))
#else
#define IS_NAN(a) ((void)(a), 0)
#endif

/* Which NaN it is must not depend on processor and compiler. */
FUNCTION ACC CREW__CAT(one, NAME)(ACC l, ACC r)
{
#if FLOATING && EXTREME
    if (IS_NAN(l) || IS_NAN(r))
        return (ACC)NAN;
#endif
    ACC a = JOIN(l, r);
#if FLOATING
    if (IS_NAN(a))
        return (ACC)NAN;
#endif
    return a;
}

FUNCTION void CREW__CAT(join, NAME)(union crew__scalar *left, const union crew__scalar *right)
{
    left->MEMBER = CREW__CAT(one, NAME)(left->MEMBER, right->MEMBER);
}

#if FLOATING && !EXTREME
FUNCTION void CREW__CAT(fill_nan, NAME)(ELEMENT *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (ELEMENT)NAN;
}

/* By its bits: to a compiler all NaNs are one, so that it may drop an assignment of one to another. */
FUNCTION void CREW__CAT(unify_nan, NAME)(ELEMENT *out)
{
    const ELEMENT quiet = (ELEMENT)NAN;
    unsigned char bytes[sizeof quiet];
    memcpy(bytes, &quiet, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        ((volatile unsigned char *)out)[i] = bytes[i];
}

/* After a scan in which a result was NaN. */
FUNCTION void CREW__CAT(unify_nans, NAME)(ELEMENT *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (IS_NAN(out[i]))
            CREW__CAT(unify_nan, NAME)(out + i);
}
#endif

#if EXACT
/* In order, one at a time. */
FUNCTION ACC CREW__CAT(serial, NAME)(const ELEMENT *x, ELEMENT *out, size_t n, ACC a, int exclusive)
{
    for (size_t i = 0; i < n; i++) {
        ACC before = a;
#if FLOATING
        a = CREW__CAT(one, NAME)(a, x[i]);
#else
        a = JOIN(a, x[i]);
#endif
        out[i] = exclusive ? before : a;
    }
    return a;
}
#endif
