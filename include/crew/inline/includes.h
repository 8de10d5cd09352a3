/* Whether a sorted array includes another, with a comparison that is compiled and inlined in the including file:

       #define CREW_NAME has_prices
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/includes.h>

   defines

       static int has_prices(const struct order *a, size_t na, const struct order *b, size_t nb, bool *result,
                             const crew_options *opt);

   which equals crew_includes (crew/set.h) with a cmp of that order. The three are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME has_prices
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/includes.h>

       int main(void)
       {
           struct order a[3] = {{1, 80}, {2, 120}, {3, 300}}, b[2] = {{4, 80}, {5, 300}};
           bool has;
           int error = has_prices(a, 3, b, 2, &has, NULL);
           printf("%d\n", !error && has); // prints 1
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/set_run.h>

#define CREW__INSTANCE CREW_NAME
#define CREW__SIZE sizeof(CREW_TYPE)
#define CREW__BEFORE(x, y)                                                                                             \
    (CREW_LESS((const CREW_TYPE *)(const void *)(x), (const CREW_TYPE *)(const void *)(y)) ? 1U : 0U)
#define CREW__SET CREW_SET_DIFFERENCE
#include <crew/inline/set_steps.h>

static int CREW_NAME(const CREW_TYPE *a, size_t na, const CREW_TYPE *b, size_t nb, bool *result,
                     const crew_options *opt)
{
    return crew__includes_by_steps(a, na, b, nb, sizeof *a, &CREW__CAT(crew__set_steps, CREW_NAME), result, opt);
}

#include <crew/inline/end.h>
