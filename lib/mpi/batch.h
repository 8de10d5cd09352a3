/* How many items go out to a rank at once. */
#ifndef CREW_MPI_BATCH_H
#define CREW_MPI_BATCH_H

#include "world.h"

/* Batches that a rank has: one that runs and one behind it, so that it never waits for the next. */
enum { CREW__AHEAD = 2 };

/* Of `left` items those that go to a rank which has `held` batches, 1 at least. item_seconds: what one has taken, the
   rank's threads together; 0: not known yet. item_bytes: the larger of its input and its result. */
size_t crew__batch_size(const crew_mpi *m, int rank, int held, size_t left, double item_seconds, size_t item_bytes);

/* Items that are worth a batch, where one takes so long; 0: not known. */
size_t crew__batch_least(double item_seconds);

/* item_seconds after a batch of `count` items that took so long. */
double crew__batch_measure(double item_seconds, double seconds, size_t count);

#endif
