/* Functions by name, and what goes between rank 0, which hands items out, and those that do them. */
#ifndef CREW_MPI_SERVE_H
#define CREW_MPI_SERVE_H

#include "world.h"

enum { CREW__NAME_BYTES = 64, CREW__BATCH_TAG = 2, CREW__RESULT_TAG = 3 };

struct crew__batch {
    char name[CREW__NAME_BYTES]; /* empty: there is nothing more to do */
    uint64_t first, count, in_size, out_size;
    uint64_t each; /* not 0: an item that fails ends nothing, and each has a value */
};

/* Followed by the results, those below the item that failed where one has. With `each` by each item's value, an
   int32_t, where code is not 0, and then by all results. */
struct crew__result {
    uint64_t first, count;
    int64_t code;
    uint64_t failed; /* the item, where code is not 0 */
    double seconds;
    int64_t threads; /* what this rank may use */
};

/* Results that follow, without `each`. */
static inline size_t crew__result_count(const struct crew__result *r)
{
    return (size_t)(r->code == 0 ? r->count : r->failed - r->first);
}

/* Runs a batch on this rank's team, or on its processes; in and out are its items alone. codes: one for each item where
   the batch wants them, else NULL. */
struct crew__result crew__batch_run(const struct crew__batch *batch, const void *in, void *out, int32_t *codes,
                                    const crew_options *opt);

/* Ends the processes of crew_mpi_processes, if there are any. */
void crew__processes_close(void);

#endif
