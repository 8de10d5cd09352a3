/* crew_nan{sum,mean,min,max}_{f32,f64}, for each_type_template.h. */
#if FLOATING

static CREW__NOINLINE double CREW__CAT(sum_numbers, TYPE)(const ELEMENT *x, size_t n)
{
    static const struct crew__typed numbers = {ID, CREW__NUMBERS, sizeof(ELEMENT), CREW__CAT(merge_sum, TYPE)};
    struct crew__partial p;
    if (n <= FEW)
        return one_nan(CREW__CAT(numbers_few, TYPE)(x, n));
    crew__reduce_typed(&numbers, x, x, n, &p);
    return one_nan(p.value.f64);
}

/* Exact: fewer than 2^53. */
static CREW__NOINLINE double CREW__CAT(count_numbers, TYPE)(const ELEMENT *x, size_t n)
{
    static const struct crew__typed ones = {ID, CREW__ONES, sizeof(ELEMENT), CREW__CAT(merge_sum, TYPE)};
    struct crew__partial p;
    size_t count = 0;
    for (size_t i = 0; i < n && n <= FEW; i++)
        count += x[i] == x[i];
    if (n <= FEW)
        return (double)count;
    crew__reduce_typed(&ones, x, x, n, &p);
    return p.value.f64;
}

/* An extreme that no number need have is looked at twice. */
static CREW__NOINLINE ELEMENT CREW__CAT(extreme_number, TYPE)(const struct crew__typed *t, const ELEMENT *x, size_t n,
                                                              ELEMENT none)
{
    struct crew__partial p;
    crew__reduce_typed(t, x, x, n, &p);
    return p.value.TYPE == none && !(CREW__CAT(count_numbers, TYPE)(x, n) > 0) ? (ELEMENT)NAN : p.value.TYPE;
}

ELEMENT CREW__CAT(crew_nansum, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__fp_saved fp = crew__fp_begin();
    ELEMENT sum = (ELEMENT)CREW__CAT(sum_numbers, TYPE)(x, n);
    CREW__FP_HOLD(sum);
    crew__fp_end(&fp);
    return sum;
}

double CREW__CAT(crew_nanmean, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__fp_saved fp = crew__fp_begin();
    double mean = one_nan(CREW__CAT(sum_numbers, TYPE)(x, n) / CREW__CAT(count_numbers, TYPE)(x, n));
    CREW__FP_HOLD(mean);
    crew__fp_end(&fp);
    return mean;
}

ELEMENT CREW__CAT(crew_nanmin, TYPE)(const ELEMENT *x, size_t n)
{
    static const struct crew__typed least = {ID, CREW__LEAST, sizeof(ELEMENT), CREW__CAT(merge_lowest, TYPE)};
    ELEMENT lowest;
    if (n <= FEW_COMPARED && CREW__CAT(least_few, TYPE)(x, n, &lowest))
        return lowest;
    struct crew__fp_saved fp = crew__fp_begin();
    lowest = CREW__CAT(extreme_number, TYPE)(&least, x, n, MOST);
    crew__fp_end(&fp);
    return lowest;
}

ELEMENT CREW__CAT(crew_nanmax, TYPE)(const ELEMENT *x, size_t n)
{
    static const struct crew__typed most = {ID, CREW__MOST, sizeof(ELEMENT), CREW__CAT(merge_highest, TYPE)};
    ELEMENT highest;
    if (n <= FEW_COMPARED && CREW__CAT(most_few, TYPE)(x, n, &highest))
        return highest;
    struct crew__fp_saved fp = crew__fp_begin();
    highest = CREW__CAT(extreme_number, TYPE)(&most, x, n, LEAST);
    crew__fp_end(&fp);
    return highest;
}

#endif
