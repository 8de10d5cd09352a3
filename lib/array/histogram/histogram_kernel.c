/* The kernels of histograms, for every machine and for AVX2, and the choice between them. */
#include "../typed/exact_rounding.h"

#include "../typed/isa.h"
#include "../typed/types.h"
#include "histogram_kernel.h"
#include <math.h>

/* Comparisons that might raise a flag keep gcc from making the loops vector code. Results do not depend on it. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math")
#endif

enum { SEARCHES = 16 };

#define LEVEL plain
#define FUNCTION static
#define TEMPLATE "../histogram/histogram_kernel_template.h"
#include "../typed/each_type_template.h"
#undef LEVEL
#undef FUNCTION

#ifdef CREW__ISA_X86
#define LEVEL avx2
#define FUNCTION static __attribute__((target("avx2")))
#define TEMPLATE "../histogram/histogram_kernel_template.h"
#include "../typed/each_type_template.h"
#undef LEVEL
#undef FUNCTION
#endif

const struct crew__bin_kernels *crew__bin_kernels(void)
{
#ifdef CREW__ISA_X86
    static const struct crew__bin_kernels avx2 = {equal_f32_avx2, search_f32_avx2, equal_f64_avx2, search_f64_avx2};
    if (crew__isa() >= CREW__ISA_AVX2)
        return &avx2;
#endif
    static const struct crew__bin_kernels plain = {equal_f32_plain, search_f32_plain, equal_f64_plain,
                                                   search_f64_plain};
    return &plain;
}
