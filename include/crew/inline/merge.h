/* A merge of sorted arrays whose comparison is compiled and inlined in the including file:

       #define CREW_NAME merge_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/merge.h>

   defines

       static int merge_by_price(const struct order *a, size_t na, const struct order *b, size_t nb, struct order *out,
                                 const crew_options *opt);

   which equals crew_merge with a cmp of that order, bit for bit and error for error (crew/sort.h): both are made from
   the same steps. Of equal elements a's come first. The three are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME merge_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/merge.h>

       int main(void)
       {
           struct order a[2] = {{1, 10}, {2, 30}}, b[1] = {{3, 20}}, out[3];
           int error = merge_by_price(a, 2, b, 1, out, NULL);
           printf("%g %g %g\n", out[0].price, out[1].price, out[2].price); // prints 10 20 30
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

static int CREW_NAME(const CREW_TYPE *a, size_t na, const CREW_TYPE *b, size_t nb, CREW_TYPE *out,
                     const crew_options *opt)
{
    return crew__merge_by_steps(a, na, b, nb, sizeof *out, out, &CREW__CAT(crew__steps, CREW_NAME), opt);
}

#include <crew/inline/end.h>
