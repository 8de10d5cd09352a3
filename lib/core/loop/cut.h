/* Work cut into pieces by its size alone, never by the thread count: what is computed piece by piece and merged in the
   order of their numbers then has the same bits at any. Nothing here overflows, for n up to SIZE_MAX. */
#ifndef CREW_LOOP_CUT_H
#define CREW_LOOP_CUT_H

#include <stddef.h>

/* Piece i has the items i * size .. i * size + size - 1, the last one may have fewer. None is empty. */
struct crew__cut {
    size_t n, size, count;
};

/* Pieces of `size` items, at least 1. n = 0 has none. */
static inline struct crew__cut crew__cut_by(size_t n, size_t size)
{
    struct crew__cut c = {n, size, n <= size ? n > 0 : (n - 1) / size + 1}; /* a division takes as long as ten items */
    return c;
}

/* At most `most` pieces, at least 1. There are fewer where pieces of the smallest size that is enough are fewer: 10
   items in at most 7 pieces are 5 of 2. */
static inline struct crew__cut crew__cut_into(size_t n, size_t most)
{
    return crew__cut_by(n, n == 0 ? 1 : (n - 1) / most + 1);
}

static inline size_t crew__cut_begin(const struct crew__cut *c, size_t i)
{
    return i * c->size;
}

static inline size_t crew__cut_end(const struct crew__cut *c, size_t i)
{
    size_t begin = i * c->size;
    return c->n - begin < c->size ? c->n : begin + c->size;
}

#endif
