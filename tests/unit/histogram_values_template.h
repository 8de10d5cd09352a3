/* check_histogram_{f32,f64}: histograms of one type of value. Parameters, undefined at the end: TYPE, VALUE, NEXT
   (nextafter of the type), LARGE (its largest number). */

/* NumPy's rule, by a linear search over the edges. */
static size_t CREW__CAT(bin_of, TYPE)(VALUE x, const VALUE *edges, size_t bins)
{
    if (!(x >= edges[0] && x <= edges[bins]))
        return SIZE_MAX;
    size_t b = bins - 1;
    while (x < edges[b])
        b--;
    return b;
}

static void CREW__CAT(check_histogram, TYPE)(void)
{
    static const struct {
        VALUE low, high;
    } ranges[] = {{0, 1},
                  {-3, 7},
                  {(VALUE)0.1, (VALUE)0.7},
                  {1000000, 1000001},
                  {(VALUE)-1e30, (VALUE)1e30},
                  {(VALUE)1e-40, (VALUE)3e-40},
                  {-LARGE, LARGE},
                  {LARGE / -3, LARGE / 3}};
    static const size_t counts_of_bins[] = {1, 2, 3, 10, 255, TESTS_RACES ? 300 : 3000};
    uint64_t seed = test_seed();
    enum { N = 20011 };
    VALUE *x = test_alloc(N * sizeof *x), *edges = test_alloc(3001 * sizeof *edges);
    uint64_t *counts = test_alloc(3001 * sizeof *counts), *want = test_alloc(3001 * sizeof *want);
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++)
        for (size_t b = 0; b < 6; b++) {
            size_t bins = counts_of_bins[b], out = 0, got;
            VALUE low = ranges[r].low, high = ranges[r].high;
            ck_assert_int_eq(CREW__CAT(crew_histogram_edges, TYPE)(low, high, bins, edges), 0);
            ck_assert(edges[0] == low && edges[bins] == high);
            /* Some roundings, and one of the smallest numbers. */
            double near = fmax(fabs((double)low), fabs((double)high)) * (sizeof(VALUE) == 4 ? 1e-6 : 1e-15);
            near += (double)NEXT(0, 1);
            for (size_t e = 0; e < bins; e++) {
                double at = (double)e / (double)bins, want_at = (1 - at) * (double)low + at * (double)high;
                ck_assert(edges[e] <= edges[e + 1]);
                ck_assert(fabs((double)edges[e] - want_at) <= near);
            }
            for (size_t i = 0; i < N; i++) {
                uint64_t random = test_random(&seed);
                double at = (double)(random >> 11) * 0x1p-53 * 1.02 - 0.01;
                x[i] = (VALUE)((1 - at) * (double)low + at * (double)high);
                const bool on_edge = i % (i < N / 2 ? 61 : 4) == 1; /* or next to it; kernels that meet many go on */
                if (on_edge)
                    x[i] = edges[random % (bins + 1)];
                if (on_edge && random >> 62 == 1)
                    x[i] = NEXT(x[i], (VALUE)INFINITY);
                if (on_edge && random >> 62 == 2)
                    x[i] = NEXT(x[i], (VALUE)-INFINITY);
                const VALUE special[] = {(VALUE)NAN, (VALUE)INFINITY, (VALUE)-INFINITY, LARGE, -LARGE};
                if (random % 199 == 0)
                    x[i] = special[random / 199 % 5];
            }
            memset(want, 0, 3001 * sizeof *want);
            for (size_t i = 0; i < N; i++) {
                size_t bin = CREW__CAT(bin_of, TYPE)(x[i], edges, bins);
                if (bin == SIZE_MAX)
                    out++;
                else
                    want[bin]++;
            }
            for (size_t n = 0; n < 70; n++) { /* of few, each place in a vector */
                configure(n % CONFIGURATIONS);
                ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x + n, n, low, high, counts, bins, &got), 0);
                size_t missing = got;
                for (size_t i = n; i < 2 * n; i++) {
                    size_t bin = CREW__CAT(bin_of, TYPE)(x[i], edges, bins);
                    if (bin != SIZE_MAX)
                        counts[bin]--;
                    else
                        missing--;
                }
                ck_assert_uint_eq(missing, 0);
                for (size_t k = 0; k < bins; k++)
                    ck_assert_uint_eq(counts[k], 0);
            }
            for (size_t c = 0; c < CONFIGURATIONS; c++) {
                configure(c);
                memset(counts, 0xa5, 3001 * sizeof *counts);
                ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x, N, low, high, counts, bins, &got), 0);
                ck_assert_uint_eq(got, out);
                ck_assert_mem_eq(counts, want, bins * sizeof *counts);
                memset(counts, 0xa5, 3001 * sizeof *counts);
                ck_assert_int_eq(CREW__CAT(crew_histogram_by_edges, TYPE)(x, N, edges, counts, bins, NULL), -ERANGE);
                ck_assert_mem_eq(counts, want, bins * sizeof *counts);
                ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x, 7, low, high, counts, bins, &got), 0);
            }
        }
    ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x, N, 1, 1, counts, 3, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x, N, 0, (VALUE)INFINITY, counts, 3, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x, N, 0, (VALUE)NAN, counts, 3, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(x, N, 0, 1, counts, 0, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram, TYPE)(NULL, N, 0, 1, counts, 3, NULL), -EINVAL);
    const VALUE equal[] = {0, 0, 1, 1}, falling[] = {0, 2, 1}, nan_edge[] = {0, (VALUE)NAN, 1};
    const VALUE at[] = {0, 1, (VALUE)0.5, (VALUE)-0.0};
    size_t got;
    ck_assert_int_eq(CREW__CAT(crew_histogram_by_edges, TYPE)(at, 4, equal, counts, 3, &got), 0);
    ck_assert(counts[0] == 0 && counts[1] == 3 && counts[2] == 1 && got == 0);
    ck_assert_int_eq(CREW__CAT(crew_histogram_by_edges, TYPE)(at, 4, falling, counts, 2, &got), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_by_edges, TYPE)(at, 4, nan_edge, counts, 2, &got), -EINVAL);
    free(x);
    free(edges);
    free(counts);
    free(want);
}

/* Ranges of a few of the smallest numbers: edges are those of numpy.linspace where these ascend, and every value is in
   the bin that they say. */
static void CREW__CAT(check_narrow, TYPE)(void)
{
    enum { WIDEST = 40, MOST_BINS = 70 };
    const VALUE unit = NEXT(0, 1);
    VALUE x[WIDEST + 3], edges[MOST_BINS + 1];
    uint64_t counts[MOST_BINS], want[MOST_BINS];
    size_t wrong = 0, equal = 0, got;
    for (int width = 1; width <= WIDEST; width++)
        for (int place = 0; place < 5; place++)
            for (size_t bins = 1; bins <= MOST_BINS; bins++) {
                VALUE low = (VALUE)(place < 2 ? place * 100 : -width * (place - 1) / 2) * unit;
                VALUE high = low + (VALUE)width * unit;
                volatile double span = (double)high - (double)low, step = span / (double)bins,
                                last = (double)(bins - 1) * step;
                const int even = step == 0 || (VALUE)(last + (double)low) > high;
                memset(want, 0, sizeof want);
                for (int i = 0; i < width + 3; i++)
                    x[i] = low + (VALUE)(i - 1) * unit; /* one on either side */
                if (CREW__CAT(crew_histogram_edges, TYPE)(low, high, bins, edges) != 0 ||
                    CREW__CAT(crew_histogram, TYPE)(x, (size_t)width + 3, low, high, counts, bins, &got) != 0) {
                    wrong++;
                    continue;
                }
                for (size_t b = 0; b < bins; b++) {
                    volatile double at = even ? (double)b / (double)bins * span : (double)b * step;
                    wrong += edges[b] != (VALUE)(at + (double)low) || edges[b] > edges[b + 1];
                    equal += edges[b] == edges[b + 1];
                }
                for (int i = 1; i <= width + 1; i++)
                    want[CREW__CAT(bin_of, TYPE)(x[i], edges, bins)]++;
                wrong += edges[0] != low || edges[bins] != high || got != 2 ||
                         memcmp(counts, want, bins * sizeof *counts) != 0;
            }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_gt(equal, 1000);
}

#undef TYPE
#undef VALUE
#undef NEXT
#undef LARGE
