/* Kernels of exact sums for SSE2, which every x86-64 has. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "exact_kernel.h"

#ifdef CREW__ISA_X86
#define VECTOR_BYTES 16
#include "../typed/vector.h"
#define KERNELS crew__exact_sse2
#include "exact_kernels_template.h"
#else
typedef int crew__exact_sse2_unused; /* an empty file is not C */
#endif
