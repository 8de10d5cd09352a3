/* Counting into private tables that are added up at the end. */
#ifndef CREW_HISTOGRAM_BINCOUNT_TABLES_H
#define CREW_HISTOGRAM_BINCOUNT_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A table has `width` cells, the power of two from the number of bins on, and one more for all keys beyond: groups of
   keys are checked by their bits together. The cells, by the number of bins:

   up to CREW__LANE_BINS   four arrays of uint32_t, CREW__TABLE_PAD cells apart. Keys go to them in turn: an increment
                           that follows one of the same cell waits for its store. Not where keys are known to be
                           scattered: with 2048 bins and 10^5 keys four arrays take 1.25 of the time of one
   up to CREW__WORD_BINS   uint32_t
   more                    bytes, so that 10^6 bins fit a second-level cache. A cell that reaches 256 becomes 0 and its
                           key is listed; a list has room for as many keys as are counted before somebody looks at it */
enum {
    CREW__LANE_BINS = 2048,
    CREW__WORD_BINS = 32768,
    CREW__TABLE_BLOCK = 4096, /* most elements counted at once in a table of bytes */
    CREW__TABLE_LIST = 2 * CREW__TABLE_BLOCK,
    CREW__TABLE_PAD = 16 /* a distance of 4096 bytes between lanes would make loads wait for stores of other lanes */
};

struct crew__table {
    size_t width, listed;
    bool lanes;
    uint32_t *list;  /* of a table of bytes */
    uint32_t *words; /* or */
    uint8_t *bytes;
};

/* What is counted, and how. */
struct crew__bincount {
    size_t n, size; /* elements, and bytes of one, for the scratch rule */
    size_t bins;    /* keys from here on are out of range */
    double item_ns; /* what an element costs */
    /* Counts the elements begin .. end-1 in a table. Over the life of a table they are at most UINT32_MAX. */
    void (*in_table)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins);
    /* Counts without a table; returns how many were in range. */
    uint64_t (*directly)(size_t begin, size_t end, void *ctx, void *counts, size_t bins);
    void *ctx;
    bool narrow;    /* counts have 32 bits, else 64, and n is at most UINT32_MAX */
    bool scattered; /* keys do not often equal one of the last few */
};

/* Fills counts[0 .. bins-1]; those from what->bins on become 0, and where bins is less what is beyond is left
   out. Returns how many elements are in them. Cannot fail. */
uint64_t crew__count_bins(const struct crew__bincount *what, void *counts, size_t bins);

static inline size_t crew__counter_size(const struct crew__bincount *what)
{
    return what->narrow ? sizeof(uint32_t) : sizeof(uint64_t);
}

/* The bin of a key that is not negative. What size_t cannot hold is in none. */
static inline size_t crew__bin_of(uint64_t key)
{
    return key < SIZE_MAX ? (size_t)key : SIZE_MAX;
}

/* What a public function returns: out elements were out of range. */
int crew__range_result(size_t out, size_t *out_of_range);

#endif
