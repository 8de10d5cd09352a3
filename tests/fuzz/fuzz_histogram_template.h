/* Histograms of one type of value. Parameters, undefined at the end: TYPE, ELEMENT, FLOATING. */
#define FN(name) CREW__CAT(name, TYPE)
#include "fuzz_values_template.h"

static void FN(histogram)(struct fuzz *f)
{
    unsigned how = fuzz_byte(f);
    size_t n = fuzz_count(f), bins = fuzz_count(f) + 1, out = 99, outside = 0;
    ELEMENT *x = FN(values)(f, n), *edges = fuzz_alloc(f, (bins + 1) * sizeof *edges);
    uint64_t *counts = fuzz_alloc(f, bins * sizeof *counts), *want = fuzz_alloc(f, bins * sizeof *want);
    int code, asked = how & 1;
    if (how & 2) { /* edges that ascend, some of them equal */
        ELEMENT edge = (ELEMENT)fuzz_below(f, 9) - 4;
        for (size_t b = 0; b <= bins; b++)
            edges[b] = edge += (ELEMENT)fuzz_below(f, 4) / 2;
        code = FN(crew_histogram_by_edges)(x, n, edges, counts, bins, asked ? &out : NULL);
    } else {
        ELEMENT low = (ELEMENT)fuzz_below(f, 100) - 50, high = low + (ELEMENT)(fuzz_below(f, 1000) + 1) / 7;
        fuzz_true(FN(crew_histogram_edges)(low, high, bins, edges) == 0, "histogram_edges");
        for (size_t b = 0; b < bins; b++) {
            volatile double step = ((double)high - (double)low) / (double)bins, at = (double)b * step;
            fuzz_true(edges[b] == (ELEMENT)(at + (double)low), "an edge");
        }
        fuzz_true(edges[bins] == high, "the last edge");
        code = FN(crew_histogram)(x, n, low, high, counts, bins, asked ? &out : NULL);
    }
    memset(want, 0, bins * sizeof *want);
    for (size_t i = 0; i < n; i++) {
        if (!(x[i] >= edges[0] && x[i] <= edges[bins])) {
            outside++;
            continue;
        }
        size_t b = 0; /* the last bin that begins at x[i] or below it, of those that are not behind the last edge */
        for (size_t left = bins; left > 1;) {
            size_t half = left / 2;
            if (edges[b + half] <= x[i])
                b += half;
            left -= half;
        }
        want[b]++;
    }
    check_range(code, out, outside, asked);
    fuzz_same(counts, want, bins * sizeof *want, "histogram");
}

#undef FN
#undef TYPE
#undef ELEMENT
#undef FLOATING
