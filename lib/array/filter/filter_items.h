/* What a call of filter, pack, partition or unique is asked for, and a stretch of it on the thread that calls. */
#ifndef CREW_FILTER_FILTER_ITEMS_H
#define CREW_FILTER_FILTER_ITEMS_H

#include <crew/filter.h>
#include <stdbool.h>
#include <stddef.h>

enum { CREW__FLAGS = 4096 }; /* most items that a predicate is asked about at once */

/* Writes what is kept of items begin .. end-1, which are whole blocks, to out; returns how many, end - begin at most.
 */
typedef size_t crew__produce_fn(size_t begin, size_t end, char *out, void *ctx);

struct crew__filter {
    const void *in; /* NULL: the elements are their indices, size_t */
    void *out;
    void *rest; /* where the others go; NULL: nowhere */
    size_t size, n;
    size_t block;               /* crew__filter_block(n, size) */
    const unsigned char *flags; /* n flags, or NULL: */
    crew_predicate *pred;       /* asked for items that lie in one block, or from the first of a block on */
    crew__produce_fn *produce;  /* instead of both, where what is kept is no element of `in` */
    void *ctx;
    uintptr_t callback; /* the user's, whose cost is not known; 0: there is none */
    const crew_options *opt;
    double item_ns;   /* cost of an item; 0: measured */
    bool cannot_fail; /* waits for other threads where there is no memory; only where no callback can be on the stack */
};

/* What flags and packs the items of a call. */
struct crew__packer {
    const struct crew__filter *f;
    const struct crew__pack_kernels *kernels;
    size_t step; /* items that the predicate is asked about at once */
    bool single; /* one item a call, to know which failed */
};

struct crew__packer crew__packer(const struct crew__filter *f, bool single);

/* Packs items begin .. end-1 to out, the others to rest where that is not NULL. *count becomes how many were kept, or
   the item that the predicate failed for, whose value is returned. */
int crew__pack_items(const struct crew__packer *p, size_t begin, size_t end, char *out, char *rest, size_t *count);

/* Packs items begin .. begin+n-1, of which `count` have a flag that is not 0, to out, the others to rest where that is
   not NULL. */
void crew__pack_flagged(const struct crew__packer *p, size_t begin, size_t n, const unsigned char *flags, size_t count,
                        char *out, char *rest);

#endif
