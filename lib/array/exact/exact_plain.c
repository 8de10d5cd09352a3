/* Kernels of exact sums in plain C, for other processors and compilers. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "exact_kernel.h"

#define VECTOR_BYTES 0
#include "../typed/vector.h"
#define KERNELS crew__exact_plain
#include "exact_kernels_template.h"
