/* {total,inclusive,exclusive,join}_{sum,product,min,max}_{f32..u64}: the kernels of one operation and type. Parameters,
   beside those of a type: OP, sum, product, min or max, undefined at the end, and ACC MEMBER EXACT EXTREME of
   scan_one_type_template.h. Here are single elements. */

#define NAME CREW__CAT(OP, TYPE)

/* l followed by r, ACCs and vectors of them. A minimum is l where both are equal. */
#define NEUTRAL CREW__JOIN(NEUTRAL_, OP)
#define JOIN CREW__JOIN(JOIN_, OP)
#define VJOIN CREW__JOIN(VJOIN_, OP)

#define NEUTRAL_sum 0
#define JOIN_sum(l, r) ((l) + (r))
#define VJOIN_sum JOIN_sum

#define NEUTRAL_product 1
#define JOIN_product(l, r) ((l) * (r))
#define VJOIN_product JOIN_product

#define NEUTRAL_min MOST
#define JOIN_min(l, r) LOWER_ONE(r, l)
#define VJOIN_min(l, r) CREW__CAT(LOWER, TYPE)(r, l)

#define NEUTRAL_max LEAST
#define JOIN_max(l, r) HIGHER_ONE(r, l)
#define VJOIN_max(l, r) CREW__CAT(HIGHER, TYPE)(r, l)

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
FUNCTION ACC CREW__CAT(serial, NAME)(const ELEMENT *x, ELEMENT *out, size_t n, ACC a, size_t exclusive)
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

#if VECTOR_BYTES == 0
#include "scan_plain_template.h"
#else
#include "scan_vector_template.h"
#endif

FUNCTION void CREW__CAT(inclusive, NAME)(const void *x, void *out, size_t n, struct crew__scan_state *at)
{
    CREW__CAT(scan, NAME)((const ELEMENT *)x, (ELEMENT *)out, n, at, 0);
}

FUNCTION void CREW__CAT(exclusive, NAME)(const void *x, void *out, size_t n, struct crew__scan_state *at)
{
    CREW__CAT(scan, NAME)((const ELEMENT *)x, (ELEMENT *)out, n, at, 1);
}

#undef IS_NAN
#undef NAME
#undef NEUTRAL
#undef JOIN
#undef VJOIN
#undef NEUTRAL_sum
#undef JOIN_sum
#undef VJOIN_sum
#undef NEUTRAL_product
#undef JOIN_product
#undef VJOIN_product
#undef NEUTRAL_min
#undef JOIN_min
#undef VJOIN_min
#undef NEUTRAL_max
#undef JOIN_max
#undef VJOIN_max
#undef OP
