/* The kernels of histograms, for every machine and for AVX2, and the choice between them. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../typed/isa.h"
#include "../typed/types.h"
#include "equal_bins_avx2.h"
#include "histogram_kernel.h"
#include <math.h>

/* Comparisons that might raise a flag keep gcc from making the loops vector code. Results do not depend on it. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math")
#endif

enum { SEARCHES = 16, FEW = 8 };

#define TEMPLATE "../histogram/equal_bins_template.h"
#include "../typed/each_type_template.h"

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

const struct crew__bin_kernels *crew__bin_kernels(size_t n)
{
#ifdef CREW__ISA_X86
    static const struct crew__bin_kernels avx2 = {crew__equal_bins_avx2_f32, search_f32_avx2, crew__equal_bins_avx2_f64,
                                                  search_f64_avx2};
    if (n >= FEW && crew__isa() >= CREW__ISA_AVX2)
        return &avx2;
#endif
    (void)n;
    static const struct crew__bin_kernels plain = {equal_f32, search_f32_plain, equal_f64, search_f64_plain};
    return &plain;
}
