/* Set operations on sorted arrays. Shown for f64; the other types are at the end.

   An element that occurs m times in a and k times in b occurs in the union max(m, k) times, in the intersection
   min(m, k), in the difference m - k or 0, in the symmetric difference |m - k|: C++'s std::set_union and its like. The
   first of equal elements in a goes with the first in b, and so on: of the m and k the union and the intersection have
   the first min(m, k) from a, and what is left over of either in its order. Results are sorted, and the same at any
   thread count, with and without OpenMP, at every instruction set.

   a, b   sorted; they may be NULL where they have no elements, and may be the same array. Where one is not sorted the
          result is some elements of both, up to na + nb of them
   out    room for the elements of the result; nothing beyond them is written. NULL: they are counted only, which tells
          how much room is needed. It overlaps neither a nor b

   Work O(na + nb), span O((na + nb) / threads + log n). Parts that begin at equal places of the merged sequence are
   found by co-ranking (Siebert and Traeff, arXiv:1303.4312), with equal elements of a and b kept in pairs as in
   Baxter's balanced path (Modern GPU 1.0, 2013). Each is done once: the part whose place is known goes straight to out,
   one that is early waits in a buffer. Scratch: with several threads as crew_filter has it. Thread safe; may be called
   from inside callbacks.

   A whole program:

       #include <crew/set.h>
       #include <stdio.h>

       int main(void)
       {
           double a[3] = {1, 2, 2}, b[2] = {2, 3}, out[5];
           size_t count = crew_set_union_f64(a, 3, b, 2, out);
           for (size_t i = 0; i < count; i++)
               printf("%g\n", out[i]);
           // prints 1
           // prints 2
           // prints 2
           // prints 3
           printf("%zu\n", crew_set_difference_f64(a, 3, b, 2, NULL)); // prints 2
           return 0;
       } */
#ifndef CREW_SET_H
#define CREW_SET_H

#include <crew/options.h>
#include <crew/sort.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What crew/inline/set.h is asked for. */
typedef enum crew_set_operation {
    CREW_SET_UNION,
    CREW_SET_INTERSECTION,
    CREW_SET_DIFFERENCE,
    CREW_SET_SYMMETRIC_DIFFERENCE
} crew_set_operation;

/* The comparator forms.

   size   bytes of an element, not 0
   cmp    as sort.h documents it. NULL: -EINVAL
   count  receives how many elements the result has. Written on success only. NULL: -EINVAL
   opt    NULL: defaults. failed is not used

   They return 0, -EINVAL for a bad argument or an out that overlaps a or b (then perhaps with out written), -EOVERFLOW
   where sizes do not fit, -ENOMEM, -ECANCELED or -ETIMEDOUT; out is then undefined. At most na + nb comparisons, and
   some log2(na + nb) a part.

   Equals

       while (i < na || j < nb) {
           int c = i == na ? 1 : j == nb ? -1 : cmp(&a[i], &b[j], ctx);
           if (c < 0) out[(*count)++] = a[i++];
           else if (c > 0) out[(*count)++] = b[j++];
           else out[(*count)++] = a[i++], j++;
       }

   where the intersection has the last line only, the difference the first only, the symmetric difference the first
   two. */
CREW_API int crew_set_union(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                            crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt);
CREW_API int crew_set_intersection(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                   crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt);
CREW_API int crew_set_difference(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                 crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt);
CREW_API int crew_set_symmetric_difference(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                           crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt);

/* *result = a has every element of b, each as often as b at least: C++'s std::includes. Stops soon after it finds one
   that a has not. True for nb = 0. As above, without out and count; no scratch. */
CREW_API int crew_includes(const void *a, size_t na, const void *b, size_t nb, size_t size, crew_compare *cmp,
                           void *ctx, bool *result, const crew_options *opt);

/* The typed forms return how many elements the result has and cannot fail: without memory they run on one thread, which
   needs none. Numbers are ordered as < does; floats by value: -0 equals +0, and NaN comes after everything else and
   equals NaN, so that arrays are sorted that a sort of sort.h made or NumPy's. No bit of an element changes. */
CREW_API size_t crew_set_union_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
CREW_API size_t crew_set_intersection_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
CREW_API size_t crew_set_difference_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
CREW_API size_t crew_set_symmetric_difference_f64(const double *a, size_t na, const double *b, size_t nb, double *out);

/* As crew_includes. */
CREW_API bool crew_includes_f64(const double *a, size_t na, const double *b, size_t nb);

/* The same for the other types. */
CREW_API size_t crew_set_union_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
CREW_API size_t crew_set_union_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
CREW_API size_t crew_set_union_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
CREW_API size_t crew_set_union_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
CREW_API size_t crew_set_union_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);

CREW_API size_t crew_set_intersection_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
CREW_API size_t crew_set_intersection_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
CREW_API size_t crew_set_intersection_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
CREW_API size_t crew_set_intersection_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
CREW_API size_t crew_set_intersection_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);

CREW_API size_t crew_set_difference_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
CREW_API size_t crew_set_difference_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
CREW_API size_t crew_set_difference_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
CREW_API size_t crew_set_difference_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
CREW_API size_t crew_set_difference_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);

CREW_API size_t crew_set_symmetric_difference_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
CREW_API size_t crew_set_symmetric_difference_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb,
                                                  int32_t *out);
CREW_API size_t crew_set_symmetric_difference_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb,
                                                  int64_t *out);
CREW_API size_t crew_set_symmetric_difference_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb,
                                                  uint32_t *out);
CREW_API size_t crew_set_symmetric_difference_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb,
                                                  uint64_t *out);

CREW_API bool crew_includes_f32(const float *a, size_t na, const float *b, size_t nb);
CREW_API bool crew_includes_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb);
CREW_API bool crew_includes_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb);
CREW_API bool crew_includes_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
CREW_API bool crew_includes_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb);

#ifdef __cplusplus
}
#endif
#endif
