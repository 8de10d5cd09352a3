/* Kernels of the typed reductions in plain C, for other processors and compilers, which may vectorise them as they
   like: nothing is reordered. */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#define VECTOR_BYTES 0
#define KERNELS crew__kernels_plain
#include "reduce_kernels_template.h"
