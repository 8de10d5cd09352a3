/* Sum, smallest and largest of typed values by key. */
#ifndef CREW_BY_KEY_BY_KEY_VALUES_H
#define CREW_BY_KEY_BY_KEY_VALUES_H

#include "by_key_groups.h"

extern const struct crew__group_op crew__group_sum_f64, crew__group_min_f64, crew__group_max_f64, crew__group_sum_i64,
    crew__group_min_i64, crew__group_max_i64;

/* One of these operations. */
int crew__reduce_values(struct crew__groups *q, const struct crew__group_op *op, const void *values, void *results);

#endif
