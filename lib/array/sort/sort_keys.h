/* The typed sorts of sort.h, once for all types: they take the bits of keys and a struct crew__sort_type that says how
   these are ordered. Arguments are checked, and results are those of the public functions. */
#ifndef CREW_SORT_SORT_KEYS_H
#define CREW_SORT_SORT_KEYS_H

#include "sort_type.h"
#include "vector_sort.h"

int crew__sort_keys(const struct crew__sort_type *t, void *x, size_t n);
int crew__sort_pairs(const struct crew__sort_type *t, void *keys, void *values, size_t value_size, size_t n);
int crew__sort_records(const struct crew__sort_type *t, void *base, size_t n, size_t size, size_t offset);
int crew__argsort_keys(const struct crew__sort_type *t, const void *x, size_t n, size_t *index);
/* By the kernels, whatever the keys are. */
int crew__sort_in_vectors(const struct crew__vector_sort *vectors, const struct crew__sort_type *t, void *x, size_t n);
bool crew__is_sorted_keys(const struct crew__sort_type *t, const void *x, size_t n);

#endif
