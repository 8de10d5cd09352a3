/* oracle_sum_{f32..u64}, oracle_extreme_{f32..u64}, oracle_arg_{f32..u64}: typed reductions element by element, as
   crew/reduce.h and lib/array/reduce/reduce_kernel.h describe them. */

#if FLOATING
#define ACC double
#define IS_NAN(a) isnan(a)
#else
#define ACC uint64_t
#define IS_NAN(a) ((void)(a), false)
#endif
#define LANES (2048 / BITS) /* of the extremes */

static ACC CREW__CAT(oracle_leaf_sum, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    ACC lane[32] = {0};
    for (size_t i = 0; i < n; i++) {
        volatile ACC term = (ACC)x[i]; /* volatile: rounded before it is added, on every compiler */
        if (y != NULL)
            term = term * (ACC)y[i];
        lane[i % 32] += term;
    }
    for (size_t h = 16; h > 0; h /= 2)
        for (size_t l = 0; l < h; l++)
            lane[l] += lane[l + h];
    return lane[0];
}

/* y NULL: the sum of x. Splits where the left side is the largest power of two of leaves that leaves a right side. */
static ACC CREW__CAT(oracle_sum, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    size_t left = 4096;
    if (n <= left)
        return CREW__CAT(oracle_leaf_sum, TYPE)(x, y, n);
    while (2 * left < n)
        left *= 2;
    ACC a = CREW__CAT(oracle_sum, TYPE)(x, y, left);
    return a + CREW__CAT(oracle_sum, TYPE)(x + left, y == NULL ? NULL : y + left, n - left);
}

/* sign 1: the lowest; -1: the highest. */
static ELEMENT CREW__CAT(oracle_extreme, TYPE)(const ELEMENT *x, size_t n, int sign)
{
    ELEMENT best = sign > 0 ? (ELEMENT)(MOST) : (ELEMENT)(LEAST);
    for (size_t begin = 0; begin < n; begin += 4096) {
        ELEMENT lane[LANES];
        for (size_t l = 0; l < LANES; l++)
            lane[l] = sign > 0 ? (ELEMENT)(MOST) : (ELEMENT)(LEAST);
        for (size_t i = 0; i < 4096 && begin + i < n; i++) {
            ELEMENT a = x[begin + i];
            if (IS_NAN(a))
                return a;
            if (sign > 0 ? a < lane[i % LANES] : a > lane[i % LANES])
                lane[i % LANES] = a;
        }
        for (size_t h = LANES / 2; h > 0; h /= 2)
            for (size_t l = 0; l < h; l++)
                if (sign > 0 ? lane[l + h] < lane[l] : lane[l + h] > lane[l])
                    lane[l] = lane[l + h];
        if (sign > 0 ? lane[0] < best : lane[0] > best)
            best = lane[0];
    }
    return best;
}

static size_t CREW__CAT(oracle_arg, TYPE)(const ELEMENT *x, size_t n, int sign)
{
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        if (IS_NAN(x[i]))
            return i;
        if (sign > 0 ? x[i] < x[best] : x[i] > x[best])
            best = i;
    }
    return best;
}

#undef ACC
#undef IS_NAN
#undef LANES
