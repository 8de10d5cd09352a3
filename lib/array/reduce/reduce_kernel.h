/* The kernels of the typed reductions: one leaf of an array to one partial result, once per instruction set.

   The structure of a result is fixed and every kernel follows it, so all give the same bits. The array is cut into
   leaves of 4096 elements. In a leaf, element i belongs to lane i % 32 (64 lanes for the extremes of four-byte types);
   a lane takes its elements in order, starting from the neutral element. Then lane l is merged with lane l + 16, that
   with l + 8, and so on down to one. The results of the leaves are merged like the digits of a binary counter: aligned
   groups of 2^k leaves, the remainder from the right, so that 2^k leaves that start at a multiple of 2^k are a subtree.
   reduce_typed_run.c does that. */
#ifndef CREW_REDUCE_REDUCE_KERNEL_H
#define CREW_REDUCE_REDUCE_KERNEL_H

#include "../../core/base/compiler.h"
#include "../typed/isa.h"
#include "../typed/types.h"
#include <stddef.h>
#include <stdint.h>

enum { CREW__LEAF = 4096 };

enum crew__typed_op {
    CREW__SUM,
    CREW__DOT,
    CREW__SQUARES, /* sum of (x * *y)^2; f64 only */
    CREW__LOWEST,
    CREW__HIGHEST,
    CREW__EXTREMES,
    CREW__NUMBERS, /* f32 and f64 only: sum of what is no NaN, */
    CREW__ONES,    /* how many are none, as a double, */
    CREW__LEAST,   /* the lowest and */
    CREW__MOST,    /* the highest of them */
    CREW__TYPED_OPS
};

/* The member of the element type; sums of floats are in f64, of integers in u64. */
union crew__scalar {
    float f32;
    double f64;
    int32_t i32;
    int64_t i64;
    uint32_t u32;
    uint64_t u64;
};

struct crew__partial {
    union crew__scalar value; /* sum or extreme: NaN if any element is; the lowest of CREW__EXTREMES */
    union {
        union crew__scalar high; /* CREW__EXTREMES */
        size_t leaf;             /* CREW__LOWEST, CREW__HIGHEST: the first leaf that has value; no kernel writes it */
    } u;
};

/* Reduces x[0 .. n-1] (and y, for CREW__DOT; y[0] is the factor of CREW__SQUARES), at most a leaf; n may be 0. Returns
   1 if that is all there is to know: an extreme is NaN. */
typedef int crew__kernel(const void *x, const void *y, size_t n, struct crew__partial *out);

/* The lowest index of an element that equals *value, NaN being equal to NaN; n if there is none. */
typedef size_t crew__find_kernel(const void *x, size_t n, const void *value);

/* Elements of x before the first that is aligned to a cache line: 0 where vectors of `width` eight-byte accumulators do
   not gain by it or x has few elements. */
static inline size_t crew__kernel_skip(const void *x, size_t size, size_t width, size_t n)
{
    size_t past = (size_t)((uintptr_t)x % CREW__CACHE_LINE);
    return width < 4 || past == 0 || n < 2048 ? 0 : (CREW__CACHE_LINE - past) / size;
}

struct crew__kernels {
    crew__kernel *reduce[CREW__TYPES][CREW__TYPED_OPS];
    crew__find_kernel *find[CREW__TYPES];
};

extern const struct crew__kernels crew__kernels_plain;
#ifdef CREW__ISA_X86
extern const struct crew__kernels crew__kernels_sse2, crew__kernels_avx2, crew__kernels_avx512;
#endif

#endif
