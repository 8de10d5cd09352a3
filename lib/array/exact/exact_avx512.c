/* Kernels of exact sums for AVX-512 (F, DQ and VL). */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "exact_kernel.h"

#ifdef CREW__ISA_X86
#define VECTOR_BYTES 64
#include "../typed/vector.h"
#define MULTIPLIERS_SUBTRACT
#define FUSED_SUBTRACT(a, b, c) ((acc_f64)_mm512_fmsub_pd(a, b, c))
#define KERNELS crew__exact_avx512
#include "exact_kernels_template.h"
#else
typedef int crew__exact_avx512_unused; /* an empty file is not C */
#endif
