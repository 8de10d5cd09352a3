/* Kernels of the typed reductions for AVX-512 (F, DQ and VL). */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#ifdef CREW__ISA_X86
#define VECTOR_BYTES 64
#define KERNELS crew__kernels_avx512
#include "reduce_kernels_template.h"
#else
typedef int crew__kernels_avx512_unused; /* an empty file is not C */
#endif
