/* Both types, and their table. Parameters, undefined at the end: KERNELS, its name; FUNCTION, what stands before a
 * function. */
enum { SEARCHES = 16 };

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE f32
#define VALUE float
#include "histogram_kernel_template.h"

#define TYPE f64
#define VALUE double
#include "histogram_kernel_template.h"

const struct crew__bin_kernels KERNELS = {equal_f32, equal_f64, search_f32, search_f64};

#undef CREW__CAT_
#undef CREW__CAT
#undef KERNELS
#undef FUNCTION
