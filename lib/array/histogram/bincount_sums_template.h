/* Weighted counting for one type of weight. Parameters, undefined at the end:

   WEIGHT_TYPE   suffix of the names
   WEIGHT        the type
   SUM           the type that sums are made in, of the same size and representation */

struct CREW__CAT(weighted, WEIGHT_TYPE) {
    const void *keys;
    const WEIGHT *weights;
    size_t n, bins;
    struct cut cut;
    SUM *tables; /* bins + 1 sums each */
    SUM *sums;
    size_t out[MAX_CHUNKS];
};

/* Tables pairwise: 0 and 1, 2 and 3, then the results of that, and so on. */
static int CREW__CAT(merge, WEIGHT_TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct CREW__CAT(weighted, WEIGHT_TYPE) *w = ctx;
    size_t tables = w->cut.chunks * w->cut.lanes, width = w->bins + 1;
    (void)failed;
    for (size_t m = begin; m < end; m++) {
        size_t from = m * MERGE_BINS, count = w->bins - from < MERGE_BINS ? w->bins - from : MERGE_BINS;
        for (size_t step = 1; step < tables; step *= 2)
            for (size_t t = 0; t + step < tables; t += 2 * step) {
                SUM *left = w->tables + t * width + from;
                const SUM *right = left + step * width;
                for (size_t b = 0; b < count; b++)
                    left[b] += right[b];
            }
        memcpy(w->sums + from, w->tables + from, count * sizeof *w->sums);
    }
    return 0;
}

/* The fields but for the keys are set. */
static int CREW__CAT(sum_up, WEIGHT_TYPE)(struct CREW__CAT(weighted, WEIGHT_TYPE) * w, crew__block_fn *chunk,
                                          size_t *out_of_range)
{
    size_t failed, out = 0, bytes;
    if (!crew__mul(w->cut.chunks * w->cut.lanes * sizeof(SUM), w->bins + 1, &bytes))
        return -EOVERFLOW;
    w->tables = crew__scratch_take(bytes);
    if (w->tables == NULL)
        return -ENOMEM;
    struct crew__loop sum = {.n = w->cut.chunks, .fn = chunk, .ctx = w, .item_ns = (double)w->cut.size};
    struct crew__loop merge = {.n = (w->bins + MERGE_BINS - 1) / MERGE_BINS,
                               .fn = CREW__CAT(merge, WEIGHT_TYPE),
                               .ctx = w,
                               .item_ns = 0.3 * MERGE_BINS * (double)(w->cut.chunks * w->cut.lanes)};
    if (sum.n == 1)
        chunk(0, 1, w, &failed);
    else
        crew__run(&sum);
    if (merge.n < 8)
        CREW__CAT(merge, WEIGHT_TYPE)(0, merge.n, w, &failed);
    else
        crew__run(&merge);
    crew__scratch_give(w->tables);
    for (size_t c = 0; c < w->cut.chunks; c++)
        out += w->out[c];
    return crew__tally_result(out, out_of_range);
}

#define TYPE u8
#define KEY uint8_t
#define WORD uint32_t
#define BINS (UINT8_MAX + 1)
#include "bincount_weighted_template.h"

#define TYPE u16
#define KEY uint16_t
#define WORD uint32_t
#define BINS (UINT16_MAX + 1)
#include "bincount_weighted_template.h"

#define TYPE i32
#define KEY int32_t
#define WORD uint32_t
#define BINS ((uint32_t)INT32_MAX + 1)
#include "bincount_weighted_template.h"

#define TYPE u32
#define KEY uint32_t
#define WORD uint32_t
#define BINS SIZE_MAX
#include "bincount_weighted_template.h"

#define TYPE i64
#define KEY int64_t
#define WORD uint64_t
#define BINS INT64_MAX
#include "bincount_weighted_template.h"

#define TYPE u64
#define KEY uint64_t
#define WORD uint64_t
#define BINS SIZE_MAX
#include "bincount_weighted_template.h"

#undef WEIGHT_TYPE
#undef WEIGHT
#undef SUM
