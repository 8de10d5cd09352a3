/* Reductions: any accumulator with any associative merge, and typed ones that vectorise. The same bits at any thread
   count, with and without OpenMP, at every instruction set: blocks are cut by n alone and merged in one fixed tree.

   A whole program:

       #include <crew/reduce.h>
       #include <stdio.h>

       struct tally {
           size_t even, odd;
       };

       static int fold(size_t begin, size_t end, void *acc, void *ctx)
       {
           struct tally *t = acc;
           const int *x = ctx;
           for (size_t i = begin; i < end; i++)
               x[i] % 2 ? t->odd++ : t->even++;
           return 0;
       }

       static void merge(void *acc, const void *right, void *ctx)
       {
           (void)ctx;
           ((struct tally *)acc)->even += ((const struct tally *)right)->even;
           ((struct tally *)acc)->odd += ((const struct tally *)right)->odd;
       }

       int main(void)
       {
           int x[5] = {3, 1, 4, 1, 5};
           double y[3] = {0.5, 2, 8};
           struct tally t;
           int error = crew_reduce(5, &(crew_reducer){.size = sizeof t, .fold = fold, .merge = merge}, x, &t, NULL);
           printf("%zu even, %zu odd, sum %g\n", t.even, t.odd, crew_sum_f64(y, 3)); // prints 1 even, 4 odd, sum 10.5
           return error != 0;
       } */
#ifndef CREW_REDUCE_H
#define CREW_REDUCE_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to reduce. merge must be associative; it need not commute, because blocks are merged in the order of their
   items. identity is neutral: merging it from either side changes nothing. */
typedef struct crew_reducer {
    size_t size;          /* bytes in one accumulator, not 0 */
    const void *identity; /* what an accumulator starts as; NULL: zero bytes */
    /* folds items begin .. end-1, in order, into acc; returns 0, or non-zero to stop the call */
    int (*fold)(size_t begin, size_t end, void *acc, void *ctx);
    /* acc = acc followed by right; right is not used afterwards */
    void (*merge)(void *acc, const void *right, void *ctx);
    /* frees what an accumulator owns, called for every one that a failed call leaves; NULL: nothing to free */
    void (*drop)(void *acc, void *ctx);
} crew_reducer;

/* Reduces the items 0 .. n-1 into *result. Equals, up to where an associative merge may be bracketed,

       memcpy(result, identity, size);
       return fold(0, n, result, ctx);

   The items are cut into at most 1024 blocks, by n, grain and size alone: single items up to 64, then 64 blocks, blocks
   of 64 items from n = 4096, 1024 blocks from n = 65536; fewer where accumulators are so large that all of them would
   pass 64 MiB, but at least 64; never below grain. Each block is folded into an accumulator of its own; block k is then
   merged with block k+1 for even k, the results of that likewise, and so on: a balanced tree of fixed shape.

   n       items; 0: *result becomes the identity
   r       NULL, size 0, no fold or no merge: -EINVAL
   ctx     handed to fold, merge and drop; may be NULL
   result  size bytes, aligned as its type asks for; NULL: -EINVAL. Written on success only
   opt     NULL: defaults. failed: the exact index, found by folding the failing block once more, one item at a
           time, into an accumulator that is dropped

   Returns as crew_for, -EOVERFLOW and -ENOMEM for the scratch. Accumulators are aligned to 64 bytes. fold and
   merge may run on any thread, merge never before its blocks are folded.

   Work O(n), span O(largest block + log(n) merges), scratch one accumulator a block. The same bits at any thread count,
   as far as fold is a function of its items. Thread safe; may be called from inside callbacks. */
CREW_API int crew_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, const crew_options *opt);

/* The typed forms below take n elements, read each once, allocate nothing, cannot fail, may be called from any thread
   and from inside callbacks, and run on the caller alone where n is small. x may be NULL where n is 0. NaN is
   treated as NumPy does, and a NaN that is returned is always the value of NAN. Work O(n), span O(n / threads). Here
   they are shown for f64; the other types are at the end. */

/* for (i) s += x[i]. 0 for n = 0. Floats: 32 interleaved sums in leaves of 4096 elements, the leaves added pairwise
   in a fixed tree (Higham, doi:10.1137/0914050): the error is at most (128 + log2(n)) * 2^-53 * sum |x[i]|. f32 is
   summed in double and rounded once. In a leaf, element i goes to lane i % 32; lane l is added to l + 16, that to l
   + 8, and so on; leaves are added in aligned groups of 2, 4, 8, ..., the remainder from the right. An infinity or
   NaN in x gives what the loop would. Integers: summed in 64 bits, wrapping modulo 2^64. */
CREW_API double crew_sum_f64(const double *x, size_t n);

/* for (i) s += x[i] * y[i], each product rounded before it is added (no fused multiply-add), which adds 2^-53 * sum
   |x[i] * y[i]| to the error bound where no product underflows. Otherwise as crew_sum; f32 products are exact.
   Integer products and sums wrap modulo 2^64. x and y may be the same array. */
CREW_API double crew_dot_f64(const double *x, const double *y, size_t n);

/* The smallest element, NaN if any element is NaN. n = 0: the identity, +infinity for floats, the type's largest
   value for integers. Of -0 and +0 either may be returned, the same one everywhere. */
CREW_API double crew_min_f64(const double *x, size_t n);

/* The largest element, NaN if any element is NaN. n = 0: -infinity for floats, the type's smallest value for
   integers. */
CREW_API double crew_max_f64(const double *x, size_t n);

/* Both in one pass: *min = crew_min(x, n), *max = crew_max(x, n). Either pointer may be NULL. */
CREW_API void crew_minmax_f64(const double *x, size_t n, double *min, double *max);

/* The lowest index of the smallest element; the lowest index of a NaN if any element is NaN. n = 0: 0. */
CREW_API size_t crew_argmin_f64(const double *x, size_t n);

/* The lowest index of the largest element; the lowest index of a NaN if any element is NaN. n = 0: 0. */
CREW_API size_t crew_argmax_f64(const double *x, size_t n);

/* crew_sum / n, in double for every type: floats are summed as crew_sum does, integers in 64 bits (a sum that wraps
   gives a wrong mean, where a sum of doubles would only be rounded). n = 0: NaN. */
CREW_API double crew_mean_f64(const double *x, size_t n);

/* sqrt(sum of x[i] * x[i]), without the overflow and underflow of that: where the plain sum of squares is infinite
   or below 2^-960, so that squares may have lost bits, x is read twice more: for its largest magnitude, and to sum
   the squares scaled by a power of two. 0 for n = 0; infinity if any element is infinite and none is NaN; NaN if any
   is NaN. */
CREW_API float crew_norm2_f32(const float *x, size_t n);
CREW_API double crew_norm2_f64(const double *x, size_t n);

/* NumPy's nansum, nanmean, nanmin, nanmax: what is NaN is left out, as if it were not in the array. The sum is, to the
   bit, crew_sum of the array with +0 in place of each NaN; the mean is that sum, for f32 before it is rounded, divided
   by how many elements are no NaN, for which x is read again. Where there is none (n = 0 too) the sum is 0 and the
   others are NaN. An infinity counts as in crew_sum and crew_min. Of -0 and +0 either may be the extreme, the same one
   everywhere. */
CREW_API float crew_nansum_f32(const float *x, size_t n);
CREW_API double crew_nansum_f64(const double *x, size_t n);
CREW_API double crew_nanmean_f32(const float *x, size_t n);
CREW_API double crew_nanmean_f64(const double *x, size_t n);
CREW_API float crew_nanmin_f32(const float *x, size_t n);
CREW_API double crew_nanmin_f64(const double *x, size_t n);
CREW_API float crew_nanmax_f32(const float *x, size_t n);
CREW_API double crew_nanmax_f64(const double *x, size_t n);

/* The same for the other types. */
CREW_API float crew_sum_f32(const float *x, size_t n);
CREW_API int64_t crew_sum_i32(const int32_t *x, size_t n);
CREW_API int64_t crew_sum_i64(const int64_t *x, size_t n);
CREW_API uint64_t crew_sum_u32(const uint32_t *x, size_t n);
CREW_API uint64_t crew_sum_u64(const uint64_t *x, size_t n);

CREW_API float crew_dot_f32(const float *x, const float *y, size_t n);
CREW_API int64_t crew_dot_i32(const int32_t *x, const int32_t *y, size_t n);
CREW_API int64_t crew_dot_i64(const int64_t *x, const int64_t *y, size_t n);
CREW_API uint64_t crew_dot_u32(const uint32_t *x, const uint32_t *y, size_t n);
CREW_API uint64_t crew_dot_u64(const uint64_t *x, const uint64_t *y, size_t n);

CREW_API float crew_min_f32(const float *x, size_t n);
CREW_API int32_t crew_min_i32(const int32_t *x, size_t n);
CREW_API int64_t crew_min_i64(const int64_t *x, size_t n);
CREW_API uint32_t crew_min_u32(const uint32_t *x, size_t n);
CREW_API uint64_t crew_min_u64(const uint64_t *x, size_t n);

CREW_API float crew_max_f32(const float *x, size_t n);
CREW_API int32_t crew_max_i32(const int32_t *x, size_t n);
CREW_API int64_t crew_max_i64(const int64_t *x, size_t n);
CREW_API uint32_t crew_max_u32(const uint32_t *x, size_t n);
CREW_API uint64_t crew_max_u64(const uint64_t *x, size_t n);

CREW_API void crew_minmax_f32(const float *x, size_t n, float *min, float *max);
CREW_API void crew_minmax_i32(const int32_t *x, size_t n, int32_t *min, int32_t *max);
CREW_API void crew_minmax_i64(const int64_t *x, size_t n, int64_t *min, int64_t *max);
CREW_API void crew_minmax_u32(const uint32_t *x, size_t n, uint32_t *min, uint32_t *max);
CREW_API void crew_minmax_u64(const uint64_t *x, size_t n, uint64_t *min, uint64_t *max);

CREW_API size_t crew_argmin_f32(const float *x, size_t n);
CREW_API size_t crew_argmin_i32(const int32_t *x, size_t n);
CREW_API size_t crew_argmin_i64(const int64_t *x, size_t n);
CREW_API size_t crew_argmin_u32(const uint32_t *x, size_t n);
CREW_API size_t crew_argmin_u64(const uint64_t *x, size_t n);

CREW_API size_t crew_argmax_f32(const float *x, size_t n);
CREW_API size_t crew_argmax_i32(const int32_t *x, size_t n);
CREW_API size_t crew_argmax_i64(const int64_t *x, size_t n);
CREW_API size_t crew_argmax_u32(const uint32_t *x, size_t n);
CREW_API size_t crew_argmax_u64(const uint64_t *x, size_t n);

CREW_API double crew_mean_f32(const float *x, size_t n);
CREW_API double crew_mean_i32(const int32_t *x, size_t n);
CREW_API double crew_mean_i64(const int64_t *x, size_t n);
CREW_API double crew_mean_u32(const uint32_t *x, size_t n);
CREW_API double crew_mean_u64(const uint64_t *x, size_t n);

#ifdef __cplusplus
}
#endif
#endif
