/* The blocks of a generic scan, of one array or of one over ranks. */
#ifndef CREW_SCAN_SCAN_CUT_H
#define CREW_SCAN_SCAN_CUT_H

#include "../../core/loop/cut.h"
#include <crew/inline/scan_run.h>

enum { CREW__SCAN_MOST_BLOCKS = 1024 }; /* balance for 64 threads */

/* Blocks have at least the square root of n, so that going through their totals takes no longer than a block. */
static inline struct crew__cut crew__scan_cut(size_t n, size_t grain)
{
    size_t block = grain ? grain : CREW__SCAN_BLOCK;
    const size_t even = n / CREW__SCAN_MOST_BLOCKS + (n % CREW__SCAN_MOST_BLOCKS != 0);
    if (block < even)
        block = even;
    while (block < n / block)
        block++;
    return crew__cut_by(n, block);
}

#endif
