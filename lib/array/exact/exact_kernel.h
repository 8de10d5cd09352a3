/* The kernels of exact sums, once per instruction set: a block of terms into two integers, where that is exact.

   A term x is cut at two places of the binary point, high and low = high - 51. Adding 1.5 * 2^(high + 52) to x rounds
   it to a multiple of 2^high, and the bits of what comes out, less those of that number, are how many multiples they
   are: an integer of 51 bits and a sign, which is added up as one. The rest, which is exact, is cut at low likewise
   (Rump, Ogita and Oishi, doi:10.1137/050645671, give the step; integers as bins need no carry for 4096 terms). What is
   left after that has to be zero and x in the range of the upper integer, else the block is left to others. Both are
   seen afterwards, by bits that are collected on the way: no term decides a branch. */
#ifndef CREW_EXACT_EXACT_KERNEL_H
#define CREW_EXACT_EXACT_KERNEL_H

#include "../typed/isa.h"
#include <stddef.h>
#include <stdint.h>

enum {
    CREW__EXACT_BLOCK = 4096, /* most terms at once: 2^12 integers of less than 2^51 fit into 64 bits */
    CREW__EXACT_LEVEL = 51,   /* bits between high and low */
    CREW__EXACT_PRODUCT = 53, /* bits from the bins of products to those of what they have lost */
    CREW__EXACT_HIGH_LEAST = -1074 + CREW__EXACT_LEVEL, /* of products CREW__EXACT_PRODUCT more */
    CREW__EXACT_HIGH_MOST = 1023 - 53
};

/* Terms are x[i] or x[i] * y[i]. n is 0 .. CREW__EXACT_BLOCK. */

/* The sum of n terms as k[0] * 2^high + k[1] * 2^(high - CREW__EXACT_LEVEL); 0 where it is not exactly that. Exact are
   at least terms whose magnitude is below 2^(high + 51) and which are multiples of 2^(high - CREW__EXACT_LEVEL). */
typedef int crew__exact_bins(const void *x, const void *y, size_t n, int high, int64_t *k);

/* The largest magnitude of a term; NaN does not count. */
typedef double crew__exact_largest(const void *x, const void *y, size_t n);

/* high[i] + low[i] = x[i] * y[i], exactly where the latter is 0 or its magnitude is 2^-960 to 2^1023 (else, as by
   overflow, some of both may be NaN, infinite or inexact). Returns the smallest magnitude of high[i], infinity for
   n = 0. */
typedef double crew__exact_products(const double *x, const double *y, size_t n, double *high, double *low);

/* The same as crew__exact_bins of the products of doubles, with the bins of what the rounded products have lost at
   high - CREW__EXACT_PRODUCT: k[2] and k[3]. That is exact as crew__exact_products says it; *least becomes the smallest
   magnitude of a rounded product. */
typedef int crew__exact_dot(const double *x, const double *y, size_t n, int high, int64_t *k, double *least);

enum crew__exact_result { CREW__EXACT_DONE, CREW__EXACT_LEFT, CREW__EXACT_OUTSIDE };

/* Whatever the terms are: k as crew__exact_bins, of what the bins can hold, and out[i] becomes what is left of in[i],
   at most half of what the lower bin counts. Where a term is outside of the bins, all is undefined. in may be out. */
typedef enum crew__exact_result crew__exact_peel(const double *in, double *out, size_t n, int high, int64_t *k);

struct crew__exact_terms {
    crew__exact_bins *bins;
    crew__exact_largest *largest;
};

struct crew__exact_kernels {
    struct crew__exact_terms sum_f64, sum_f32, dot_f32;
    crew__exact_dot *dot_f64;
    crew__exact_peel *peel;
    crew__exact_products *products;
};

extern const struct crew__exact_kernels crew__exact_plain;
#ifdef CREW__ISA_X86
extern const struct crew__exact_kernels crew__exact_sse2, crew__exact_avx2, crew__exact_avx512;
#endif

#endif
