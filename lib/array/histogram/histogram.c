#include "../typed/exact_rounding.h"

#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "bincount_tables.h"
#include "histogram_kernel.h"
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

/* Bins that the kernel for equal ones cannot do are as narrow as a few roundings. The product is off by less than 2^-20
   of a bin. An edge is off by at most 4 roundings of double of the larger of |low| and |high|, and for float by one of
   float besides: bins of 32 and of 4 such roundings are missed by one at most, where roundings are relative: numbers
   are normal. */
static int is_narrow(double low, double high, double step, double roundings, double smallest)
{
    double largest = fabs(low) > fabs(high) ? fabs(low) : fabs(high);
    return !(step >= roundings * largest && step >= 32 * smallest);
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE f32
#define VALUE float
#define NARROW (4 * (double)FLT_EPSILON / 2)
#define SMALLEST ((double)FLT_MIN)
#include "histogram_template.h"

#define TYPE f64
#define VALUE double
#define NARROW (32 * DBL_EPSILON / 2)
#define SMALLEST DBL_MIN
#include "histogram_template.h"
