/* add_chunk_TYPE_WEIGHT_TYPE: the tables of one chunk, for bincount_weighted_template.h and for the MPI layer, within
   each_bin_key_template.h, for unsigned keys, and with WEIGHT_TYPE, WEIGHT and SUM as in bincount_sums_template.h. */

/* table: `lanes` ones of bins + 1 sums each. Returns how many keys were out of range. */
static size_t CREW__CAT3(add_chunk, TYPE, WEIGHT_TYPE)(const KEY *keys, const WEIGHT *weights, size_t n, size_t bins,
                                                       size_t lanes, SUM *table)
{
    const size_t width = bins + 1;
    size_t i = 0, out = 0;
    memset(table, 0, lanes * width * sizeof *table);
    if (lanes == CREW__WEIGHT_LANES)
        for (; n - i >= CREW__WEIGHT_LANES; i += CREW__WEIGHT_LANES)
            for (size_t l = 0; l < CREW__WEIGHT_LANES; l++) {
                size_t k = crew__bin_of(keys[i + l]);
                out += k >= bins;
                table[l * width + (k < bins ? k : bins)] += (SUM)weights[i + l];
            }
    for (; i < n; i++) {
        size_t k = crew__bin_of(keys[i]), lane = lanes == CREW__WEIGHT_LANES ? i % CREW__WEIGHT_LANES : 0;
        out += k >= bins;
        table[lane * width + (k < bins ? k : bins)] += (SUM)weights[i];
    }
    return out;
}
