/* crew_sort_dist_TYPE, for each_type_template.h. */

/* The order of crew_sort_TYPE: -0 before +0, NaNs last and equal. */
static int CREW__CAT(compare, TYPE)(const void *a, const void *b, void *ctx)
{
    const ELEMENT x = *(const ELEMENT *)a, y = *(const ELEMENT *)b;
    (void)ctx;
#if FLOATING
    if (x != x || y != y)
        return (x != x) - (y != y);
    if (x == y)
        return (signbit(y) != 0) - (signbit(x) != 0);
#endif
    return (x > y) - (x < y);
}

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
