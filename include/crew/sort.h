/* Sorting and what goes with it: stable sorts by a comparator or by numeric keys, merging, selecting. All results are
   functions of the input alone: the same at any thread count, with and without OpenMP.

   A whole program:

       #include <crew/sort.h>
       #include <stdio.h>
       #include <string.h>

       static int by_text(const void *a, const void *b, void *ctx)
       {
           (void)ctx;
           return strcmp(*(const char *const *)a, *(const char *const *)b);
       }

       int main(void)
       {
           double x[4] = {3, -1, 2, 0.5};
           const char *words[3] = {"one", "two", "three"};
           int error = crew_sort_f64(x, 4);
           if (!error)
               error = crew_sort(words, 3, sizeof *words, by_text, NULL, NULL);
           printf("%g %g %g %g\n", x[0], x[1], x[2], x[3]);    // prints -1 0.5 2 3
           printf("%s %s %s\n", words[0], words[1], words[2]); // prints one three two
           return error != 0;
       } */
#ifndef CREW_SORT_H
#define CREW_SORT_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Negative where a is ordered before b, positive where b is before a, 0 where they are equal, as for qsort_r. Runs on
   several threads at once. A comparator that contradicts itself gives some order of the same elements; nothing is ever
   read or written outside the arrays. To stop a sort early, set the cancel flag of its options. */
typedef int crew_compare(const void *a, const void *b, void *ctx);

/* The comparator forms. For all of them:

   size  bytes in one element, not 0
   cmp   NULL: -EINVAL
   ctx   handed to cmp; may be NULL
   opt   NULL: defaults. grain and failed are not used, progress by crew_sort, crew_argsort, crew_sort_by_key and
   crew_merge only

   Scratch is kept for later calls, and freed by crew_scratch_trim. An index has sizeof(size_t) bytes.

   An array may be NULL where it has no elements. They return 0, -EINVAL for a bad argument or arrays that overlap,
   -EOVERFLOW where n * size does not fit, -ENOMEM with everything untouched, -ECANCELED or -ETIMEDOUT. Thread safe; may
   be called from inside callbacks, on disjoint arrays. The order is total where cmp's is; of elements that are equal
   the one with the lower index comes first. */

/* Sorts n elements, stable. Equals qsort_r(base, n, size, cmp, ctx), were that stable. After -ECANCELED or -ETIMEDOUT
   base holds the same elements in another order.

   Natural order is used: a sorted array costs n - 1 comparisons, a strictly falling one as many and one reversal, and
   runs that are in order already are copied, not merged. Else merge sort: blocks cut by n alone, then pairs merged,
   each pair by many threads that find their parts by co-ranking (Siebert and Traeff, arXiv:1303.4312).

   Work O(n log n), at most n log2(n) comparisons or so; span O(n / 256 log n + log^2 n). Scratch n elements, none where
   they are few; large elements are sorted by index and moved once: 2 n indices more, an eighth of n elements at the
   most. */
CREW_API int crew_sort(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, const crew_options *opt);

/* Sets index[0 .. n-1] to the stable order of the elements: element index[i] is the i-th. Equals sorting 0 .. n-1 by
   cmp(base + index[a] * size, base + index[b] * size) with crew_sort. base is only read. After an error index is not
   defined. Work and span as crew_sort, scratch n indices: elements are compared where they are, and prefetched. */
CREW_API int crew_argsort(const void *base, size_t n, size_t size, size_t *index, crew_compare *cmp, void *ctx,
                          const crew_options *opt);

/* Sorts keys as crew_sort does and moves values[i] with keys[i]. value_size 0: as crew_sort. After an error nothing has
   moved. Work and span as crew_sort; scratch 2 n indices, between which the merge goes back and forth, and n keys or n
   values, whichever are larger: they are permuted one array after the other. */
CREW_API int crew_sort_by_key(void *keys, size_t key_size, void *values, size_t value_size, size_t n, crew_compare *cmp,
                              void *ctx, const crew_options *opt);

/* Merges the sorted arrays a and b into out, which has room for na + nb elements and overlaps neither; of equal
   elements a's come first. Where a or b is not sorted, out receives their elements in some order. After an error out is
   not defined. Work O(na + nb), span O((na + nb) / 256 + log n), no scratch. */
CREW_API int crew_merge(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
                        void *ctx, const crew_options *opt);

/* Merges the sorted parts base[0 .. middle-1] and base[middle .. n-1]: C++'s std::inplace_merge, stable. middle > n:
   -EINVAL. Where a part is not sorted base receives the same elements in some order. After an error nothing has moved.
   Where the parts are in order already two elements are looked at. Work O(n), span O(n / 256 + log n), scratch n
   elements: the merge goes there and back, since all threads read both parts while they write. */
CREW_API int crew_merge_in_place(void *base, size_t middle, size_t n, size_t size, crew_compare *cmp, void *ctx,
                                 const crew_options *opt);

/* *sorted = no element is ordered before the one in front of it. Stops soon after it finds one that is. Work O(n), span
   O(n / threads), no scratch. */
CREW_API int crew_is_sorted(const void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, bool *sorted,
                            const crew_options *opt);

/* Rearranges base so that element k is the one that a stable sort would put there: those before it are not ordered
   after it, those behind it not before it. k >= n: -EINVAL. Each round parts what is left, stable, around a median of
   samples at fixed places; after 2 log2(n) rounds the rest is sorted, and so are large elements.
   After -ECANCELED or -ETIMEDOUT base holds the same elements in another order. Work O(n) expected, O(n log n) at
   worst; scratch n elements and n bytes. */
CREW_API int crew_nth_element(void *base, size_t n, size_t size, size_t k, crew_compare *cmp, void *ctx,
                              const crew_options *opt);

/* Writes the k elements that are ordered last to out, the last one first; of equal elements the one with the lower
   index comes first. Equals out[i] = the i-th of a stable sort by -cmp. index receives where they stand in base; NULL:
   not asked. k > n: -EINVAL. out and base do not overlap. After an error out and index are not defined. Work O(n)
   for small k, on average, at most O(n log k) comparisons and O(n k) moves of indices, scratch k indices a block;
   O(n log k) for larger k, scratch 2 n indices. */
CREW_API int crew_top_k(const void *base, size_t n, size_t size, size_t k, void *out, size_t *index, crew_compare *cmp,
                        void *ctx, const crew_options *opt);

/* The typed forms order numbers as < does, and floats totally: -0 before +0 and every NaN last, all NaNs equal to each
   other whatever their bits. No bit of an element changes. Arrays may be NULL where they have no elements. They return
   0 or -ENOMEM with everything untouched, and -EINVAL or -EOVERFLOW where said. Thread safe; may be called from inside
   callbacks, on disjoint arrays.

   They are radix sorts: buckets by the highest varying bits, made by all threads, then each bucket by counting from the
   lower digit to the higher one within one core's cache, the bits that tell its elements apart only (McIlroy, Bostic,
   McIlroy: Engineering radix sort, 1993; the first digit first, then the last: Blelloch, Anderson, Dhulipala:
   ParlayLib, SPAA 2020). Work O(n), at most 8 passes of one byte; span O(n / 64). A sorted or strictly falling array
   takes one pass. Few elements are merged instead. Scratch is kept for later calls, and freed by crew_scratch_trim.

   Keys alone are sorted in vector registers where the processor has AVX2 or AVX-512: networks for few, quicksort for
   more (Blacher, Giesen, Sanders, Wassenberg, arXiv 2205.05982), on several threads a sample sort of parts that each
   sorts. Where at most 32 keys are different, they are counted. Indices and records, and few keys with values, are
   sorted so too: the upper bits of a key and where it is are one number, and keys that those bits do not tell apart are
   put in order afterwards.

   Here they are shown for f64; the other types are at the end. */

/* Sorts x, stable: NaNs with different bits keep their order. In vector registers work O(n log n), at worst 2 log2(n) +
   64 passes; one thread needs no scratch unless there are NaNs, several take n elements and a sixtieth where keys have
   more than 256 KiB, and do without where there is no memory. Else as said: scratch n elements, none for few; where
   they are many up to 2 MiB of counts, and 128 KiB for each thread. Keys that are counted need none. */
CREW_API int crew_sort_f64(double *x, size_t n);

/* Sorts keys, stable, and moves values[i], of value_size bytes, with keys[i]. value_size 0: values is not used. keys
   and values overlap: -EINVAL. n * value_size does not fit: -EOVERFLOW. Scratch n keys and n values, and counts as
   crew_sort_f64; values that have neither 4 nor 8 bytes or are not aligned to them are moved once, after indices were
   sorted in their place: 2 n indices more. */
CREW_API int crew_sort_by_key_f64(double *keys, void *values, size_t value_size, size_t n);

/* Sorts records of `size` bytes, stable, by the key that each has at key_offset bytes, which need not be aligned. A key
   that is not inside a record: -EINVAL. n * size does not fit: -EOVERFLOW. Scratch n records, and counts as
   crew_sort_f64. Sizes other than 16, and 8 with a 4-byte key, are moved once, after keys and indices were sorted in
   their place: n keys and 2 n indices more. In vector registers up to 16 MiB of records take n indices more. */
CREW_API int crew_sort_records_f64(void *base, size_t n, size_t size, size_t key_offset);

/* Sets index[0 .. n-1] to the stable order of x: x[index[i]] is the i-th. x is only read. After an error
   index is not defined. x and index overlap: -EINVAL.
   In vector registers, for less than 2^32 keys, one thread needs no scratch, several n indices. By digits scratch 2 n
   keys and n indices, as keys and indices move between two arrays, and x may not be one of them; counts as
   crew_sort_f64. By digits are sorted 257 to 65,536 keys of 4 bytes, integers of which few are different, and keys of 8
   bytes that stand too close together: a sample tells. */
CREW_API int crew_argsort_f64(const double *x, size_t n, size_t *index);

/* Merges the sorted arrays a and b into out, of na + nb elements; of equal elements a's come first. out overlaps a or
   b: -EINVAL. Where a or b is not sorted, out receives their elements in some order. No scratch. Work O(na + nb), span
   O((na + nb) / 256 + log n). */
CREW_API int crew_merge_f64(const double *a, size_t na, const double *b, size_t nb, double *out);

/* Merges the sorted parts x[0 .. middle-1] and x[middle .. n-1], as crew_merge_in_place. Scratch n elements. */
CREW_API int crew_merge_in_place_f64(double *x, size_t middle, size_t n);

/* True where the sort would leave x as it is. Ends soon after a pair that is out of order. */
CREW_API bool crew_is_sorted_f64(const double *x, size_t n);

/* Parts x, stable, into the elements before, equal to and after the one that a sort would put at k: x[k] is that one,
   the elements of each part keep their order. k >= n: -EINVAL. The key is found digit by digit without moving
   anything, among few elements by quickselect on a copy. Work O(n). Scratch n elements and up to 1 MiB of counts, 3 n
   for few elements. */
CREW_API int crew_nth_element_f64(double *x, size_t n, size_t k);

/* Writes the k last elements of the sorted order, the last one first, to out, and where they stand in x to index (NULL:
   not asked); of equal elements the one with the lower index comes first. NaN counts as larger than any number, as in
   the sort. k > n, or out or index overlaps x: -EINVAL. x is only read. Work O(n + k), scratch 2 k keys, 2 k indices
   and up to 1 MiB, for few elements 2 n keys more. */
CREW_API int crew_top_k_f64(const double *x, size_t n, size_t k, double *out, size_t *index);

/* The same for the other types. */
CREW_API int crew_sort_f32(float *x, size_t n);
CREW_API int crew_sort_i32(int32_t *x, size_t n);
CREW_API int crew_sort_i64(int64_t *x, size_t n);
CREW_API int crew_sort_u32(uint32_t *x, size_t n);
CREW_API int crew_sort_u64(uint64_t *x, size_t n);

CREW_API int crew_sort_by_key_f32(float *keys, void *values, size_t value_size, size_t n);
CREW_API int crew_sort_by_key_i32(int32_t *keys, void *values, size_t value_size, size_t n);
CREW_API int crew_sort_by_key_i64(int64_t *keys, void *values, size_t value_size, size_t n);
CREW_API int crew_sort_by_key_u32(uint32_t *keys, void *values, size_t value_size, size_t n);
CREW_API int crew_sort_by_key_u64(uint64_t *keys, void *values, size_t value_size, size_t n);

CREW_API int crew_sort_records_f32(void *base, size_t n, size_t size, size_t key_offset);
CREW_API int crew_sort_records_i32(void *base, size_t n, size_t size, size_t key_offset);
CREW_API int crew_sort_records_i64(void *base, size_t n, size_t size, size_t key_offset);
CREW_API int crew_sort_records_u32(void *base, size_t n, size_t size, size_t key_offset);
CREW_API int crew_sort_records_u64(void *base, size_t n, size_t size, size_t key_offset);

CREW_API int crew_argsort_f32(const float *x, size_t n, size_t *index);
CREW_API int crew_argsort_i32(const int32_t *x, size_t n, size_t *index);
CREW_API int crew_argsort_i64(const int64_t *x, size_t n, size_t *index);
CREW_API int crew_argsort_u32(const uint32_t *x, size_t n, size_t *index);
CREW_API int crew_argsort_u64(const uint64_t *x, size_t n, size_t *index);

CREW_API int crew_merge_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
CREW_API int crew_merge_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
CREW_API int crew_merge_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
CREW_API int crew_merge_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
CREW_API int crew_merge_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);

CREW_API int crew_merge_in_place_f32(float *x, size_t middle, size_t n);
CREW_API int crew_merge_in_place_i32(int32_t *x, size_t middle, size_t n);
CREW_API int crew_merge_in_place_i64(int64_t *x, size_t middle, size_t n);
CREW_API int crew_merge_in_place_u32(uint32_t *x, size_t middle, size_t n);
CREW_API int crew_merge_in_place_u64(uint64_t *x, size_t middle, size_t n);

CREW_API bool crew_is_sorted_f32(const float *x, size_t n);
CREW_API bool crew_is_sorted_i32(const int32_t *x, size_t n);
CREW_API bool crew_is_sorted_i64(const int64_t *x, size_t n);
CREW_API bool crew_is_sorted_u32(const uint32_t *x, size_t n);
CREW_API bool crew_is_sorted_u64(const uint64_t *x, size_t n);

CREW_API int crew_nth_element_f32(float *x, size_t n, size_t k);
CREW_API int crew_nth_element_i32(int32_t *x, size_t n, size_t k);
CREW_API int crew_nth_element_i64(int64_t *x, size_t n, size_t k);
CREW_API int crew_nth_element_u32(uint32_t *x, size_t n, size_t k);
CREW_API int crew_nth_element_u64(uint64_t *x, size_t n, size_t k);

CREW_API int crew_top_k_f32(const float *x, size_t n, size_t k, float *out, size_t *index);
CREW_API int crew_top_k_i32(const int32_t *x, size_t n, size_t k, int32_t *out, size_t *index);
CREW_API int crew_top_k_i64(const int64_t *x, size_t n, size_t k, int64_t *out, size_t *index);
CREW_API int crew_top_k_u32(const uint32_t *x, size_t n, size_t k, uint32_t *out, size_t *index);
CREW_API int crew_top_k_u64(const uint64_t *x, size_t n, size_t k, uint64_t *out, size_t *index);

#ifdef __cplusplus
}
#endif
#endif
