/* Counts, sums and groups by keys that are byte strings: words, fields of a CSV file, addresses.

   A whole program:

       #include <crew/tally.h>
       #include <stdio.h>
       #include <string.h>

       int main(void)
       {
           const char *words[5] = {"pear", "apple", "pear", "fig", "pear"};
           crew_tally t = {0};
           int error = 0;
           for (size_t i = 0; i < 5 && !error; i++)
               error = crew_tally_add(&t, words[i], strlen(words[i]), 0);
           crew_tally_sort_by_count(&t);
           size_t n;
           const crew_tally_entry *e = crew_tally_entries(&t, &n);
           for (size_t k = 0; k < n; k++)
               printf("%s %zu\n", e[k].key, e[k].count);
           // prints pear 3
           // prints apple 1
           // prints fig 1
           crew_tally_free(&t);
           return error != 0;
       } */
#ifndef CREW_TALLY_H
#define CREW_TALLY_H

#include <crew/options.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of one key. */
typedef struct crew_tally_entry {
    const char *key; /* a copy, with a '\0' behind its size bytes; it may have others inside */
    size_t size;
    size_t count;  /* how often it was added */
    double sum;    /* of the values that were added */
    uint64_t hash; /* crew's */
} crew_tally_entry;

/* Keys in the order in which they were first added. Zero bytes are an empty tally, so it may be an accumulator of
   crew_reduce and crew_lines_reduce as it is. The members belong to crew. */
typedef struct crew_tally {
    crew_tally_entry *entries;
    size_t used, room;
    uint32_t *slots; /* numbers of entries, plus one; 0: free */
    size_t nslots;
    void *keys; /* memory of the copies */
} crew_tally;

/* count += 1, sum += value for the `size` bytes at key, which are copied where they are new. Returns 0, -ENOMEM, or
   -EOVERFLOW (2^32 keys). Amortized O(size). One thread at a time. */
CREW_API int crew_tally_add(crew_tally *t, const void *key, size_t size, double value);

/* Adds what `from` has, key by key in its order, and empties it: as if what was added to `from` had been added to t,
   where each key's sum is one value. Returns 0; -ENOMEM, -EOVERFLOW: both hold part of it. */
CREW_API int crew_tally_merge(crew_tally *t, crew_tally *from);

/* The entry of a key; NULL: it was never added. Valid until the next add. O(size). */
CREW_API const crew_tally_entry *crew_tally_find(const crew_tally *t, const void *key, size_t size);

/* All of them, *n of them: in the order of their first adding until they are sorted. Valid until the next add. */
CREW_API const crew_tally_entry *crew_tally_entries(const crew_tally *t, size_t *n);

/* By key: the bytes as unsigned numbers, a shorter key before those that it begins. The orders below are total, so they
   do not depend on who counted. Keys that are added later come behind. O(n log n). */
CREW_API void crew_tally_sort_by_key(crew_tally *t);

/* By count, the highest first; equal counts by key. */
CREW_API void crew_tally_sort_by_count(crew_tally *t);

/* By sum, the highest first; equal sums, and NaN, by key, NaN last. */
CREW_API void crew_tally_sort_by_sum(crew_tally *t);

/* Frees what it holds; it is empty then. NULL does nothing. */
CREW_API void crew_tally_free(crew_tally *t);

/* A byte string that lies somewhere. data may be NULL where size is 0. */
typedef struct crew_bytes {
    const void *data;
    size_t size;
} crew_bytes;

typedef enum crew_bytes_order {
    CREW_BYTES_FIRST_SEEN, /* the group of the lowest item first */
    CREW_BYTES_SORTED      /* by key, as crew_tally_sort_by_key */
} crew_bytes_order;

/* The indices of each key's items, in order: crew_group_by_key for keys that are byte strings. Items with the same n
   bytes are one group; those of group g are indices[offsets[g] .. offsets[g + 1] - 1], ascending, so that its key is
   keys[indices[offsets[g]]]. Equals

       for (size_t i = 0; i < n; i++)
           append i to the group of keys[i], which is made where there is none;
       where order says so, sort the groups;

   keys     n of them; NULL: -EINVAL, unless n is 0
   offsets  has room for n + 1, or one more than there are distinct keys, where that is known; offsets[0] is 0 and
            offsets[*groups] is n. NULL: not written
   indices  has room for n. NULL: not written
   groups   receives how many there are. NULL: -EINVAL
   opt      NULL: defaults. progress counts every item twice; grain and failed are not used

   Returns 0; -EINVAL, -ENOMEM, -EOVERFLOW (more than 2^32 - 2 distinct keys), -ECANCELED, -ETIMEDOUT: the outputs are
   undefined then. Work O(n + bytes), and O(distinct log distinct) comparisons where they are sorted; span O(distinct *
   log blocks) and n for the last pass, which writes the indices; scratch 4 bytes an item and a table of the keys in
   each block. The same result at any thread count. Thread safe; may be called from inside callbacks. */
CREW_API int crew_group_by_bytes(const crew_bytes *keys, size_t n, crew_bytes_order order, size_t *offsets,
                                 size_t *indices, size_t *groups, const crew_options *opt);

#ifdef __cplusplus
}
#endif
#endif
