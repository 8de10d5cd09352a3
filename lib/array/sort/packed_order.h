/* The stable order of keys from one vectorised sort of numbers: the upper bits of each are those of the key's rank that
   tell keys apart, the lower ones say where the key is, so that no two are equal. */
#ifndef CREW_SORT_PACKED_ORDER_H
#define CREW_SORT_PACKED_ORDER_H

#include "key_order.h"

enum {
    CREW__PACKED_FEW = 256,     /* elements that are sorted in this way whatever they are */
    CREW__PACKED_SEGMENT = 2048 /* up to here crew__packed_order is one thread's and takes no scratch */
};

/* order[i] & *mask becomes where the i-th key of the stable order is; n is at least 2. False, with order undefined:
   there are no vector kernels, or the upper bits leave too many keys alike, or few of many keys are different, or there
   was no memory. Up to CREW__PACKED_SEGMENT keys by the calling thread, more by all. */
bool crew__packed_order(const struct crew__keys *keys, uint64_t *order, uint64_t *mask);

#endif
