/* The engine of filter, pack, partition and unique: flags blocks of items, packs them, puts them in their place. */
#ifndef CREW_FILTER_FILTER_ENGINE_H
#define CREW_FILTER_FILTER_ENGINE_H

#include "filter_items.h"

/* Items in a block: a function of n and size alone. */
size_t crew__filter_block(size_t n, size_t size);

/* What packing an element costs. Only decides how much is worth a thread: flags, elements read and written. */
static inline double crew__filter_pack_ns(size_t size)
{
    return (double)size / 12 + 0.05;
}

/* Does it. As crew_filter; arguments are checked already. */
int crew__filter_run(const struct crew__filter *f, size_t *count);

/* 0, or what crew_filter returns for arrays that it cannot take. */
int crew__filter_check(const void *in, const void *out, size_t size, size_t n, const size_t *count);

#endif
