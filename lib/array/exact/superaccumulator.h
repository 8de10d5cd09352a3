/* Exact sums of whatever doubles: what is slow and always possible. */
#ifndef CREW_EXACT_SUPERACCUMULATOR_H
#define CREW_EXACT_SUPERACCUMULATOR_H

#include <crew/exact.h>

/* Adds x[0 .. n-1] to *state. */
void crew__superaccumulate(crew_exact *state, const double *x, size_t n);

/* Adds the products x[i] * y[i]. */
void crew__superaccumulate_products(crew_exact *state, const double *x, const double *y, size_t n);

#endif
