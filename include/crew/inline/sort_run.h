/* What crew/inline/sort.h, merge.h, nth.h and the library know of each other: the steps of sorting, compiled in the
   program or in the library, and what calls them in parallel. All of it belongs to crew. */
#ifndef CREW_INLINE_SORT_RUN_H
#define CREW_INLINE_SORT_RUN_H

#include <crew/sort.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Larger elements are sorted by index, and moved once. */
enum { CREW__SORT_MOVED = 256 };

struct crew__steps;

struct crew__order {
    crew_compare *cmp;
    void *ctx;
    size_t step;      /* bytes of what is moved */
    const char *base; /* what is moved are indices of elements of `size` bytes here; else NULL */
    size_t size;
    const struct crew__steps *steps; /* of the program; NULL: the library's for step and base */
};

/* No step reads or writes outside its arguments and each writes a permutation of what it read, whatever cmp returns. */
struct crew__steps {
    /* Copies n elements of `from` to `to`, which may be the same, in sorted runs of four. */
    void (*sort_fours)(const char *from, char *to, size_t n, const struct crew__order *o);
    /* Merges pairs of runs of `run` elements of x into y. */
    void (*merge_runs)(const char *x, char *y, size_t n, size_t run, const struct crew__order *o);
    /* Of equal elements those of a come first. out does not overlap. */
    void (*merge)(const char *a, size_t na, const char *b, size_t nb, char *out, const struct crew__order *o);
    /* How many of the first k elements of the merged sequence are a's; between k - nb and k, and 0 and na. */
    size_t (*corank)(const char *a, size_t na, const char *b, size_t nb, size_t k, const struct crew__order *o);
};

/* What one thread does of a round of nth_element. */
struct crew__nth_steps {
    /* classes[i] = 0, 1, 2 where element i of n is before, equal to, after the pivot; how many there are of each. */
    void (*classify)(const char *x, size_t n, const char *pivot, unsigned char *classes, size_t *count,
                     const struct crew__order *o);
    /* Copies the elements of class c to out from place at[c] on; at becomes the places behind them. */
    void (*part)(const char *x, size_t n, const unsigned char *classes, char *out, size_t *at,
                 const struct crew__order *o);
};

/* crew_sort with steps of the program, which order as cmp does. */
CREW_API int crew__sort_by_steps(void *base, size_t n, size_t size, crew_compare *cmp, const struct crew__steps *steps,
                                 const crew_options *opt);

/* crew_merge with steps of the program. */
CREW_API int crew__merge_by_steps(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                  const struct crew__steps *steps, const crew_options *opt);

/* crew_merge_in_place with steps of the program. */
CREW_API int crew__merge_in_place_by_steps(void *base, size_t middle, size_t n, size_t size,
                                           const struct crew__steps *steps, const crew_options *opt);

/* crew_nth_element with steps of the program. */
CREW_API int crew__nth_by_steps(void *base, size_t n, size_t size, size_t k, crew_compare *cmp,
                                const struct crew__steps *steps, const struct crew__nth_steps *nth_steps,
                                const crew_options *opt);

/* yes where all bits of mask are set, no where none is. */
static inline const char *crew__pick(uintptr_t mask, const char *yes, const char *no)
{
    return (const char *)(((uintptr_t)yes & mask) | ((uintptr_t)no & ~mask));
}

#ifdef __cplusplus
}
#endif

#endif
