/* order_TYPE, for each_type_template.h: records that begin with a key of that type. */
#include "compare_template.h"

static int CREW__CAT(sort, TYPE)(void *items, size_t n, size_t size, const struct crew__order *order)
{
    (void)order;
    return CREW__CAT(crew_sort_records, TYPE)(items, n, size, 0);
}

static int CREW__CAT(merge, TYPE)(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                  const struct crew__order *order)
{
    return crew_merge(a, na, b, nb, size, out, order->cmp, NULL, NULL);
}

static const struct crew__order CREW__CAT(order, TYPE) = {CREW__CAT(compare, TYPE), NULL, CREW__CAT(sort, TYPE),
                                                          CREW__CAT(merge, TYPE), NULL};
