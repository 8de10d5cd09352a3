/* Functions by name, and what goes between rank 0, which hands items out, and those that do them. */
#ifndef CREW_MPI_SERVE_H
#define CREW_MPI_SERVE_H

#include "world.h"

enum { CREW__NAME_BYTES = 64, CREW__BATCH_TAG = 2, CREW__RESULT_TAG = 3 };

struct crew__batch {
    char name[CREW__NAME_BYTES]; /* empty: there is nothing more to do */
    uint64_t first, count, in_size, out_size;
};

/* Followed by the results where code is 0. */
struct crew__result {
    uint64_t first, count;
    int64_t code;
    uint64_t failed; /* the item, where code is not 0 */
    double seconds;
};

/* Runs a batch on this rank's team; in and out are its items alone. */
struct crew__result crew__batch_run(const struct crew__batch *batch, const void *in, void *out,
                                    const crew_options *opt);

#endif
