/* Weighted counting for one type of key within bincount_sums_template.h, whose parameters hold here. Parameters,
   undefined at the end: TYPE, KEY, WORD, BINS as in bincount_template.h. */

static int CREW__CAT3(chunks, TYPE, WEIGHT_TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct CREW__CAT(weighted, WEIGHT_TYPE) *w = ctx;
    size_t bins = w->bins, width = bins + 1, lanes = w->cut.lanes;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t first = c * w->cut.size, n = w->n - first < w->cut.size ? w->n - first : w->cut.size, i = 0, out = 0;
        const KEY *keys = (const KEY *)w->keys + first;
        const WEIGHT *weights = w->weights + first;
        SUM *table = w->tables + c * lanes * width;
        memset(table, 0, lanes * width * sizeof *table);
        if (lanes == LANES)
            for (; n - i >= LANES; i += LANES)
                for (size_t l = 0; l < LANES; l++) {
                    size_t k = (WORD)keys[i + l];
                    out += k >= bins;
                    table[l * width + (k < bins ? k : bins)] += (SUM)weights[i + l];
                }
        for (; i < n; i++) {
            size_t k = (WORD)keys[i], lane = lanes == LANES ? i % LANES : 0;
            out += k >= bins;
            table[lane * width + (k < bins ? k : bins)] += (SUM)weights[i];
        }
        w->out[c] = out;
    }
    return 0;
}

/* A single table is the output. Returns how many keys were out of range. */
static size_t CREW__CAT3(sum_directly, TYPE, WEIGHT_TYPE)(const struct CREW__CAT(weighted, WEIGHT_TYPE) * w)
{
    const KEY *keys = w->keys;
    SUM *sums = w->sums;
    size_t bins = w->bins, out = 0;
    for (size_t b = 0; b < bins; b++)
        sums[b] = 0;
    for (size_t i = 0; i < w->n; i++) {
        size_t k = (WORD)keys[i];
        if (k < bins)
            sums[k] += (SUM)w->weights[i];
        else
            out++;
    }
    return out;
}

int CREW__CAT3(crew_bincount_weighted, TYPE, WEIGHT_TYPE)(const KEY *keys, const WEIGHT *weights, size_t n,
                                                          WEIGHT *sums, size_t bins, size_t *out_of_range)
{
    struct CREW__CAT(weighted, WEIGHT_TYPE) w;
    size_t key_bytes, weight_bytes, sum_bytes;
    if ((n > 0 && (keys == NULL || weights == NULL)) || (bins > 0 && sums == NULL))
        return -EINVAL;
    if (!crew__mul(n, sizeof *keys, &key_bytes) || !crew__mul(n, sizeof *weights, &weight_bytes) ||
        !crew__mul(bins, sizeof *sums, &sum_bytes))
        return -EOVERFLOW;
    if (crew__overlap(keys, key_bytes, sums, sum_bytes) || crew__overlap(weights, weight_bytes, sums, sum_bytes))
        return -EINVAL;
    w.keys = keys;
    w.weights = weights;
    w.n = n;
    w.bins = bins < (size_t)BINS ? bins : (size_t)BINS;
    w.sums = (SUM *)sums;
    w.cut = cut(n, w.bins);
    int error = w.cut.chunks * w.cut.lanes == 1
                    ? crew__tally_result(CREW__CAT3(sum_directly, TYPE, WEIGHT_TYPE)(&w), out_of_range)
                    : CREW__CAT(sum_up, WEIGHT_TYPE)(&w, CREW__CAT3(chunks, TYPE, WEIGHT_TYPE), out_of_range);
    if ((error == 0 || error == -ERANGE) && bins > w.bins)
        memset(sums + w.bins, 0, (bins - w.bins) * sizeof *sums);
    return error;
}

#undef TYPE
#undef KEY
#undef WORD
#undef BINS
