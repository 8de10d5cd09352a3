/* crew_{sum,dot,mean,min,max,minmax,argmin,argmax}_dist_TYPE, for each_type_template.h. */

/* As in lib/array/reduce/reduce_typed_template.h, but that the place of an extreme is its item's number. */
#include "../array/reduce/reduce_kinds_template.h"

int CREW__CAT(crew_sum_dist, TYPE)(const crew_dist *x, SUM *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(sum, TYPE), x, NULL, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = TO_SUM(p.value.MEMBER);
    return code;
}

int CREW__CAT(crew_dot_dist, TYPE)(const crew_dist *x, const crew_dist *y, SUM *result)
{
    struct crew__partial p;
    int code = result && y ? reduce(&CREW__CAT(dot, TYPE), x, y, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = TO_SUM(p.value.MEMBER);
    return code;
}

int CREW__CAT(crew_mean_dist, TYPE)(const crew_dist *x, double *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(sum, TYPE), x, NULL, NULL, &p) : -EINVAL;
    if (code)
        return code;
    struct crew__fp_saved fp = crew__fp_begin();
    double mean = x->n == 0 ? (double)NAN : TO_DOUBLE(p.value.MEMBER) / (double)x->n;
    CREW__FP_HOLD(mean);
    crew__fp_end(&fp);
    *result = mean;
    return 0;
}

int CREW__CAT(crew_min_dist, TYPE)(const crew_dist *x, ELEMENT *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(lowest, TYPE), x, NULL, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = p.value.TYPE;
    return code;
}

int CREW__CAT(crew_max_dist, TYPE)(const crew_dist *x, ELEMENT *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(highest, TYPE), x, NULL, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = p.value.TYPE;
    return code;
}

int CREW__CAT(crew_minmax_dist, TYPE)(const crew_dist *x, ELEMENT *min, ELEMENT *max)
{
    struct crew__partial p;
    int code = reduce(&CREW__CAT(extremes, TYPE), x, NULL, NULL, &p);
    if (code == 0 && min)
        *min = p.value.TYPE;
    if (code == 0 && max)
        *max = p.u.high.TYPE;
    return code;
}

int CREW__CAT(crew_argmin_dist, TYPE)(const crew_dist *x, size_t *index)
{
    struct crew__partial p;
    int code = index ? reduce(&CREW__CAT(lowest, TYPE), x, NULL, NULL, &p) : -EINVAL;
    if (code == 0)
        *index = x->n == 0 ? 0 : p.u.leaf;
    return code;
}

int CREW__CAT(crew_argmax_dist, TYPE)(const crew_dist *x, size_t *index)
{
    struct crew__partial p;
    int code = index ? reduce(&CREW__CAT(highest, TYPE), x, NULL, NULL, &p) : -EINVAL;
    if (code == 0)
        *index = x->n == 0 ? 0 : p.u.leaf;
    return code;
}

#undef IS_NAN
#undef SUM
#undef MEMBER
#undef TO_SUM
#undef TO_DOUBLE
