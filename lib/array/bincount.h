/* Counting into private tables that are added up at the end. */
#ifndef CREW_ARRAY_BINCOUNT_H
#define CREW_ARRAY_BINCOUNT_H

#include <stddef.h>
#include <stdint.h>

/* A table has `width` counters: `bins` and, as a rule, one more for the keys that are out of range. Its layout:

   width up to CREW__TALLY_WIDE  four arrays of uint32_t, one after the other. Keys go to them in turn: an increment that
                                 follows one of the same counter waits for its store
   else                          carries of uint32_t, then bytes, so that most of what is touched are bytes */
enum { CREW__TALLY_WIDE = 2048 };

/* Counts the elements begin .. end-1 in a table. Over the life of a table they are at most UINT32_MAX. */
typedef void crew__tally_fn(size_t begin, size_t end, void *ctx, void *table, size_t bins);

/* Counts without a table; returns how many were in range. */
typedef uint64_t crew__tally_direct(size_t begin, size_t end, void *ctx, uint64_t *counts, size_t bins);

struct crew__tally {
    size_t n, size; /* elements, and bytes of one, for the scratch rule */
    size_t bins;    /* keys from here on are out of range */
    size_t width;   /* of the tables */
    double item_ns; /* what an element costs */
    crew__tally_fn *fn;
    crew__tally_direct *direct;
    void *ctx;
};

/* Fills counts[0 .. bins-1]; those from t->bins on become 0, and where bins is less than t->bins what is beyond is left
   out. Returns how many elements are in them. Cannot fail. */
uint64_t crew__tally_run(const struct crew__tally *t, uint64_t *counts, size_t bins);

/* The crew__tally_fn for uint32_t keys; width is bins + 1. */
void crew__tally_u32(const uint32_t *keys, size_t n, void *table, size_t bins);

/* What a public function returns: out elements were out of range. */
int crew__tally_result(size_t out, size_t *out_of_range);

#endif
