/* Random numbers whose streams depend on the item, not on the thread: the same bits at any thread count.

   The generator is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
   (doi:10.1145/2063384.2063405). It has no state but a counter: draw number i of stream s under a seed is a function of
   these three numbers alone. Each of the 2^64 seeds has 2^64 streams of 2^64 draws, and all pass BigCrush. It is not
   for cryptography.

   A whole program:

       #include <crew/for.h>
       #include <crew/random.h>
       #include <stdio.h>

       static double steps[1000];

       static int walk(size_t begin, size_t end, void *ctx)
       {
           (void)ctx;
           for (size_t i = begin; i < end; i++) {
               crew_random r = crew_random_at(42, i); // seed 42, a stream for each item
               for (int k = 0; k < 100; k++)
                   steps[i] += crew_random_uniform(&r) < 0.5 ? -1 : 1;
           }
           return 0;
       }

       int main(void)
       {
           int error = crew_for(1000, walk, NULL, NULL);
           printf("%g %g\n", steps[0], steps[999]); // prints -30 -22
           return error != 0;
       } */
#ifndef CREW_RANDOM_H
#define CREW_RANDOM_H

#include <crew/compiler.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A stream and where it stands; it may be copied. The members belong to crew. */
typedef struct crew_random {
    uint64_t seed, stream, next; /* next: the draw after those in drawn */
    unsigned at, have;
    uint64_t drawn[32];
} crew_random;

/* Stream `stream` of `seed`, at its draw 0. O(1), nothing is drawn yet. */
CREW_API CREW__INLINE crew_random crew_random_at(uint64_t seed, uint64_t stream)
{
    crew_random r;
    r.seed = seed;
    r.stream = stream;
    r.next = 0;
    r.at = r.have = 0;
    return r;
}

/* Goes on to draw number `draw`, forwards or backwards. O(1). */
CREW_API void crew_random_seek(crew_random *r, uint64_t draw);

/* Fills drawn again. For crew_random_u64. */
CREW_API void crew__random_refill(crew_random *r);

/* The next draw: 64 bits. The functions below use one draw a value, but where it is said. One thread at a time may use
   a stream; O(1). */
CREW_API CREW__INLINE uint64_t crew_random_u64(crew_random *r)
{
    if (r->at == r->have)
        crew__random_refill(r);
    return r->drawn[r->at++];
}

/* In [0, 1): a multiple of 2^-53, all as likely. */
CREW_API CREW__INLINE double crew_random_uniform(crew_random *r)
{
    return (double)(int64_t)(crew_random_u64(r) >> 11) * 0x1p-53;
}

/* 0 .. n-1, all exactly as likely; n 0: any 64-bit number. Now and then (for n up to 2^32 never in practice) it uses
   more than one draw. Lemire's method (doi:10.1145/3230636). */
CREW_API uint64_t crew_random_below(crew_random *r, uint64_t n);

/* low .. high, both included, all exactly as likely. low > high: low. As crew_random_below. */
CREW_API int64_t crew_random_between(crew_random *r, int64_t low, int64_t high);

/* Normally distributed, mean 0 and variance 1, by inversion: the quantile of the draw's upper 53 bits plus a half, so
   between -8.3 and 8.3. Wichura's AS 241 (doi:10.2307/2347330), relative error 1e-15. Where the draw is within 0.075 of
   0 or 1 it uses the C library's log; the bits are the same wherever that gives the same. */
CREW_API double crew_random_normal(crew_random *r);

/* x[i] = draw `first` + i of the stream, and what the functions above make of it, on all threads. Never fail; x may be
   NULL where n is 0. Work O(n), span O(n / threads). Thread safe; may be called from inside callbacks. */
CREW_API void crew_random_fill_u64(uint64_t *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first);
CREW_API void crew_random_fill_uniform_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first);
CREW_API void crew_random_fill_normal_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first);

#ifdef __cplusplus
}
#endif
#endif
