/* Filling and moving arrays, and memory to hold them.

   All functions may be called from any thread and from inside callbacks, run on the caller alone where there is little
   to move, and give the same bytes at any thread count. `size` is the bytes of an element, any but 0. Elements are
   moved as bytes and need no alignment. Arrays may be NULL where n is 0. Those that return int return 0, -EINVAL (NULL,
   size 0, arrays that overlap where that is not allowed), -EOVERFLOW (n * size does not fit), or what is said below.
   Work O(n), span O(n / threads), no scratch unless said. Typed
   functions are shown for f64; the other types are at the end.

   A whole program:

       #include <crew/move.h>
       #include <stdio.h>

       int main(void)
       {
           double a[2][3] = {{1, 2, 3}, {4, 5, 6}}, b[3][2];
           size_t index[2] = {5, 0};
           double two[2];
           int error = crew_transpose(a, b, 2, 3, sizeof(double));
           if (!error)
               error = crew_gather(a, 6, index, two, 2, sizeof(double));
           printf("%g %g, %g %g\n", b[2][0], b[2][1], two[0], two[1]); // prints 3 6, 6 1
           return error != 0;
       } */
#ifndef CREW_MOVE_H
#define CREW_MOVE_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* for (i) out[i] = *value. value must not lie in out. */
CREW_API int crew_fill(void *out, size_t n, size_t size, const void *value);

/* for (i) out[i] = value. */
CREW_API void crew_fill_f64(double *out, size_t n, double value);

/* for (i) out[i] = start + i * step. Integers wrap. Floats: i is rounded to double, product and sum are rounded in
   double, f32 once more at the end; no fused multiply-add. */
CREW_API void crew_iota_f64(double *out, size_t n, double start, double step);

/* for (i) out[i] = in[i]. memcpy by all threads. in == out: nothing to do, 0; any other overlap: -EINVAL. */
CREW_API int crew_copy(const void *in, void *out, size_t n, size_t size);

/* for (i) out[i] = in[n - 1 - i]. out may be in itself; any other overlap: -EINVAL. */
CREW_API int crew_reverse(const void *in, void *out, size_t n, size_t size);

/* for (i) out[i] = in[(first + i) % n]: element `first` comes to the front. out may be in; any other overlap, and first
   > n: -EINVAL. In place the shorter of the two parts waits in scratch up to 1 MiB; where it is longer, or there is no
   memory, three reversals move everything twice. */
CREW_API int crew_rotate(const void *in, void *out, size_t n, size_t size, size_t first);

/* for (i = 0; i + k < n; i++) x[i] = x[i + k]: k places towards the front; the last k elements stay as they are. k >=
   n: nothing to do. Scratch up to a quarter of the array; without memory one thread does it. */
CREW_API int crew_shift_left(void *x, size_t n, size_t size, size_t k);

/* for (i = n - k; i-- > 0;) x[i + k] = x[i]: k places towards the end; the first k elements stay. Else as above. */
CREW_API int crew_shift_right(void *x, size_t n, size_t size, size_t k);

/* for (i < n) out[i] = in[index[i]]; in has in_n elements. An index that is not below in_n: -ERANGE; nothing outside in
   is read, and out is then partly written. out must not overlap in or index. */
CREW_API int crew_gather(const void *in, size_t in_n, const size_t *index, void *out, size_t n, size_t size);

/* for (i < n) out[index[i]] = in[i]; out has out_n elements. An index that is not below out_n: -ERANGE; nothing outside
   out is written, the elements of valid indices may be or not. Indices must be unique: what lies at an index that
   occurs twice is undefined, and may be parts of both elements. out must not overlap in or index. */
CREW_API int crew_scatter(const void *in, const size_t *index, size_t n, void *out, size_t out_n, size_t size);

/* for (i < rows) for (j < cols) out[j * rows + i] = in[i * cols + j]. out may be in itself where rows == cols; any
   other overlap: -EINVAL. Goes through the matrix in tiles that fit the first-level cache. */
CREW_API int crew_transpose(const void *in, void *out, size_t rows, size_t cols, size_t size);

/* Memory for n elements of `size` bytes, aligned to 64 bytes, contents undefined. Every page is first touched by the
   thread whose share of a crew_for over the array it will be, so that on machines with several memories it lies near
   that thread; from 4 MiB on the system is asked for huge pages. n * size may be 0. Free with crew_free. Returns NULL
   with errno EOVERFLOW where n * size does not fit and ENOMEM where there is no memory. */
CREW_API void *crew_alloc(size_t n, size_t size);

/* Frees what crew_alloc returned; NULL does nothing. */
CREW_API void crew_free(void *p);

/* Lets go the scratch memory that crew keeps between calls (at most eight buffers, and sixteen of up to 256 KiB). Calls
   that run keep theirs. Thread safe. */
CREW_API void crew_scratch_trim(void);

/* The same for the other types. */
CREW_API void crew_fill_f32(float *out, size_t n, float value);
CREW_API void crew_fill_i32(int32_t *out, size_t n, int32_t value);
CREW_API void crew_fill_i64(int64_t *out, size_t n, int64_t value);
CREW_API void crew_fill_u32(uint32_t *out, size_t n, uint32_t value);
CREW_API void crew_fill_u64(uint64_t *out, size_t n, uint64_t value);

CREW_API void crew_iota_f32(float *out, size_t n, float start, float step);
CREW_API void crew_iota_i32(int32_t *out, size_t n, int32_t start, int32_t step);
CREW_API void crew_iota_i64(int64_t *out, size_t n, int64_t start, int64_t step);
CREW_API void crew_iota_u32(uint32_t *out, size_t n, uint32_t start, uint32_t step);
CREW_API void crew_iota_u64(uint64_t *out, size_t n, uint64_t start, uint64_t step);

#ifdef __cplusplus
}
#endif
#endif
