/* Keep some of the elements of an array, in their order: by a predicate, by flags, the first of equal ones.

   A whole program:

       #include <crew/filter.h>
       #include <stdio.h>

       static int even(size_t begin, size_t end, unsigned char *flags, void *ctx)
       {
           const int *x = ctx;
           for (size_t i = begin; i < end; i++)
               flags[i - begin] = x[i] % 2 == 0;
           return 0;
       }

       int main(void)
       {
           int x[6] = {3, 8, 5, 2, 6, 7}, kept[6];
           size_t count;
           int error = crew_filter(x, kept, sizeof *x, 6, even, x, &count, NULL);
           for (size_t i = 0; !error && i < count; i++)
               printf("%d\n", kept[i]);
           // prints 8
           // prints 2
           // prints 6
           return error != 0;
       } */
#ifndef CREW_FILTER_H
#define CREW_FILTER_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Asks about the items begin .. end-1 (begin < end, at most 4096 items): writes flags[i - begin], not 0 where item i
   has the property, for each of them. Returns 0, or non-zero to stop the call. The loop is the user's own, so that it
   vectorises:

       static int positive(size_t begin, size_t end, unsigned char *flags, void *ctx)
       {
           const double *x = ctx;
           for (size_t i = begin; i < end; i++)
               flags[i - begin] = x[i] > 0;
           return 0;
       }

   It may be called on several threads at the same time and in any order, for one item at a time where items take long:
   a few files are shared out like many numbers. Where it is compiled for plain x86-64, gcc vectorises that loop for
   four-byte elements but not for doubles, and the predicate takes longer than all the rest;
   __attribute__((target_clones("avx2", "default"))) in front of it makes it four times as fast. */
typedef int crew_predicate(size_t begin, size_t end, unsigned char *flags, void *ctx);

/* What crew_filter, crew_pack, crew_partition and crew_unique have in common.

   in, size   n elements of size bytes (not 0), aligned or not
   n          0: the arrays may be NULL, *count becomes 0
   out        room for the elements that are kept; nothing beyond them is written. It may be in itself, or overlap in
              where it starts below it; out inside in otherwise: -EINVAL
   count      receives how many are kept. Written on success only. NULL: -EINVAL
   opt        NULL: defaults

   They return 0, -EINVAL, -EOVERFLOW where n * size does not fit, -ENOMEM, and as crew_for -ECANCELED, -ETIMEDOUT or
   the predicate's value for the lowest failing item (of the lowest failing call of the predicate; opt->failed asks for
   the exact item, and the predicate then gets one item at a time). After a failure out is undefined, and so is in where
   they overlap.

   Work O(n), span O(n / threads). Scratch: 40 bytes a block of about n / 1024 elements, and with several threads one or
   two blocks of elements a thread; more, n elements at the most, where a thread does not get a processor while others
   go on. Arrays that fit the caches and do not overlap take 8 bytes a block, and one for each item that a predicate
   flags. All of it is kept for reuse. Where items take more than a microsecond, and in calls of up to 1024 items, all
   of them may be flagged before any is written, for a byte an item. The same bytes at any thread count, as far as the
   predicate is a function of its item. Thread safe; may be called from inside callbacks.

   Arrays that fit the caches are flagged and counted in one pass and packed in a second. In longer ones blocks are
   packed in a cache and copied to their place when all before them are counted, in the manner of the chained scan of
   Merrill and Garland ("Single-pass Parallel Prefix Scan with Decoupled Look-back", NVIDIA NVR-2016-002), but no thread
   ever waits for another: whoever counts a block last copies it. */

/* Keeps the elements that pred flags. Equals

       for (size_t i = 0; i < n; i++)
           if (pred says item i)
               out[(*count)++] = in[i];

   The predicate is called once for each item. It may read its own items begin .. end-1 of in even where out is in, but
   no others then. NULL: -EINVAL. */
CREW_API int crew_filter(const void *in, void *out, size_t size, size_t n, crew_predicate *pred, void *ctx,
                         size_t *count, const crew_options *opt);

/* Keeps the elements whose flag is not 0: crew_filter with `flags` (n bytes) for the predicate. flags may not overlap
   out: -EINVAL. */
CREW_API int crew_pack(const void *in, void *out, size_t size, size_t n, const unsigned char *flags, size_t *count,
                       const crew_options *opt);

/* Splits an array: what pred flags goes to `kept`, the others to `rest`, both in their order. Equals

       for (size_t i = 0; i < n; i++)
           if (pred says item i) kept[(*count)++] = in[i]; else rest[others++] = in[i];

   kept   as out above
   rest   room for the n - *count others; may not overlap in or kept: -EINVAL, perhaps with both outputs written. NULL:
   the others follow the kept ones in `kept`, which then has room for n elements (std::stable_partition where kept is
   in); scratch of n elements more */
CREW_API int crew_partition(const void *in, void *kept, void *rest, size_t size, size_t n, crew_predicate *pred,
                            void *ctx, size_t *count, const crew_options *opt);

/* Keeps the first of each run of equal neighbours: all different elements where in is sorted. Equals

       for (size_t i = 0; i < n; i++)
           if (i == 0 || !equal(in[i - 1], in[i]))
               out[(*count)++] = in[i];

   equal(a, b, ctx) says with non-zero that two elements are equal; NULL: where all their bytes are. It must be
   transitive where out overlaps in. Scratch where out overlaps in: one element a block more. */
CREW_API int crew_unique(const void *in, void *out, size_t size, size_t n,
                         int (*equal)(const void *a, const void *b, void *ctx), void *ctx, size_t *count,
                         const crew_options *opt);

/* Counts the items 0 .. n-1 that pred flags. Equals, in *count,

       for (size_t i = 0; i < n; i++)
           *count += pred says item i;

   Returns as crew_filter, -EINVAL for pred or count NULL. Work O(n), span O(n / threads), no scratch. */
CREW_API int crew_count_if(size_t n, crew_predicate *pred, void *ctx, size_t *count, const crew_options *opt);

/* The typed forms below take no options and return how many elements they kept. They cannot fail: without memory for
   scratch they run on one thread, which needs none. Arrays may be NULL where n is 0. out may be in, or start below it;
   any other overlap is not allowed. The rest as above. Here they
   are shown for f64; the other types are at the end. */

/* crew_pack. */
CREW_API size_t crew_pack_f64(const double *in, double *out, size_t n, const unsigned char *flags);

/* The indices whose flag is not 0, in order: for (i) if (flags[i]) out[count++] = i. out and flags may not overlap. */
CREW_API size_t crew_pack_index(size_t *out, size_t n, const unsigned char *flags);

/* crew_unique by value: floats are equal by ==, so -0 and +0 are (the first of a run is kept), and a NaN equals a NaN.
 */
CREW_API size_t crew_unique_f64(const double *in, double *out, size_t n);

/* The same for the other types. */
CREW_API size_t crew_pack_f32(const float *in, float *out, size_t n, const unsigned char *flags);
CREW_API size_t crew_pack_i32(const int32_t *in, int32_t *out, size_t n, const unsigned char *flags);
CREW_API size_t crew_pack_i64(const int64_t *in, int64_t *out, size_t n, const unsigned char *flags);
CREW_API size_t crew_pack_u32(const uint32_t *in, uint32_t *out, size_t n, const unsigned char *flags);
CREW_API size_t crew_pack_u64(const uint64_t *in, uint64_t *out, size_t n, const unsigned char *flags);

CREW_API size_t crew_unique_f32(const float *in, float *out, size_t n);
CREW_API size_t crew_unique_i32(const int32_t *in, int32_t *out, size_t n);
CREW_API size_t crew_unique_i64(const int64_t *in, int64_t *out, size_t n);
CREW_API size_t crew_unique_u32(const uint32_t *in, uint32_t *out, size_t n);
CREW_API size_t crew_unique_u64(const uint64_t *in, uint64_t *out, size_t n);

#ifdef __cplusplus
}
#endif
#endif
