/* Counting keys and values into bins: bincount and histograms. The same bits at any thread count, with and without
   OpenMP, at every instruction set.

   All functions here take n elements, read each once, may be called from any thread and from inside callbacks, and run
   on the caller alone where n is small. Arrays may be NULL where their length is 0. Outputs must not overlap inputs.
   What is out of range is never written anywhere: with out_of_range, *out_of_range receives how many elements were, and
   the call returns 0; with NULL, the call returns -ERANGE if there was any. In both cases the bins hold what was in
   range.

   Returns 0, -ERANGE as above, -EINVAL (NULL array, bad edges), -EOVERFLOW (n * size does not fit). Where there is no
   memory for scratch, integer counts are made without, on the caller; other calls return -ENOMEM, outputs untouched.

   A whole program:

       #include <crew/histogram.h>
       #include <stdio.h>

       int main(void)
       {
           double x[6] = {0.1, 0.4, 0.6, 0.7, 0.9, 3};
           uint64_t counts[2];
           size_t outside;
           int error = crew_histogram_f64(x, 6, 0, 1, counts, 2, &outside);
           printf("%d below a half, %d above, %zu outside\n", (int)counts[0], (int)counts[1], outside);
           // prints 2 below a half, 3 above, 1 outside
           return error != 0;
       } */
#ifndef CREW_HISTOGRAM_H
#define CREW_HISTOGRAM_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How often each of the keys 0 .. bins-1 occurs. Equals

       for (size_t b = 0; b < bins; b++) counts[b] = 0;
       for (size_t i = 0; i < n; i++)
           if (0 <= keys[i] && keys[i] < bins) counts[keys[i]]++; else out++;

   Work O(n + bins), span O((n + bins) / threads). Scratch: a private table for each thread that takes part, of 16
   bytes a bin where bins are few, 4 or 1 where they are many. Only as many threads take part as keep all tables
   together within n keys' size.

   Here shown for u32 keys; the other types are at the end. */
CREW_API int crew_bincount_u32(const uint32_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);

/* The same with counts of 32 bits: half the memory, what an integer sort wants. More than UINT32_MAX keys: -EOVERFLOW.
 */
CREW_API int crew_bincount32_u32(const uint32_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);

/* The sum of the weights of each key. Equals, up to where sums are bracketed,

       for (size_t b = 0; b < bins; b++) sums[b] = 0;
       for (size_t i = 0; i < n; i++)
           if (0 <= keys[i] && keys[i] < bins) sums[keys[i]] += weights[i]; else out++;

   The second type is that of the weights. i64 sums wrap modulo 2^64. f64: the elements are cut into at most 64 chunks
   by n and bins alone, each summed in order, or in four interleaved lanes where bins are few, and chunks are added
   pairwise in a fixed tree. A bin that gets no element is +0. Work O(n + bins), span O(n / chunks + bins). Scratch 8
   bytes a bin, chunk and lane, at most n weights, none for one chunk. */
CREW_API int crew_bincount_weighted_u32_f64(const uint32_t *keys, const double *weights, size_t n, double *sums,
                                            size_t bins, size_t *out_of_range);

/* The edges of `bins` bins of equal width, as numpy.linspace gives them: edges[b] = b * ((high - low) / bins) + low for
   b < bins, in double, rounded to the type; edges[bins] = high. Where that quotient underflows to 0,
   b / bins * (high - low) + low, as NumPy; also where it is so small that rounding it makes edges pass high, which
   NumPy does not mend. Where high - low overflows the halves are computed and doubled. Edges ascend; where there are
   fewer numbers between low and high than bins, some are equal. bins at least 1 and below 2^31, low < high, both
   finite, or else -EINVAL. O(bins). */
CREW_API int crew_histogram_edges_f32(float low, float high, size_t bins, float *edges);
CREW_API int crew_histogram_edges_f64(double low, double high, size_t bins, double *edges);

/* How many values lie in each bin of equal width. Equals crew_histogram_by_edges with the edges of
   crew_histogram_edges: the bin is decided by comparing with the edges, as numpy.histogram(x, bins, (low, high)) does.
   (NumPy moves a value by one bin at most, which is not enough where bins are narrower than the type's spacing, so that
   edges are equal.) Arguments as crew_histogram_edges. Work O(n + bins) and scratch as crew_bincount_u32; O(n log bins)
   and scratch for the edges besides where bins are about as narrow as the type's rounding or high - low overflows. */
CREW_API int crew_histogram_f32(const float *x, size_t n, float low, float high, uint64_t *counts, size_t bins,
                                size_t *out_of_range);
CREW_API int crew_histogram_f64(const double *x, size_t n, double low, double high, uint64_t *counts, size_t bins,
                                size_t *out_of_range);

/* How many points (x[i], y[i]) lie in each cell of a grid: counts[b * y_bins + c] for bin b of x and bin c of y, each
   decided as crew_histogram does, as numpy.histogram2d does with a range. A point is out of range where either
   coordinate is. x and y may be the same array. x_bins * y_bins below 2^31. Work O(n + cells), span and scratch as
   crew_histogram with so many bins. */
CREW_API int crew_histogram_2d_f32(const float *x, const float *y, size_t n, float x_low, float x_high, size_t x_bins,
                                   float y_low, float y_high, size_t y_bins, uint64_t *counts, size_t *out_of_range);
CREW_API int crew_histogram_2d_f64(const double *x, const double *y, size_t n, double x_low, double x_high,
                                   size_t x_bins, double y_low, double y_high, size_t y_bins, uint64_t *counts,
                                   size_t *out_of_range);

/* How many values lie in each bin, by bins + 1 edges that ascend (equal ones are allowed; not ascending or NaN:
   -EINVAL). As NumPy: bin b has edges[b] <= x < edges[b + 1], the last bin x <= edges[bins] too. NaN and what lies
   outside is out of range. -0 equals +0. bins at least 1 and below 2^31. Work O(n log bins + bins), scratch as
   crew_bincount_u32. */
CREW_API int crew_histogram_by_edges_f32(const float *x, size_t n, const float *edges, uint64_t *counts, size_t bins,
                                         size_t *out_of_range);
CREW_API int crew_histogram_by_edges_f64(const double *x, size_t n, const double *edges, uint64_t *counts, size_t bins,
                                         size_t *out_of_range);

/* How many points (x[i], y[i]) lie in each cell of a grid: counts[b * y_bins + c] for bin b by the x_bins + 1 edges of
   x and bin c by the y_bins + 1 edges of y, each decided as crew_histogram_by_edges does, as numpy.histogram2d does
   with arrays of edges. Both may be the same edges. All else as crew_histogram_2d; work O(n (log x_bins + log y_bins) +
   cells). */
CREW_API int crew_histogram_2d_by_edges_f32(const float *x, const float *y, size_t n, const float *x_edges,
                                            size_t x_bins, const float *y_edges, size_t y_bins, uint64_t *counts,
                                            size_t *out_of_range);
CREW_API int crew_histogram_2d_by_edges_f64(const double *x, const double *y, size_t n, const double *x_edges,
                                            size_t x_bins, const double *y_edges, size_t y_bins, uint64_t *counts,
                                            size_t *out_of_range);

/* The same for the other types. */
CREW_API int crew_bincount_u8(const uint8_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_u16(const uint16_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_i32(const int32_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_i64(const int64_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_u64(const uint64_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);

CREW_API int crew_bincount_weighted_u8_f64(const uint8_t *keys, const double *weights, size_t n, double *sums,
                                           size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_u16_f64(const uint16_t *keys, const double *weights, size_t n, double *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_i32_f64(const int32_t *keys, const double *weights, size_t n, double *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_i64_f64(const int64_t *keys, const double *weights, size_t n, double *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_u64_f64(const uint64_t *keys, const double *weights, size_t n, double *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_u8_i64(const uint8_t *keys, const int64_t *weights, size_t n, int64_t *sums,
                                           size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_u16_i64(const uint16_t *keys, const int64_t *weights, size_t n, int64_t *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_i32_i64(const int32_t *keys, const int64_t *weights, size_t n, int64_t *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_i64_i64(const int64_t *keys, const int64_t *weights, size_t n, int64_t *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_u32_i64(const uint32_t *keys, const int64_t *weights, size_t n, int64_t *sums,
                                            size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_weighted_u64_i64(const uint64_t *keys, const int64_t *weights, size_t n, int64_t *sums,
                                            size_t bins, size_t *out_of_range);

CREW_API int crew_bincount32_u8(const uint8_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount32_u16(const uint16_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount32_i32(const int32_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount32_i64(const int64_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount32_u64(const uint64_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);

#ifdef __cplusplus
}
#endif
#endif
