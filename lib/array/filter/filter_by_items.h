/* Filters by callbacks that may take long. */
#ifndef CREW_FILTER_FILTER_BY_ITEMS_H
#define CREW_FILTER_FILTER_BY_ITEMS_H

#include "../../core/loop/sites.h"
#include "filter_items.h"

/* One thread has flagged so many before another would have begun, where they are quick. */
enum { CREW__FILTER_FEW = 1024 };

/* Nanoseconds of an item of which a block keeps a thread for longer than starting all of them takes. */
#define CREW__LONG_ITEM_NS 1000

/* Does the items from `from` on, a multiple of the block, where `kept` of those before were kept: the predicate flags
   all of them, an item at a time where items take long, before any is written. The arrays are those of the call, which
   nobody watches where `from` is not 0. flags: room for n - from. */
int crew__filter_by_items(const struct crew__filter *f, size_t from, size_t kept, unsigned char *flags, size_t *count);

/* The same of all items, a block at a time, unless the first block says that items take long. site: of the callback;
   NULL: what items cost is known. */
int crew__filter_by_blocks(const struct crew__filter *f, struct crew__site *site, size_t *count);

#endif
