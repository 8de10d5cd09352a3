/* Merges of two sorted arrays of typed keys. */
#ifndef CREW_SORT_MERGE_H
#define CREW_SORT_MERGE_H

#include "sort_type.h"

/* crew_merge_{f32..u64}. */
int crew__merge_keys(const struct crew__sort_type *t, const void *a, size_t na, const void *b, size_t nb, void *out);

#endif
