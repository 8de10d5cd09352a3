/* The order of values: NaN equals NaN and comes last; -0 equals +0. Parameters: TYPE, ELEMENT, FLOATING. */
static int CREW__CAT(order, TYPE)(const void *a, const void *b, void *ctx)
{
    ELEMENT x, y;
    (void)ctx;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
#if FLOATING
    if (isnan(x) || isnan(y))
        return !!isnan(x) - !!isnan(y);
#endif
    return (x > y) - (x < y);
}
