/* The bins of equal width of values, for AVX2. */
#ifndef CREW_HISTOGRAM_EQUAL_BINS_AVX2_H
#define CREW_HISTOGRAM_EQUAL_BINS_AVX2_H

#include "../typed/isa.h"
#include "histogram_kernel.h"

#ifdef CREW__ISA_X86
/* As equal_f32 and equal_f64 of struct crew__bin_kernels. */
void crew__equal_bins_avx2_f32(const float *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys);
void crew__equal_bins_avx2_f64(const double *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys);
#endif

#endif
