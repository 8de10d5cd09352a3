/* crew_bincount_weighted_dist_{u8,u16,i32,u32,i64,u64}_WEIGHT_TYPE. Parameters, undefined at the end: those of
   lib/array/histogram/bincount_sums_template.h. */

static int CREW__CAT(add_sums, WEIGHT_TYPE)(size_t begin, size_t end, void *ctx)
{
    SUM *const *sums = ctx;
    for (size_t b = begin; b < end; b++)
        sums[0][b] += sums[1][b];
    return 0;
}

static void CREW__CAT(merge, WEIGHT_TYPE)(void *left, const void *right, void *ctx)
{
    const struct weighted *w = ctx;
    SUM *sums[2] = {left, (SUM *)(uintptr_t)right};
    crew_for(w->bins, CREW__CAT(add_sums, WEIGHT_TYPE), sums, NULL);
}

#define TEMPLATE "../../mpi/dist_bincount_template.h"
#include "../array/histogram/each_bin_key_template.h"

#undef WEIGHT_TYPE
#undef WEIGHT
#undef SUM
