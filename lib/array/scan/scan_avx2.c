/* Scan kernels for AVX2. */
#include "../typed/exact_rounding.h"

#include "scan_kernel.h"

#ifdef CREW__SCAN_VECTORS
#define VECTOR_BYTES 32
#include "../../core/base/compiler.h"
#include "scan_vector.h"
#define KERNELS crew__scan_kernels_avx2
#include "scan_kernels_template.h"
#else
typedef int crew__scan_kernels_avx2_unused; /* an empty file is not C */
#endif
