/* What one thread does of a stable merge sort with a comparator: one instance for each usual size of element. */
#ifndef CREW_SORT_MERGE_STEPS_H
#define CREW_SORT_MERGE_STEPS_H

#include <crew/inline/sort_run.h>
#include <stdbool.h>
#include <stddef.h>

/* o->steps, or those for o->step and o->base. */
const struct crew__steps *crew__steps_for(const struct crew__order *o);

/* Sorts n elements of a into b, or back into a; what the other holds afterwards is lost. */
void crew__sort_alone(char *a, char *b, size_t n, bool into_b, const struct crew__order *o);

#endif
