/* More algorithms of mpi.h, which includes this: what of crew/reduce.h, exact.h, scan.h, sort.h, histogram.h and
   by_key.h is not in mpi.h itself. All that is said there holds here: collective, the same bits as the call on one
   machine at any number of ranks and threads, the same value on all ranks.

   A whole program:

       #include <crew/mpi.h>
       #include <stdio.h>

       int main(void)
       {
           crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
           crew_dist *keys = m ? crew_dist_open(m, 1000, sizeof(uint32_t)) : NULL, *found = NULL, *counts = NULL;
           if (!keys)
               return 1;
           uint32_t *part = crew_dist_items(keys);
           for (size_t i = 0; i < crew_dist_count(keys); i++)
               part[i] = (uint32_t)(crew_dist_begin(keys) + i) % 7;
           int error = crew_unique_counts_dist_u32(keys, &found, &counts);
           if (!error && crew_mpi_rank(m) == 0)
               printf("%zu distinct keys\n", crew_dist_n(found)); // prints 7 distinct keys
           crew_dist_close(found);
           crew_dist_close(counts);
           crew_dist_close(keys);
           crew_mpi_close(m);
           return error != 0;
       } */
#ifndef CREW_MPI_ALGORITHMS_H
#define CREW_MPI_ALGORITHMS_H

#include <crew/mpi.h>
#include <crew/scan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* crew_norm2 and NumPy's nansum, nanmean, nanmin, nanmax as crew/reduce.h has them: as crew_sum_dist_f64 of mpi.h.
   nanmean, nanmin and nanmax may read x twice, norm2 of numbers whose squares over- or underflow three times. */
CREW_API int crew_norm2_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_norm2_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_nansum_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_nansum_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_nanmean_dist_f32(const crew_dist *x, double *result);
CREW_API int crew_nanmean_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_nanmin_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_nanmin_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_nanmax_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_nanmax_dist_f64(const crew_dist *x, double *result);

/* The sums of crew/exact.h: rounded once, so they do not depend on where elements lie, and none travels. Each rank's
   state of 544 bytes is merged over the ranks in O(log ranks) messages. Returns as crew_sum_dist_f64. */
CREW_API int crew_sum_exact_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_sum_exact_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_dot_exact_dist_f32(const crew_dist *x, const crew_dist *y, float *result);
CREW_API int crew_dot_exact_dist_f64(const crew_dist *x, const crew_dist *y, double *result);

/* crew_scan_inclusive and crew_scan_exclusive of crew/scan.h, elements combined by s->combine in the blocks of one
   machine. in and out have elements of one size in the same parts, and may be one array: else -EINVAL. total (NULL: not
   asked for) receives the same bytes on all ranks. Elements travel as bytes, so they hold no pointers.

   opt as crew_scan_inclusive; timeout, cancel and progress, which counts blocks, are each rank's own. Returns as
   crew_scan_inclusive, the same on all ranks, -EPERM and -EIO. After an error out is not defined.

   What a part has of its first block before its border travels to it, at most one block (at least 1024 elements, at
   most n / 1024 or sqrt(n) where that is more) to each rank. The totals of all blocks, at most 1024 elements, go to all
   ranks. combine is called twice for an element, three times for those that travel; every rank combines the totals of
   the blocks below its own. O(log ranks) messages, and those of the elements that travel. */
CREW_API int crew_scan_inclusive_dist(const crew_dist *in, crew_dist *out, const crew_scanner *s, void *ctx,
                                      void *total, const crew_options *opt);
CREW_API int crew_scan_exclusive_dist(const crew_dist *in, crew_dist *out, const crew_scanner *s, void *ctx,
                                      void *total, const crew_options *opt);

/* crew_bincount_weighted of crew/histogram.h over the whole array: sums[0 .. bins-1] are the same on all ranks, as are
   errors; -ERANGE without out_of_range where any rank has a key out of range. keys and weights have elements of those
   types in the same parts: else -EINVAL. The second type is that of the weights and sums.

   The chunks are those of one machine, at most 64, each done by the rank that it begins on, to which its other elements
   travel: at most n / 64 from each rank, or 4096 where that is more, or more where bins are many. So more than 64 ranks
   are no faster than 64. Their tables are added in the tree of one machine: O(log ranks) messages of a few tables each.
   Scratch a table of 8 bytes a bin for each chunk and lane here, and 4 log2(chunks) + 8 besides. Returns 0, -EINVAL,
   -ERANGE, -EOVERFLOW, -ENOMEM, -EPERM, -EIO; sums are written on success and with -ERANGE. */
CREW_API int crew_bincount_weighted_dist_u8_f64(const crew_dist *keys, const crew_dist *weights, double *sums,
                                                size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u16_f64(const crew_dist *keys, const crew_dist *weights, double *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_i32_f64(const crew_dist *keys, const crew_dist *weights, double *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u32_f64(const crew_dist *keys, const crew_dist *weights, double *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_i64_f64(const crew_dist *keys, const crew_dist *weights, double *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u64_f64(const crew_dist *keys, const crew_dist *weights, double *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u8_i64(const crew_dist *keys, const crew_dist *weights, int64_t *sums,
                                                size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u16_i64(const crew_dist *keys, const crew_dist *weights, int64_t *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_i32_i64(const crew_dist *keys, const crew_dist *weights, int64_t *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u32_i64(const crew_dist *keys, const crew_dist *weights, int64_t *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_i64_i64(const crew_dist *keys, const crew_dist *weights, int64_t *sums,
                                                 size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_dist_u64_i64(const crew_dist *keys, const crew_dist *weights, int64_t *sums,
                                                 size_t bins, size_t *out_of_range);

/* crew_sort_by_key over the whole arrays: keys sorted as crew_sort_dist sorts, stable, and each value with its key.
   Both have the same parts, else -EINVAL, and get other ones, the same again: as many elements as crew_sort_dist says.
   Keys and values have elements of any size. Other arrays made by crew_dist_like before have the old parts.

   cmp, ctx, opt as crew_sort. Collective. Returns as crew_sort_dist; after an error nothing has moved. Work as
   crew_sort_dist on elements of both sizes together, which it is done with: scratch three times the new part of both.
 */
CREW_API int crew_sort_by_key_dist(crew_dist *keys, crew_dist *values,
                                   int (*cmp)(const void *a, const void *b, void *ctx), void *ctx,
                                   const crew_options *opt);

/* The same in the order of crew_sort_f64. keys of another size: -EINVAL. */
CREW_API int crew_sort_by_key_dist_f64(crew_dist *keys, crew_dist *values);
CREW_API int crew_sort_by_key_dist_f32(crew_dist *keys, crew_dist *values);
CREW_API int crew_sort_by_key_dist_i32(crew_dist *keys, crew_dist *values);
CREW_API int crew_sort_by_key_dist_i64(crew_dist *keys, crew_dist *values);
CREW_API int crew_sort_by_key_dist_u32(crew_dist *keys, crew_dist *values);
CREW_API int crew_sort_by_key_dist_u64(crew_dist *keys, crew_dist *values);

/* crew_argsort over the whole array: element i of index becomes the number, in the whole array, of the element that is
   the i-th in order. index has elements of type size_t in the parts of x, which stay: else -EINVAL. x is only read.
   After an error index is not defined. Otherwise as crew_sort_by_key_dist; the numbers then travel once more. */
CREW_API int crew_argsort_dist(const crew_dist *x, crew_dist *index,
                               int (*cmp)(const void *a, const void *b, void *ctx), void *ctx, const crew_options *opt);
CREW_API int crew_argsort_dist_f64(const crew_dist *x, crew_dist *index);
CREW_API int crew_argsort_dist_f32(const crew_dist *x, crew_dist *index);
CREW_API int crew_argsort_dist_i32(const crew_dist *x, crew_dist *index);
CREW_API int crew_argsort_dist_i64(const crew_dist *x, crew_dist *index);
CREW_API int crew_argsort_dist_u32(const crew_dist *x, crew_dist *index);
CREW_API int crew_argsort_dist_u64(const crew_dist *x, crew_dist *index);

/* Sum, smallest and largest of the values of each key, as crew_reduce_by_key_sum_u32_f64 and the like of crew/by_key.h:
   keys and values have elements of those types in the same parts, else -EINVAL. *results becomes a new array of a value
   for each distinct key and *keys_out (NULL: not asked for) one of the keys, ascending, in the same parts; on success
   only. A rank has some neighbouring keys, crew_dist_balance makes parts even. How many there are says crew_dist_n.

   f64 sums are bracketed as there, over the whole array: they have its bits. Keys that are sorted over all ranks stay
   where they are; others are sorted over the ranks with their values and, where keys are close together, with the
   numbers of their elements, by crew_sort_dist's algorithm, so that a key with many elements is shared by several
   ranks. Where that needs at least a table for each rank, sums of keys close together are made in the tables of one
   machine, each by the rank that its chunk begins on, and only these travel. A key that goes on from a rank to the next
   is one message of 129 bytes, for which the next waits. For minima, maxima and i64 sums, which brackets do not change,
   each rank does its own elements first, and only a value for each of its keys travels.

   Return 0, -EINVAL, -EOVERFLOW, -ENOMEM, -EPERM, -EIO. Work as crew_sort_dist for 4 to 24 bytes an element more, O(n /
   ranks) for sorted keys; scratch three times that. */
CREW_API int crew_reduce_by_key_sum_dist_i32_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_i64_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_u32_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_u64_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_i32_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_i64_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_u32_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_u64_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_i32_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_i64_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_u32_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_u64_f64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_i32_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_i64_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_u32_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_sum_dist_u64_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_i32_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_i64_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_u32_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_min_dist_u64_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_i32_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_i64_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_u32_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);
CREW_API int crew_reduce_by_key_max_dist_u64_i64(const crew_dist *keys, const crew_dist *values, crew_dist **keys_out,
                                                 crew_dist **results);

/* The distinct keys and how often each occurs: *counts becomes a new array of uint64_t. Otherwise as
   crew_reduce_by_key_sum_dist_u32_i64. */
CREW_API int crew_unique_counts_dist_i32(const crew_dist *keys, crew_dist **keys_out, crew_dist **counts);
CREW_API int crew_unique_counts_dist_i64(const crew_dist *keys, crew_dist **keys_out, crew_dist **counts);
CREW_API int crew_unique_counts_dist_u32(const crew_dist *keys, crew_dist **keys_out, crew_dist **counts);
CREW_API int crew_unique_counts_dist_u64(const crew_dist *keys, crew_dist **keys_out, crew_dist **counts);

/* Any reduction: crew_reduce_by_key_u32 with elements of `values`, of any size, in the place of items by their numbers.
   r->fold gets elements begin .. end-1, by their numbers in the whole array, side by side at `rows`; all have one key.
   They are called for, and merged, as there, so that the results have its bits. Accumulators travel as bytes, so they
   hold no pointers, and r->drop must be NULL (-EINVAL). *results: a new array of r->size bytes an element.

   opt: as crew_for; failed is not supported (-EINVAL); timeout and cancel are each rank's own, and the sort does not
   ask for them. Returns as above, a failing fold's value (that of the lowest key), -ECANCELED, -ETIMEDOUT, the same on
   all ranks. */
CREW_API int crew_reduce_by_key_dist_i32(const crew_dist *keys, const crew_dist *values, const crew_array_reducer *r,
                                         void *ctx, crew_dist **keys_out, crew_dist **results, const crew_options *opt);
CREW_API int crew_reduce_by_key_dist_i64(const crew_dist *keys, const crew_dist *values, const crew_array_reducer *r,
                                         void *ctx, crew_dist **keys_out, crew_dist **results, const crew_options *opt);
CREW_API int crew_reduce_by_key_dist_u32(const crew_dist *keys, const crew_dist *values, const crew_array_reducer *r,
                                         void *ctx, crew_dist **keys_out, crew_dist **results, const crew_options *opt);
CREW_API int crew_reduce_by_key_dist_u64(const crew_dist *keys, const crew_dist *values, const crew_array_reducer *r,
                                         void *ctx, crew_dist **keys_out, crew_dist **results, const crew_options *opt);

#ifdef __cplusplus
}
#endif
#endif
