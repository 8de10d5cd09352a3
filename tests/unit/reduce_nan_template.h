/* check_f32 and check_f64 of test_reduce_nan.c, for each_type_template.h. */
#if FLOATING

/* The same value, -0 and +0 too; any NaN. */
static int CREW__CAT(same, TYPE)(double a, double b)
{
    return isnan(b) ? isnan(a) : a == b && signbit(a) == signbit(b);
}

static void CREW__CAT(check, TYPE)(size_t n, int mix, uint64_t *seed)
{
    ELEMENT *x = test_alloc((n + 1) * sizeof *x), *y = test_alloc((n + 1) * sizeof *y);
    x++; /* not aligned to a vector */
    ELEMENT low = (ELEMENT)NAN, high = (ELEMENT)NAN;
    size_t numbers = 0;
    double exact = 0; /* of small whole numbers */
    for (size_t i = 0; i < n; i++) {
        const uint64_t r = test_random(seed);
        const unsigned chance = (unsigned)(r >> 60);
        x[i] = mix == ZEROS ? (r & 1 ? (ELEMENT)-0.0 : 0) : (ELEMENT)((double)(int64_t)r * 0x1p-50);
        if (mix == SOME || mix == SOME_INFINITE)
            x[i] = chance < 3 ? (ELEMENT)NAN : x[i];
        if (mix == MOSTLY)
            x[i] = chance < 15 ? -(ELEMENT)NAN : x[i];
        if (mix == ALL)
            x[i] = (ELEMENT)NAN;
        if (mix == SOME_INFINITE && chance == 5)
            x[i] = (ELEMENT)INFINITY;
        y[i] = x[i] == x[i] ? x[i] : 0;
        if (x[i] == x[i]) {
            numbers++;
            low = x[i] < low || low != low ? x[i] : low;
            high = x[i] > high || high != high ? x[i] : high;
        }
    }
    const ELEMENT sum = CREW__CAT(crew_nansum, TYPE)(x, n);
    ck_assert(CREW__CAT(same, TYPE)((double)sum, (double)CREW__CAT(crew_sum, TYPE)(y, n)));
    const double mean = CREW__CAT(crew_nanmean, TYPE)(x, n);
    const double whole = n > 0 ? CREW__CAT(crew_mean, TYPE)(y, n) : (double)NAN;
    if (numbers == n || numbers == 0)
        ck_assert(CREW__CAT(same, TYPE)(mean, numbers ? whole : (double)NAN));
    else
        ck_assert(isinf(whole) ? mean == whole
                               : fabs(mean - whole * (double)n / (double)numbers) <= 1e-12 * fabs(mean));
    ck_assert(low != low ? isnan(CREW__CAT(crew_nanmin, TYPE)(x, n)) : CREW__CAT(crew_nanmin, TYPE)(x, n) == low);
    ck_assert(high != high ? isnan(CREW__CAT(crew_nanmax, TYPE)(x, n)) : CREW__CAT(crew_nanmax, TYPE)(x, n) == high);
    for (size_t i = 0; i < n; i++) { /* means are exact */
        x[i] = x[i] == x[i] ? (ELEMENT)(int)(i % 64) : x[i];
        exact += x[i] == x[i] ? (double)x[i] : 0;
    }
    ck_assert(
        CREW__CAT(same, TYPE)(CREW__CAT(crew_nanmean, TYPE)(x, n), numbers ? exact / (double)numbers : (double)NAN));
    free(x - 1), free(y);
}

#endif
