/* The typed reductions, whatever the type: cuts an array into chunks, runs them, merges what they give. */
#ifndef CREW_REDUCE_REDUCE_TYPED_H
#define CREW_REDUCE_REDUCE_TYPED_H

#include "reduce_kernel.h"
#include <crew/compiler.h>

/* left = left followed by right. */
typedef void crew__merge(struct crew__partial *left, const struct crew__partial *right);

struct crew__typed {
    enum crew__type type;
    enum crew__typed_op op;
    size_t size; /* bytes of an element */
    crew__merge *merge;
};

/* Reduces n elements of x, and of y for CREW__DOT; CREW__SQUARES has its factor in *y. Not CREW__DOT: y may be x. For
   the MPI layer too, a library of its own, as is the next. */
CREW_API void crew__reduce_typed(const struct crew__typed *t, const void *x, const void *y, size_t n,
                                 struct crew__partial *out);

/* The lowest index of *value, which is in leaf number `leaf` of x; 0 for n = 0. */
CREW_API size_t crew__find_typed(const struct crew__typed *t, const void *x, size_t n, size_t leaf, const void *value);

#endif
