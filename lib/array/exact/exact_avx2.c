/* Kernels of exact sums for AVX2 with FMA. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "exact_kernel.h"

#ifdef CREW__ISA_X86
#define VECTOR_BYTES 32
#include "../typed/vector.h"
#undef TARGET
#define TARGET __attribute__((target("avx2,fma")))
#define FUSED_SUBTRACT(a, b, c) ((acc_f64)_mm256_fmsub_pd(a, b, c))
#define KERNELS crew__exact_avx2
#include "exact_kernels_template.h"
#else
typedef int crew__exact_avx2_unused; /* an empty file is not C */
#endif
