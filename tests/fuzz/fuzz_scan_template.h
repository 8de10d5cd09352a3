/* The scans of {f32..u64}: checks of what fuzz_array_scan.c calls by type. */
#if FLOATING
#define ACC double /* sums and products are computed in it */
#else
#define ACC WORD
#endif
#define FN(name) CREW__CAT(name, TYPE)
#include "fuzz_values_template.h"

static ACC FN(join)(unsigned op, ACC a, ACC b)
{
    volatile ACC r = op == 0 ? a + b : a * b; /* rounded at once, on every compiler */
    if (op < 2)
        return r;
#if FLOATING
    if (isnan(a) || isnan(b))
        return isnan(a) ? a : b;
#endif
    return op == 2 ? ((ELEMENT)b < (ELEMENT)a ? b : a) : ((ELEMENT)b > (ELEMENT)a ? b : a);
}

/* Every NaN is that of the header. */
static ELEMENT FN(one_nan)(ACC a)
{
#if FLOATING
    if (isnan(a))
        return (ELEMENT)NAN;
#endif
    return (ELEMENT)a;
}

/* The total of x[0 .. i] of a row of `width`. */
static ACC FN(in_row)(unsigned op, const ELEMENT *x, size_t i, size_t width)
{
    size_t half = width / 2;
    if (width == 1)
        return (ACC)x[0];
    if (i < half)
        return FN(in_row)(op, x, i, half);
    return FN(join)(op, FN(in_row)(op, x, half - 1, half), FN(in_row)(op, x + half, i - half, half));
}

static void FN(scan)(struct fuzz *f)
{
    typedef ELEMENT plain(const ELEMENT *x, ELEMENT *out, size_t n);
    typedef void segmented(const ELEMENT *x, const unsigned char *flags, ELEMENT *out, size_t n);
    static plain *const scans[] = {FN(crew_scan_inclusive_sum), FN(crew_scan_inclusive_product),
                                   FN(crew_scan_inclusive_min), FN(crew_scan_inclusive_max),
                                   FN(crew_scan_exclusive_sum), FN(crew_scan_exclusive_product),
                                   FN(crew_scan_exclusive_min), FN(crew_scan_exclusive_max)};
    static segmented *const segments[] = {
        FN(crew_scan_segmented_inclusive_sum), FN(crew_scan_segmented_inclusive_product),
        FN(crew_scan_segmented_inclusive_min), FN(crew_scan_segmented_inclusive_max),
        FN(crew_scan_segmented_exclusive_sum), FN(crew_scan_segmented_exclusive_product),
        FN(crew_scan_segmented_exclusive_min), FN(crew_scan_segmented_exclusive_max)};
    unsigned how = fuzz_byte(f), op = how % 4, rarity = fuzz_byte(f) * 9 + 1;
    int exclusive = how >> 2 & 1, in_place = how >> 3 & 1, flagged = how >> 4 & 1;
    size_t n = fuzz_count(f), bytes = n * sizeof(ELEMENT), start = 0;
    ELEMENT *x = FN(values)(f, n), *out = in_place ? fuzz_copy(f, x, bytes) : fuzz_alloc(f, bytes);
    ELEMENT *want = fuzz_alloc(f, bytes);
    unsigned char *flags = fuzz_alloc(f, n);
    const ACC neutral = op == 0 ? 0 : op == 1 ? 1 : op == 2 ? (ACC)MOST : (ACC)LEAST;
    ACC prefix = neutral, rows = neutral, last = neutral;
    for (size_t i = 0; i < n; i++) {
        flags[i] = (unsigned char)(fuzz_below(f, rarity) == 0 ? 1 + i % 255 : 0);
        if (i % 16384 == 0 || (flagged && flags[i])) {
            prefix = flagged && flags[i] ? neutral : last;
            rows = neutral;
            start = i;
            last = prefix;
        }
        size_t at = i - start;
        if (exclusive)
            want[i] = FN(one_nan)(last);
        ACC local = FN(join)(op, rows, FN(in_row)(op, x + start + at / 8 * 8, at % 8, 8));
        last = FN(join)(op, prefix, local);
        if (!exclusive)
            want[i] = FN(one_nan)(last);
        if (at % 8 == 7)
            rows = local;
    }
    unsigned which = op + 4 * (unsigned)exclusive;
    if (flagged) {
        segments[which](in_place ? out : x, flags, out, n);
    } else {
        ELEMENT total = scans[which](in_place ? out : x, out, n), right = FN(one_nan)(last);
        fuzz_same(&total, &right, sizeof right, "total of a typed scan");
    }
    fuzz_same(out, want, bytes, flagged ? "typed segmented scan" : "typed scan");
}

#undef FN
#undef ACC
