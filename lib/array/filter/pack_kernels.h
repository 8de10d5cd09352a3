/* The kernels that move flagged elements together, once per instruction set, for elements of four and of eight bytes.
 */
#ifndef CREW_FILTER_PACK_KERNELS_H
#define CREW_FILTER_PACK_KERNELS_H

#include "../typed/isa.h"
#include <stddef.h>
#include <stdint.h>

/* Copies the elements of in[0 .. n-1] whose flag is not 0 (with `invert`: is 0), of which there are `count`, to out[0
   .. count-1], in order, and writes nothing else. out may be in, or start below it. No pointer need be aligned. */
typedef void crew__pack_kernel(const void *in, const unsigned char *flags, size_t n, void *out, size_t count,
                               int invert);

/* The same for the elements begin .. begin+n-1 of the array of indices, size_t. */
typedef void crew__pack_index_kernel(size_t begin, const unsigned char *flags, size_t n, void *out, size_t count);

/* How many flags are not 0. */
typedef size_t crew__count_kernel(const unsigned char *flags, size_t n);

struct crew__pack_kernels {
    crew__count_kernel *count;
    crew__pack_kernel *pack4, *pack8;
    crew__pack_index_kernel *pack_index;
};

/* Each in the file of its name. */
extern const struct crew__pack_kernels crew__pack_plain;
#ifdef CREW__ISA_X86
extern const struct crew__pack_kernels crew__pack_avx2, crew__pack_avx512;
#endif

/* Those of crew__isa(). */
const struct crew__pack_kernels *crew__pack_kernels(void);

/* pack for any element size. */
void crew__pack(const struct crew__pack_kernels *kernels, size_t size, const void *in, const unsigned char *flags,
                size_t n, void *out, size_t count, int invert);

#endif
