/* Elements in the order of their keys over ranks, to a result for each key. */
#ifndef CREW_MPI_KEY_RUNS_H
#define CREW_MPI_KEY_RUNS_H

#include "dist.h"

/* The elements of a key make runs, which end at multiples of `chunk`: of positions in the order, or of numbers. Each
   run is folded by itself, and runs are merged in their order. */
struct crew__key_runs {
    crew_mpi *m;
    const size_t *offsets; /* rank r has the positions offsets[r] .. offsets[r + 1] - 1 */
    size_t key_size, value_size;
    const char *keys, *values; /* of this rank's positions */
    const size_t *numbers;     /* of its elements, ascending for a key; NULL: they are the positions */
    bool by_number;
    bool together; /* fold takes elements whose numbers do not follow each other */
    size_t chunk;
    const crew_array_reducer *r;
    void *ctx;
    const crew_options *opt;
};

/* A rank has the groups whose last elements it has. Free keys and results with crew_free. */
struct crew__key_groups {
    size_t count;
    char *keys, *results;
};

/* Collective. Returns 0, -ENOMEM, -EIO, what fold returns of the lowest key that fails, or as crew_for, the same on all
   ranks. */
int crew__key_runs_reduce(const struct crew__key_runs *k, struct crew__key_groups *g);

#endif
