/* compare_TYPE, for each_type_template.h: the order of crew_sort_TYPE, -0 before +0, NaNs last and equal. */
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
