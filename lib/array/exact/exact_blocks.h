/* Exact sums on one thread: block by block through the kernels, or through the superaccumulator. */
#ifndef CREW_EXACT_EXACT_BLOCKS_H
#define CREW_EXACT_EXACT_BLOCKS_H

#include <crew/exact.h>

/* What is added: n numbers of x, or products of those with numbers of y. */
typedef void crew__exact_adder(crew_exact *state, const void *x, const void *y, size_t n);

crew__exact_adder crew__exact_add_f64, crew__exact_add_f32, crew__exact_add_dot_f64, crew__exact_add_dot_f32;

#endif
