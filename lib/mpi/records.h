/* Keys with what belongs to them side by side, as elements of one array, which a sort over ranks moves together. */
#ifndef CREW_MPI_RECORDS_H
#define CREW_MPI_RECORDS_H

#include "../array/typed/types.h"
#include "rank_sort.h"

/* A key, then its element's number in the whole array where it has one, then its value. A record is a multiple of what
   the key may be aligned to. */
struct crew__record {
    size_t key_size, number_size, value_size, size;
};

/* Records of the keys and values (NULL: none) in the parts of `keys`. *r says where things are. NULL with errno; the
   same on all ranks. Collective. */
crew_dist *crew__records_make(const crew_dist *keys, const crew_dist *values, bool numbers, struct crew__record *r);

/* This rank's part of them as arrays: keys, numbers and values; NULL: not asked for. */
void crew__records_take(const crew_dist *records, const struct crew__record *r, void *keys, size_t *numbers,
                        void *values);

/* Sorts records by keys of that type, stable, in the order of the typed sorts. Collective. */
int crew__records_sort(crew_dist *records, enum crew__type type);

#endif
