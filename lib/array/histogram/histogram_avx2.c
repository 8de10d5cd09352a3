/* Kernels for AVX2. */
#include "../typed/exact_rounding.h"

#include "histogram_kernel.h"

/* Comparisons that might raise a flag keep gcc from making the loops vector code. Results do not depend on it. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math")
#endif

#ifdef CREW__ISA_X86
#define FUNCTION static __attribute__((target("avx2")))
#define KERNELS crew__bin_kernels_avx2
#include "histogram_kernels_template.h"
#else
typedef int crew__bin_kernels_avx2_unused; /* an empty file is not C */
#endif
