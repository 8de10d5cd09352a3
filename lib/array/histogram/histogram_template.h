/* crew_histogram_TYPE, crew_histogram_edges_TYPE and crew_histogram_by_edges_TYPE, for each_type_template.h;
   crew_histogram_2d_TYPE and crew_histogram_2d_by_edges_TYPE, by histogram_2d_template.h. */
#if FLOATING

/* Bins narrower than NARROW times the larger edge are searched for; no normal number is smaller than SMALLEST. */
#if BITS == 32
#define NARROW (4 * (double)FLT_EPSILON / 2)
#define SMALLEST ((double)FLT_MIN)
#else
#define NARROW (32 * DBL_EPSILON / 2)
#define SMALLEST DBL_MIN
#endif

struct CREW__CAT(values, TYPE) {
    const ELEMENT *x;
    const ELEMENT *edges; /* NULL: equal */
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

static void CREW__CAT(in_table, TYPE)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    uint32_t keys[CREW__BIN_BLOCK];
    while (begin < end) {
        size_t n = CREW__CAT(find_bins, TYPE)(ctx, begin, end, bins, keys);
        crew__count_in_table_u32(keys, n, table, bins);
        begin += n;
    }
}

static uint64_t CREW__CAT(directly, TYPE)(size_t begin, size_t end, void *ctx, void *counts, size_t bins)
{
    uint32_t keys[CREW__BIN_BLOCK];
    uint64_t in_range = 0;
    while (begin < end) {
        size_t n = CREW__CAT(find_bins, TYPE)(ctx, begin, end, bins, keys);
        in_range += crew__count_directly_u32(keys, n, counts, bins);
        begin += n;
    }
    return in_range;
}

static int CREW__CAT(check_arguments, TYPE)(const ELEMENT *x, size_t n, const uint64_t *counts, size_t bins)
{
    size_t value_bytes, count_bytes;
    if ((n > 0 && x == NULL) || counts == NULL || bins == 0 || bins > MAX_BINS)
        return -EINVAL;
    if (!crew__array_bytes(n, sizeof *x, &value_bytes) || !crew__array_bytes(bins, sizeof *counts, &count_bytes))
        return -EOVERFLOW;
    return crew__overlap(x, value_bytes, counts, count_bytes) ? -EINVAL : 0;
}

static int CREW__CAT(count_values, TYPE)(struct CREW__CAT(values, TYPE) * v, size_t n, uint64_t *counts, size_t bins,
                                         size_t *out_of_range)
{
    v->kernels = crew__bin_kernels(n);
    struct crew__bincount what = {
        n, sizeof *v->x, bins, v->edges ? 3 : 0.7, CREW__CAT(in_table, TYPE), CREW__CAT(directly, TYPE),
        v, false,        false};
    return crew__range_result(n - (size_t)crew__count_bins(&what, counts, bins), out_of_range);
}

static bool CREW__CAT(is_range, TYPE)(ELEMENT low, ELEMENT high)
{
    return low < high && !isinf(low) && !isinf(high);
}

static CREW__NOINLINE int CREW__CAT(make_edges, TYPE)(ELEMENT low, ELEMENT high, size_t bins, ELEMENT *edges)
{
    if (!CREW__CAT(is_range, TYPE)(low, high) || bins == 0 || bins > MAX_BINS || edges == NULL)
        return -EINVAL;
    const struct equal_edges e = equal_edges((double)low, (double)high, (double)bins);
    if (e.by_step)
        for (size_t b = 0; b < bins; b++)
            edges[b] = (ELEMENT)(((double)b * e.step + e.low) * e.grow);
    else
        for (size_t b = 0; b < bins; b++)
            edges[b] = (ELEMENT)(((double)b / (double)bins * e.width + e.low) * e.grow);
    edges[bins] = high;
    return 0;
}

/* Whether bins + 1 edges ascend and are not where `cells` counts are written. */
static int CREW__CAT(check_edges, TYPE)(const ELEMENT *edges, size_t bins, const uint64_t *counts, size_t cells)
{
    if (edges == NULL || crew__overlap(edges, (bins + 1) * sizeof *edges, counts, cells * sizeof *counts))
        return -EINVAL;
    for (size_t b = 0; b < bins; b++)
        if (!(edges[b] <= edges[b + 1]))
            return -EINVAL;
    return 0;
}

static CREW__NOINLINE int CREW__CAT(by_edges, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *edges, uint64_t *counts,
                                                    size_t bins, size_t *out_of_range)
{
    int error = CREW__CAT(check_arguments, TYPE)(x, n, counts, bins);
    error = error ? error : CREW__CAT(check_edges, TYPE)(edges, bins, counts, bins);
    if (error)
        return error;
    struct CREW__CAT(values, TYPE) v = {.x = x, .edges = edges};
    return CREW__CAT(count_values, TYPE)(&v, n, counts, bins, out_of_range);
}

static CREW__NOINLINE int CREW__CAT(by_range, TYPE)(const ELEMENT *x, size_t n, ELEMENT low, ELEMENT high,
                                                    uint64_t *counts, size_t bins, size_t *out_of_range)
{
    int error = CREW__CAT(check_arguments, TYPE)(x, n, counts, bins);
    if (error)
        return error;
    if (!CREW__CAT(is_range, TYPE)(low, high))
        return -EINVAL;
    const struct equal_edges e = equal_edges((double)low, (double)high, (double)bins);
    if (!kernel_can_do(&e, (double)high, NARROW, SMALLEST)) {
        ELEMENT *edges = crew__scratch_take((bins + 1) * sizeof *edges);
        if (edges == NULL)
            return -ENOMEM;
        CREW__CAT(make_edges, TYPE)(low, high, bins, edges);
        error = CREW__CAT(by_edges, TYPE)(x, n, edges, counts, bins, out_of_range);
        crew__scratch_give(edges);
        return error;
    }
    struct CREW__CAT(values, TYPE) v = {.x = x};
    v.equal = equal_bins(&e, (double)high, (double)bins, NARROW);
    return CREW__CAT(count_values, TYPE)(&v, n, counts, bins, out_of_range);
}

int CREW__CAT(crew_histogram_edges, TYPE)(ELEMENT low, ELEMENT high, size_t bins, ELEMENT *edges)
{
    struct crew__fp_saved fp = crew__fp_begin();
    int error = CREW__CAT(make_edges, TYPE)(low, high, bins, edges);
    crew__fp_end(&fp);
    return error;
}

int CREW__CAT(crew_histogram_by_edges, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *edges, uint64_t *counts,
                                             size_t bins, size_t *out_of_range)
{
    struct crew__fp_saved fp = crew__fp_begin();
    int error = CREW__CAT(by_edges, TYPE)(x, n, edges, counts, bins, out_of_range);
    crew__fp_end(&fp);
    return error;
}

int CREW__CAT(crew_histogram, TYPE)(const ELEMENT *x, size_t n, ELEMENT low, ELEMENT high, uint64_t *counts,
                                    size_t bins, size_t *out_of_range)
{
    struct crew__fp_saved fp = crew__fp_begin();
    int error = CREW__CAT(by_range, TYPE)(x, n, low, high, counts, bins, out_of_range);
    crew__fp_end(&fp);
    return error;
}

#include "histogram_2d_template.h"

#undef NARROW
#undef SMALLEST
#endif
