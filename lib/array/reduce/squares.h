/* Where a sum of squares may have lost bits, of one array or of one over ranks: elements are scaled then. */
#ifndef CREW_REDUCE_SQUARES_H
#define CREW_REDUCE_SQUARES_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* sum is no NaN. A square below 2^-1022 is off by up to 2^-1075. In a sum of at least 2^-960 that cannot be seen. */
static inline bool crew__norm2_is_whole(double sum)
{
    return sum >= 0x1p-960 && sum <= DBL_MAX;
}

/* The exponent of the factor, for a largest magnitude that is neither 0 nor infinite. It comes to lie in [2^-75, 2^25).
   A factor within 2^+-1000 has an exact inverse, and no system that flushes subnormal numbers to zero can take it for
   one. */
static inline int crew__norm2_exponent(double largest)
{
    int exponent;
    frexp(largest, &exponent);
    return exponent > 1000 ? 1000 : exponent < -1000 ? -1000 : exponent;
}

#endif
