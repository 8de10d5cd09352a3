/* How the sums of a weighted bincount are bracketed, over one array or over one on ranks: by n and bins alone. */
#ifndef CREW_HISTOGRAM_BINCOUNT_WEIGHTED_H
#define CREW_HISTOGRAM_BINCOUNT_WEIGHTED_H

#include "../../core/loop/cut.h"

enum {
    CREW__WEIGHT_CHUNKS = 64, /* the most */
    CREW__WEIGHT_LANES = 4    /* tables of a chunk, where they are small: a sum waits for the one before it in the same
                                 bin. Lane l of a chunk has the elements whose index in the chunk is l modulo lanes */
};

/* Elements in chunks, of at least 4096; *lanes: 1, or CREW__WEIGHT_LANES where bins are at most 1024 and elements more
   than 2048. */
static inline struct crew__cut crew__weights_cut(size_t n, size_t bins, size_t *lanes)
{
    *lanes = bins <= 1024 && n / CREW__WEIGHT_LANES > 2 * bins && n > 2048 ? CREW__WEIGHT_LANES : 1;
    size_t most = n / 4096;
    const size_t affordable = n / (*lanes * (bins + 1)) / 2;
    most = most < affordable ? most : affordable;
    most = most < 1 ? 1 : most < CREW__WEIGHT_CHUNKS ? most : CREW__WEIGHT_CHUNKS;
    const size_t size = crew__cut_into(n, most).size + CREW__WEIGHT_LANES - 1;
    return crew__cut_by(n, size / CREW__WEIGHT_LANES * CREW__WEIGHT_LANES);
}

#endif
