/* crew_nth_element_{f32..u64} and crew_top_k_{f32..u64}, once for all types: see sort_keys.h. */
#ifndef CREW_SORT_NTH_TOP_K_TYPED_H
#define CREW_SORT_NTH_TOP_K_TYPED_H

#include "sort_type.h"

int crew__nth_key(const struct crew__sort_type *t, void *x, size_t n, size_t k);
int crew__top_keys(const struct crew__sort_type *t, const void *x, size_t n, size_t k, void *out, size_t *index);

#endif
