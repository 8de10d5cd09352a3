/* The public typed reductions of crew/reduce.h: crew_{sum,dot,mean,min,max,minmax,argmin,argmax}_{f32..u64}, and
   crew_norm2 and crew_nan{sum,mean,min,max}_{f32,f64}. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "reduce_typed.h"
#include "squares.h"
#include <crew/reduce.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { FEW = 32, FEW_COMPARED = 16 };

/* Which of two NaNs an addition keeps, and the sign of a new one, is up to the compiler and the processor. */
static double one_nan(double x)
{
    return x == x ? x : (double)NAN;
}

#define TEMPLATE "../reduce/reduce_typed_template.h"
#include "../typed/each_type_template.h"

#define TEMPLATE "../reduce/reduce_numbers_template.h"
#include "../typed/each_type_template.h"

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
    if (n == 0 || crew__norm2_is_whole(sum))
        return sqrt(sum);
    double low, high;
    crew_minmax_f64(x, n, &low, &high);
    double largest = -low > high ? -low : high;
    if (largest == 0 || largest > DBL_MAX)
        return largest;
    const int exponent = crew__norm2_exponent(largest);
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
