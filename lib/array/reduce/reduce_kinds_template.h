/* sum_TYPE, dot_TYPE, lowest_TYPE, highest_TYPE, extremes_TYPE: struct crew__typed for the typed functions of
   crew/reduce.h and crew/mpi.h, with the macros that both are written in; who includes this undefines those. */

/* What sums and dot products are returned as, the member of union crew__scalar that kernels leave them in, and from
   there to the former and to what a mean is made of. */
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
