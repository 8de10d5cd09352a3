/* Filtering in two passes. */
#ifndef CREW_FILTER_FILTER_PASSES_H
#define CREW_FILTER_FILTER_PASSES_H

#include "filter_items.h"

/* Does the items from `from` on, a multiple of the block, where `kept` of those before were kept. in and out must not
   overlap, and there are no options but the threads and the grain. item_ns is what an item has cost so far: without it
   the runner would measure again, and 20,000 doubles take 1.2 times as long. -ENOMEM: nothing was done. */
int crew__filter_passes(const struct crew__packer *packer, size_t from, size_t kept, double item_ns, size_t *count);

#endif
