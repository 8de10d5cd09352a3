/* crew_bincount_weighted_TYPE_WEIGHT_TYPE, for each_bin_key_template.h within bincount_sums_template.h, and the code
   that adds by keys of an unsigned type. */
#if !SIGNED
#include "bincount_chunk_template.h"

static void CREW__CAT3(add_chunks, TYPE, WEIGHT_TYPE)(size_t begin, size_t end, void *ctx)
{
    struct weighted *w = ctx;
    const size_t width = w->bins + 1;
    for (size_t c = begin; c < end; c++) {
        const size_t first = crew__cut_begin(&w->chunks, c), n = crew__cut_end(&w->chunks, c) - first;
        w->out[c] =
            CREW__CAT3(add_chunk, TYPE, WEIGHT_TYPE)((const KEY *)w->keys + first, (const WEIGHT *)w->weights + first,
                                                     n, w->bins, w->lanes, (SUM *)w->tables + c * w->lanes * width);
    }
}

static size_t CREW__CAT3(add_directly, TYPE, WEIGHT_TYPE)(const struct weighted *w)
{
    const KEY *keys = w->keys;
    const WEIGHT *weights = w->weights;
    SUM *sums = w->sums;
    size_t n = w->n, bins = w->bins, out = 0;
    for (size_t b = 0; b < bins; b++)
        sums[b] = 0;
    /* Four at once: how fast a loop over single keys is depends on its address. */
    for (size_t i = 0, next; i < n; i = next) {
        next = n - i < 4 ? n : i + 4;
        if (CREW__LIKELY(next - i == 4)) {
            size_t k0 = crew__bin_of(keys[i]), k1 = crew__bin_of(keys[i + 1]), k2 = crew__bin_of(keys[i + 2]),
                   k3 = crew__bin_of(keys[i + 3]);
            if (CREW__LIKELY(k0 < bins && k1 < bins && k2 < bins && k3 < bins)) {
                sums[k0] += (SUM)weights[i];
                sums[k1] += (SUM)weights[i + 1];
                sums[k2] += (SUM)weights[i + 2];
                sums[k3] += (SUM)weights[i + 3];
                continue;
            }
        }
        for (; i < next; i++) {
            size_t k = crew__bin_of(keys[i]);
            if (k < bins)
                sums[k] += (SUM)weights[i];
            else
                out++;
        }
    }
    return out;
}

static const struct adders CREW__CAT3(add, TYPE, WEIGHT_TYPE) = {
    CREW__CAT3(add_directly, TYPE, WEIGHT_TYPE),
    CREW__CAT3(add_chunks, TYPE, WEIGHT_TYPE),
    CREW__CAT(add_merges, WEIGHT_TYPE),
};
#endif

int CREW__CAT3(crew_bincount_weighted, TYPE, WEIGHT_TYPE)(const KEY *keys, const WEIGHT *weights, size_t n,
                                                          WEIGHT *sums, size_t bins, size_t *out_of_range)
{
    return add_weights(keys, sizeof *keys, (size_t)BINS, weights, n, sums, bins, out_of_range,
                       &CREW__CAT3(add, UNSIGNED, WEIGHT_TYPE));
}
