/* crew_sort_dist and crew_sort_dist_{f32..u64}. */
#include "../array/typed/types.h"
#include "rank_sort.h"
#include <errno.h>
#include <math.h>

static int sort_any(void *items, size_t n, size_t size, const struct crew__order *order)
{
    return crew_sort(items, n, size, order->cmp, order->ctx, order->opt);
}

static int merge_any(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                     const struct crew__order *order)
{
    return crew_merge(a, na, b, nb, size, out, order->cmp, order->ctx, NULL);
}

int crew_sort_dist(crew_dist *d, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    int code = d && cmp ? crew__mpi_check(d->m) : -EINVAL;
    struct crew__order order = {cmp, ctx, sort_any, merge_any, opt};
    return code ? code : crew__rank_sort(d, &order);
}

#define TEMPLATE "../../mpi/dist_sort_template.h"
#include "../array/typed/each_type_template.h"
