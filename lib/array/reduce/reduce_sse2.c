/* Kernels of the typed reductions for SSE2, which every x86-64 has. */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#ifdef CREW__ISA_X86
#define VECTOR_BYTES 16
#define KERNELS crew__kernels_sse2
#include "reduce_kernels_template.h"
#else
typedef int crew__kernels_sse2_unused; /* an empty file is not C */
#endif
