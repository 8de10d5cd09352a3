/* Scans (prefix sums): every element becomes the total of what lies before it, of numbers or under any associative
   operator. The same bits at any thread count, with and without OpenMP, at every instruction set: the structure of the
   computation is fixed by n alone.

   A whole program:

       #include <crew/scan.h>
       #include <stdio.h>

       int main(void)
       {
           int64_t size[4] = {10, 20, 5, 40}, start[4];
           int64_t total = crew_scan_exclusive_sum_i64(size, start, 4);
           printf("%d %d %d %d, %d in all\n", (int)start[0], (int)start[1], (int)start[2], (int)start[3], (int)total);
           // prints 0 10 30 35, 75 in all
       } */
#ifndef CREW_SCAN_H
#define CREW_SCAN_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to combine. combine must be associative; it need not commute, because elements are combined in their order.
   identity is neutral: combining it with anything from either side changes nothing. */
typedef struct crew_scanner {
    const void *identity; /* one element; NULL: zero bytes */
    /* acc = acc followed by right. Both are elements, never the same one. Called from any thread, for different acc */
    void (*combine)(void *acc, const void *right, void *ctx);
} crew_scanner;

/* out[i] = x[0] . x[1] . ... . x[i] for n elements of `size` bytes. Equals, up to where an associative operator may be
   bracketed,

       memcpy(acc, identity, size);
       for (i = 0; i < n; i++) {
           combine(acc, in + i * size, ctx);
           memcpy(out + i * size, acc, size);
       }
       memcpy(total, acc, size);

   The elements are cut into at most 1024 blocks by n and grain alone: of at least 1024 elements, or of at least grain
   where that is not 0 (set it low where combine is slow), and never fewer than sqrt(n). Each block's elements are
   combined in order, from the identity; the results likewise, which gives what each block starts from; the blocks are
   then scanned from there. So combine is called twice for an element, but once in the last block: two threads take
   about as long as the loop above, more threads less; one thread calls it twice in a row, which overlaps. One block, n
   <= 1024 or grain >= n, runs on the caller and calls combine once an element. Fewer calls cannot be had with brackets
   that n alone fixes and a short span: a prefix circuit of depth d has at least 2n - 2 - d operations (Snir, Depth-size
   trade-offs for parallel prefix computation, 1986).

   in      n elements; may be NULL where n is 0. Aligned as combine asks for it
   out     receives n elements; in itself, or memory that does not overlap it: else -EINVAL
   size    bytes in one element, a plain value that memcpy may copy; 0: -EINVAL
   n       elements; 0: only *total is written, the identity
   s       NULL or no combine: -EINVAL
   ctx     handed to combine; may be NULL
   total   receives the total of all n, size bytes outside in and out; NULL: not asked
   opt     NULL: defaults. grain counts elements. Progress is that of the second pass

   Returns 0, -EINVAL, -EOVERFLOW where n * size is more than a size_t, -ENOMEM for the scratch (out untouched), and as
   crew_for -ECANCELED and -ETIMEDOUT: out is then undefined, and so is in where it is out; total is untouched.

   Work O(n), span O(sqrt(n) + n / 1024), scratch two elements a block at most, kept for reuse. Accumulators are aligned
   to 64 bytes, elements as the caller has them. Deterministic as far as combine is. Thread safe; may be called from
   inside callbacks. Two passes over blocks: Blelloch, Prefix sums and their applications (1990). */
CREW_API int crew_scan_inclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx,
                                 void *total, const crew_options *opt);

/* out[i] = x[0] . ... . x[i-1], out[0] the identity: as crew_scan_inclusive, with the memcpy to out before the call of
   combine. */
CREW_API int crew_scan_exclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx,
                                 void *total, const crew_options *opt);

/* Segmented: a segment starts at element 0 and where flags[i] is not zero, and each is scanned by itself:

       memcpy(acc, identity, size);
       for (i = 0; i < n; i++) {
           if (flags[i])
               memcpy(acc, identity, size);
           combine(acc, in + i * size, ctx);
           memcpy(out + i * size, acc, size);
       }

   flags is n bytes, may be NULL where n is 0, and must not overlap out: else -EINVAL. *total is the last segment's.
   Everything else as crew_scan_inclusive. A segment may span blocks; the work does not depend on how many there are. */
CREW_API int crew_scan_segmented_inclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n,
                                           const crew_scanner *s, void *ctx, void *total, const crew_options *opt);

/* The same, every segment starting with the identity. */
CREW_API int crew_scan_segmented_exclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n,
                                           const crew_scanner *s, void *ctx, void *total, const crew_options *opt);

/* The typed forms below scan n elements of x into out, which is x itself or does not overlap it, and return the total
   of all n, the identity for n = 0. x and out may be NULL where n is 0. They allocate nothing, cannot fail, may be
   called from any thread and from inside callbacks, and run on the caller alone where n is small. Work O(n), span O(n /
   threads). x is read from memory once: threads take leaves of 16384 elements in order and hand on the total so far, as
   in Yan, Long and Zhang, doi:10.1145/2442516.2442539. Where x is larger than the caches and out is not x, out goes to
   memory past them. Here they are shown for f64; the other types are at the end. */

/* for (i) { s += x[i]; out[i] = s; } with s = 0. Integers wrap modulo 2^32 or 2^64, in two's complement where they are
   signed. Floats: rows of 8 elements by Sklansky (doi:10.1109/TEC.1960.5219822), rows added in order in leaves of 16384
   elements, leaves added in order. An element's error is at most (i / 16384 + min(i, 16383) / 8 + 5) * 2^-53 * sum
   |x[0..i]| and never more than i * 2^-53 times that, which is the loop's. f32 is summed in double and each element
   rounded once. Where no element is negative, out never falls. From the first x[i] on that is NaN, or an infinity
   that meets one of the other sign, all is NaN. Where a sum or product over- or underflows on the way, an element is
   what its bracketing gives, and a NaN that comes so need not stay. Each NaN is the one of the macro NAN. */
CREW_API double crew_scan_inclusive_sum_f64(const double *x, double *out, size_t n);

/* for (i) { out[i] = s; s += x[i]; } with s = 0. out[i+1] has the bits that the inclusive sum has at i. */
CREW_API double crew_scan_exclusive_sum_f64(const double *x, double *out, size_t n);

/* for (i) { s *= x[i]; out[i] = s; } with s = 1. As the sum; floats with its structure. */
CREW_API double crew_scan_inclusive_product_f64(const double *x, double *out, size_t n);

/* for (i) { out[i] = s; s *= x[i]; } with s = 1. */
CREW_API double crew_scan_exclusive_product_f64(const double *x, double *out, size_t n);

/* The smallest element so far, NaN from the first NaN on. Of -0 and +0 the first stays. */
CREW_API double crew_scan_inclusive_min_f64(const double *x, double *out, size_t n);

/* The smallest element before, +infinity or the type's largest value at 0. */
CREW_API double crew_scan_exclusive_min_f64(const double *x, double *out, size_t n);

/* The largest element so far, NaN from the first NaN on. Of -0 and +0 the first stays. */
CREW_API double crew_scan_inclusive_max_f64(const double *x, double *out, size_t n);

/* The largest element before, -infinity or the type's smallest value at 0. */
CREW_API double crew_scan_exclusive_max_f64(const double *x, double *out, size_t n);

/* Segmented: as above, but the scan starts anew at every i where flags[i] is not zero. flags has n bytes and does not
   overlap out. Floats: rows and leaves are counted from a segment's start within each 16384 elements of the array, so a
   segment's bits depend on where it starts. NaN and infinities stay in their segment. */
CREW_API void crew_scan_segmented_inclusive_sum_f64(const double *x, const unsigned char *flags, double *out, size_t n);

CREW_API void crew_scan_segmented_inclusive_product_f64(const double *x, const unsigned char *flags, double *out,
                                                        size_t n);

CREW_API void crew_scan_segmented_inclusive_min_f64(const double *x, const unsigned char *flags, double *out, size_t n);

CREW_API void crew_scan_segmented_inclusive_max_f64(const double *x, const unsigned char *flags, double *out, size_t n);

CREW_API void crew_scan_segmented_exclusive_sum_f64(const double *x, const unsigned char *flags, double *out, size_t n);

CREW_API void crew_scan_segmented_exclusive_product_f64(const double *x, const unsigned char *flags, double *out,
                                                        size_t n);

CREW_API void crew_scan_segmented_exclusive_min_f64(const double *x, const unsigned char *flags, double *out, size_t n);

CREW_API void crew_scan_segmented_exclusive_max_f64(const double *x, const unsigned char *flags, double *out, size_t n);

/* The same for the other types. */
CREW_API float crew_scan_inclusive_sum_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_inclusive_sum_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_inclusive_sum_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_inclusive_sum_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_inclusive_sum_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_exclusive_sum_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_exclusive_sum_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_exclusive_sum_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_exclusive_sum_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_exclusive_sum_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_inclusive_product_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_inclusive_product_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_inclusive_product_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_inclusive_product_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_inclusive_product_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_exclusive_product_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_exclusive_product_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_exclusive_product_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_exclusive_product_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_exclusive_product_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_inclusive_min_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_inclusive_min_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_inclusive_min_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_inclusive_min_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_inclusive_min_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_exclusive_min_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_exclusive_min_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_exclusive_min_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_exclusive_min_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_exclusive_min_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_inclusive_max_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_inclusive_max_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_inclusive_max_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_inclusive_max_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_inclusive_max_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API float crew_scan_exclusive_max_f32(const float *x, float *out, size_t n);
CREW_API int32_t crew_scan_exclusive_max_i32(const int32_t *x, int32_t *out, size_t n);
CREW_API int64_t crew_scan_exclusive_max_i64(const int64_t *x, int64_t *out, size_t n);
CREW_API uint32_t crew_scan_exclusive_max_u32(const uint32_t *x, uint32_t *out, size_t n);
CREW_API uint64_t crew_scan_exclusive_max_u64(const uint64_t *x, uint64_t *out, size_t n);

CREW_API void crew_scan_segmented_inclusive_sum_f32(const float *x, const unsigned char *flags, float *out, size_t n);
CREW_API void crew_scan_segmented_inclusive_sum_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_sum_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_sum_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_sum_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                    size_t n);

CREW_API void crew_scan_segmented_inclusive_product_f32(const float *x, const unsigned char *flags, float *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_inclusive_product_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_inclusive_product_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_inclusive_product_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_inclusive_product_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                        size_t n);

CREW_API void crew_scan_segmented_inclusive_min_f32(const float *x, const unsigned char *flags, float *out, size_t n);
CREW_API void crew_scan_segmented_inclusive_min_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_min_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_min_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_min_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                    size_t n);

CREW_API void crew_scan_segmented_inclusive_max_f32(const float *x, const unsigned char *flags, float *out, size_t n);
CREW_API void crew_scan_segmented_inclusive_max_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_max_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_max_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_inclusive_max_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                    size_t n);

CREW_API void crew_scan_segmented_exclusive_sum_f32(const float *x, const unsigned char *flags, float *out, size_t n);
CREW_API void crew_scan_segmented_exclusive_sum_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_sum_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_sum_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_sum_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                    size_t n);

CREW_API void crew_scan_segmented_exclusive_product_f32(const float *x, const unsigned char *flags, float *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_exclusive_product_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_exclusive_product_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_exclusive_product_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                        size_t n);
CREW_API void crew_scan_segmented_exclusive_product_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                        size_t n);

CREW_API void crew_scan_segmented_exclusive_min_f32(const float *x, const unsigned char *flags, float *out, size_t n);
CREW_API void crew_scan_segmented_exclusive_min_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_min_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_min_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_min_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                    size_t n);

CREW_API void crew_scan_segmented_exclusive_max_f32(const float *x, const unsigned char *flags, float *out, size_t n);
CREW_API void crew_scan_segmented_exclusive_max_i32(const int32_t *x, const unsigned char *flags, int32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_max_i64(const int64_t *x, const unsigned char *flags, int64_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_max_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out,
                                                    size_t n);
CREW_API void crew_scan_segmented_exclusive_max_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out,
                                                    size_t n);

#ifdef __cplusplus
}
#endif
#endif
