/* network_BITS of vector_sort_avx2.c and vector_sort_avx512.c: sorts up to 16 vectors of keys, no branch depends on
   their order. First each column, that is lane, by the smallest networks that are known (Knuth, volume 3, 5.3.4). Then
   columns become blocks 2, 4, ... LANES wide, each of which reads row by row as one sorted run: bitonic merges of
   neighbours, of which the right one is turned round (Blacher, Giesen, Sanders, Wassenberg, arXiv 2205.05982). Included
   by vector_sort_template.h; the file of the instruction set says what VECTOR and its operations are. */

INLINE void FN(exchange)(VECTOR *a, VECTOR *b)
{
    VECTOR low = LOWER(*a, *b);
    *b = HIGHER(*a, *b);
    *a = low;
}

INLINE void FN(columns_4)(VECTOR *v)
{
    FN(exchange)(v, v + 2), FN(exchange)(v + 1, v + 3);
    FN(exchange)(v, v + 1), FN(exchange)(v + 2, v + 3);
    FN(exchange)(v + 1, v + 2);
}

#define X(i, j) FN(exchange)(v + i, v + j)
INLINE void FN(columns_8)(VECTOR *v)
{
    X(0, 2), X(1, 3), X(4, 6), X(5, 7);
    X(0, 4), X(1, 5), X(2, 6), X(3, 7);
    X(0, 1), X(2, 3), X(4, 5), X(6, 7);
    X(2, 4), X(3, 5);
    X(1, 4), X(3, 6);
    X(1, 2), X(3, 4), X(5, 6);
}

INLINE void FN(columns_16)(VECTOR *v)
{
    X(0, 13), X(1, 12), X(2, 15), X(3, 14), X(4, 8), X(5, 6), X(7, 11), X(9, 10);
    X(0, 5), X(1, 7), X(2, 9), X(3, 4), X(6, 13), X(8, 14), X(10, 15), X(11, 12);
    X(0, 1), X(2, 3), X(4, 5), X(6, 8), X(7, 9), X(10, 11), X(12, 13), X(14, 15);
    X(0, 2), X(1, 3), X(4, 10), X(5, 11), X(6, 7), X(8, 9), X(12, 14), X(13, 15);
    X(1, 2), X(3, 12), X(4, 6), X(5, 7), X(8, 10), X(9, 11), X(13, 14);
    X(1, 4), X(2, 6), X(5, 8), X(7, 10), X(9, 13), X(11, 14);
    X(2, 4), X(3, 6), X(9, 12), X(11, 13);
    X(3, 5), X(6, 8), X(7, 9), X(10, 12);
    X(3, 4), X(5, 6), X(7, 8), X(9, 10), X(11, 12);
    X(6, 7), X(8, 9);
}
#undef X

/* The first step of a bitonic merge of blocks `width` lanes wide, for two pairs of rows, a and d, b and c, as far from
   the middle: the lower half of the keys to a and b. */
INLINE void FN(halve)(VECTOR *a, VECTOR *b, VECTOR *c, VECTOR *d, int width)
{
    VECTOR e = FN(turn)(*d, width), f = FN(turn)(*c, width);
    *d = HIGHER(*b, f);
    *c = HIGHER(*a, e);
    *a = LOWER(*a, e);
    *b = LOWER(*b, f);
}

/* The steps between rows: what is left is bitonic in each row. */
INLINE void FN(across_2)(VECTOR *v, int width)
{
    VECTOR e = FN(turn)(v[1], width);
    v[1] = HIGHER(v[0], e);
    v[0] = LOWER(v[0], e);
}

INLINE void FN(across_4)(VECTOR *v, int width)
{
    FN(halve)(v, v + 1, v + 2, v + 3, width);
    FN(across_2)(v, width), FN(across_2)(v + 2, width);
}

INLINE void FN(across_8)(VECTOR *v, int width)
{
    FN(halve)(v, v + 3, v + 4, v + 7, width), FN(halve)(v + 1, v + 2, v + 5, v + 6, width);
    FN(across_4)(v, width), FN(across_4)(v + 4, width);
}

INLINE void FN(across_16)(VECTOR *v, int width)
{
    FN(halve)(v, v + 7, v + 8, v + 15, width), FN(halve)(v + 1, v + 6, v + 9, v + 14, width);
    FN(halve)(v + 2, v + 5, v + 10, v + 13, width), FN(halve)(v + 3, v + 4, v + 11, v + 12, width);
    FN(across_8)(v, width), FN(across_8)(v + 8, width);
}

/* The steps inside a row. */
INLINE void FN(within)(VECTOR *v, int width)
{
    *v = FN(order)(*v, FN(turn)(*v, width), width / 2);
    if (width >= 16)
        *v = FN(order)(*v, SWAP_4(*v), 4);
    if (width >= 8)
        *v = FN(order)(*v, SWAP_2(*v), 2);
    if (width >= 4)
        *v = FN(order)(*v, SWAP_1(*v), 1);
}

/* Row i of the n keys, as signed numbers; the largest number where there is none. */
INLINE void FN(load_row)(VECTOR *v, const KEY *x, size_t i, size_t n, const struct FN(form) * form)
{
    if (n >= (i + 1) * LANES)
        *v = FN(convert)(LOAD(x + i * LANES), form);
    else if (n > i * LANES)
        *v = PAD(FN(convert)(LOAD_FIRST(x + i * LANES, n - i * LANES), form), n - i * LANES);
    else
        *v = SPLAT(MOST_SIGNED);
}

INLINE void FN(store_row)(VECTOR v, KEY *out, size_t i, size_t n, const struct FN(form) * form)
{
    if (n >= (i + 1) * LANES)
        STORE(out + i * LANES, FN(convert)(v, form));
    else if (n > i * LANES)
        STORE_FIRST(out + i * LANES, FN(convert)(v, form), n - i * LANES);
}

#define NO_COLUMNS(v) (void)0
#define NO_ACROSS(v, width) (void)0
#define EACH_1(do, i)                                                                                                  \
    do                                                                                                                 \
    (i)
#define EACH_2(do, i) EACH_1(do, i), EACH_1(do, (i) + 1)
#define EACH_4(do, i) EACH_2(do, i), EACH_2(do, (i) + 2)
#define EACH_8(do, i) EACH_4(do, i), EACH_4(do, (i) + 4)
#define EACH_16(do, i) EACH_8(do, i), EACH_8(do, (i) + 8)
#define LOAD_ROW(i) FN(load_row)(&v[i], x, i, n, &from)
#define STORE_ROW(i) FN(store_row)(v[i], out, i, n, &to)
#define WITHIN_2(i) FN(within)(&v[i], 2)
#define WITHIN_4(i) FN(within)(&v[i], 4)
#define WITHIN_8(i) FN(within)(&v[i], 8)
#define WITHIN_16(i) FN(within)(&v[i], 16)

/* Rows are unrolled by hand, so that they live in registers whatever the compiler does with loops. Blocks beyond the
   last key of a single row need no merge. */
#define ROWS(rows, columns, across)                                                                                    \
    FUNCTION CREW__NOINLINE void FN(CREW__JOIN(rows_, rows))(const KEY *x, KEY *out, size_t n,                         \
                                                             const struct FN(form) * in, const struct FN(form) * back) \
    {                                                                                                                  \
        const struct FN(form) from = *in, to = *back;                                                                  \
        VECTOR v[rows];                                                                                                \
        EACH_##rows(LOAD_ROW, 0);                                                                                      \
        columns(v);                                                                                                    \
        if ((rows) > 1 || n > 1) {                                                                                     \
            across(v, 2);                                                                                              \
            EACH_##rows(WITHIN_2, 0);                                                                                  \
        }                                                                                                              \
        if ((rows) > 1 || n > 2) {                                                                                     \
            across(v, 4);                                                                                              \
            EACH_##rows(WITHIN_4, 0);                                                                                  \
        }                                                                                                              \
        if (LANES >= 8 && ((rows) > 1 || n > 4)) {                                                                     \
            across(v, 8);                                                                                              \
            EACH_##rows(WITHIN_8, 0);                                                                                  \
        }                                                                                                              \
        if (LANES >= 16 && ((rows) > 1 || n > 8)) {                                                                    \
            across(v, 16);                                                                                             \
            EACH_##rows(WITHIN_16, 0);                                                                                 \
        }                                                                                                              \
        EACH_##rows(STORE_ROW, 0);                                                                                     \
    }

ROWS(1, NO_COLUMNS, NO_ACROSS)
ROWS(2, FN(columns_2), FN(across_2))
ROWS(4, FN(columns_4), FN(across_4))
ROWS(8, FN(columns_8), FN(across_8))
ROWS(16, FN(columns_16), FN(across_16))

/* Sorts n keys, at least 1 and at most NETWORK, of x into out. */
FUNCTION void FN(network)(const KEY *x, KEY *out, size_t n, const struct FN(form) * from, const struct FN(form) * to)
{
    if (n > 8 * LANES)
        FN(rows_16)(x, out, n, from, to);
    else if (n > 4 * LANES)
        FN(rows_8)(x, out, n, from, to);
    else if (n > 2 * LANES)
        FN(rows_4)(x, out, n, from, to);
    else if (n > LANES)
        FN(rows_2)(x, out, n, from, to);
    else
        FN(rows_1)(x, out, n, from, to);
}

#undef NO_COLUMNS
#undef NO_ACROSS
#undef EACH_1
#undef EACH_2
#undef EACH_4
#undef EACH_8
#undef EACH_16
#undef LOAD_ROW
#undef STORE_ROW
#undef WITHIN_2
#undef WITHIN_4
#undef WITHIN_8
#undef WITHIN_16
#undef ROWS
