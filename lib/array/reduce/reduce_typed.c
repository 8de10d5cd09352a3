#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "reduce_typed.h"
#include <crew/reduce.h>
#include <float.h>
#include <math.h>

/* Which of two NaNs an addition keeps, and the sign of a new one, is up to the compiler and the processor. */
static double one_nan(double x)
{
    return x == x ? x : (double)NAN;
}

#define TYPE f32
#define ID CREW__F32
#define ELEMENT float
#define MEMBER f64
#define SUM float
#define TO_SUM(s) ((float)one_nan(s))
#define TO_MEAN(s) one_nan(s)
#define FLOATING 1
#include "reduce_typed_template.h"

#define TYPE f64
#define ID CREW__F64
#define ELEMENT double
#define MEMBER f64
#define SUM double
#define TO_SUM(s) one_nan(s)
#define TO_MEAN(s) one_nan(s)
#define FLOATING 1
#include "reduce_typed_template.h"

#define TYPE i32
#define ID CREW__I32
#define ELEMENT int32_t
#define MEMBER u64
#define SUM int64_t
#define TO_SUM(s) ((int64_t)(s))
#define TO_MEAN(s) ((double)(int64_t)(s))
#define FLOATING 0
#include "reduce_typed_template.h"

#define TYPE i64
#define ID CREW__I64
#define ELEMENT int64_t
#define MEMBER u64
#define SUM int64_t
#define TO_SUM(s) ((int64_t)(s))
#define TO_MEAN(s) ((double)(int64_t)(s))
#define FLOATING 0
#include "reduce_typed_template.h"

#define TYPE u32
#define ID CREW__U32
#define ELEMENT uint32_t
#define MEMBER u64
#define SUM uint64_t
#define TO_SUM(s) (s)
#define TO_MEAN(s) ((double)(s))
#define FLOATING 0
#include "reduce_typed_template.h"

#define TYPE u64
#define ID CREW__U64
#define ELEMENT uint64_t
#define MEMBER u64
#define SUM uint64_t
#define TO_SUM(s) (s)
#define TO_MEAN(s) ((double)(s))
#define FLOATING 0
#include "reduce_typed_template.h"

static CREW__NOINLINE float norm2_f32(const float *x, size_t n)
{
    struct crew__partial p; /* squares of floats and their sum are normal doubles, so nothing needs scaling */
    crew__reduce_typed(&dot_f32, x, x, n, &p);
    return (float)sqrt(one_nan(p.value.f64));
}

static CREW__NOINLINE double norm2_f64(const double *x, size_t n)
{
    static const struct crew__typed squares = {CREW__F64, CREW__SQUARES, sizeof(double), merge_sum_f64};
    struct crew__partial p;
    crew__reduce_typed(&dot_f64, x, x, n, &p);
    double sum = p.value.f64;
    if (sum != sum)
        return (double)NAN;
    /* A square below 2^-1022 is off by up to 2^-1075. In a sum of at least 2^-960 that cannot be seen. */
    if (n == 0 || (sum >= 0x1p-960 && sum <= DBL_MAX))
        return sqrt(sum);
    double low, high;
    int exponent;
    crew_minmax_f64(x, n, &low, &high);
    double largest = -low > high ? -low : high;
    if (largest == 0 || largest > DBL_MAX)
        return largest;
    frexp(largest, &exponent);
    /* Largest comes to lie in [2^-75, 2^25). A factor within 2^+-1000 has an exact inverse, and no system that flushes
       subnormal numbers to zero can take it for one. */
    exponent = exponent > 1000 ? 1000 : exponent < -1000 ? -1000 : exponent;
    double scale = ldexp(1, -exponent);
    crew__reduce_typed(&squares, x, &scale, n, &p);
    return ldexp(sqrt(p.value.f64), exponent);
}

float crew_norm2_f32(const float *x, size_t n)
{
    struct crew__fp_saved fp = crew__fp_begin();
    float norm = norm2_f32(x, n);
    crew__fp_end(&fp);
    return norm;
}

double crew_norm2_f64(const double *x, size_t n)
{
    struct crew__fp_saved fp = crew__fp_begin();
    double norm = norm2_f64(x, n);
    crew__fp_end(&fp);
    return norm;
}
