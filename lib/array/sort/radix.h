/* Stable radix sort of elements by a 32 or 64 bit key. One instance of the kernels for each shape of element:

   k32, k64               the key alone
   k32v32 ... k64v64      keys in one array, values of 32 or 64 bits in another
   r8k32, r16k32, r16k64  records of 8 or 16 bytes with the key at an offset */
#ifndef CREW_SORT_RADIX_H
#define CREW_SORT_RADIX_H

#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "sort_type.h"

struct crew__radix_array {
    void *k; /* keys, or records */
    void *v; /* values, NULL where there are none */
};

/* One split of elements into buckets: ranges of ranks from `low` on, 2^shift wide. What is outside of them goes to the
   first and the last. */
struct crew__radix_split {
    struct crew__radix_array from, to;
    struct crew__cut chunks;
    uint64_t low;
    int shift, bits;                        /* there are 2^bits buckets */
    bool buffered;                          /* scatter line by line */
    bool into_to;                           /* where the result of the whole belongs: to, else from */
    size_t big;                             /* buckets of that size are left for later */
    size_t *at;                             /* a row of 2^bits counts a chunk, then places */
    const struct crew__key *key, *from_key; /* from_key: of what `from` holds, which may be ranks already */
};

/* Keys that are not in records are replaced by their ranks in the first pass and restored in the last; in between the
   elements hold ranks. A NaN has no rank of its own, so NaNs are moved to the end before. */
struct crew__radix_shape {
    size_t element, value; /* bytes of a key or record, and of a value */
    bool wide, record;

    /* Sorts up to CREW__RADIX_GROUP elements in place. */
    void (*sort_group)(struct crew__radix_array a, size_t n, const struct crew__key *key);
    /* to[i] = from[order[i] & mask]. */
    void (*permute)(struct crew__radix_array from, struct crew__radix_array to, size_t n, const uint64_t *order,
                    uint64_t mask);
    /* Sorts n elements, none a NaN, in place, through b. */
    void (*sort_alone)(struct crew__radix_array a, struct crew__radix_array b, size_t n, const struct crew__key *key);
    /* Moves the NaNs to the end, in order, through b. Returns how many other elements there are. Not for records. */
    size_t (*move_nans)(struct crew__radix_array a, struct crew__radix_array b, size_t n, const struct crew__key *key);
    /* The rank of element i of s->from. */
    uint64_t (*rank_at)(const struct crew__radix_split *s, size_t i);

    /* Items are chunks of a crew__radix_split. */
    crew__each_fn *count;       /* elements of each chunk in each bucket */
    crew__each_fn *distribute;  /* from -> to, by places */
    crew__each_fn *take_as_are; /* elements of one rank to where they belong */
    /* Items are buckets: sorts those that are not big. */
    crew__each_fn *sort_buckets;
};

enum { CREW__RADIX_GROUP = 8, CREW__RADIX_FEW = 80 /* elements that are sorted by merging */ };

/* 0, or -ENOMEM with everything untouched. Scratch: as many bytes as the elements have, up to 2 MiB for counts and a
   cache line a bucket for each thread. */
int crew__radix_sort(const struct crew__radix_shape *shape, void *keys, void *values, size_t n,
                     const struct crew__key *key);

#endif
