/* crew_for_2d and crew_for_3d: every cell once, in the tiles that the loops of for.h cut. */
#include "../support/meeting.h"
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

struct grid {
    size_t size[3], tile[3]; /* tile 0: any */
    atomic_uchar *counts;
    atomic_int wrong;
    size_t fail_at; /* a cell; SIZE_MAX: none */
    atomic_size_t calls;
};

/* A tile begins at a multiple of its extent and ends there or at the edge. */
static bool is_tile(const struct grid *g, int d, size_t begin, size_t end)
{
    if (begin >= end || end > g->size[d])
        return false;
    if (g->tile[d] == 0)
        return true;
    size_t left = g->size[d] - begin;
    return begin % g->tile[d] == 0 && end - begin == (left < g->tile[d] ? left : g->tile[d]);
}

static int do_box(size_t p0, size_t p1, size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    struct grid *g = ctx;
    atomic_fetch_add_explicit(&g->calls, 1, memory_order_relaxed);
    if (!is_tile(g, 0, p0, p1) || !is_tile(g, 1, r0, r1) || !is_tile(g, 2, c0, c1)) {
        atomic_store(&g->wrong, 1);
        return 0;
    }
    int code = 0;
    for (size_t p = p0; p < p1; p++)
        for (size_t r = r0; r < r1; r++)
            for (size_t c = c0; c < c1; c++) {
                size_t cell = (p * g->size[1] + r) * g->size[2] + c;
                atomic_fetch_add_explicit(&g->counts[cell], 1, memory_order_relaxed);
                if (cell == g->fail_at)
                    code = 31;
            }
    return code;
}

static int do_tile(size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    return do_box(0, 1, r0, r1, c0, c1, ctx);
}

static int run_grid(struct grid *g, bool plane, const crew_options *opt)
{
    if (plane)
        return crew_for_2d(g->size[1], g->size[2], (crew_tile){g->tile[1], g->tile[2]}, do_tile, g, opt);
    return crew_for_3d(g->size[0], g->size[1], g->size[2], (crew_box){g->tile[0], g->tile[1], g->tile[2]}, do_box, g,
                       opt);
}

static size_t tiles_of(size_t size, size_t tile)
{
    return size / tile + (size % tile != 0);
}

static void check_grid(struct grid *g, bool plane, const crew_options *opt)
{
    size_t cells = g->size[0] * g->size[1] * g->size[2];
    g->counts = calloc(cells + 1, 1);
    ck_assert_ptr_nonnull(g->counts);
    g->fail_at = SIZE_MAX;
    g->calls = 0;
    ck_assert_int_eq(run_grid(g, plane, opt), 0);
    ck_assert_int_eq(g->wrong, 0);
    size_t i = 0;
    while (i < cells && g->counts[i] == 1)
        i++;
    ck_assert_msg(i == cells && g->counts[cells] == 0, "%zu x %zu x %zu: cell %zu ran %d times", g->size[0], g->size[1],
                  g->size[2], i, g->counts[i]);
    if (cells > 0 && g->tile[0] && g->tile[1] && g->tile[2])
        ck_assert_uint_eq(g->calls, tiles_of(g->size[0], g->tile[0]) * tiles_of(g->size[1], g->tile[1]) *
                                        tiles_of(g->size[2], g->tile[2]));
    free(g->counts);
}

START_TEST(every_cell_once_2d)
{
    use_threads(_i);
    const size_t sizes[] = {0, 1, 2, 63, 64, 65, 300};
    const size_t tiles[] = {0, 1, 7, 64, 1000, SIZE_MAX};
    const size_t nsizes = sizeof sizes / sizeof *sizes, ntiles = sizeof tiles / sizeof *tiles;
    for (size_t k = 0; k < nsizes * nsizes * ntiles * ntiles; k++) {
        struct grid g = {.size = {1, sizes[k % nsizes], sizes[k / nsizes % nsizes]},
                         .tile = {1, tiles[k / nsizes / nsizes % ntiles], tiles[k / nsizes / nsizes / ntiles]}};
        check_grid(&g, true, &(crew_options){.grain = k % 3});
    }
    struct grid wide = {.size = {1, 3, 100003}}, high = {.size = {1, 100003, 3}, .tile = {1, 0, 2}};
    check_grid(&wide, true, NULL);
    check_grid(&high, true, NULL);
}
END_TEST

START_TEST(every_cell_once_3d)
{
    use_threads(_i);
    uint64_t seed = oracle_seed();
    for (int round = 0; round < 150; round++) {
        struct grid g = {.fail_at = SIZE_MAX};
        for (int d = 0; d < 3; d++) {
            g.size[d] = oracle_below(&seed, round % 8 ? 24 : 2);
            g.tile[d] = oracle_below(&seed, 9);
        }
        check_grid(&g, false, &(crew_options){.grain = oracle_below(&seed, 4)});
    }
    struct grid large = {.size = {17, 65, 130}};
    check_grid(&large, false, NULL);
}
END_TEST

static int count_tiles(size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    oracle_note(ctx, r0 * 10000 + c0, r1 * 10000 + c1);
    return 0;
}

/* Cut by rows, cols and tile alone: the same tiles at any thread count, and those left to crew are whole rows. */
START_TEST(chosen_tiles_do_not_depend_on_threads)
{
    struct oracle_blocks one = {0}, many = {0};
    crew_set_num_threads(1);
    ck_assert_int_eq(crew_for_2d(100, 5000, (crew_tile){0, 0}, count_tiles, &one, NULL), 0);
    crew_set_num_threads(8);
    ck_assert_int_eq(crew_for_2d(100, 5000, (crew_tile){0, 0}, count_tiles, &many, NULL), 0);
    ck_assert_uint_eq(one.count, many.count);
    oracle_is_partition(&one, 0); /* sorts */
    oracle_is_partition(&many, 0);
    ck_assert_int_eq(memcmp(one.at, many.at, one.count * sizeof *one.at), 0);
    oracle_clear(&one);
    oracle_clear(&many);

    struct oracle_blocks rows = {0};
    ck_assert_int_eq(crew_for_2d(100, 1000, (crew_tile){0, 0}, count_tiles, &rows, NULL), 0);
    for (size_t k = 0; k < rows.count; k++) {
        ck_assert_uint_eq(rows.at[k][0] % 10000, 0);
        ck_assert_uint_eq(rows.at[k][1] % 10000, 1000);
    }
    oracle_clear(&rows);
}
END_TEST

START_TEST(failures_name_the_first_cell_of_the_tile)
{
    use_threads(_i);
    const size_t shapes[][2] = {{1, 1}, {7, 5}, {100, 100}};
    for (size_t s = 0; s < 3; s++)
        for (size_t cell = 0; cell < 50 * 41; cell += s ? 97 : 31) {
            struct grid g = {.size = {1, 50, 41}, .tile = {1, shapes[s][0], shapes[s][1]}, .fail_at = cell};
            g.counts = calloc(50 * 41, 1);
            ck_assert_ptr_nonnull(g.counts);
            size_t failed = SIZE_MAX;
            ck_assert_int_eq(run_grid(&g, true, &(crew_options){.failed = &failed}), 31);
            size_t row = cell / 41 / shapes[s][0] * shapes[s][0], col = cell % 41 / shapes[s][1] * shapes[s][1];
            ck_assert_uint_eq(failed, row * 41 + col);
            ck_assert_int_eq(g.wrong, 0);
            ck_assert_int_eq(run_grid(&g, true, NULL), 31);
            free(g.counts);
        }
    struct grid box = {.size = {5, 6, 7}, .tile = {2, 4, 3}, .fail_at = (3 * 6 + 5) * 7 + 5};
    box.counts = calloc(5 * 6 * 7, 1);
    ck_assert_ptr_nonnull(box.counts);
    size_t failed = SIZE_MAX;
    ck_assert_int_eq(run_grid(&box, false, &(crew_options){.failed = &failed}), 31);
    ck_assert_uint_eq(failed, (2 * 6 + 4) * 7 + 3);
    free(box.counts);
}
END_TEST

static int fail_all_2d(size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    (void)ctx;
    return r0 < r1 && c0 < c1 ? 5 : 6;
}

static int fail_all_3d(size_t p0, size_t p1, size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    (void)ctx;
    return p0 < p1 && r0 < r1 && c0 < c1 ? 5 : 6;
}

START_TEST(bad_extents_are_refused)
{
    use_threads(_i);
    const size_t half = SIZE_MAX / 2 + 1;
    const crew_tile tile = {0, 0};
    const crew_box box = {0, 0, 0};
    size_t failed = 77;
    crew_options opt = {.failed = &failed}, bad = {.failed = &failed, .timeout = NAN}, negative = {.timeout = -1};
    ck_assert_int_eq(crew_for_2d(3, 3, tile, NULL, NULL, &opt), -EINVAL);
    ck_assert_int_eq(crew_for_3d(3, 3, 3, box, NULL, NULL, &opt), -EINVAL);
    ck_assert_int_eq(crew_for_2d(half, 2, tile, fail_all_2d, NULL, &opt), -EOVERFLOW);
    ck_assert_int_eq(crew_for_2d(SIZE_MAX, SIZE_MAX, tile, fail_all_2d, NULL, &opt), -EOVERFLOW);
    ck_assert_int_eq(crew_for_3d(half, 1, 2, box, fail_all_3d, NULL, &opt), -EOVERFLOW);
    ck_assert_int_eq(crew_for_3d(2, half, 2, box, fail_all_3d, NULL, &opt), -EOVERFLOW);
    ck_assert_int_eq(crew_for_2d(0, SIZE_MAX, tile, fail_all_2d, NULL, &opt), 0);
    ck_assert_int_eq(crew_for_2d(SIZE_MAX, 0, tile, fail_all_2d, NULL, &opt), 0);
    ck_assert_int_eq(crew_for_3d(SIZE_MAX, SIZE_MAX, 0, box, fail_all_3d, NULL, &opt), 0);
    ck_assert_int_eq(crew_for_2d(3, 3, tile, fail_all_2d, NULL, &bad), -EINVAL);
    ck_assert_int_eq(crew_for_2d(0, 3, tile, fail_all_2d, NULL, &bad), -EINVAL);
    ck_assert_int_eq(crew_for_3d(3, 3, 0, box, fail_all_3d, NULL, &negative), -EINVAL);
    ck_assert_uint_eq(failed, 77);

    /* the largest that fit */
    ck_assert_int_eq(crew_for_2d(SIZE_MAX, 1, tile, fail_all_2d, NULL, &opt), 5);
    ck_assert_uint_eq(failed, 0);
    ck_assert_int_eq(crew_for_2d(half - 1, 2, (crew_tile){1, 1}, fail_all_2d, NULL, &opt), 5);
    ck_assert_int_eq(crew_for_3d(1, SIZE_MAX, 1, (crew_box){1, 1, 1}, fail_all_3d, NULL, &opt), 5);
    ck_assert_int_eq(crew_for_2d(1, SIZE_MAX, (crew_tile){SIZE_MAX, SIZE_MAX}, fail_all_2d, NULL, &opt), 5);
}
END_TEST

static int meet_cells(size_t row_begin, size_t row_end, size_t col_begin, size_t col_end, void *ctx)
{
    meet(ctx, (row_end - row_begin) * (col_end - col_begin));
    return 0;
}

/* Few tiles that take long run side by side. */
START_TEST(few_heavy_tiles_open_a_team)
{
    if (!meeting_can_be())
        return;
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    for (int round = 0; round < 3; round++) {
        struct meeting m = {0};
        meeting_is_cheap((uintptr_t)meet_cells, 2);
        ck_assert_int_eq(crew_for_2d(2, 1, (crew_tile){1, 1}, meet_cells, &m, NULL), 0);
        ck_assert_int_eq(m.missed, 0);
    }
}
END_TEST

static void on_progress(size_t done, size_t total, void *ctx)
{
    size_t *seen = ctx;
    ck_assert_uint_eq(total, 101 * 103);
    ck_assert_uint_ge(done, *seen);
    ck_assert_uint_le(done, total);
    *seen = done;
}

START_TEST(progress_counts_cells)
{
    use_threads(_i);
    struct grid g = {.size = {1, 101, 103}, .tile = {1, 10, 10}};
    size_t seen = 0;
    check_grid(&g, true, &(crew_options){.progress = on_progress, .progress_ctx = &seen});
    ck_assert_uint_eq(seen, 101 * 103);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("for_nd");
    TCase *tc = parallel_case(suite, "for_nd");
    tcase_add_loop_test(tc, every_cell_once_2d, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, every_cell_once_3d, 0, ORACLE_THREADS);
    tcase_add_test(tc, chosen_tiles_do_not_depend_on_threads);
    tcase_add_test(tc, few_heavy_tiles_open_a_team);
    tcase_add_loop_test(tc, failures_name_the_first_cell_of_the_tile, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, bad_extents_are_refused, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, progress_counts_cells, 0, ORACLE_THREADS);
    return run_suite(suite);
}
