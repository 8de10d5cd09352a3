/* A search whose test is compiled and inlined in the including file:

       #define CREW_NAME first_dear
       #define CREW_TYPE struct order
       #define CREW_TEST(x) ((x)->price > 100)
       #include <crew/inline/find.h>

   defines

       static int first_dear(const struct order *x, size_t n, size_t *index, const crew_options *opt);

   which is crew_find_first (find.h) with a predicate of that test: the lowest index, n where there is none. x is a
   pointer to a const element. Calls without options look at the first 64 elements one by one. CREW_CONTEXT: see
   context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME first_dear
       #define CREW_TYPE struct order
       #define CREW_TEST(x) ((x)->price > 100)
       #include <crew/inline/find.h>

       int main(void)
       {
           struct order all[3] = {{1, 20}, {2, 80}, {3, 300}};
           size_t index;
           int error = first_dear(all, 3, &index, NULL);
           printf("%zu\n", index); // prints 2
           return error != 0;
       } */
#include <crew/find.h>
#include <crew/inline/context.h>
#include <crew/inline/predicate.h>

static int CREW_NAME(const CREW_TYPE *x, size_t n, size_t *index, CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = x;
    CREW__CONTEXT_SET(call)
    if (opt != NULL || index == NULL || x == NULL)
        return crew_find_first(n, CREW__CAT(crew__flags, CREW_NAME), &call, index, opt);
    size_t i = 0;
    for (size_t few = n < 64 ? n : 64; i < few; i++)
        if (CREW_TEST((&x[i])))
            break;
    *index = i;
    if (i < 64)
        return 0;
    call.x += i;
    int error = crew_find_first(n - i, CREW__CAT(crew__flags, CREW_NAME), &call, index, NULL);
    *index += i;
    return error;
}

#include <crew/inline/end.h>
