/* crew_histogram_2d_TYPE and crew_histogram_2d_by_edges_TYPE, a part of histogram_template.h, which includes it. */

struct CREW__CAT(plane, TYPE) {
    struct CREW__CAT(values, TYPE) x, y;
    size_t x_bins, y_bins;
};

/* keys[i] = the number of the bin of elements begin + i, UINT32_MAX where they are in none. */
static size_t CREW__CAT(find_cells, TYPE)(const struct CREW__CAT(plane, TYPE) * p, size_t begin, size_t end,
                                          uint32_t *keys)
{
    uint32_t columns[CREW__BIN_BLOCK];
    const uint32_t x_bins = (uint32_t)p->x_bins, y_bins = (uint32_t)p->y_bins;
    size_t n = CREW__CAT(find_bins, TYPE)(&p->x, begin, end, p->x_bins, keys);
    CREW__CAT(find_bins, TYPE)(&p->y, begin, end, p->y_bins, columns);
    for (size_t i = 0; i < n; i++)
        keys[i] = keys[i] >= x_bins || columns[i] >= y_bins ? UINT32_MAX : keys[i] * y_bins + columns[i];
    return n;
}

static void CREW__CAT(in_cells, TYPE)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    uint32_t keys[CREW__BIN_BLOCK];
    while (begin < end) {
        size_t n = CREW__CAT(find_cells, TYPE)(ctx, begin, end, keys);
        crew__count_in_table_u32(keys, n, table, bins);
        begin += n;
    }
}

static uint64_t CREW__CAT(cells_directly, TYPE)(size_t begin, size_t end, void *ctx, void *counts, size_t bins)
{
    uint32_t keys[CREW__BIN_BLOCK];
    uint64_t in_range = 0;
    while (begin < end) {
        size_t n = CREW__CAT(find_cells, TYPE)(ctx, begin, end, keys);
        in_range += crew__count_directly_u32(keys, n, counts, bins);
        begin += n;
    }
    return in_range;
}

/* *edges is scratch, NULL where the bins are equal ones that the kernel can do. */
static int CREW__CAT(make_axis, TYPE)(struct CREW__CAT(values, TYPE) * v, const ELEMENT *x, size_t n, ELEMENT low,
                                      ELEMENT high, size_t bins, ELEMENT **edges)
{
    *v = (struct CREW__CAT(values, TYPE)){.x = x, .kernels = crew__bin_kernels(n)};
    const struct equal_edges e = equal_edges((double)low, (double)high, (double)bins);
    if (kernel_can_do(&e, (double)high, NARROW, SMALLEST)) {
        v->equal = equal_bins(&e, (double)high, (double)bins, NARROW);
        return 0;
    }
    *edges = crew__scratch_take((bins + 1) * sizeof **edges);
    v->edges = *edges;
    return *edges ? CREW__CAT(make_edges, TYPE)(low, high, bins, *edges) : -ENOMEM;
}

static int CREW__CAT(check_plane, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n, size_t x_bins, size_t y_bins,
                                        const uint64_t *counts)
{
    if (x_bins == 0 || y_bins == 0 || x_bins > MAX_BINS / y_bins)
        return -EINVAL;
    int error = CREW__CAT(check_arguments, TYPE)(x, n, counts, x_bins * y_bins);
    return error ? error : CREW__CAT(check_arguments, TYPE)(y, n, counts, x_bins * y_bins);
}

static int CREW__CAT(count_points, TYPE)(struct CREW__CAT(plane, TYPE) * p, size_t n, uint64_t *counts,
                                         size_t *out_of_range)
{
    const size_t bins = p->x_bins * p->y_bins;
    struct crew__bincount what = {n,
                                  2 * sizeof(ELEMENT),
                                  bins,
                                  p->x.edges || p->y.edges ? 5 : 1.5,
                                  CREW__CAT(in_cells, TYPE),
                                  CREW__CAT(cells_directly, TYPE),
                                  p,
                                  false,
                                  false};
    return crew__range_result(n - (size_t)crew__count_bins(&what, counts, bins), out_of_range);
}

static CREW__NOINLINE int CREW__CAT(by_ranges, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n, ELEMENT x_low,
                                                     ELEMENT x_high, size_t x_bins, ELEMENT y_low, ELEMENT y_high,
                                                     size_t y_bins, uint64_t *counts, size_t *out_of_range)
{
    int error = CREW__CAT(check_plane, TYPE)(x, y, n, x_bins, y_bins, counts);
    if (error)
        return error;
    if (!CREW__CAT(is_range, TYPE)(x_low, x_high) || !CREW__CAT(is_range, TYPE)(y_low, y_high))
        return -EINVAL;
    ELEMENT *x_edges = NULL, *y_edges = NULL;
    struct CREW__CAT(plane, TYPE) p = {.x_bins = x_bins, .y_bins = y_bins};
    error = CREW__CAT(make_axis, TYPE)(&p.x, x, n, x_low, x_high, x_bins, &x_edges);
    error = error ? error : CREW__CAT(make_axis, TYPE)(&p.y, y, n, y_low, y_high, y_bins, &y_edges);
    error = error ? error : CREW__CAT(count_points, TYPE)(&p, n, counts, out_of_range);
    crew__scratch_give(x_edges);
    crew__scratch_give(y_edges);
    return error;
}

static CREW__NOINLINE int CREW__CAT(in_grid, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n, const ELEMENT *x_edges,
                                                   size_t x_bins, const ELEMENT *y_edges, size_t y_bins,
                                                   uint64_t *counts, size_t *out_of_range)
{
    int error = CREW__CAT(check_plane, TYPE)(x, y, n, x_bins, y_bins, counts);
    error = error ? error : CREW__CAT(check_edges, TYPE)(x_edges, x_bins, counts, x_bins * y_bins);
    error = error ? error : CREW__CAT(check_edges, TYPE)(y_edges, y_bins, counts, x_bins * y_bins);
    if (error)
        return error;
    struct CREW__CAT(plane, TYPE) p = {.x = {.x = x, .edges = x_edges, .kernels = crew__bin_kernels(n)},
                                       .y = {.x = y, .edges = y_edges, .kernels = crew__bin_kernels(n)},
                                       .x_bins = x_bins,
                                       .y_bins = y_bins};
    return CREW__CAT(count_points, TYPE)(&p, n, counts, out_of_range);
}

int CREW__CAT(crew_histogram_2d, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n, ELEMENT x_low, ELEMENT x_high,
                                       size_t x_bins, ELEMENT y_low, ELEMENT y_high, size_t y_bins, uint64_t *counts,
                                       size_t *out_of_range)
{
    struct crew__fp_saved fp = crew__fp_begin();
    int error = CREW__CAT(by_ranges, TYPE)(x, y, n, x_low, x_high, x_bins, y_low, y_high, y_bins, counts, out_of_range);
    crew__fp_end(&fp);
    return error;
}

int CREW__CAT(crew_histogram_2d_by_edges, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n, const ELEMENT *x_edges,
                                                size_t x_bins, const ELEMENT *y_edges, size_t y_bins, uint64_t *counts,
                                                size_t *out_of_range)
{
    struct crew__fp_saved fp = crew__fp_begin();
    int error = CREW__CAT(in_grid, TYPE)(x, y, n, x_edges, x_bins, y_edges, y_bins, counts, out_of_range);
    crew__fp_end(&fp);
    return error;
}
