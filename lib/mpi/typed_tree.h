/* Typed reductions over ranks, whatever the type: leaves and tree of lib/array/reduce. */
#ifndef CREW_MPI_TYPED_TREE_H
#define CREW_MPI_TYPED_TREE_H

#include "../array/reduce/reduce_typed.h"
#include "dist.h"

/* *out becomes what crew__reduce_typed makes of all elements; u.leaf of an extreme becomes the number of its item in
   the whole array. y NULL: one array. factor: that of CREW__SQUARES. Not for empty arrays. Collective. */
int crew__reduce_typed_dist(const struct crew__typed *t, const crew_dist *x, const crew_dist *y, const double *factor,
                            struct crew__partial *out);

#endif
