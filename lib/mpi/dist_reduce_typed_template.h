/* crew_{sum,dot,mean,min,max,minmax,argmin,argmax}_dist_TYPE, for each_type_template.h. */

/* As in lib/array/reduce/reduce_typed_template.h, but that the place of an extreme is its item's number. */
#if FLOATING
#define SUM ELEMENT
#define MEMBER f64
#define TO_SUM(s) ((ELEMENT)one_nan(s))
#define TO_DOUBLE(s) one_nan(s)
#else
#if LEAST < 0
#define SUM int64_t
#else
#define SUM uint64_t
#endif
#define MEMBER u64
#define TO_SUM(s) ((SUM)(s))
#define TO_DOUBLE(s) ((double)(SUM)(s))
#endif

#define IS_NAN(a) (FLOATING && !((a) == (a)))

static void CREW__CAT(merge_sum, TYPE)(struct crew__partial *left, const struct crew__partial *right)
{
    left->value.MEMBER += right->value.MEMBER;
}

static void CREW__CAT(merge_lowest, TYPE)(struct crew__partial *left, const struct crew__partial *right)
{
    if (!IS_NAN(left->value.TYPE) && (IS_NAN(right->value.TYPE) || right->value.TYPE < left->value.TYPE))
        *left = *right;
}

static void CREW__CAT(merge_highest, TYPE)(struct crew__partial *left, const struct crew__partial *right)
{
    if (!IS_NAN(left->value.TYPE) && (IS_NAN(right->value.TYPE) || right->value.TYPE > left->value.TYPE))
        *left = *right;
}

static void CREW__CAT(merge_extremes, TYPE)(struct crew__partial *left, const struct crew__partial *right)
{
    if (IS_NAN(left->value.TYPE))
        return;
    if (IS_NAN(right->value.TYPE) || right->value.TYPE < left->value.TYPE)
        left->value = right->value;
    if (IS_NAN(right->value.TYPE) || right->u.high.TYPE > left->u.high.TYPE)
        left->u.high = right->u.high;
}

static const struct crew__typed CREW__CAT(sum, TYPE) = {ID, CREW__SUM, sizeof(ELEMENT), CREW__CAT(merge_sum, TYPE)};
static const struct crew__typed CREW__CAT(dot, TYPE) = {ID, CREW__DOT, sizeof(ELEMENT), CREW__CAT(merge_sum, TYPE)};
static const struct crew__typed CREW__CAT(lowest, TYPE) = {ID, CREW__LOWEST, sizeof(ELEMENT),
                                                           CREW__CAT(merge_lowest, TYPE)};
static const struct crew__typed CREW__CAT(highest, TYPE) = {ID, CREW__HIGHEST, sizeof(ELEMENT),
                                                            CREW__CAT(merge_highest, TYPE)};
static const struct crew__typed CREW__CAT(extremes, TYPE) = {ID, CREW__EXTREMES, sizeof(ELEMENT),
                                                             CREW__CAT(merge_extremes, TYPE)};

int CREW__CAT(crew_sum_dist, TYPE)(const crew_dist *x, SUM *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(sum, TYPE), x, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = TO_SUM(p.value.MEMBER);
    return code;
}

int CREW__CAT(crew_dot_dist, TYPE)(const crew_dist *x, const crew_dist *y, SUM *result)
{
    struct crew__partial p;
    int code = result && y ? reduce(&CREW__CAT(dot, TYPE), x, y, &p) : -EINVAL;
    if (code == 0)
        *result = TO_SUM(p.value.MEMBER);
    return code;
}

int CREW__CAT(crew_mean_dist, TYPE)(const crew_dist *x, double *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(sum, TYPE), x, NULL, &p) : -EINVAL;
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
    int code = result ? reduce(&CREW__CAT(lowest, TYPE), x, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = p.value.TYPE;
    return code;
}

int CREW__CAT(crew_max_dist, TYPE)(const crew_dist *x, ELEMENT *result)
{
    struct crew__partial p;
    int code = result ? reduce(&CREW__CAT(highest, TYPE), x, NULL, &p) : -EINVAL;
    if (code == 0)
        *result = p.value.TYPE;
    return code;
}

int CREW__CAT(crew_minmax_dist, TYPE)(const crew_dist *x, ELEMENT *min, ELEMENT *max)
{
    struct crew__partial p;
    int code = reduce(&CREW__CAT(extremes, TYPE), x, NULL, &p);
    if (code == 0 && min)
        *min = p.value.TYPE;
    if (code == 0 && max)
        *max = p.u.high.TYPE;
    return code;
}

int CREW__CAT(crew_argmin_dist, TYPE)(const crew_dist *x, size_t *index)
{
    struct crew__partial p;
    int code = index ? reduce(&CREW__CAT(lowest, TYPE), x, NULL, &p) : -EINVAL;
    if (code == 0)
        *index = x->n == 0 ? 0 : p.u.leaf;
    return code;
}

int CREW__CAT(crew_argmax_dist, TYPE)(const crew_dist *x, size_t *index)
{
    struct crew__partial p;
    int code = index ? reduce(&CREW__CAT(highest, TYPE), x, NULL, &p) : -EINVAL;
    if (code == 0)
        *index = x->n == 0 ? 0 : p.u.leaf;
    return code;
}

#undef IS_NAN
#undef SUM
#undef MEMBER
#undef TO_SUM
#undef TO_DOUBLE
