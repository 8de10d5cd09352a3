/* What one thread does of a stable merge sort with a comparator: one instance for each usual size of element. */
#ifndef CREW_SORT_MERGE_STEPS_H
#define CREW_SORT_MERGE_STEPS_H

#include <crew/sort.h>
#include <stdbool.h>
#include <stddef.h>

/* Larger elements are sorted by index, and moved once. */
enum { CREW__SORT_MOVED = 256 };

struct crew__order {
    crew_compare *cmp;
    void *ctx;
    size_t step;      /* bytes of what is moved */
    const char *base; /* what is moved are indices of elements of `size` bytes here; else NULL */
    size_t size;
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

/* Those for o->step and o->base. */
const struct crew__steps *crew__steps_for(const struct crew__order *o);

/* Sorts n elements of a into b, or back into a; what the other holds afterwards is lost. */
void crew__sort_alone(char *a, char *b, size_t n, bool into_b, const struct crew__order *o);

#endif
