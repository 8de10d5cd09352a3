/* For the templates of this folder that order elements: the steps crew__steps_NAME and a crew_compare, crew__cmp_NAME,
   of CREW_LESS; and crew__insert_NAME, which sorts few elements in place, stable. */
#include <crew/inline/sort_run.h>

#define CREW__INSTANCE CREW_NAME
#define CREW__SIZE sizeof(CREW_TYPE)
#define CREW__MOST sizeof(CREW_TYPE)
#define CREW__BEFORE(x, y)                                                                                             \
    (CREW_LESS((const CREW_TYPE *)(const void *)(x), (const CREW_TYPE *)(const void *)(y)) ? 1U : 0U)
#define CREW__PAIRS
#include <crew/inline/sort_steps.h>

static int CREW__CAT(crew__cmp, CREW_NAME)(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return CREW_LESS((const CREW_TYPE *)a, (const CREW_TYPE *)b)   ? -1
           : CREW_LESS((const CREW_TYPE *)b, (const CREW_TYPE *)a) ? 1
                                                                   : 0;
}

static inline void CREW__CAT(crew__insert, CREW_NAME)(CREW_TYPE *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const CREW_TYPE e = x[i];
        size_t j = i;
        for (; j > 0 && CREW_LESS(&e, (const CREW_TYPE *)&x[j - 1]); j--)
            x[j] = x[j - 1];
        x[j] = e;
    }
}
