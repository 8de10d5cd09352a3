/* crew_sort_dist and crew_sort_dist_{f32..u64}. */
#include "../array/typed/types.h"
#include "rank_sort.h"
#include <errno.h>
#include <math.h>

int crew_sort_dist(crew_dist *d, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    int code = d && cmp ? crew__mpi_check(d->m) : -EINVAL;
    const struct crew__order order = crew__order_by(cmp, ctx, opt);
    return code ? code : crew__rank_sort(d, &order);
}

#define TEMPLATE "../../mpi/dist_sort_template.h"
#include "../array/typed/each_type_template.h"
