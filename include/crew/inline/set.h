/* A set operation on sorted arrays whose comparison is compiled and inlined in the including file:

       #define CREW_NAME all_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #define CREW_SET CREW_SET_UNION
       #include <crew/inline/set.h>

   defines

       static int all_by_price(const struct order *a, size_t na, const struct order *b, size_t nb, struct order *out,
                               size_t *count, const crew_options *opt);

   which equals crew_set_union with a cmp of that order, bit for bit and error for error (crew/set.h): both are made
   from the same steps. CREW_SET is CREW_SET_UNION, CREW_SET_INTERSECTION, CREW_SET_DIFFERENCE or
   CREW_SET_SYMMETRIC_DIFFERENCE. a and b of CREW_LESS are pointers to const elements. The four
   are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME all_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #define CREW_SET CREW_SET_UNION
       #include <crew/inline/set.h>

       int main(void)
       {
           struct order a[2] = {{1, 80}, {2, 300}}, b[2] = {{3, 80}, {4, 120}}, out[4];
           size_t count;
           int error = all_by_price(a, 2, b, 2, out, &count, NULL);
           for (size_t i = 0; !error && i < count; i++)
               printf("customer %d\n", out[i].customer);
           // prints customer 1
           // prints customer 4
           // prints customer 2
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/set_run.h>

#define CREW__INSTANCE CREW_NAME
#define CREW__SIZE sizeof(CREW_TYPE)
#define CREW__BEFORE(x, y)                                                                                             \
    (CREW_LESS((const CREW_TYPE *)(const void *)(x), (const CREW_TYPE *)(const void *)(y)) ? 1U : 0U)
#define CREW__SET CREW_SET
#include <crew/inline/set_steps.h>

static int CREW_NAME(const CREW_TYPE *a, size_t na, const CREW_TYPE *b, size_t nb, CREW_TYPE *out, size_t *count,
                     const crew_options *opt)
{
    return crew__set_by_steps(a, na, b, nb, sizeof *out, out, &CREW__CAT(crew__set_steps, CREW_NAME), count, opt);
}

#include <crew/inline/end.h>
