/* crew_{sum,dot,mean,min,max,minmax,argmin,argmax}_TYPE, for each_type_template.h. */

#include "reduce_kinds_template.h"

#include "reduce_few_template.h"

/* Integers are the same in any floating-point environment; their mean is not. */
#if FLOATING
#define BEGIN struct crew__fp_saved fp = crew__fp_begin()
#define HOLD(x) CREW__FP_HOLD(x)
#define END crew__fp_end(&fp)
#else
#define BEGIN ((void)0)
#define HOLD(x) ((void)0)
#define END ((void)0)
#endif

SUM CREW__CAT(crew_sum, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__partial p;
    BEGIN;
    if (n <= FEW)
        p.value.MEMBER = CREW__CAT(sum_few, TYPE)(x, n);
    else
        crew__reduce_typed(&CREW__CAT(sum, TYPE), x, x, n, &p);
    SUM result = TO_SUM(p.value.MEMBER);
    HOLD(result);
    END;
    return result;
}

SUM CREW__CAT(crew_dot, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    struct crew__partial p;
    BEGIN;
    if (n <= FEW)
        p.value.MEMBER = CREW__CAT(dot_few, TYPE)(x, y, n);
    else
        crew__reduce_typed(&CREW__CAT(dot, TYPE), x, y, n, &p);
    SUM result = TO_SUM(p.value.MEMBER);
    HOLD(result);
    END;
    return result;
}

double CREW__CAT(crew_mean, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__partial p;
    if (n == 0)
        return (double)NAN;
    struct crew__fp_saved fp = crew__fp_begin();
    if (n <= FEW)
        p.value.MEMBER = CREW__CAT(sum_few, TYPE)(x, n);
    else
        crew__reduce_typed(&CREW__CAT(sum, TYPE), x, x, n, &p);
    double mean = TO_DOUBLE(p.value.MEMBER) / (double)n;
    CREW__FP_HOLD(mean);
    crew__fp_end(&fp);
    return mean;
}

ELEMENT CREW__CAT(crew_min, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__partial p;
    ELEMENT extreme;
    if (n <= FEW_COMPARED && n > 0 && CREW__CAT(lowest_few, TYPE)(x, n, &extreme))
        return extreme;
    BEGIN;
    crew__reduce_typed(&CREW__CAT(lowest, TYPE), x, x, n, &p);
    END;
    return p.value.TYPE;
}

ELEMENT CREW__CAT(crew_max, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__partial p;
    ELEMENT extreme;
    if (n <= FEW_COMPARED && n > 0 && CREW__CAT(highest_few, TYPE)(x, n, &extreme))
        return extreme;
    BEGIN;
    crew__reduce_typed(&CREW__CAT(highest, TYPE), x, x, n, &p);
    END;
    return p.value.TYPE;
}

void CREW__CAT(crew_minmax, TYPE)(const ELEMENT *x, size_t n, ELEMENT *min, ELEMENT *max)
{
    struct crew__partial p;
    if (n == 0 || n > FEW_COMPARED || !CREW__CAT(lowest_few, TYPE)(x, n, &p.value.TYPE) ||
        !CREW__CAT(highest_few, TYPE)(x, n, &p.u.high.TYPE)) {
        BEGIN;
        crew__reduce_typed(&CREW__CAT(extremes, TYPE), x, x, n, &p);
        END;
    }
    if (min != NULL)
        *min = p.value.TYPE;
    if (max != NULL)
        *max = p.u.high.TYPE;
}

size_t CREW__CAT(crew_argmin, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__partial p;
    if (n <= FEW_COMPARED)
        return CREW__CAT(lowest_at_few, TYPE)(x, n);
    BEGIN;
    crew__reduce_typed(&CREW__CAT(lowest, TYPE), x, x, n, &p);
    size_t at = crew__find_typed(&CREW__CAT(lowest, TYPE), x, n, p.u.leaf, &p.value.TYPE);
    END;
    return at;
}

size_t CREW__CAT(crew_argmax, TYPE)(const ELEMENT *x, size_t n)
{
    struct crew__partial p;
    if (n <= FEW_COMPARED)
        return CREW__CAT(highest_at_few, TYPE)(x, n);
    BEGIN;
    crew__reduce_typed(&CREW__CAT(highest, TYPE), x, x, n, &p);
    size_t at = crew__find_typed(&CREW__CAT(highest, TYPE), x, n, p.u.leaf, &p.value.TYPE);
    END;
    return at;
}

#undef IS_NAN
#undef BEGIN
#undef HOLD
#undef END
#undef SUM
#undef MEMBER
#undef TO_SUM
#undef TO_DOUBLE
