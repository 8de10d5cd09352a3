/* Blocks that lie across the border between two ranks: their elements travel to the rank that does them. */
#ifndef CREW_MPI_BORDER_H
#define CREW_MPI_BORDER_H

#include "dist.h"

/* Blocks of so many elements that begin in this rank's part: first .. end-1. All elements of the last one are at
   `last` where it goes beyond the part; NULL where none does. */
struct crew__blocks {
    size_t size, first, end;
    char *last;
};

/* The number of blocks that begin below item i. */
static inline size_t crew__blocks_below(size_t i, size_t size)
{
    return i / size + (i % size != 0);
}

/* Collective. The same code on all ranks; -ENOMEM. Nothing is sent where no block lies across a border. */
int crew__blocks_open(struct crew__blocks *b, const crew_dist *d, size_t size);
void crew__blocks_close(struct crew__blocks *b);

/* Where the elements of block k, which begins here, are, and how many. */
const char *crew__block_at(const struct crew__blocks *b, const crew_dist *d, size_t k, size_t *count);

/* The other way round, for scans: *head receives the elements that lie before this rank's part in the block that its
   first element is in, *count how many; NULL and 0 where it begins with a block or has no elements. Free with
   crew_free. Collective, as crew__blocks_open. */
int crew__head_open(const crew_dist *d, size_t size, char **head, size_t *count);

#endif
