/* crew_histogram, crew_histogram_edges, crew_histogram_by_edges, crew_histogram_2d and crew_histogram_2d_by_edges of
   crew/histogram.h. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../typed/types.h"
#include "bincount.h"
#include "histogram_kernel.h"
#include <crew/histogram.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { MAX_BINS = INT32_MAX };

/* Edge b is (b * step + low) * grow, but the last one. Where the step underflows to 0, or is a subnormal number rounded
   up so far that edges would pass the last one, b / bins * width takes the place of b * step. Where the width overflows
   everything is halved, exactly, numbers being large, and doubled at the end. */
struct equal_edges {
    double low, width, step, grow;
    bool by_step;
};

static struct equal_edges equal_edges(double low, double high, double bins)
{
    struct equal_edges e = {.grow = isinf(high - low) ? 2 : 1};
    e.low = low / e.grow;
    e.width = high / e.grow - e.low;
    e.step = e.width / bins;
    e.by_step = e.step > 0 && (bins - 1) * e.step + e.low <= high / e.grow;
    return e;
}

static double largest_edge(const struct equal_edges *e, double high)
{
    return fabs(e->low) > fabs(high) ? fabs(e->low) : fabs(high);
}

/* Bins that the kernel for equal ones cannot do are as narrow as a few roundings. The product is off by less than 2^-20
   of a bin. An edge is off by at most 4 roundings of double of the larger of |low| and |high|, and for float by one of
   float besides: bins of 32 and of 4 such roundings are missed by one at most, where roundings are relative: numbers
   are normal. Nor can it halve. */
static bool kernel_can_do(const struct equal_edges *e, double high, double roundings, double smallest)
{
    return e->grow == 1 && e->step >= roundings * largest_edge(e, high) && e->step >= 32 * smallest;
}

/* Those that it can do. The margin is twice what product and edges are off by. */
static struct crew__equal_bins equal_bins(const struct equal_edges *e, double high, double bins, double roundings)
{
    struct crew__equal_bins b = {e->low, high, e->step, bins / e->width, 0, (int32_t)(bins - 1)};
    b.margin = 0x1p-19 + roundings / 2 * largest_edge(e, high) * b.scale;
    return b;
}

#define TEMPLATE "../histogram/histogram_template.h"
#include "../typed/each_type_template.h"
