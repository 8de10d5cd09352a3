/* Distributed arrays: who has what. */
#ifndef CREW_MPI_DIST_H
#define CREW_MPI_DIST_H

#include "world.h"

struct crew_dist {
    crew_mpi *m;
    size_t n, size;
    size_t *offsets; /* rank r has the items offsets[r] .. offsets[r + 1] - 1 */
    size_t begin, end;
    char *items;
};

/* The item that part r of even parts begins with; r = ranks: n. */
size_t crew__even_begin(size_t n, int ranks, int r);

/* An array with these counts, all ranks knowing all of them; elements are not set. The caller's error counts too. The
   same on all ranks; NULL with errno. */
crew_dist *crew__dist_make(crew_mpi *m, const size_t *offsets, size_t size, int code);

/* The first rank whose part ends behind item i; i is below n. */
int crew__dist_find(const crew_dist *d, size_t i);

/* True where both have the same parts of the same group. */
bool crew__dist_alike(const crew_dist *a, const crew_dist *b);

/* Copies the elements of `from` to where they are in `to`, which has as many, of the same size, in other parts.
   Collective. */
int crew__dist_move(const crew_dist *from, crew_dist *to);

#endif
