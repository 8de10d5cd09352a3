/* crew_{nansum,nanmean,nanmin,nanmax}_dist_{f32,f64}, for each_type_template.h. */
#if FLOATING

static int CREW__CAT(sum_numbers, TYPE)(const crew_dist *x, double *sum)
{
    static const struct crew__typed numbers = {ID, CREW__NUMBERS, sizeof(ELEMENT), CREW__CAT(merge_sum, TYPE)};
    struct crew__partial p;
    int code = reduce(&numbers, x, NULL, NULL, &p);
    *sum = code ? 0 : one_nan(p.value.f64);
    return code;
}

static int CREW__CAT(count_numbers, TYPE)(const crew_dist *x, double *count)
{
    static const struct crew__typed ones = {ID, CREW__ONES, sizeof(ELEMENT), CREW__CAT(merge_sum, TYPE)};
    struct crew__partial p;
    int code = reduce(&ones, x, NULL, NULL, &p);
    *count = code ? 0 : p.value.f64;
    return code;
}

static CREW__NOINLINE ELEMENT CREW__CAT(narrow, TYPE)(double x)
{
    return (ELEMENT)x;
}

int CREW__CAT(crew_nansum_dist, TYPE)(const crew_dist *x, ELEMENT *result)
{
    double sum;
    int code = result ? CREW__CAT(sum_numbers, TYPE)(x, &sum) : -EINVAL;
    if (code)
        return code;
    struct crew__fp_saved fp = crew__fp_begin();
    ELEMENT rounded = CREW__CAT(narrow, TYPE)(sum);
    crew__fp_end(&fp);
    *result = rounded;
    return 0;
}

int CREW__CAT(crew_nanmean_dist, TYPE)(const crew_dist *x, double *result)
{
    double sum, count;
    int code = result ? CREW__CAT(sum_numbers, TYPE)(x, &sum) : -EINVAL;
    if (code == 0)
        code = CREW__CAT(count_numbers, TYPE)(x, &count);
    if (code)
        return code;
    struct crew__fp_saved fp = crew__fp_begin();
    double mean = one_nan(sum / count);
    CREW__FP_HOLD(mean);
    crew__fp_end(&fp);
    *result = mean;
    return 0;
}

/* An extreme that no number need have is looked at twice, as on one machine. */
static int CREW__CAT(extreme_number, TYPE)(const struct crew__typed *t, const crew_dist *x, ELEMENT none,
                                           ELEMENT *result)
{
    struct crew__partial p;
    double count = 1;
    int code = result ? reduce(t, x, NULL, NULL, &p) : -EINVAL;
    if (code == 0 && p.value.TYPE == none)
        code = CREW__CAT(count_numbers, TYPE)(x, &count);
    if (code == 0)
        *result = count > 0 ? p.value.TYPE : (ELEMENT)NAN;
    return code;
}

int CREW__CAT(crew_nanmin_dist, TYPE)(const crew_dist *x, ELEMENT *result)
{
    static const struct crew__typed least = {ID, CREW__LEAST, sizeof(ELEMENT), CREW__CAT(merge_lowest, TYPE)};
    return CREW__CAT(extreme_number, TYPE)(&least, x, MOST, result);
}

int CREW__CAT(crew_nanmax_dist, TYPE)(const crew_dist *x, ELEMENT *result)
{
    static const struct crew__typed most = {ID, CREW__MOST, sizeof(ELEMENT), CREW__CAT(merge_highest, TYPE)};
    return CREW__CAT(extreme_number, TYPE)(&most, x, LEAST, result);
}

#endif
