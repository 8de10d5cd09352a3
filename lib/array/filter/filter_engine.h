/* The engine of filter, pack, partition and unique: flags blocks of items, packs them, puts them in their place. */
#ifndef CREW_FILTER_FILTER_ENGINE_H
#define CREW_FILTER_FILTER_ENGINE_H

#include <crew/filter.h>
#include <stdbool.h>
#include <stddef.h>

enum { CREW__FLAGS = 4096 }; /* most items that a predicate is asked about at once */

struct crew__select {
    const void *in; /* NULL: the elements are their indices, size_t */
    void *out;
    void *rest; /* where the others go; NULL: nowhere */
    size_t size, n;
    size_t block;               /* crew__select_block(n, size) */
    const unsigned char *flags; /* n flags, or NULL: */
    crew_predicate *pred;       /* asked for items that lie in one block, or from the first of a block on */
    void *ctx;
    const crew_options *opt;
    double item_ns;   /* cost of an item; 0: measured */
    bool cannot_fail; /* waits for other threads where there is no memory; only where no callback can be on the stack */
};

/* Items in a block: a function of n and size alone. */
size_t crew__select_block(size_t n, size_t size);

/* Does it. As crew_filter; arguments are checked already. */
int crew__select(const struct crew__select *s, size_t *count);

/* What flags and packs the items of a call. */
struct crew__packer {
    const struct crew__select *s;
    const struct crew__pack_kernels *kernels;
    size_t step; /* items that the predicate is asked about at once */
    bool single; /* one item a call, to know which failed */
};

struct crew__packer crew__packer(const struct crew__select *s, bool single);

/* Packs items begin .. end-1 to out, the others to rest where that is not NULL. *count becomes how many were kept, or
   the item that the predicate failed for, whose value is returned. */
int crew__pack_items(const struct crew__packer *p, size_t begin, size_t end, char *out, char *rest, size_t *count);

/* Packs items begin .. begin+n-1, of which `count` have a flag that is not 0 (with `invert`: that is 0), to out. */
void crew__pack_flagged(const struct crew__packer *p, size_t begin, size_t n, const unsigned char *flags, char *out,
                        size_t count, int invert);

/* Does the items from `from` on, a multiple of the block, where `kept` of those before were kept. in and out must not
   overlap, and there are no options but the threads and the grain. item_ns is what an item has cost so far: without it
   the runner would measure again, and 20,000 doubles take 1.2 times as long. -ENOMEM: nothing was done. */
int crew__select_passes(const struct crew__packer *packer, size_t from, size_t kept, double item_ns, size_t *count);

/* True where nobody watches the call, so that its first items may be done without the runner. A timeout that is NaN is
   left to the runner, which refuses it. */
bool crew__unwatched(const crew_options *opt);

/* 0, or what crew_filter returns for arrays that it cannot take. */
int crew__select_check(const void *in, const void *out, size_t size, size_t n, const size_t *count);

#endif
