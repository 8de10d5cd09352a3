/* Stable merge sort with a comparator: the steps, one instance for each size of element, and the parallel driver. */
#ifndef CREW_SORT_MERGE_SORT_H
#define CREW_SORT_MERGE_SORT_H

#include <crew/options.h>
#include <crew/sort.h>
#include <errno.h>
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
    /* Sorts n elements of a into b, or back into a; what the other holds afterwards is lost. */
    void (*sort)(char *a, char *b, size_t n, bool into_b, const struct crew__order *o);
    /* Of equal elements those of a come first. out does not overlap. */
    void (*merge)(const char *a, size_t na, const char *b, size_t nb, char *out, const struct crew__order *o);
    /* How many of the first k elements of the merged sequence are a's; between k - nb and k, and 0 and na. */
    size_t (*corank)(const char *a, size_t na, const char *b, size_t nb, size_t k, const struct crew__order *o);
};

const struct crew__steps *crew__steps_for(size_t step);
extern const struct crew__steps crew__steps_index;

/* Sorts n elements of o->step bytes. scratch has as many. After an error x holds the same elements in another order. */
int crew__merge_sort(void *x, void *scratch, size_t n, const struct crew__order *o, const crew_options *opt);

/* Moves by all threads; 0. gather: out[i] = in[index[i]]. */
int crew__gather(const void *in, size_t size, const size_t *index, size_t n, void *out);
int crew__copy(const void *in, void *out, size_t size);
int crew__reverse(void *x, size_t n, size_t size);

static inline int crew__check_options(const crew_options *opt)
{
    return opt && !(opt->timeout >= 0) ? -EINVAL : 0;
}

/* -EINVAL, -EOVERFLOW or 0. */
int crew__check_array(const void *x, size_t n, size_t size);

#endif
