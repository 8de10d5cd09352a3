#include "../loop/kernel_exact.h"

#include "../base/memory.h"
#include "../base/scratch.h"
#include "bincount.h"
#include "histogram.h"
#include <crew/histogram.h>
#include <errno.h>
#include <float.h>
#include <math.h>

enum { MAX_BINS = INT32_MAX };

static const struct crew__bin_kernels *kernels(void)
{
#ifdef CREW__ISA_X86
    if (crew__isa() >= CREW__ISA_AVX2)
        return &crew__bin_kernels_avx2;
#endif
    return &crew__bin_kernels_plain;
}

/* Bins that the kernel for equal ones cannot do are as narrow as a few roundings. An edge is off by at most 4 roundings of the
   larger of |low| and |high|, the product by less than 2^-20 of a bin, so a bin of 32 roundings is missed by one at most. */
static int is_narrow(double low, double high, double step, double rounding)
{
    double largest = fabs(low) > fabs(high) ? fabs(low) : fabs(high);
    return !(step >= 32 * rounding * largest && step >= 32 * DBL_MIN);
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE f32
#define VALUE float
#define ROUNDING (FLT_EPSILON / 2)
#include "histogram_template.h"

#define TYPE f64
#define VALUE double
#define ROUNDING (DBL_EPSILON / 2)
#include "histogram_template.h"
