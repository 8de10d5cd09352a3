/* crew_{sum,dot,mean,min,max,minmax,argmin,argmax}_dist_{f32..u64}. */
#include "../array/typed/exact_rounding.h"

#include "../core/base/compiler.h"
#include "../core/base/fp_environment.h"
#include "typed_tree.h"
#include <errno.h>
#include <math.h>

/* As crew_sum: which NaN an addition keeps is up to the processor. */
static double one_nan(double x)
{
    return x == x ? x : (double)NAN;
}

/* In the default floating-point environment, as the typed functions of one machine. */
static CREW__NOINLINE int reduce(const struct crew__typed *t, const crew_dist *x, const crew_dist *y,
                                 struct crew__partial *out)
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
        code = crew__reduce_typed_dist(t, x, y, out);
    crew__fp_end(&fp);
    return code;
}

#define TEMPLATE "../../mpi/dist_reduce_typed_template.h"
#include "../array/typed/each_type_template.h"
