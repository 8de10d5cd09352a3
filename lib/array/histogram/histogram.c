/* crew_histogram_{f32,f64}, crew_histogram_edges_{f32,f64} and crew_histogram_by_edges_{f32,f64} of crew/histogram.h.
 */
#include "../typed/exact_rounding.h"

#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../typed/types.h"
#include "bincount.h"
#include "histogram_kernel.h"
#include <crew/histogram.h>
#include <errno.h>
#include <float.h>
#include <math.h>

enum { MAX_BINS = INT32_MAX };

/* Bins that the kernel for equal ones cannot do are as narrow as a few roundings. The product is off by less than 2^-20
   of a bin. An edge is off by at most 4 roundings of double of the larger of |low| and |high|, and for float by one of
   float besides: bins of 32 and of 4 such roundings are missed by one at most, where roundings are relative: numbers
   are normal. */
static int is_narrow(double low, double high, double step, double roundings, double smallest)
{
    double largest = fabs(low) > fabs(high) ? fabs(low) : fabs(high);
    return !(step >= roundings * largest && step >= 32 * smallest);
}

#define TEMPLATE "../histogram/histogram_template.h"
#include "../typed/each_type_template.h"
