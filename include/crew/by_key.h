/* Grouping by integer keys: reduce by key, group by key, unique keys with counts. The same bits at any thread count,
   with and without OpenMP. Shown for u32 keys; the other types are at the end.

   Keys need not be sorted; where they are, no scratch is used and nothing is moved. Keys come out ascending, each once.
   Outputs have room for n elements each (n + 1 offsets) or for as many as there are distinct keys, where that is known;
   *groups receives how many there are. Any output array but groups may be NULL: it is then not written. Outputs must
   not overlap inputs or each other.

   Returns 0, -EINVAL (keys or groups NULL, an operand NULL where n > 0), -EOVERFLOW, -ENOMEM: outputs are undefined
   then, but for groups. Keys that are neither sorted nor close together are sorted with the numbers of their elements,
   by the radix sort of crew/sort.h: work O(n) for each varying byte of the keys, span O(work / threads + distinct),
   scratch two copies of the n keys with 4 bytes each for the element's number (8 from 2^32 elements on). Keys close
   together are those whose highest is less than n above the lowest, or less than 8 n + 256 where n is below 4096:
   counting, grouping and sum, min and max then use tables of the keys between, work O(n), scratch as stated below.
   Scratch is kept for reuse. Thread safe; may be called from inside callbacks.

   A whole program:

       #include <crew/by_key.h>
       #include <stdio.h>

       int main(void)
       {
           uint32_t customer[5] = {7, 3, 7, 7, 3}, keys[5];
           double price[5] = {1, 10, 2, 4, 20}, sums[5];
           size_t groups;
           int error = crew_reduce_by_key_sum_u32_f64(customer, price, 5, keys, sums, &groups);
           for (size_t g = 0; !error && g < groups; g++)
               printf("customer %d pays %g\n", (int)keys[g], sums[g]);
           // prints customer 3 pays 30
           // prints customer 7 pays 7
           return error != 0;
       } */
#ifndef CREW_BY_KEY_H
#define CREW_BY_KEY_H

#include <crew/options.h>
#include <crew/reduce.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The distinct keys and how often each occurs: keys_out[g], counts[g]. Scratch for keys close together: 8 bytes a key
   of their range, and as crew_bincount_u32. */
CREW_API int crew_unique_counts_u32(const uint32_t *keys, size_t n, uint32_t *keys_out, uint64_t *counts,
                                    size_t *groups);

/* The indices of each key's elements, in order: those of keys_out[g] are indices[offsets[g] .. offsets[g + 1] - 1],
   ascending. offsets[0] is 0, offsets[*groups] is n. Scratch for keys close together: 8 bytes a key of their range, and
   as crew_group_by_index_u32. */
CREW_API int crew_group_by_key_u32(const uint32_t *keys, size_t n, uint32_t *keys_out, size_t *offsets, size_t *indices,
                                   size_t *groups);

/* The same for keys 0 .. k-1, those that do not occur having empty groups: key g's elements are indices[offsets[g] ..
   offsets[g + 1] - 1]. offsets has k + 1 entries and is never NULL; indices has n, and may be NULL where n is 0. A key
   that is not below k: -ERANGE, outputs undefined. A stable counting sort. Work O(n + k), span O(n / chunks + k);
   scratch at most n / 2 counters, or k. */
CREW_API int crew_group_by_index_u32(const uint32_t *keys, size_t n, size_t k, size_t *offsets, size_t *indices);
CREW_API int crew_group_by_index_u64(const uint64_t *keys, size_t n, size_t k, size_t *offsets, size_t *indices);

/* Sum, smallest and largest of the values of each key: the key's type, then the values'. i64 sums wrap modulo 2^64. min
   and max are NaN where any of the key's values is; of -0 and +0 the first.

   f64 sums: keys that are sorted or lie far apart: the elements, ordered by key, are cut into at most 512 chunks by n
   alone. Keys close together and not sorted: the elements as they are given are cut into at most 64 chunks by n and the
   range of the keys. The values of a key in a chunk are added in order, and then those sums in order. Scratch for keys
   close together: 9 bytes a key of their range and chunk, at most n such or those of one chunk; there is more than one
   chunk where the range is below n / 4. */
CREW_API int crew_reduce_by_key_sum_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
                                            double *sums, size_t *groups);
CREW_API int crew_reduce_by_key_min_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
                                            double *mins, size_t *groups);
CREW_API int crew_reduce_by_key_max_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
                                            double *maxs, size_t *groups);

/* Any reduction: results[g] becomes the items of key g, reduced as crew_reduce does. r->fold is called with items begin
   .. end-1 that all have that key, in the order of their numbers, once or several times for a result; r->merge where a
   key's items were cut, as above for f64. results has r->size bytes an element, aligned as its type asks for; not NULL.
   opt: as crew_for; failed is not supported (-EINVAL).

   Returns as above, a failing fold's value (that of the lowest key; results then hold nothing, r->drop having been
   called for those that were begun), -ECANCELED, -ETIMEDOUT. Scratch besides: an accumulator for each of at most 512
   chunks. */
CREW_API int crew_reduce_by_key_u32(const uint32_t *keys, size_t n, const crew_reducer *r, void *ctx,
                                    uint32_t *keys_out, void *results, size_t *groups, const crew_options *opt);

/* The same for the other types. */
CREW_API int crew_unique_counts_i32(const int32_t *keys, size_t n, int32_t *keys_out, uint64_t *counts, size_t *groups);
CREW_API int crew_unique_counts_i64(const int64_t *keys, size_t n, int64_t *keys_out, uint64_t *counts, size_t *groups);
CREW_API int crew_unique_counts_u64(const uint64_t *keys, size_t n, uint64_t *keys_out, uint64_t *counts,
                                    size_t *groups);

CREW_API int crew_group_by_key_i32(const int32_t *keys, size_t n, int32_t *keys_out, size_t *offsets, size_t *indices,
                                   size_t *groups);
CREW_API int crew_group_by_key_i64(const int64_t *keys, size_t n, int64_t *keys_out, size_t *offsets, size_t *indices,
                                   size_t *groups);
CREW_API int crew_group_by_key_u64(const uint64_t *keys, size_t n, uint64_t *keys_out, size_t *offsets, size_t *indices,
                                   size_t *groups);

CREW_API int crew_reduce_by_key_sum_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
                                            double *sums, size_t *groups);
CREW_API int crew_reduce_by_key_sum_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
                                            double *sums, size_t *groups);
CREW_API int crew_reduce_by_key_sum_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
                                            double *sums, size_t *groups);
CREW_API int crew_reduce_by_key_sum_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
                                            int64_t *sums, size_t *groups);
CREW_API int crew_reduce_by_key_sum_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
                                            int64_t *sums, size_t *groups);
CREW_API int crew_reduce_by_key_sum_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
                                            int64_t *sums, size_t *groups);
CREW_API int crew_reduce_by_key_sum_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
                                            int64_t *sums, size_t *groups);

CREW_API int crew_reduce_by_key_min_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
                                            double *mins, size_t *groups);
CREW_API int crew_reduce_by_key_min_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
                                            double *mins, size_t *groups);
CREW_API int crew_reduce_by_key_min_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
                                            double *mins, size_t *groups);
CREW_API int crew_reduce_by_key_min_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
                                            int64_t *mins, size_t *groups);
CREW_API int crew_reduce_by_key_min_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
                                            int64_t *mins, size_t *groups);
CREW_API int crew_reduce_by_key_min_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
                                            int64_t *mins, size_t *groups);
CREW_API int crew_reduce_by_key_min_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
                                            int64_t *mins, size_t *groups);

CREW_API int crew_reduce_by_key_max_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
                                            double *maxs, size_t *groups);
CREW_API int crew_reduce_by_key_max_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
                                            double *maxs, size_t *groups);
CREW_API int crew_reduce_by_key_max_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
                                            double *maxs, size_t *groups);
CREW_API int crew_reduce_by_key_max_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
                                            int64_t *maxs, size_t *groups);
CREW_API int crew_reduce_by_key_max_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
                                            int64_t *maxs, size_t *groups);
CREW_API int crew_reduce_by_key_max_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
                                            int64_t *maxs, size_t *groups);
CREW_API int crew_reduce_by_key_max_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
                                            int64_t *maxs, size_t *groups);

CREW_API int crew_reduce_by_key_i32(const int32_t *keys, size_t n, const crew_reducer *r, void *ctx, int32_t *keys_out,
                                    void *results, size_t *groups, const crew_options *opt);
CREW_API int crew_reduce_by_key_i64(const int64_t *keys, size_t n, const crew_reducer *r, void *ctx, int64_t *keys_out,
                                    void *results, size_t *groups, const crew_options *opt);
CREW_API int crew_reduce_by_key_u64(const uint64_t *keys, size_t n, const crew_reducer *r, void *ctx,
                                    uint64_t *keys_out, void *results, size_t *groups, const crew_options *opt);

#ifdef __cplusplus
}
#endif
#endif
