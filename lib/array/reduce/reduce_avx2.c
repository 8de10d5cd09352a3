/* Kernels of the typed reductions for AVX2. */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#ifdef CREW__ISA_X86
#define VECTOR_BYTES 32
#define KERNELS crew__kernels_avx2
#include "reduce_kernels_template.h"
#else
typedef int crew__kernels_avx2_unused; /* an empty file is not C */
#endif
