/* How reductions by key are bracketed, of one array or of one over ranks: by n and the range of keys alone. */
#ifndef CREW_BY_KEY_BY_KEY_BRACKETS_H
#define CREW_BY_KEY_BY_KEY_BRACKETS_H

#include "../../core/loop/cut.h"

/* On the stack, twice: more would pass 16 KiB a frame. */
enum { CREW__MAX_CHUNKS = 512 };

/* Chunks of the elements in the order of their keys. */
static inline struct crew__cut crew__key_chunks(size_t n)
{
    const size_t most = n / 2048;
    return crew__cut_into(n, most < 1 ? 1 : most < CREW__MAX_CHUNKS ? most : CREW__MAX_CHUNKS);
}

/* Into how many chunks elements as they are given are cut, where keys are not sorted and close together: `range` from
   the lowest to the highest, at most n. Each has a table of the range. */
static inline size_t crew__key_tables(size_t n, size_t range)
{
    const size_t enough = n / 4096, affordable = n / 2 / range;
    size_t tables = 1;
    while (2 * tables <= (enough < affordable ? enough : affordable) && tables < 64)
        tables *= 2;
    return tables;
}

/* a followed by b. a != a: a is NaN, and of two that are the first stays. Sums begin with -0, because +0 would make a
   sum of -0 alone +0. */
#define CREW__ADD_F64(a, b) ((a) + (b))
#define CREW__ADD_I64(a, b) ((int64_t)((uint64_t)(a) + (uint64_t)(b)))
#define CREW__LOWER(a, b) ((b) < (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))
#define CREW__HIGHER(a, b) ((b) > (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))

#endif
