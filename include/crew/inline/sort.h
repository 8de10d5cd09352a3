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

   Work, span, scratch, cancelling, threads: as crew_sort. Up to 12 elements are sorted in place by insertion.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME by_price
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/sort.h>

       int main(void)
       {
           struct order x[3] = {{1, 120}, {2, 80}, {3, 300}};
           int error = by_price(x, 3, NULL);
           printf("%d %d %d\n", x[0].customer, x[1].customer, x[2].customer); // prints 2 1 3
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/order.h>

static int CREW_NAME(CREW_TYPE *x, size_t n, const crew_options *opt)
{
    if (n <= 12 && x != NULL && opt == NULL) {
        CREW__CAT(crew__insert, CREW_NAME)(x, n);
        return 0;
    }
    return crew__sort_by_steps(x, n, sizeof *x, CREW__CAT(crew__cmp, CREW_NAME), &CREW__CAT(crew__steps, CREW_NAME),
                               opt);
}

#include <crew/inline/end.h>
