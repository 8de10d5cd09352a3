/* A stable partition whose test is compiled and inlined in the including file:

       #define CREW_NAME split_dear
       #define CREW_TYPE struct order
       #define CREW_TEST(x) ((x)->price > 100)
       #include <crew/inline/partition.h>

   defines

       static int split_dear(const struct order *in, struct order *kept, struct order *rest, size_t n, size_t *count,
                             const crew_options *opt);

   which is crew_partition (filter.h) with a predicate of that test. x is a pointer to a const element. CREW_CONTEXT:
   see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME split_dear
       #define CREW_TYPE struct order
       #define CREW_TEST(x) ((x)->price > 100)
       #include <crew/inline/partition.h>

       int main(void)
       {
           struct order all[3] = {{1, 120}, {2, 80}, {3, 300}}, dear[3], rest[3];
           size_t count;
           int error = split_dear(all, dear, rest, 3, &count, NULL);
           printf("%zu dear, customer %d has the other\n", count, rest[0].customer);
           // prints 2 dear, customer 2 has the other
           return error != 0;
       } */
#include <crew/filter.h>
#include <crew/inline/context.h>
#include <crew/inline/predicate.h>

static int CREW_NAME(const CREW_TYPE *in, CREW_TYPE *kept, CREW_TYPE *rest, size_t n, size_t *count,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = in;
    CREW__CONTEXT_SET(call)
    return crew_partition(in, kept, rest, sizeof *in, n, CREW__CAT(crew__flags, CREW_NAME), &call, count, opt);
}

#include <crew/inline/end.h>
