/* Set operations on sorted arrays, whatever their elements: cuts them into parts, and runs those. */
#ifndef CREW_SET_SET_ENGINE_H
#define CREW_SET_SET_ENGINE_H

#include <crew/inline/set_run.h>

struct crew__set {
    const char *a, *b;
    size_t na, nb;
    char *out; /* NULL: elements are counted only */
    const struct crew__set_steps *steps;
    struct crew__order o; /* o.step is the bytes of an element */
    const crew_options *opt;
    double item_ns;   /* of an element of a or b; 0: measured */
    bool cannot_fail; /* as in struct crew__filter */
};

/* *count = how many elements the result has, which goes to out. There is an element in a or b. 0, -ENOMEM and as
   crew_for. */
int crew__set_run(const struct crew__set *s, size_t *count);

/* *none = the result has no element; stops early. */
int crew__set_none(const struct crew__set *s, bool *none);

#endif
