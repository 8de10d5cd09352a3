/* crew_bincount_weighted_{u8,u16,i32,u32,i64,u64}_WEIGHT_TYPE. Parameters, undefined at the end:

   WEIGHT_TYPE   suffix of the names
   WEIGHT        the type
   SUM           the type that sums are made in, of the same size and representation */

/* Tables pairwise: 0 and 1, 2 and 3, then the results of that, and so on. */
static void CREW__CAT(add_merges, WEIGHT_TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct weighted *w = ctx;
    size_t tables = w->chunks.count * w->lanes, width = w->bins + 1;
    for (size_t m = begin; m < end; m++) {
        size_t from = crew__cut_begin(&w->merges, m), count = crew__cut_end(&w->merges, m) - from;
        SUM *first = (SUM *)w->tables + from;
        for (size_t step = 1; step < tables; step *= 2)
            for (size_t t = 0; t + step < tables; t += 2 * step) {
                SUM *left = first + t * width;
                const SUM *right = left + step * width;
                for (size_t b = 0; b < count; b++)
                    left[b] += right[b];
            }
        memcpy((SUM *)w->sums + from, first, count * sizeof(SUM));
    }
}

#define TEMPLATE "bincount_weighted_template.h"
#include "each_bin_key_template.h"

#undef WEIGHT_TYPE
#undef WEIGHT
#undef SUM
