/* Sorts keys of which few are different. */
#ifndef CREW_SORT_FEW_KEYS_H
#define CREW_SORT_FEW_KEYS_H

#include "sort_type.h"

enum { CREW__FEW_KEYS_LEAST = 2048 };

/* Sorts x, n at least CREW__FEW_KEYS_LEAST, by counting how often each key of a sample is there, by all threads; true.
   False, and x as it was, where the sample has more than 32 different keys or a NaN, or x a key that it has not. Work
   O(n), no scratch. */
bool crew__sort_few_keys(const struct crew__sort_type *t, void *x, size_t n);

#endif
