/* Sorted arrays as sets, neighbours, sequences and merging in place, of {f32..u64}: checks of what fuzz_array_sets.c
   calls by type. */
#define FN(name) CREW__CAT(name, TYPE)
#include "fuzz_sort_order_template.h"
#include "fuzz_values_template.h"

static int FN(equal)(const void *a, const void *b, void *ctx)
{
    return FN(order)(a, b, ctx) == 0;
}

static ELEMENT *FN(sorted)(struct fuzz *f, const ELEMENT *x, size_t n, crew_compare *cmp)
{
    size_t *index = fuzz_alloc(f, n * sizeof *index);
    fuzz_stable(f, x, n, sizeof *x, cmp, NULL, index);
    return fuzz_gather(f, x, sizeof *x, index, n);
}

static void FN(sets)(struct fuzz *f)
{
    static size_t (*const typed[])(const ELEMENT *, size_t, const ELEMENT *, size_t, ELEMENT *) = {
        FN(crew_set_union), FN(crew_set_intersection), FN(crew_set_difference), FN(crew_set_symmetric_difference)};
    unsigned what = fuzz_byte(f) % 5, how = fuzz_byte(f);
    size_t na = fuzz_count(f), nb = fuzz_count(f), want_count = 0;
    ELEMENT *a = FN(values)(f, na), *b = FN(values)(f, nb);
    for (size_t i = 0; how & 1 && na > 0 && i < nb; i++)
        b[i] = a[fuzz_below(f, na)];
    a = FN(sorted)(f, a, na, FN(order));
    b = FN(sorted)(f, b, nb, FN(order));
    bool generic = how & 2;
    if (what < 4) {
        ELEMENT *want = fuzz_alloc(f, (na + nb) * sizeof *want);
        want_count = set_loop(what, a, na, b, nb, sizeof *a, FN(order), NULL, want);
        ELEMENT *out = fuzz_alloc(f, want_count * sizeof *out);
        size_t count = SIZE_MAX;
        if (generic)
            fuzz_true(set_calls[what](a, na, b, nb, sizeof *a, out, FN(order), NULL, &count, NULL) == 0, "a set");
        else
            count = typed[what](a, na, b, nb, out);
        fuzz_true(count == want_count, "how many a set has");
        fuzz_same(out, want, count * sizeof *out, "a set");
        fuzz_true(typed[what](a, na, b, nb, NULL) == count, "how many a set would have");
    } else {
        bool want = set_loop(DIFFERENCE, b, nb, a, na, sizeof *a, FN(order), NULL, NULL) == 0, has = !want;
        fuzz_true(FN(crew_includes)(a, na, b, nb) == want, "typed includes");
        fuzz_true(crew_includes(a, na, b, nb, sizeof *a, FN(order), NULL, &has, NULL) == 0 && has == want, "includes");
    }
}

static void FN(pairs)(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 5, how = fuzz_byte(f);
    size_t n = fuzz_count(f), want = 0, got = SIZE_MAX, spot = n > 0 ? fuzz_below(f, n) : 0;
    ELEMENT *x = FN(values)(f, n), *y;
    if (what == 0) {
        while (want + 1 < n && FN(order)(&x[want], &x[want + 1], NULL) != 0)
            want++;
        want = want + 1 < n ? want : n;
        fuzz_true(FN(crew_find_adjacent)(x, n) == want, "typed find_adjacent");
        fuzz_true(crew_find_adjacent(x, n, sizeof *x, FN(equal), NULL, &got, NULL) == 0, "find_adjacent");
        fuzz_true(got == want, "find_adjacent");
    } else if (what == 1) {
        if (how & 1)
            x = FN(sorted)(f, x, n, FN(by_value));
        if (how & 2 && n > 0)
            x[spot] = x[0];
        want = n > 0;
        while (want < n && FN(by_value)(&x[want], &x[want - 1], NULL) >= 0)
            want++;
        fuzz_true(FN(crew_is_sorted_until)(x, n) == want, "typed is_sorted_until");
        fuzz_true(crew_is_sorted_until(x, n, sizeof *x, FN(by_value), NULL, &got, NULL) == 0, "is_sorted_until");
        fuzz_true(got == want, "is_sorted_until");
    } else if (what == 2) {
        size_t m = fuzz_below(f, 8), same = 0;
        m = how & 1 && m > n - spot ? n - spot : m;
        y = how & 1 ? fuzz_copy(f, x + spot, m * sizeof *x) : FN(values)(f, m);
        for (; want + m <= n; want++) {
            for (same = 0; same < m && FN(order)(&x[want + same], &y[same], NULL) == 0;)
                same++;
            if (same == m)
                break;
        }
        want = want + m <= n ? want : n;
        fuzz_true(FN(crew_find_sequence)(x, n, y, m) == want, "typed find_sequence");
        fuzz_true(crew_find_sequence(x, n, y, m, sizeof *x, FN(equal), NULL, &got, NULL) == 0, "find_sequence");
        fuzz_true(got == want, "find_sequence");
    } else if (what == 3) {
        size_t m = how & 2 ? n : spot;
        int order = 9, sign = (n > m) - (n < m);
        y = how & 4 ? FN(values)(f, m) : fuzz_copy(f, x, m * sizeof *x);
        if (how & 8 && spot < m)
            y[spot] = x[0];
        for (size_t i = 0; i < m && i < n; i++)
            if (FN(order)(&x[i], &y[i], NULL) != 0) {
                sign = FN(order)(&x[i], &y[i], NULL);
                break;
            }
        fuzz_true(FN(crew_lexicographical_compare)(x, n, y, m) == sign, "typed lexicographical_compare");
        fuzz_true(FN(crew_lexicographical_compare)(y, m, x, n) == -sign, "typed lexicographical_compare");
        int code = crew_lexicographical_compare(x, n, y, m, sizeof *x, FN(order), NULL, &order, NULL);
        fuzz_true(code == 0 && order == sign, "lexicographical_compare");
    } else {
        size_t bytes = n * sizeof *x;
        ELEMENT *a = FN(sorted)(f, x, spot, FN(by_value)), *b = FN(sorted)(f, x + spot, n - spot, FN(by_value));
        memcpy(x, a, spot * sizeof *x);
        memcpy(x + spot, b, (n - spot) * sizeof *x);
        y = fuzz_copy(f, x, bytes);
        ELEMENT *merged = FN(sorted)(f, x, n, FN(by_value));
        fuzz_true(FN(crew_merge_in_place)(x, spot, n) == 0, "typed merge_in_place");
        fuzz_same(x, merged, bytes, "typed merge_in_place");
        fuzz_true(crew_merge_in_place(y, spot, n, sizeof *y, FN(by_value), NULL, NULL) == 0, "merge_in_place");
        fuzz_same(y, merged, bytes, "merge_in_place");
    }
}

#if FLOATING
/* What is NaN is 0 in the sum, and left out of the others. */
static void FN(without_nan)(struct fuzz *f)
{
    size_t n = fuzz_count(f), kept = 0;
    ELEMENT *x = FN(values)(f, n), *zeros = fuzz_copy(f, x, n * sizeof *x), *rest = fuzz_alloc(f, n * sizeof *rest);
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            zeros[i] = 0;
        else
            rest[kept++] = x[i];
    }
    ELEMENT sum = FN(crew_nansum)(x, n), want = FN(crew_sum)(zeros, n);
    ELEMENT low = FN(crew_nanmin)(x, n), high = FN(crew_nanmax)(x, n);
    double mean = FN(crew_nanmean)(x, n);
    fuzz_true(sum == want || (isnan(sum) && isnan(want)), "nansum");
    fuzz_true(kept > 0 ? low == FN(crew_min)(rest, kept) : isnan(low), "nanmin");
    fuzz_true(kept > 0 ? high == FN(crew_max)(rest, kept) : isnan(high), "nanmax");
    fuzz_true(kept > 0 || isnan(mean), "nanmean");
    if (kept > 0 && sizeof(ELEMENT) == 8)
        fuzz_true(mean == (double)want / (double)kept || isnan(want), "nanmean");
}

static size_t FN(bin_of)(const ELEMENT *edges, size_t bins, ELEMENT x)
{
    if (!(x >= edges[0] && x <= edges[bins]))
        return bins;
    size_t b = bins - 1;
    while (edges[b] > x)
        b--;
    return b;
}

static void FN(plane)(struct fuzz *f)
{
    unsigned how = fuzz_byte(f);
    size_t n = fuzz_count(f) % 6000, rows = fuzz_byte(f) % 40 + 1, cols = fuzz_byte(f) % 40 + 1, cells = rows * cols;
    size_t out = 99, outside = 0;
    ELEMENT *x = FN(values)(f, n), *y = how & 4 ? x : FN(values)(f, n), *edges[2];
    uint64_t *counts = fuzz_alloc(f, cells * sizeof *counts), *want = fuzz_alloc(f, cells * sizeof *want);
    ELEMENT ends[2][2];
    for (int axis = 0; axis < 2; axis++) {
        size_t bins = axis ? cols : rows;
        edges[axis] = fuzz_alloc(f, (bins + 1) * sizeof *edges[axis]);
        ELEMENT edge = (ELEMENT)fuzz_below(f, 9) - 4;
        ends[axis][0] = edge;
        ends[axis][1] = edge + (ELEMENT)(fuzz_below(f, 1000) + 1) / 7;
        FN(crew_histogram_edges)(ends[axis][0], ends[axis][1], bins, edges[axis]);
        for (size_t b = 0; how & 2 && b <= bins; b++)
            edges[axis][b] = edge += (ELEMENT)fuzz_below(f, 4) / 2;
    }
    memset(want, 0, cells * sizeof *want);
    for (size_t i = 0; i < n; i++) {
        size_t b = FN(bin_of)(edges[0], rows, x[i]), c = FN(bin_of)(edges[1], cols, y[i]);
        if (b < rows && c < cols)
            want[b * cols + c]++;
        else
            outside++;
    }
    size_t *asked = how & 1 ? &out : NULL;
    int code = how & 2 ? FN(crew_histogram_2d_by_edges)(x, y, n, edges[0], rows, edges[1], cols, counts, asked)
                       : FN(crew_histogram_2d)(x, y, n, ends[0][0], ends[0][1], rows, ends[1][0], ends[1][1], cols,
                                               counts, asked);
    fuzz_true(asked ? code == 0 && out == outside : code == (outside ? -ERANGE : 0), "what is outside of a plane");
    fuzz_same(counts, want, cells * sizeof *want, "a histogram over a plane");
}
#else
static void FN(narrow_counts)(struct fuzz *f)
{
    unsigned how = fuzz_byte(f);
    size_t n = fuzz_count(f), bins = fuzz_count(f), out = 99, outside = 0;
    ELEMENT *keys = FN(values)(f, n);
    uint32_t *got = fuzz_alloc(f, bins * sizeof *got), *want = fuzz_alloc(f, bins * sizeof *want);
    memset(want, 0, bins * sizeof *want);
    for (size_t i = 0; i < n; i++) {
        if (how & 2 && bins > 0)
            keys[i] = (ELEMENT)((uint64_t)keys[i] % bins);
        if ((uint64_t)keys[i] >= bins)
            outside++;
        else
            want[keys[i]]++;
    }
    int code = FN(crew_bincount32)(keys, n, got, bins, how & 1 ? &out : NULL);
    fuzz_true(how & 1 ? code == 0 && out == outside : code == (outside ? -ERANGE : 0), "what bincount32 leaves out");
    fuzz_same(got, want, bins * sizeof *want, "bincount32");
}
#endif

static void FN(any)(struct fuzz *f)
{
    static void (*const kinds[])(struct fuzz *) = {
        FN(sets),
        FN(pairs),
#if FLOATING
        FN(without_nan),
        FN(plane)
    };
#else
        FN(narrow_counts),
        FN(sets)
    };
#endif
    kinds[fuzz_byte(f) % 4](f);
}

#undef FN
