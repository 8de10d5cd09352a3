/* The histograms of one type. Parameters, undefined at the end:

   TYPE       suffix of the names
   VALUE      the type
   NARROW     bins narrower than this times the larger edge are searched for
   SMALLEST   the smallest normal number */

struct CREW__CAT(values, TYPE) {
    const VALUE *x;
    const VALUE *edges; /* NULL: equal */
    struct crew__equal_bins equal;
    const struct crew__bin_kernels *kernels;
};

static size_t CREW__CAT(find_bins, TYPE)(const struct CREW__CAT(values, TYPE) * v, size_t begin, size_t end,
                                         size_t bins, uint32_t *keys)
{
    size_t n = end - begin < CREW__BIN_BLOCK ? end - begin : CREW__BIN_BLOCK;
    if (v->edges)
        v->kernels->CREW__CAT(search, TYPE)(v->x + begin, n, v->edges, (uint32_t)bins, keys);
    else
        v->kernels->CREW__CAT(equal, TYPE)(v->x + begin, n, &v->equal, keys);
    return n;
}

static void CREW__CAT(tally, TYPE)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    uint32_t keys[CREW__BIN_BLOCK];
    while (begin < end) {
        size_t n = CREW__CAT(find_bins, TYPE)(ctx, begin, end, bins, keys);
        crew__tally_u32(keys, n, table, bins);
        begin += n;
    }
}

static uint64_t CREW__CAT(direct, TYPE)(size_t begin, size_t end, void *ctx, uint64_t *counts, size_t bins)
{
    uint32_t keys[CREW__BIN_BLOCK];
    uint64_t in_range = 0;
    while (begin < end) {
        size_t n = CREW__CAT(find_bins, TYPE)(ctx, begin, end, bins, keys);
        in_range += crew__tally_direct_u32(keys, n, counts, bins);
        begin += n;
    }
    return in_range;
}

static int CREW__CAT(check, TYPE)(const VALUE *x, size_t n, const uint64_t *counts, size_t bins)
{
    size_t value_bytes, count_bytes;
    if ((n > 0 && x == NULL) || counts == NULL || bins == 0 || bins > MAX_BINS)
        return -EINVAL;
    if (!crew__mul(n, sizeof *x, &value_bytes) || !crew__mul(bins, sizeof *counts, &count_bytes))
        return -EOVERFLOW;
    return crew__overlap(x, value_bytes, counts, count_bytes) ? -EINVAL : 0;
}

static int CREW__CAT(run, TYPE)(struct CREW__CAT(values, TYPE) * v, size_t n, uint64_t *counts, size_t bins,
                                size_t *out_of_range)
{
    v->kernels = kernels();
    struct crew__tally t = {n, sizeof *v->x, bins, v->edges ? 3 : 1.5, CREW__CAT(tally, TYPE), CREW__CAT(direct, TYPE),
                            v};
    return crew__tally_result(n - (size_t)crew__tally_run(&t, counts, bins), out_of_range);
}

int CREW__CAT(crew_histogram_edges, TYPE)(VALUE low, VALUE high, size_t bins, VALUE *edges)
{
    /* Not finite or NaN: the difference is neither. */
    if (!(low < high) || !(high - low <= (VALUE)INFINITY) || isinf(high - low) || bins == 0 || bins > MAX_BINS ||
        edges == NULL)
        return -EINVAL;
    double step = ((double)high - (double)low) / (double)bins;
    for (size_t b = 0; b < bins; b++)
        edges[b] = (VALUE)((double)b * step + (double)low);
    edges[bins] = high;
    return 0;
}

int CREW__CAT(crew_histogram_by_edges, TYPE)(const VALUE *x, size_t n, const VALUE *edges, uint64_t *counts,
                                             size_t bins, size_t *out_of_range)
{
    int error = CREW__CAT(check, TYPE)(x, n, counts, bins);
    if (error)
        return error;
    if (edges == NULL || crew__overlap(edges, (bins + 1) * sizeof *edges, counts, bins * sizeof *counts))
        return -EINVAL;
    for (size_t b = 0; b < bins; b++)
        if (!(edges[b] <= edges[b + 1]))
            return -EINVAL;
    struct CREW__CAT(values, TYPE) v = {.x = x, .edges = edges};
    return CREW__CAT(run, TYPE)(&v, n, counts, bins, out_of_range);
}

int CREW__CAT(crew_histogram, TYPE)(const VALUE *x, size_t n, VALUE low, VALUE high, uint64_t *counts, size_t bins,
                                    size_t *out_of_range)
{
    VALUE two[2];
    int error = CREW__CAT(check, TYPE)(x, n, counts, bins);
    if (!error)
        error = CREW__CAT(crew_histogram_edges, TYPE)(low, high, 1, two);
    if (error)
        return error;
    double width = (double)high - (double)low, step = width / (double)bins, scale = (double)bins / width;
    if (is_narrow((double)low, (double)high, step, NARROW, SMALLEST)) {
        VALUE *edges = crew__scratch_take((bins + 1) * sizeof *edges);
        if (edges == NULL)
            return -ENOMEM;
        CREW__CAT(crew_histogram_edges, TYPE)(low, high, bins, edges);
        error = CREW__CAT(crew_histogram_by_edges, TYPE)(x, n, edges, counts, bins, out_of_range);
        crew__scratch_give(edges);
        return error;
    }
    struct CREW__CAT(values, TYPE) v = {.x = x};
    v.equal = (struct crew__equal_bins){(double)low, (double)high, step, scale, (int32_t)(bins - 1)};
    return CREW__CAT(run, TYPE)(&v, n, counts, bins, out_of_range);
}

#undef TYPE
#undef VALUE
#undef NARROW
#undef SMALLEST
