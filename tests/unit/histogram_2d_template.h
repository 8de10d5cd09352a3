/* check_plane_{f32,f64}: crew_histogram_2d_by_edges for one type. Edges stand at any distance, some of them are equal;
   values lie on them, next to them and outside, and are -0, NaN and infinite. Parameters, undefined at the end: TYPE,
   VALUE, NEXT (nextafter of the type). */

static void CREW__CAT(check_plane, TYPE)(void)
{
    static const size_t grids[][2] = {{1, 1}, {1, 9}, {5, 1}, {40, 31}, {300, 300}};
    enum { N = 9001, MOST = 301, MOST_CELLS = 300 * 300 };
    uint64_t seed = test_seed();
    VALUE *x = test_alloc(N * sizeof *x), *y = test_alloc(N * sizeof *y), edges[2][MOST];
    uint64_t *counts = test_alloc(MOST_CELLS * sizeof *counts), *want = test_alloc(MOST_CELLS * sizeof *want);
    for (size_t g = 0; g < sizeof grids / sizeof *grids; g++) {
        const size_t rows = grids[g][0], cols = grids[g][1], cells = rows * cols;
        for (size_t axis = 0; axis < 2; axis++) {
            VALUE *e = edges[axis], at = -3;
            for (size_t b = 0; b <= grids[g][axis]; b++) {
                e[b] = at;
                at += (VALUE)(test_random(&seed) % 4) / 8;
            }
            VALUE *values = axis ? y : x;
            for (size_t i = 0; i < N; i++) {
                uint64_t r = test_random(&seed);
                VALUE v = e[r % (grids[g][axis] + 1)];
                unsigned how = (unsigned)(r >> 60);
                values[i] = how < 6    ? v
                            : how < 8  ? NEXT(v, (VALUE)INFINITY)
                            : how < 10 ? NEXT(v, (VALUE)-INFINITY)
                            : how < 15 ? (VALUE)(int)(r >> 32 & 1023) / 16 - 4
                            : r & 256  ? (VALUE)NAN
                            : r & 512  ? (VALUE)INFINITY
                                       : (VALUE)-0.0;
            }
        }
        for (size_t n = 0; n <= N; n = n * 5 + 1) {
            size_t out = 0, got = 99;
            memset(want, 0, cells * sizeof *want);
            for (size_t i = 0; i < n; i++) {
                size_t b = CREW__CAT(bin_of, TYPE)(x[i], edges[0], rows);
                size_t c = CREW__CAT(bin_of, TYPE)(y[i], edges[1], cols);
                if (b == SIZE_MAX || c == SIZE_MAX)
                    out++;
                else
                    want[b * cols + c]++;
            }
            for (size_t c = 0; c < CONFIGURATIONS; c++) {
                configure(c);
                memset(counts, 0xa5, cells * sizeof *counts);
                int error = CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, n, edges[0], rows, edges[1], cols, counts,
                                                                        c & 1 ? &got : NULL);
                ck_assert_int_eq(error, out && !(c & 1) ? -ERANGE : 0);
                ck_assert(!(c & 1) || got == out);
                ck_assert_mem_eq(counts, want, cells * sizeof *counts);
            }
        }
    }
    const VALUE falls[3] = {0, 2, 1}, unordered[3] = {0, (VALUE)NAN, 1}, *e = edges[0];
    memset(counts, 0xa5, 9 * sizeof *counts);
    memcpy(want, counts, 9 * sizeof *counts);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, falls, 2, e, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, e, 2, unordered, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, NULL, 2, e, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, e, 2, NULL, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(NULL, y, 9, e, 2, e, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, NULL, 9, e, 2, e, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, e, 2, e, 2, NULL, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, e, 0, e, 2, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, e, 1 << 16, e, 1 << 15, counts, NULL),
                     -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, SIZE_MAX / 2, e, 2, e, 2, counts, NULL),
                     -EOVERFLOW);
    ck_assert_int_eq(
        CREW__CAT(crew_histogram_2d_by_edges, TYPE)(x, y, 9, (VALUE *)(void *)counts, 2, e, 2, counts, NULL), -EINVAL);
    ck_assert_mem_eq(counts, want, 9 * sizeof *counts);
    free(x), free(y), free(counts), free(want);
}

#undef TYPE
#undef VALUE
#undef NEXT
