/* How crew_reduce cuts its items into blocks, by n, grain and the size of an accumulator alone. */
#ifndef CREW_LOOP_REDUCE_CUT_H
#define CREW_LOOP_REDUCE_CUT_H

#include "cut.h"

enum {
    CREW__MOST_BLOCKS = 1024, /* balance for 64 threads */
    CREW__FEW_BLOCKS = 64,    /* all the same where accumulators are large */
    CREW__BLOCK_ITEMS = 64    /* hides the two calls that a block costs */
};

static inline struct crew__cut crew__reduce_cut(size_t n, size_t size, size_t grain)
{
    const size_t most_bytes = (size_t)64 << 20;
    size_t most = most_bytes / size;
    most = most < CREW__FEW_BLOCKS ? CREW__FEW_BLOCKS : most > CREW__MOST_BLOCKS ? CREW__MOST_BLOCKS : most;
    size_t block = crew__cut_into(n, CREW__FEW_BLOCKS).size;
    if (block > CREW__BLOCK_ITEMS) {
        block = crew__cut_into(n, most).size;
        block = block > CREW__BLOCK_ITEMS ? block : CREW__BLOCK_ITEMS;
    }
    return crew__cut_by(n, block > grain ? block : grain);
}

#endif
