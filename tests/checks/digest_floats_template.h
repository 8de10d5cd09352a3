/* Histograms, sums without NaN and exact sums of one type: a part of digest_typed_template.h, which includes it. */

static void OWN(histogram)(const T *x, T *edges, size_t n)
{
    static const size_t bin_counts[] = {1, 10, 1000, 70000};
    static const T ranges[][2] = {{-2, 2}, {0, 100}, {1, (T)1.00001}, {1, 1}};
    uint64_t *counts = room(6, 8);
    for (size_t b = n <= MIDDLE ? 0 : 2; b < (n <= SHORT ? 3 : 4); b++)
        for (size_t r = 0; r < (n <= SHORT ? 4 : 2); r++) {
            size_t bins = bin_counts[b], out_of_range = 0;
            int code = FN(histogram_edges)(ranges[r][0], ranges[r][1], bins, marked(edges, (bins + 1) * sizeof(T)));
            add_code("histogram_edges", TEXT(NAME), code);
            add_guarded("histogram_edges", TEXT(NAME), edges, (bins + 1) * sizeof(T));
            code = FN(histogram)(x, n, ranges[r][0], ranges[r][1], marked(counts, bins * sizeof *counts), bins,
                                 r == 1 ? NULL : &out_of_range);
            add_code("histogram", TEXT(NAME), code);
            add_code("histogram", TEXT(NAME), (long long)out_of_range);
            add_guarded("histogram", TEXT(NAME), counts, bins * sizeof *counts);
            /* Uneven: every third edge is the one before. */
            for (size_t e = 2; e <= bins; e += 3)
                edges[e] = edges[e - 1];
            code = FN(histogram_by_edges)(x, n, edges, marked(counts, bins * sizeof *counts), bins, &out_of_range);
            add_code("histogram_by_edges", TEXT(NAME), code);
            add_code("histogram_by_edges", TEXT(NAME), (long long)out_of_range);
            add_guarded("histogram_by_edges", TEXT(NAME), counts, bins * sizeof *counts);
        }
}

static void OWN(plane)(const T *x, const T *y, T *edges, size_t n)
{
    static const size_t grids[][2] = {{1, 1}, {10, 7}, {300, 200}};
    static const T ranges[][2] = {{-2, 2}, {1, (T)1.00001}, {0, 100}};
    uint64_t *counts = room(6, 8);
    for (size_t g = n <= MIDDLE ? 0 : 2; g < 3; g++)
        for (size_t r = 0; r < 3; r++) {
            const size_t rows = grids[g][0], cols = grids[g][1], bytes = rows * cols * sizeof *counts;
            const T low = ranges[r][0], high = ranges[r][1];
            size_t out_of_range = 0;
            int code = FN(histogram_2d)(x, y, n, low, high, rows, 0, 50, cols, marked(counts, bytes),
                                        r == 1 ? NULL : &out_of_range);
            add_code("histogram_2d", TEXT(NAME), code);
            add_code("histogram_2d", TEXT(NAME), (long long)out_of_range);
            add_guarded("histogram_2d", TEXT(NAME), counts, bytes);
            FN(histogram_edges)(low, high, rows, edges);
            for (size_t e = 2; e <= rows; e += 3)
                edges[e] = edges[e - 1];
            FN(histogram_edges)(0, 50, cols, edges + rows + 1);
            code = FN(histogram_2d_by_edges)(x, y, n, edges, rows, edges + rows + 1, cols, marked(counts, bytes),
                                             &out_of_range);
            add_code("histogram_2d_by_edges", TEXT(NAME), code);
            add_code("histogram_2d_by_edges", TEXT(NAME), (long long)out_of_range);
            add_guarded("histogram_2d_by_edges", TEXT(NAME), counts, bytes);
        }
}

/* Which NaN a result is, is not promised. */
#define NUMBER(family, type, expression)                                                                               \
    do {                                                                                                               \
        type number = expression;                                                                                      \
        add_code(family, TEXT(NAME), number != number);                                                                \
        if (number == number)                                                                                          \
            add(family, TEXT(NAME), &number, sizeof number);                                                           \
    } while (0)

static void OWN(without_nan)(const T *x, size_t n)
{
    NUMBER("nansum", T, FN(nansum)(x, n));
    NUMBER("nanmean", double, FN(nanmean)(x, n));
    NUMBER("nanmin", T, FN(nanmin)(x, n));
    NUMBER("nanmax", T, FN(nanmax)(x, n));
}

static void OWN(exact_state)(const T *x, const T *y, size_t n)
{
    crew_exact state, other;
    unsigned char bytes[CREW_EXACT_BYTES];
    memset(&state, 0, sizeof state);
    memset(&other, 0, sizeof other);
    _Generic((T)0, float : crew_exact_add_f32, default : crew_exact_add)(&state, x, n / 3);
    _Generic((T)0, float : crew_exact_add_f32, default : crew_exact_add)(&other, x + n / 3, n - n / 3);
    _Generic((T)0, float : crew_exact_add_dot_f32, default : crew_exact_add_dot)(&other, x, y, n);
    crew_exact_to_bytes(&other, bytes);
    add("exact_state", TEXT(NAME), bytes, sizeof bytes);
    add_code("exact_state", TEXT(NAME), crew_exact_from_bytes(&other, bytes));
    crew_exact_merge(&state, &other);
    crew_exact_to_bytes(&state, bytes);
    add("exact_state", TEXT(NAME), bytes, sizeof bytes);
    NUMBER("exact_state", double, crew_exact_value(&state));
    NUMBER("exact_state", float, crew_exact_value_f32(&state));
}
#undef NUMBER
