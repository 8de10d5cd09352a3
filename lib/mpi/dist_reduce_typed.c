/* crew_{sum,dot,mean,min,max,minmax,argmin,argmax}_dist_{f32..u64} and crew_{norm2,nansum,nanmean,nanmin,nanmax}_dist_
   {f32,f64}. */
#include "../array/typed/exact_rounding.h"

#include "../array/reduce/squares.h"
#include "../core/base/compiler.h"
#include "../core/base/fp_environment.h"
#include "typed_tree.h"
#include <errno.h>

/* As crew_sum: which NaN an addition keeps is up to the processor. */
static double one_nan(double x)
{
    return x == x ? x : (double)NAN;
}

/* factor: that of CREW__SQUARES. In the default floating-point environment, as the typed functions of one machine. */
static CREW__NOINLINE int reduce(const struct crew__typed *t, const crew_dist *x, const crew_dist *y,
                                 const double *factor, struct crew__partial *out)
{
    int code = x ? crew__mpi_check(x->m) : -EINVAL;
    if (code)
        return code;
    if (x->size != t->size || (y && (y->size != t->size || !crew__dist_alike(x, y))))
        return -EINVAL;
    struct crew__fp_saved fp = crew__fp_begin();
    if (x->n == 0)
        crew__reduce_typed(t, NULL, NULL, 0, out);
    else
        code = crew__reduce_typed_dist(t, x, y, factor, out);
    crew__fp_end(&fp);
    return code;
}

#define TEMPLATE "../../mpi/dist_reduce_typed_template.h"
#include "../array/typed/each_type_template.h"

#define TEMPLATE "../../mpi/dist_reduce_numbers_template.h"
#include "../array/typed/each_type_template.h"

static CREW__NOINLINE double root(double sum, int exponent)
{
    return ldexp(sqrt(one_nan(sum)), exponent);
}

static CREW__NOINLINE float float_root(double sum)
{
    return (float)sqrt(one_nan(sum));
}

int crew_norm2_dist_f32(const crew_dist *x, float *result)
{
    struct crew__partial p;
    int code = result ? reduce(&dot_f32, x, NULL, NULL, &p) : -EINVAL;
    if (code)
        return code;
    struct crew__fp_saved fp = crew__fp_begin();
    float norm = float_root(p.value.f64);
    crew__fp_end(&fp);
    *result = norm;
    return 0;
}

/* *sum becomes that of the squares, scaled by 2^-*exponent where they would lose bits. */
static int sum_squares(const crew_dist *x, double *sum, int *exponent)
{
    static const struct crew__typed squares = {CREW__F64, CREW__SQUARES, sizeof(double), merge_sum_f64};
    struct crew__partial p;
    int code = reduce(&dot_f64, x, NULL, NULL, &p);
    *exponent = 0;
    *sum = code ? 0 : p.value.f64;
    if (code || x->n == 0 || *sum != *sum || crew__norm2_is_whole(*sum))
        return code;
    double low, high;
    code = crew_minmax_dist_f64(x, &low, &high);
    const double largest = code ? 0 : -low > high ? -low : high;
    *sum = largest;
    if (code || largest == 0 || largest > DBL_MAX)
        return code; /* 0 and infinity are their own roots */
    *exponent = crew__norm2_exponent(largest);
    const double scale = ldexp(1, -*exponent);
    code = reduce(&squares, x, NULL, &scale, &p);
    *sum = code ? 0 : p.value.f64;
    return code;
}

int crew_norm2_dist_f64(const crew_dist *x, double *result)
{
    double sum;
    int exponent;
    int code = result ? sum_squares(x, &sum, &exponent) : -EINVAL;
    if (code)
        return code;
    struct crew__fp_saved fp = crew__fp_begin();
    double norm = root(sum, exponent);
    crew__fp_end(&fp);
    *result = norm;
    return 0;
}
