/* Exact sums: the real sum of floating-point numbers or of products, rounded once. No order, cut, thread count or build
   changes it, so it is the same over one array, over its pieces and over the ranks of a program.

   A whole program:

       #include <crew/exact.h>
       #include <stdio.h>

       int main(void)
       {
           double x[4] = {1e100, 1, -1e100, 0x1p-60}, plain = 0;
           for (size_t i = 0; i < 4; i++)
               plain += x[i];
           printf("%g %g\n", plain, crew_sum_exact_f64(x, 4)); // prints 8.67362e-19 1
           crew_exact left = {0}, right = {0};
           crew_exact_add(&left, x, 2);
           crew_exact_add(&right, x + 2, 2);
           crew_exact_merge(&left, &right);
           printf("%d\n", crew_exact_value(&left) == crew_sum_exact_f64(x, 4)); // prints 1
           return 0;
       } */
#ifndef CREW_EXACT_H
#define CREW_EXACT_H

#include <crew/compiler.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is common to all functions here.

   The result is the sum as a real number, rounded once to the nearest double (float for f32), of two equally near ones
   to that with the even last bit. What happens on the way does not matter: partial sums may pass the largest double and
   come back, products may overflow or underflow, numbers may be subnormal.

   - A sum that is too large is an infinity, from 2^1024 - 2^970 on (f32: 2^128 - 2^103).
   - A term that is NaN, infinities of both signs, or infinity * 0 give the value of NAN; else an infinity gives itself.
   - A sum that is zero is +0, also that of no terms and that of -0 alone. One that is negative and rounds to zero,
   which only products can have, is -0.

   Nothing is allocated and nothing can fail. The rounding mode and flushing of subnormals of the caller do not
   matter. All may be called from inside callbacks; each from any thread, a state from one at a time.

   Blocks of terms are added up in integers, as many of each term's bits as two of them hold, in vectors (Rump, Ogita
   and Oishi, doi:10.1137/050645671, cut terms so); that no bit was left is checked, and a block in which some are,
   because exponents lie more than some 43 binades apart, takes another turn. What no turn can take, a superaccumulator
   adds (Kulisch; Neal, arXiv 1505.05571). So time depends on the terms, from that of the memory to about 10 ns a term;
   the result does not. */

enum {
    CREW_EXACT_WORDS = 67, /* 64-bit words of the fixed-point number in a state */
    CREW_EXACT_BYTES = 544 /* what crew_exact_to_bytes writes */
};

/* A sum that is not rounded yet. {0} is the empty one. It holds more than 2^90 terms, of whatever size. Of the same
   terms it has the same bytes, whatever their order, so two states may be compared by memcmp.

   As an accumulator of crew_reduce or crew_reduce_by_key it needs no identity (NULL): fold calls crew_exact_add, merge
   calls crew_exact_merge. Between processes of one machine, or of machines of the same byte order, it may be copied as
   it is. */
typedef struct crew_exact {
    uint64_t words[CREW_EXACT_WORDS]; /* two's complement, lowest first; the lowest bit is 2^-2148 */
    uint64_t special;                 /* 1: has had +infinity, 2: -infinity, 4: NaN */
} crew_exact;

/* for (i) s += x[i], in exact arithmetic. 0 for n = 0, x may then be NULL. Work O(n), span O(n / threads), on the
   caller alone where n is small; no scratch. */
CREW_API double crew_sum_exact_f64(const double *x, size_t n);
CREW_API float crew_sum_exact_f32(const float *x, size_t n);

/* for (i) s += x[i] * y[i], in exact arithmetic; otherwise as crew_sum_exact. x and y may be the same array. */
CREW_API double crew_dot_exact_f64(const double *x, const double *y, size_t n);
CREW_API float crew_dot_exact_f32(const float *x, const float *y, size_t n);

/* Adds the terms x[0 .. n-1] to *state, or the products x[i] * y[i]. Terms of all four kinds may be in one state. n = 0
   changes nothing, the pointers may then be NULL; state is not NULL. Work O(n), span O(n / threads). A few terms take
   some nanoseconds each, many at once are much faster. */
CREW_API void crew_exact_add(crew_exact *state, const double *x, size_t n);
CREW_API void crew_exact_add_f32(crew_exact *state, const float *x, size_t n);
CREW_API void crew_exact_add_dot(crew_exact *state, const double *x, const double *y, size_t n);
CREW_API void crew_exact_add_dot_f32(crew_exact *state, const float *x, const float *y, size_t n);

/* Adds the terms of *other to *state; both may be the same. Exact, so states merge in any order and grouping. O(1). */
CREW_API void crew_exact_merge(crew_exact *state, const crew_exact *other);

/* The sum, rounded once to a double or to a float; rounding the double to a float would round twice. The state stays as
   it is, and more terms may follow. O(1). */
CREW_API double crew_exact_value(const crew_exact *state);
CREW_API float crew_exact_value_f32(const crew_exact *state);

/* Writes *state as CREW_EXACT_BYTES bytes that mean the same on every machine, and equal states as equal bytes:
   "crewx1" and two bytes, `special` and 0; then the words, lowest first, each with its lowest byte first. O(1). */
CREW_API void crew_exact_to_bytes(const crew_exact *state, void *bytes);

/* Reads what crew_exact_to_bytes has written. 0; -EINVAL where the first 8 bytes are others than it writes, *state is
   then left as it was. O(1). */
CREW_API int crew_exact_from_bytes(crew_exact *state, const void *bytes);

#ifdef __cplusplus
}
#endif
#endif
