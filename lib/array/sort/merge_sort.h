/* Stable merge sort with a comparator, by all threads. */
#ifndef CREW_SORT_MERGE_SORT_H
#define CREW_SORT_MERGE_SORT_H

#include "merge_steps.h"
#include <crew/options.h>

/* Sorts n elements of o->step bytes. scratch has as many. After an error x holds the same elements in another order. */
int crew__merge_sort(void *x, void *scratch, size_t n, const struct crew__order *o, const crew_options *opt);

#endif
