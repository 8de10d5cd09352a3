/* Selecting with a comparison that is compiled and inlined in the including file:

       #define CREW_NAME nth_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/nth.h>

   defines

       static int nth_by_price(struct order *x, size_t n, size_t k, const crew_options *opt);

   which rearranges x so that x[k] is the element that a stable sort would put there and equals crew_nth_element with a
   cmp of that order, bit for bit and error for error (sort.h): both are made from the same steps. a and b are pointers
   to const elements; of two that are equal CREW_LESS is false both ways. Elements are copied by memcpy and by
   assignment. May be included any number of times; the three are undefined at the end.

   Work, scratch, cancelling, threads: as crew_nth_element. Up to 12 elements are sorted in place by insertion.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME nth_by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/nth.h>

       int main(void)
       {
           struct order x[5] = {{1, 50}, {2, 10}, {3, 40}, {4, 20}, {5, 30}};
           int error = nth_by_price(x, 5, 2, NULL);
           printf("the median is %g\n", x[2].price); // prints the median is 30
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/order.h>

#define CREW__INSTANCE CREW_NAME
#define CREW__SIZE sizeof(CREW_TYPE)
#define CREW__COMPARE(x, y)                                                                                            \
    ((CREW_LESS((const CREW_TYPE *)(const void *)(y), (const CREW_TYPE *)(const void *)(x)) ? 1 : 0) -                 \
     (CREW_LESS((const CREW_TYPE *)(const void *)(x), (const CREW_TYPE *)(const void *)(y)) ? 1 : 0))
#include <crew/inline/nth_steps.h>

static int CREW_NAME(CREW_TYPE *x, size_t n, size_t k, const crew_options *opt)
{
    if (n <= 12 && k < n && x != NULL && opt == NULL) {
        CREW__CAT(crew__insert, CREW_NAME)(x, n);
        return 0;
    }
    return crew__nth_by_steps(x, n, sizeof *x, k, CREW__CAT(crew__cmp, CREW_NAME), &CREW__CAT(crew__steps, CREW_NAME),
                              &CREW__CAT(crew__nth_steps, CREW_NAME), opt);
}

#include <crew/inline/end.h>
