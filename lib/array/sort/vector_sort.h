/* Sorts keys in vector registers: networks for few, quicksort for more. One thread, in place. Of the radix sort's time
   on random keys it takes with AVX-512 (AVX2): 10 u32 0.23 (0.15), 100 f64 0.11 (0.21), 10^5 u32 0.44 (0.58), 10^5 f64
   0.56 (0.92), 10^6 f64 0.63 (0.99). */
#ifndef CREW_SORT_VECTOR_SORT_H
#define CREW_SORT_VECTOR_SORT_H

#include "sort_type.h"

/* Kernels of one instruction set, for keys of 4 and of 8 bytes: [crew__sort_type.wide]. */
struct crew__vector_sort {
    /* Whether any of n floats, n at least 1, is a NaN. */
    bool (*has_nan[2])(const void *x, size_t n);
    /* Keys of the order `key` to signed numbers of the same order, or back. */
    void (*convert[2])(void *x, size_t n, const struct crew__key *key);
    /* Moves signed keys together that belong into one part: up to pivots[0], up to pivots[1], ..., the rest. Pivots
       rise, the last one is not the largest number. */
    void (*split[2])(void *x, size_t n, const void *pivots, size_t count, size_t *sizes);
    /* Sorts x, whose contents are keys in the order of `from`, into out, as keys of the order `to`. out is x, or
       another array, and x is lost. No rank is a NaN's. Work O(n log n), at worst 2 log2(n) + 64 passes over a key;
       stack O(log n). */
    void (*sort[2])(void *x, void *out, size_t n, const struct crew__key *from, const struct crew__key *to);
};

extern const struct crew__vector_sort crew__vector_sort_avx2, crew__vector_sort_avx512;

/* Of eight lanes and a bit for each: byte i is which lane comes to place i, first those whose bit is clear, in order,
   then the others. */
extern const uint64_t crew__vector_sort_lanes[256];

/* NULL where the processor has neither. */
const struct crew__vector_sort *crew__vector_sort(void);

#endif
