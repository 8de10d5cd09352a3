/* The kernels of the typed scans: one leaf of an array, once per instruction set.

   The structure of a sum or product of floats is fixed and every kernel follows it, so all give the same bits. The
   array is cut into leaves, those into rows of 8. In a row, pairs are joined, then pairs of pairs, then both halves:
   the first half's total goes to every element of the second (Sklansky). Row totals are added in order, from zero, and
   each is added to the rows after it; that is the leaf's own scan. At last the total of all leaves before is added to
   every element. An element is so the total of what lies left of some point, plus a scan of what lies right of it, at
   every level, which keeps scans of non-negative numbers sorted. An element that is NaN makes all after it NaN; a NaN
   that came of overflow or underflow on the way is not in results that are bracketed otherwise, and no kernel adds it
   there. Each NaN that goes out is the one of the macro NAN.

   Integers, minima and maxima are exact: any structure gives the same. */
#ifndef CREW_SCAN_SCAN_KERNEL_H
#define CREW_SCAN_SCAN_KERNEL_H

#include "../reduce/reduce_kernel.h"
#include "../typed/isa.h"
#include <crew/compiler.h>

/* Where compilers can shuffle vectors of any type. */
#if defined(CREW__ISA_X86) && defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define CREW__SCAN_VECTORS 1
#endif
#endif

enum { CREW__SCAN_LEAF = 16384, CREW__SCAN_ROW = 8 };

enum crew__scan_op { CREW__SCAN_SUM, CREW__SCAN_PRODUCT, CREW__SCAN_MIN, CREW__SCAN_MAX, CREW__SCAN_OPS };

/* Totals are in the member of the element type, but in f64 for sums and products of f32. A total that is NaN is the one
   of the macro NAN. n is at most CREW__SCAN_LEAF. */
struct crew__scan_state {
    union crew__scalar prefix; /* the total of all leaves before */
    union crew__scalar rows;   /* of the rows of this leaf before; stays neutral where the structure does not matter */
};

struct crew__scan_kernel {
    /* *total = x[0] .. x[n-1] */
    void (*total)(const void *x, size_t n, union crew__scalar *total);
    /* Scans whole rows of a leaf, or its end, into out, which may be x, and moves *at on. [1]: exclusive. After a leaf,
       prefix is to be joined with rows, and rows to be neutral again. */
    void (*scan[2])(const void *x, void *out, size_t n, struct crew__scan_state *at);
    /* *left = left followed by right */
    void (*join)(union crew__scalar *left, const union crew__scalar *right);
    /* Scans whole segments, the first of which starts at x[0], one element at a time; *prefix becomes the last one's
       total. [1]: exclusive. NULL but in crew__scan_kernels_plain. */
    void (*segments[2])(const void *x, const unsigned char *flags, void *out, size_t n, union crew__scalar *prefix);
};

struct crew__scan_kernels {
    struct crew__scan_kernel of[CREW__SCAN_OPS][CREW__TYPES];
};

extern const struct crew__scan_kernels crew__scan_kernels_plain;
#ifdef CREW__SCAN_VECTORS
extern const struct crew__scan_kernels crew__scan_kernels_avx2, crew__scan_kernels_avx512;
#endif

/* Those of the instruction set in use. For the MPI layer too, a library of its own. */
CREW_API const struct crew__scan_kernels *crew__scan_kernels(void);

#endif
