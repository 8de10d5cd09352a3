/* Filling and moving. */
#include "fuzz_array.h"
#include <errno.h>

static void fill(struct fuzz *f, size_t n, size_t size)
{
    char *value = fuzz_bytes(f, size), *out = fuzz_alloc(f, n * size);
    fuzz_true(crew_fill(out, n, size, value) == 0, "crew_fill");
    for (size_t i = 0; i < n; i++)
        fuzz_same(out + i * size, value, size, "crew_fill");
    double start = (double)(int64_t)fuzz_random(f) * 0x1p-40, step = (double)fuzz_byte(f) / 3;
    uint32_t *u = fuzz_alloc(f, n * sizeof *u), from = (uint32_t)fuzz_random(f), by = (uint32_t)fuzz_random(f);
    double *d = fuzz_alloc(f, n * sizeof *d);
    crew_iota_f64(d, n, start, step);
    crew_iota_u32(u, n, from, by);
    for (size_t i = 0; i < n; i++) {
        volatile double product = (double)i * step;
        fuzz_true(d[i] == start + product && u[i] == (uint32_t)(from + (uint32_t)i * by), "iota");
    }
}

static void gather(struct fuzz *f, size_t n, size_t size)
{
    size_t in_n = fuzz_count(f), bad = fuzz_byte(f) % 8 == 1 && n > 0;
    in_n = in_n * size > 400000 ? 400000 / size : in_n;
    in_n += in_n == 0;
    char *x = fuzz_bytes(f, in_n * size), *out = fuzz_alloc(f, n * size);
    size_t *index = fuzz_alloc(f, n * sizeof *index);
    for (size_t i = 0; i < n; i++)
        index[i] = fuzz_below(f, in_n);
    char *want = fuzz_gather(f, x, size, index, n);
    if (bad)
        index[fuzz_below(f, n)] = fuzz_byte(f) & 1 ? SIZE_MAX : in_n;
    fuzz_true(crew_gather(x, in_n, index, out, n, size) == (bad ? -ERANGE : 0), "crew_gather");
    if (!bad)
        fuzz_same(out, want, n * size, "crew_gather");
}

static void scatter(struct fuzz *f, const char *x, size_t n, size_t size)
{
    size_t room = n + fuzz_below(f, 50), bad = fuzz_byte(f) % 8 == 1 && n > 0;
    size_t *index = fuzz_alloc(f, room * sizeof *index);
    char *out = fuzz_bytes(f, room * size), *want = fuzz_copy(f, out, room * size);
    for (size_t i = 0; i < room; i++)
        index[i] = i;
    for (size_t i = room; i > 1; i--) { /* Fisher and Yates */
        size_t j = fuzz_below(f, i), t = index[i - 1];
        index[i - 1] = index[j];
        index[j] = t;
    }
    for (size_t i = 0; i < n; i++)
        memcpy(want + index[i] * size, x + i * size, size);
    if (bad)
        index[fuzz_below(f, n)] = fuzz_byte(f) & 1 ? SIZE_MAX : room;
    fuzz_true(crew_scatter(x, index, n, out, room, size) == (bad ? -ERANGE : 0), "crew_scatter");
    if (!bad)
        fuzz_same(out, want, room * size, "crew_scatter");
}

static void transpose(struct fuzz *f, size_t size)
{
    size_t rows = fuzz_byte(f) % 130, cols = fuzz_byte(f) % 130;
    int in_place = fuzz_byte(f) & 1;
    if (in_place)
        cols = rows;
    rows = rows * cols * size > 2000000 ? 2000000 / cols / size : rows;
    in_place = rows == cols && in_place;
    size_t bytes = rows * cols * size;
    char *x = fuzz_bytes(f, bytes), *want = fuzz_alloc(f, bytes);
    char *out = in_place ? fuzz_copy(f, x, bytes) : fuzz_alloc(f, bytes);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            memcpy(want + (j * rows + i) * size, x + (i * cols + j) * size, size);
    fuzz_true(crew_transpose(in_place ? out : x, out, rows, cols, size) == 0, "crew_transpose");
    fuzz_same(out, want, bytes, "crew_transpose");
}

void fuzz_move(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 6, in_place = fuzz_byte(f) & 1;
    size_t size = fuzz_size(f), n = fuzz_count(f);
    size += what == 5 && fuzz_byte(f) % 8 == 7 ? 9000 : 0; /* more than a tile holds */
    n = n * size > 400000 ? 400000 / size : n;
    if (what == 0)
        fill(f, n, size);
    if (what == 2)
        gather(f, n, size);
    if (what == 5)
        transpose(f, size);
    if (what == 0 || what == 2 || what == 5)
        return;
    char *x = fuzz_bytes(f, n * size), *want = fuzz_alloc(f, n * size);
    char *out = in_place ? fuzz_copy(f, x, n * size) : fuzz_alloc(f, n * size);
    if (what == 3) {
        scatter(f, x, n, size);
        return;
    }
    for (size_t i = 0; i < n; i++)
        memcpy(want + i * size, x + (what == 1 ? n - 1 - i : i) * size, size);
    fuzz_true((what == 1 ? crew_reverse : crew_copy)(in_place ? out : x, out, n, size) == 0, "a copy or reversal");
    fuzz_same(out, want, n * size, "a copy or reversal");
}
