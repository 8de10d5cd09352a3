/* Scan kernels for AVX-512 (F, DQ and VL). */
#include "../typed/exact_rounding.h"

#include "scan_kernel.h"

#ifdef CREW__SCAN_VECTORS
#define VECTOR_BYTES 64
#include "../../core/base/compiler.h"
#include "scan_vector.h"
#define KERNELS crew__scan_kernels_avx512
#include "scan_kernels_template.h"
#else
typedef int crew__scan_kernels_avx512_unused; /* an empty file is not C */
#endif
