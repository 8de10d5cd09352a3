/* A plane cut into rectangles: halos and gathering. */
#include "../core/base/memory.h"
#include "agree.h"
#include "dist.h"
#include "transfer.h"
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct crew_grid {
    crew_mpi *m;
    size_t rows, cols, size, halo;
    int down, across; /* ranks; rank r stands in row r / across */
    crew_grid_part part;
    char *columns; /* four times what one side's columns take: sent and received, left and right */
};

static crew_grid_part part_of(const crew_grid *g, int rank)
{
    int i = rank / g->across, j = rank % g->across;
    crew_grid_part p = {.row_begin = crew__even_begin(g->rows, g->down, i),
                        .row_end = crew__even_begin(g->rows, g->down, i + 1),
                        .col_begin = crew__even_begin(g->cols, g->across, j),
                        .col_end = crew__even_begin(g->cols, g->across, j + 1)};
    p.stride = p.col_end - p.col_begin + 2 * g->halo;
    return p;
}

static size_t part_rows(const crew_grid_part *p)
{
    return p->row_end - p->row_begin;
}

static size_t part_cols(const crew_grid_part *p)
{
    return p->col_end - p->col_begin;
}

static int allocate(crew_grid *g)
{
    size_t cells, bytes, plane;
    if (!crew__mul(g->rows, g->cols, &plane) || !crew__mul(plane, g->size, &plane))
        return -EOVERFLOW;
    g->part = part_of(g, g->m->rank);
    if (part_rows(&g->part) < g->halo || part_cols(&g->part) < g->halo)
        return -ERANGE;
    if (!crew__mul(part_rows(&g->part) + 2 * g->halo, g->part.stride, &cells) || !crew__mul(cells, g->size, &bytes))
        return -EOVERFLOW;
    g->part.items = crew_alloc(cells, g->size);
    g->columns = crew_alloc(4 * part_rows(&g->part) * g->halo, g->size);
    if (!g->part.items || !g->columns)
        return -ENOMEM;
    memset(g->part.items, 0, bytes);
    return 0;
}

crew_grid *crew_grid_open(crew_mpi *m, size_t rows, size_t cols, size_t size, size_t halo)
{
    int code = m && size > 0 ? crew__mpi_check(m) : -EINVAL;
    if (code) {
        errno = -code;
        return NULL;
    }
    int dims[2] = {0, 0};
    crew_grid *g = calloc(1, sizeof *g);
    code = g ? crew__mpi_code(MPI_Dims_create(m->ranks, 2, dims)) : -ENOMEM;
    if (code == 0) {
        *g = (crew_grid){.m = m, .rows = rows, .cols = cols, .size = size, .halo = halo};
        g->down = dims[0];
        g->across = dims[1];
        code = allocate(g);
    }
    code = crew__agree_on(m->comm, code);
    if (code == 0)
        return g;
    crew_grid_close(g);
    errno = -code;
    return NULL;
}

void crew_grid_close(crew_grid *g)
{
    if (!g)
        return;
    crew_free(g->part.items);
    crew_free(g->columns);
    free(g);
}

crew_grid_part crew_grid_get_part(const crew_grid *g)
{
    return g->part;
}

/* The rank beside, down or across by -1 or 1; -1 where there is none. */
static int beside(const crew_grid *g, int down, int across, bool wrap)
{
    int i = g->m->rank / g->across + down, j = g->m->rank % g->across + across;
    if (!wrap && (i < 0 || i >= g->down || j < 0 || j >= g->across))
        return -1;
    i = (i + g->down) % g->down;
    j = (j + g->across) % g->across;
    return i * g->across + j;
}

/* Copies halo columns from column `col` of the part, counted with its halo, to or from packed memory. */
static void pack_columns(const crew_grid *g, size_t col, char *packed, bool unpack)
{
    const size_t bytes = g->halo * g->size;
    for (size_t i = 0; i < part_rows(&g->part); i++) {
        char *cells = (char *)g->part.items + ((i + g->halo) * g->part.stride + col) * g->size;
        char *line = packed + i * bytes;
        memcpy(unpack ? cells : line, unpack ? line : cells, bytes);
    }
}

/* Two sides at once. Where both neighbours are one rank, its first message is what it sends to its lower side: what it
   has beyond this rank's upper one. */
static int exchange(const crew_grid *g, const int ranks[2], char *const sent[2], char *const received[2], size_t bytes)
{
    struct crew__transfer t;
    int code = crew__agree_on(g->m->comm, crew__transfer_open(&t, g->m, 4 * crew__messages(bytes)) ? 0 : -ENOMEM);
    for (int side = 1; side >= 0 && code == 0; side--)
        if (ranks[side] >= 0)
            crew__transfer_receive(&t, received[side], bytes, ranks[side]);
    for (int side = 0; side < 2 && code == 0; side++)
        if (ranks[side] >= 0)
            crew__transfer_send(&t, sent[side], bytes, ranks[side]);
    int closed = crew__transfer_close(&t);
    return code ? code : closed;
}

int crew_grid_halo(crew_grid *g, bool wrap)
{
    int code = g ? crew__mpi_check(g->m) : -EINVAL;
    if (code || g->halo == 0)
        return code;
    const size_t rows = part_rows(&g->part), cols = part_cols(&g->part), side = rows * g->halo * g->size;
    char *const sent[2] = {g->columns, g->columns + side}, *const received[2] = {sent[1] + side, sent[1] + 2 * side};
    const int left_right[2] = {beside(g, 0, -1, wrap), beside(g, 0, 1, wrap)};
    pack_columns(g, g->halo, sent[0], false);
    pack_columns(g, cols, sent[1], false);
    code = exchange(g, left_right, sent, received, side);
    for (int k = 0; k < 2 && code == 0; k++)
        if (left_right[k] >= 0)
            pack_columns(g, k == 0 ? 0 : g->halo + cols, received[k], true);
    if (code)
        return code;
    /* Whole rows, with the halo columns that have just come: so the corners come too. */
    const size_t row = g->part.stride * g->size;
    char *const cells = g->part.items;
    char *const edges[2] = {cells + g->halo * row, cells + rows * row};
    char *const halos[2] = {cells, cells + (g->halo + rows) * row};
    const int up_down[2] = {beside(g, -1, 0, wrap), beside(g, 1, 0, wrap)};
    return exchange(g, up_down, edges, halos, g->halo * row);
}

/* Copies rank r's rectangle, packed, to its place in the plane. */
static void place(const crew_grid *g, int r, const char *packed, char *all)
{
    crew_grid_part p = part_of(g, r);
    const size_t bytes = part_cols(&p) * g->size;
    for (size_t i = p.row_begin; i < p.row_end; i++)
        memcpy(all + (i * g->cols + p.col_begin) * g->size, packed + (i - p.row_begin) * bytes, bytes);
}

int crew_grid_gather(const crew_grid *g, void *all, int root)
{
    int code = g ? crew__mpi_check(g->m) : -EINVAL;
    if (code)
        return code;
    const crew_mpi *m = g->m;
    if (root < 0 || root >= m->ranks)
        return -EINVAL;
    const size_t cols = part_cols(&g->part), own = part_rows(&g->part) * cols;
    size_t most = own;
    for (int r = 0; m->rank == root && r < m->ranks; r++) {
        crew_grid_part p = part_of(g, r);
        most = part_rows(&p) * part_cols(&p) > most ? part_rows(&p) * part_cols(&p) : most;
    }
    char *packed = crew_alloc(most, g->size);
    code = crew__agree_on(m->comm, !packed ? -ENOMEM : m->rank == root && !all && own > 0 ? -EINVAL : 0);
    if (code == 0) {
        for (size_t i = 0; i < part_rows(&g->part); i++)
            memcpy(packed + i * cols * g->size,
                   (char *)g->part.items + ((i + g->halo) * g->part.stride + g->halo) * g->size, cols * g->size);
        if (m->rank != root)
            code = crew__mpi_send(m, packed, own * g->size, root);
    }
    for (int r = 0; code == 0 && m->rank == root && r < m->ranks; r++) {
        crew_grid_part p = part_of(g, r);
        if (r == root) {
            for (size_t i = 0; i < part_rows(&p); i++)
                memcpy((char *)all + ((i + p.row_begin) * g->cols + p.col_begin) * g->size,
                       (char *)g->part.items + ((i + g->halo) * g->part.stride + g->halo) * g->size, cols * g->size);
            continue;
        }
        code = crew__mpi_receive(m, packed, part_rows(&p) * part_cols(&p) * g->size, r);
        if (code == 0)
            place(g, r, packed, all);
    }
    crew_free(packed);
    return code;
}
