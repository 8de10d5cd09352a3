/* Search: the first item with a property, quantifiers, comparison of arrays, values, places in sorted arrays.

   A whole program:

       #include <crew/find.h>
       #include <stdio.h>

       static int beyond_10(size_t begin, size_t end, unsigned char *flags, void *ctx)
       {
           const double *x = ctx;
           for (size_t i = begin; i < end; i++)
               flags[i - begin] = x[i] > 10;
           return 0;
       }

       int main(void)
       {
           double x[5] = {4, 9, 12, 3, 40};
           size_t first;
           int error = crew_find_first(5, beyond_10, x, &first, NULL);
           printf("%zu, %zu\n", first, crew_find_f64(x, 5, 3)); // prints 2, 3
           return error != 0;
       } */
#ifndef CREW_FIND_H
#define CREW_FIND_H

#include <crew/filter.h>
#include <crew/sort.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The lowest index that pred flags. Equals

       for (*index = 0; *index < n; ++*index)
           if (pred says item *index)
               break;

   n      items; 0: *index becomes 0
   pred   as filter.h documents it. NULL: -EINVAL. Items are taken in order, in blocks that grow from 64 items, or
          one where they may take long, to 4096, so a few above the hit may be asked about, at most 4096 a thread. None
          is asked about twice before one fails; the block that fails is asked about once more, one item at a time, up
          to its hit or the item that fails
   index  receives the index, n where there is none. Written on success only. NULL: -EINVAL
   opt    NULL: defaults

   Returns 0, -EINVAL, and as crew_for -ECANCELED, -ETIMEDOUT or the predicate's value, where it fails below the lowest
   hit: what the loop would return.

   Work O(index + threads), at most O(n), span O(index / threads), no scratch. The same result at any thread count.
   Thread safe; may be called from inside callbacks. */
CREW_API int crew_find_first(size_t n, crew_predicate *pred, void *ctx, size_t *index, const crew_options *opt);

/* *result = pred flags some item (any), every item (all), no item (none). any is false, all and none are true for n =
   0. All else as crew_find_first; they stop as early. */
CREW_API int crew_any(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt);
CREW_API int crew_all(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt);
CREW_API int crew_none(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt);

/* The functions from here to crew_contains take no options, cannot fail, need no scratch, stop early, and give the same
   result at any thread count. Arrays may be NULL where n is 0. Work O(result), span O(result / threads). Thread safe;
   may be called from inside callbacks. Typed ones are shown for f64; the other types are at the end. */

/* The lowest index where n elements of size bytes (not 0) differ in any byte, n where none do:
   for (i = 0; i < n && memcmp(a + i * size, b + i * size, size) == 0; i++). Floats are compared as bytes: a NaN equals
   itself, -0 differs from +0. */
CREW_API size_t crew_mismatch(const void *a, const void *b, size_t size, size_t n);

/* crew_mismatch(a, b, size, n) == n. */
CREW_API bool crew_equal(const void *a, const void *b, size_t size, size_t n);

/* The lowest index of an element == value, n where there is none: for (i = 0; i < n && x[i] != value; i++). A NaN finds
   the first NaN. */
CREW_API size_t crew_find_f64(const double *x, size_t n, double value);

/* crew_find(x, n, value) < n. */
CREW_API bool crew_contains_f64(const double *x, size_t n, double value);

/* Which end of a run of equal elements: before the first (C++'s lower_bound) or behind the last (upper_bound). */
typedef enum crew_side { CREW_LEFT, CREW_RIGHT } crew_side;

/* For each of m queries the place in the sorted array x[0 .. n-1] where it would be inserted: NumPy's searchsorted.

       for (size_t q = 0; q < m; q++)
           index[q] = number of elements of x that are < query[q] (CREW_LEFT), or <= query[q] (CREW_RIGHT);

   Floats: -0 equals +0, and NaN comes after everything else and equals NaN, in x and in the queries. Where x is not
   sorted each index[q] is some number in 0 .. n. index has room for m indices and may overlap neither array. Arrays
   that have no elements may be NULL. Sixteen searches at a time run branch-free and interleaved, so that their cache
   misses overlap (Khuong and Morin, doi:10.1145/3053370). No options, cannot fail, no scratch. Work O(m log n), span
   O(m log n / threads). The same result at any thread count. Thread safe; may be called from inside callbacks. */
CREW_API void crew_search_sorted_f64(const double *x, size_t n, const double *query, size_t m, crew_side side,
                                     size_t *index);

/* The same for any types and any order.

   x, size, n            the sorted array of n elements of size bytes (not 0)
   query, query_size, m  the queries (size not 0)
   cmp                   cmp(element, query, ctx): below 0 where the element comes before the query, 0 where they are
                         equal, above 0 where it comes after. NULL: -EINVAL. Elements and queries may have different
                         types. It may run on several threads at the same time
   opt                   NULL: defaults

   Returns 0, -EINVAL (also where index overlaps an array, or for a side that is neither), -EOVERFLOW where a size in
   bytes does not fit, and as crew_for -ECANCELED and -ETIMEDOUT; then some indices are written. */
CREW_API int crew_search_sorted(const void *x, size_t size, size_t n, const void *query, size_t query_size, size_t m,
                                int (*cmp)(const void *element, const void *query, void *ctx), void *ctx,
                                crew_side side, size_t *index, const crew_options *opt);

/* Four searches of neighbours and of sequences: generic forms, then typed ones.

   size   bytes of an element, not 0
   equal  non-zero where two elements are equal; NULL: where all their bytes are. cmp as sort.h documents it; NULL:
          -EINVAL. They may run on several threads at the same time, also about some pairs behind the one that is found
   index  receives what was found, order the comparison. Written on success only. NULL: -EINVAL
   opt    NULL: defaults

   They return 0, -EINVAL, -EOVERFLOW where n * size does not fit, and as crew_for -ECANCELED and -ETIMEDOUT. The typed
   forms take no options and cannot fail. Floats are compared by value: -0 equals +0, and NaN comes after everything
   else and equals NaN, but in is_sorted_until, which orders as a sort does: -0 before +0. Arrays may be NULL where they
   have no elements. All stop early and give the same result at any thread count. Work O(index), span O(index /
   threads), no scratch. Thread safe; may be called from inside callbacks. */

/* The lowest index i of an element that equals the next one, n where there is none: for (i = 0; i + 1 < n; i++) if
   (equal(&x[i], &x[i + 1])) return i; return n; */
CREW_API int crew_find_adjacent(const void *x, size_t n, size_t size,
                                int (*equal)(const void *a, const void *b, void *ctx), void *ctx, size_t *index,
                                const crew_options *opt);
CREW_API size_t crew_find_adjacent_f64(const double *x, size_t n);

/* How many elements are in order from the first one on: the lowest index of one that is ordered before the one in front
   of it, n where there is none. for (i = 1; i < n && cmp(&x[i], &x[i - 1]) >= 0; i++); return i < n ? i : n; */
CREW_API int crew_is_sorted_until(const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index,
                                  const crew_options *opt);
CREW_API size_t crew_is_sorted_until_f64(const double *x, size_t n);

/* The lowest index where the m elements of y stand in x one after the other, n where they do not: C++'s std::search. 0
   where m is 0. for (i = 0; i + m <= n; i++) if (y[0 .. m-1] equal x[i .. i+m-1]) return i; return n; Work at most
   O(index * m), where many places begin as y does. */
CREW_API int crew_find_sequence(const void *x, size_t n, const void *y, size_t m, size_t size,
                                int (*equal)(const void *a, const void *b, void *ctx), void *ctx, size_t *index,
                                const crew_options *opt);
CREW_API size_t crew_find_sequence_f64(const double *x, size_t n, const double *y, size_t m);

/* Which array comes first in a dictionary: -1 where a does, 1 where b does, 0 where they are equal. The first elements
   that differ decide; where there are none the shorter array comes first. for (i = 0; i < na && i < nb; i++) if ((c =
   cmp(&a[i], &b[i])) != 0) return c < 0 ? -1 : 1; return (na > nb) - (na < nb); */
CREW_API int crew_lexicographical_compare(const void *a, size_t na, const void *b, size_t nb, size_t size,
                                          crew_compare *cmp, void *ctx, int *order, const crew_options *opt);
CREW_API int crew_lexicographical_compare_f64(const double *a, size_t na, const double *b, size_t nb);

/* The same for the other types. */
CREW_API size_t crew_find_f32(const float *x, size_t n, float value);
CREW_API size_t crew_find_i32(const int32_t *x, size_t n, int32_t value);
CREW_API size_t crew_find_i64(const int64_t *x, size_t n, int64_t value);
CREW_API size_t crew_find_u32(const uint32_t *x, size_t n, uint32_t value);
CREW_API size_t crew_find_u64(const uint64_t *x, size_t n, uint64_t value);

CREW_API bool crew_contains_f32(const float *x, size_t n, float value);
CREW_API bool crew_contains_i32(const int32_t *x, size_t n, int32_t value);
CREW_API bool crew_contains_i64(const int64_t *x, size_t n, int64_t value);
CREW_API bool crew_contains_u32(const uint32_t *x, size_t n, uint32_t value);
CREW_API bool crew_contains_u64(const uint64_t *x, size_t n, uint64_t value);

CREW_API void crew_search_sorted_f32(const float *x, size_t n, const float *query, size_t m, crew_side side,
                                     size_t *index);
CREW_API void crew_search_sorted_i32(const int32_t *x, size_t n, const int32_t *query, size_t m, crew_side side,
                                     size_t *index);
CREW_API void crew_search_sorted_i64(const int64_t *x, size_t n, const int64_t *query, size_t m, crew_side side,
                                     size_t *index);
CREW_API void crew_search_sorted_u32(const uint32_t *x, size_t n, const uint32_t *query, size_t m, crew_side side,
                                     size_t *index);
CREW_API void crew_search_sorted_u64(const uint64_t *x, size_t n, const uint64_t *query, size_t m, crew_side side,
                                     size_t *index);

CREW_API size_t crew_find_adjacent_f32(const float *x, size_t n);
CREW_API size_t crew_find_adjacent_i32(const int32_t *x, size_t n);
CREW_API size_t crew_find_adjacent_i64(const int64_t *x, size_t n);
CREW_API size_t crew_find_adjacent_u32(const uint32_t *x, size_t n);
CREW_API size_t crew_find_adjacent_u64(const uint64_t *x, size_t n);

CREW_API size_t crew_is_sorted_until_f32(const float *x, size_t n);
CREW_API size_t crew_is_sorted_until_i32(const int32_t *x, size_t n);
CREW_API size_t crew_is_sorted_until_i64(const int64_t *x, size_t n);
CREW_API size_t crew_is_sorted_until_u32(const uint32_t *x, size_t n);
CREW_API size_t crew_is_sorted_until_u64(const uint64_t *x, size_t n);

CREW_API size_t crew_find_sequence_f32(const float *x, size_t n, const float *y, size_t m);
CREW_API size_t crew_find_sequence_i32(const int32_t *x, size_t n, const int32_t *y, size_t m);
CREW_API size_t crew_find_sequence_i64(const int64_t *x, size_t n, const int64_t *y, size_t m);
CREW_API size_t crew_find_sequence_u32(const uint32_t *x, size_t n, const uint32_t *y, size_t m);
CREW_API size_t crew_find_sequence_u64(const uint64_t *x, size_t n, const uint64_t *y, size_t m);

CREW_API int crew_lexicographical_compare_f32(const float *a, size_t na, const float *b, size_t nb);
CREW_API int crew_lexicographical_compare_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb);
CREW_API int crew_lexicographical_compare_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb);
CREW_API int crew_lexicographical_compare_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
CREW_API int crew_lexicographical_compare_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb);

#ifdef __cplusplus
}
#endif
#endif
