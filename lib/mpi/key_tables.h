/* Sums of keys close together, in tables, before any of them travels. */
#ifndef CREW_MPI_KEY_TABLES_H
#define CREW_MPI_KEY_TABLES_H

#include "../core/loop/cut.h"
#include "dist.h"

/* The keys are low .. low + range - 1 in the order of unsigned numbers. */
struct crew__key_tables {
    const crew_dist *keys, *values;
    uint64_t low;
    size_t range;
    struct crew__cut chunks; /* of the elements: each has a table */
    /* Adds n values to the table of their keys; occurs[k] becomes 1 for each key. */
    void (*add)(const void *keys, const double *values, size_t n, uint64_t low, double *table, unsigned char *occurs);
    void (*write_key)(uint64_t number, void *to);
};

/* *keys and *sums become new arrays: for each chunk in order the keys that occur in it, ascending, and the sums of
   their values there. A chunk is done by the rank that it begins on, to which its other elements travel. Collective; 0,
   -ENOMEM, -EIO. */
int crew__key_tables_make(const struct crew__key_tables *t, crew_dist **keys, crew_dist **sums);

#endif
