/* A merge in place whose comparison is compiled and inlined in the including file:

       #define CREW_NAME join_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/merge_in_place.h>

   defines

       static int join_by_price(struct order *x, size_t middle, size_t n, const crew_options *opt);

   which equals crew_merge_in_place with a cmp of that order, bit for bit and error for error (crew/sort.h). The three
   are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME join_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/merge_in_place.h>

       int main(void)
       {
           struct order x[4] = {{1, 80}, {2, 300}, {3, 80}, {4, 120}};
           int error = join_by_price(x, 2, 4, NULL);
           for (size_t i = 0; !error && i < 4; i++)
               printf("customer %d\n", x[i].customer);
           // prints customer 1
           // prints customer 3
           // prints customer 4
           // prints customer 2
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/sort_run.h>

#define CREW__INSTANCE CREW_NAME
#define CREW__SIZE sizeof(CREW_TYPE)
#define CREW__MOST sizeof(CREW_TYPE)
#define CREW__BEFORE(x, y)                                                                                             \
    (CREW_LESS((const CREW_TYPE *)(const void *)(x), (const CREW_TYPE *)(const void *)(y)) ? 1U : 0U)
#include <crew/inline/sort_steps.h>

static int CREW_NAME(CREW_TYPE *x, size_t middle, size_t n, const crew_options *opt)
{
    return crew__merge_in_place_by_steps(x, middle, n, sizeof *x, &CREW__CAT(crew__steps, CREW_NAME), opt);
}

#include <crew/inline/end.h>
