/* crew_sort_dist_TYPE, for each_type_template.h. */

#include "compare_template.h"

static int CREW__CAT(sort, TYPE)(void *items, size_t n, size_t size, const struct crew__order *order)
{
    (void)size;
    (void)order;
    return CREW__CAT(crew_sort, TYPE)((ELEMENT *)items, n);
}

static int CREW__CAT(merge, TYPE)(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                  const struct crew__order *order)
{
    (void)size;
    (void)order;
    return CREW__CAT(crew_merge, TYPE)((const ELEMENT *)a, na, (const ELEMENT *)b, nb, (ELEMENT *)out);
}

int CREW__CAT(crew_sort_dist, TYPE)(crew_dist *d)
{
    int code = d && d->size == sizeof(ELEMENT) ? crew__mpi_check(d->m) : -EINVAL;
    struct crew__order order = {CREW__CAT(compare, TYPE), NULL, CREW__CAT(sort, TYPE), CREW__CAT(merge, TYPE), NULL};
    return code ? code : crew__rank_sort(d, &order);
}
