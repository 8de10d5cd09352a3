/* crew_bincount_weighted_dist_TYPE_WEIGHT_TYPE, for each_bin_key_template.h within dist_bincount_sums_template.h. */
#if !SIGNED
#include "../array/histogram/bincount_chunk_template.h"

static size_t CREW__CAT3(add, TYPE, WEIGHT_TYPE)(const void *keys, const void *weights, size_t n, size_t bins,
                                                 size_t lanes, void *table)
{
    return CREW__CAT3(add_chunk, TYPE, WEIGHT_TYPE)(keys, weights, n, bins, lanes, table);
}
#endif

int CREW__CAT3(crew_bincount_weighted_dist, TYPE, WEIGHT_TYPE)(const crew_dist *keys, const crew_dist *weights,
                                                               WEIGHT *sums, size_t bins, size_t *out_of_range)
{
    struct weighted w = {.add = CREW__CAT3(add, UNSIGNED, WEIGHT_TYPE), .merge = CREW__CAT(merge, WEIGHT_TYPE)};
    return add_weights(keys, sizeof(KEY), (size_t)BINS, weights, sums, bins, out_of_range, &w);
}
