/* crew_bincount_weighted_{u8,u16,i32,u32,i64,u64}_{f64,i64} of crew/histogram.h. Nothing here multiplies, so that no
   contraction can change a sum. */
#include "bincount_weighted.h"
#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "../typed/types.h"
#include "bincount_tables.h"
#include <crew/histogram.h>
#include <errno.h>
#include <string.h>

enum {
    MERGE_BINS = 512, /* bins that a merging loop's item stands for */
    SUM_SIZE = 8      /* bytes of a sum, and of a weight */
};

struct weighted {
    const void *keys, *weights;
    size_t n, bins;
    struct crew__cut chunks; /* of n */
    struct crew__cut merges; /* of bins */
    size_t lanes;            /* of a chunk */
    void *tables;            /* of bins + 1 sums each: that of lane l of chunk c is number c * lanes + l */
    void *sums;
    size_t out[CREW__WEIGHT_CHUNKS];
};

/* The code for one type of key and one of weight. */
struct adders {
    size_t (*directly)(const struct weighted *w); /* to the output; returns how many keys were out of range */
    crew__each_fn *chunks, *merges;
};

static int add_in_tables(struct weighted *w, const struct adders *add, size_t *out_of_range)
{
    size_t tables = w->chunks.count * w->lanes, out = 0, bytes;
    if (!crew__mul(tables * SUM_SIZE, w->bins + 1, &bytes))
        return -EOVERFLOW;
    w->tables = crew__scratch_take(bytes);
    if (w->tables == NULL)
        return -ENOMEM;
    crew__each(w->chunks.count, add->chunks, w, (double)w->chunks.size);
    crew__each(w->merges.count, add->merges, w, 0.3 * (double)MERGE_BINS * (double)tables);
    crew__scratch_give(w->tables);
    for (size_t c = 0; c < w->chunks.count; c++)
        out += w->out[c];
    return crew__range_result(out, out_of_range);
}

/* Keys are of key_size bytes, those from key_bins on being none. */
static int add_weights(const void *keys, size_t key_size, size_t key_bins, const void *weights, size_t n, void *sums,
                       size_t bins, size_t *out_of_range, const struct adders *add)
{
    struct weighted w;
    size_t key_bytes, weight_bytes, sum_bytes;
    if ((n > 0 && (keys == NULL || weights == NULL)) || (bins > 0 && sums == NULL))
        return -EINVAL;
    if (!crew__array_bytes(n, key_size, &key_bytes) || !crew__array_bytes(n, SUM_SIZE, &weight_bytes) ||
        !crew__array_bytes(bins, SUM_SIZE, &sum_bytes))
        return -EOVERFLOW;
    if (crew__overlap(keys, key_bytes, sums, sum_bytes) || crew__overlap(weights, weight_bytes, sums, sum_bytes))
        return -EINVAL;
    w.keys = keys;
    w.weights = weights;
    w.n = n;
    w.bins = bins < key_bins ? bins : key_bins;
    w.sums = sums;
    w.chunks = crew__weights_cut(n, w.bins, &w.lanes);
    w.merges = crew__cut_by(w.bins, MERGE_BINS);
    struct crew__fp_saved fp = crew__fp_begin();
    int error = w.chunks.count * w.lanes <= 1 ? crew__range_result(add->directly(&w), out_of_range)
                                              : add_in_tables(&w, add, out_of_range);
    crew__fp_end(&fp);
    if ((error == 0 || error == -ERANGE) && bins > w.bins)
        memset((char *)sums + w.bins * SUM_SIZE, 0, (bins - w.bins) * SUM_SIZE);
    return error;
}

#define WEIGHT_TYPE f64
#define WEIGHT double
#define SUM double
#include "bincount_sums_template.h"

#define WEIGHT_TYPE i64
#define WEIGHT int64_t
#define SUM uint64_t
#include "bincount_sums_template.h"
