/* crew_for_2d and crew_for_3d: tiles are numbered in row-major order and run as a line. */
#include "../base/memory.h"
#include "runner.h"
#include <crew/for.h>
#include <errno.h>
#include <stdbool.h>

/* Cells in a tile of which the caller left the shape open: long enough to hide a call, small enough to share out. */
enum { TILE_CELLS = 4096 };

/* A plane is a space of one plane, and has body_2d. Extents are in the order planes, rows, columns. */
struct space {
    union {
        crew_body_2d *body_2d;
        crew_body_3d *body_3d;
    }; /* first: by_site */
    bool is_plane;
    void *ctx;
    size_t size[3], tile[3], tiles[3];
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void first_cell(const struct space *s, size_t tile, size_t at[3])
{
    at[0] = tile / s->tiles[2] / s->tiles[1] * s->tile[0];
    at[1] = tile / s->tiles[2] % s->tiles[1] * s->tile[1];
    at[2] = tile % s->tiles[2] * s->tile[2];
}

static int run_tiles(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct space *s = ctx;
    for (size_t tile = begin; tile < end; tile++) {
        size_t from[3], to[3];
        first_cell(s, tile, from);
        for (int d = 0; d < 3; d++)
            to[d] = from[d] + smaller(s->tile[d], s->size[d] - from[d]);
        int code = s->is_plane ? s->body_2d(from[1], to[1], from[2], to[2], s->ctx)
                               : s->body_3d(from[0], to[0], from[1], to[1], from[2], to[2], s->ctx);
        if (code) {
            *failed = tile;
            return code;
        }
    }
    return 0;
}

/* Fills in the extents that are 0, innermost first: whole rows where they are short. */
static void choose_tile(struct space *s)
{
    size_t room = TILE_CELLS;
    for (int d = 2; d >= 0; d--) {
        s->tile[d] = smaller(s->tile[d] ? s->tile[d] : room, s->size[d]);
        room = room > s->tile[d] ? room / s->tile[d] : 1;
        s->tiles[d] = s->size[d] / s->tile[d] + (s->size[d] % s->tile[d] != 0);
    }
}

static int run_space(struct space *s, const crew_options *opt)
{
    size_t plane, cells;
    if (s->size[0] == 0 || s->size[1] == 0 || s->size[2] == 0)
        return crew__run(&(struct crew__loop){.fn = run_tiles, .ctx = s, .opt = opt}); /* checks opt */
    if (!crew__mul(s->size[1], s->size[2], &plane) || !crew__mul(s->size[0], plane, &cells))
        return -EOVERFLOW;
    choose_tile(s);

    size_t tile_failed = SIZE_MAX;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &tile_failed;
    struct crew__loop loop = {.n = s->tiles[0] * s->tiles[1] * s->tiles[2], /* at most cells: does not overflow */
                              .fn = run_tiles,
                              .ctx = s,
                              .opt = &own,
                              .by_site = CREW__BY_ITEM,
                              .per_item = s->tile[0] * s->tile[1] * s->tile[2],
                              .total = cells};
    int code = crew__run(&loop);
    if (tile_failed != SIZE_MAX && opt && opt->failed) {
        size_t at[3];
        first_cell(s, tile_failed, at);
        *opt->failed = (at[0] * s->size[1] + at[1]) * s->size[2] + at[2];
    }
    return code;
}

int crew_for_2d(size_t rows, size_t cols, crew_tile tile, crew_body_2d *body, void *ctx, const crew_options *opt)
{
    if (!body)
        return -EINVAL;
    struct space s = {
        .body_2d = body, .is_plane = true, .ctx = ctx, .size = {1, rows, cols}, .tile = {1, tile.rows, tile.cols}};
    s.tiles[0] = 1;
    return run_space(&s, opt);
}

int crew_for_3d(size_t planes, size_t rows, size_t cols, crew_box box, crew_body_3d *body, void *ctx,
                const crew_options *opt)
{
    if (!body)
        return -EINVAL;
    struct space s = {
        .body_3d = body, .ctx = ctx, .size = {planes, rows, cols}, .tile = {box.planes, box.rows, box.cols}};
    return run_space(&s, opt);
}
