/* The order of a sort: the same, but that -0 comes before +0. Parameters: TYPE, ELEMENT, FLOATING. */
#include "fuzz_order_template.h"

static int CREW__CAT(by_value, TYPE)(const void *a, const void *b, void *ctx)
{
#if FLOATING
    ELEMENT x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    if (x == 0 && y == 0)
        return !!signbit(y) - !!signbit(x);
#endif
    return CREW__CAT(order, TYPE)(a, b, ctx);
}
