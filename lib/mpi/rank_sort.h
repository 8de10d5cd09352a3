/* Sorting over ranks, whatever the elements. */
#ifndef CREW_MPI_RANK_SORT_H
#define CREW_MPI_RANK_SORT_H

#include "dist.h"
#include <crew/sort.h>

/* How one machine sorts and merges these elements, in the order of cmp. */
struct crew__order {
    crew_compare *cmp;
    void *ctx;
    int (*sort)(void *items, size_t n, size_t size, const struct crew__order *order);
    int (*merge)(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                 const struct crew__order *order);
    const crew_options *opt;
};

/* By a comparator. */
struct crew__order crew__order_by(crew_compare *cmp, void *ctx, const crew_options *opt);

/* Sorts d, stable; parts become even within a tenth. Collective. */
int crew__rank_sort(crew_dist *d, const struct crew__order *order);

#endif
