/* Parts that several drivers for arrays have in common: a range of each kernel as a C programmer writes it. */
#ifndef BENCH_ARRAY_LOOPS_H
#define BENCH_ARRAY_LOOPS_H

#include "arrays.h"

/* Writes every element and moves on where it is kept: no branch to mispredict. out needs room for one more element than
   it gets, or as many as there are. */
static inline size_t pack_range_i32(const int32_t *x, size_t n, int32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        out[kept] = x[i];
        kept += x[i] > 0;
    }
    return kept;
}

static inline size_t pack_range_f64(const double *x, size_t n, double *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        out[kept] = x[i];
        kept += x[i] > 0;
    }
    return kept;
}

static inline size_t count_range_i32(const int32_t *x, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += x[i] > 0;
    return count;
}

static inline size_t count_range_f64(const double *x, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += x[i] > 0;
    return count;
}

static inline size_t find_range(const double *x, size_t begin, size_t end)
{
    while (begin < end && x[begin] != BENCH_NEEDLE)
        begin++;
    return begin;
}

enum { TILE = 32 };

static inline void transpose_tile_u32(const uint32_t *in, uint32_t *out, size_t side, size_t row, size_t column)
{
    size_t rows = row + TILE < side ? row + TILE : side, columns = column + TILE < side ? column + TILE : side;
    for (size_t i = row; i < rows; i++)
        for (size_t j = column; j < columns; j++)
            out[j * side + i] = in[i * side + j];
}

static inline void transpose_tile_f64(const double *in, double *out, size_t side, size_t row, size_t column)
{
    size_t rows = row + TILE < side ? row + TILE : side, columns = column + TILE < side ? column + TILE : side;
    for (size_t i = row; i < rows; i++)
        for (size_t j = column; j < columns; j++)
            out[j * side + i] = in[i * side + j];
}

#endif
