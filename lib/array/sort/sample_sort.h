/* Sample sort of keys in vector registers, by all threads. */
#ifndef CREW_SORT_SAMPLE_SORT_H
#define CREW_SORT_SAMPLE_SORT_H

#include "vector_sort.h"

/* Sorts n keys of x through other, which has as many. *nans becomes whether there are any; then x is as it was but for
   the order of what is no NaN. n is at least 2^14. No memory: false, and x is as it was. */
bool crew__sample_sort(const struct crew__vector_sort *vectors, const struct crew__sort_type *t, void *x, void *other,
                       size_t n, bool *nans);

#endif
