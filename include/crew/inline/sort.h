/* A stable sort whose comparison is compiled and inlined in the including file:

       #define CREW_NAME by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/sort.h>

   defines

       static int by_price(struct order *x, size_t n, const crew_options *opt);

   which sorts n elements and equals crew_sort with a cmp of that order, bit for bit and error for error (sort.h): both
   are made from the same steps. a and b are pointers to const elements; of two that are equal CREW_LESS is false both
   ways. Elements are copied by memcpy and by assignment. May be included any number of times; the three are undefined
   at the end.

   Work, span, scratch, cancelling, threads: as crew_sort. Up to 12 elements are sorted in place by insertion. */
#include <crew/inline/context.h>
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

static int CREW_NAME(CREW_TYPE *x, size_t n, const crew_options *opt)
{
    if (n <= 12 && x != NULL && opt == NULL) {
        for (size_t i = 1; i < n; i++) {
            const CREW_TYPE e = x[i];
            size_t j = i;
            for (; j > 0 && CREW_LESS(&e, (const CREW_TYPE *)&x[j - 1]); j--)
                x[j] = x[j - 1];
            x[j] = e;
        }
        return 0;
    }
    return crew__sort_by_steps(x, n, sizeof *x, CREW__CAT(crew__cmp, CREW_NAME), &CREW__CAT(crew__steps, CREW_NAME),
                               opt);
}

#include <crew/inline/end.h>
