/* What the kernels of all shapes of the radix sort share. */
#ifndef CREW_SORT_RADIX_KERNELS_H
#define CREW_SORT_RADIX_KERNELS_H

#include "../../core/base/compiler.h"
#include "../../core/base/scratch.h"
#include "packed_order.h"
#include "radix.h"
#include <string.h>

enum {
    CREW__RADIX_DIGIT = 10,     /* bits of a digit in a cached segment: two tables of counts take 8 KiB of stack */
    CREW__RADIX_SKEWED = 4096,  /* elements that are merged where digits do not tell them apart */
    CREW__RADIX_CACHE = 1 << 20 /* bytes of a segment that its core's cache holds twice */
};

static inline int crew__ctz(uint64_t x)
{
    return crew__log2(x & (0 - x));
}

#endif
