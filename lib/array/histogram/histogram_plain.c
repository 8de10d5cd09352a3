/* Kernels for every machine. */
#include "../typed/exact_rounding.h"

#include "histogram_kernel.h"

/* Comparisons that might raise a flag keep gcc from making the loops vector code. Results do not depend on it. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math")
#endif

#define FUNCTION static
#define KERNELS crew__bin_kernels_plain
#include "histogram_kernels_template.h"
