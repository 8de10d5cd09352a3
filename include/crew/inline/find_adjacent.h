/* The first pair of neighbours with a property that is compiled and inlined in the including file:

       #define CREW_NAME first_repeated
       #define CREW_TYPE struct order
       #define CREW_EQUAL(a, b) ((a)->price == (b)->price)
       #include <crew/inline/find_adjacent.h>

   defines

       static int first_repeated(const struct order *x, size_t n, size_t *index, const crew_options *opt);

   which is crew_find_adjacent (find.h) with that comparison. a and b are pointers to const elements, a the one in front
   of b; any property of two neighbours will do: with one that says that b is ordered before a, *index + 1 is
   crew_is_sorted_until. CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME first_repeated
       #define CREW_TYPE struct order
       #define CREW_EQUAL(a, b) ((a)->price == (b)->price)
       #include <crew/inline/find_adjacent.h>

       int main(void)
       {
           struct order x[4] = {{1, 80}, {2, 300}, {3, 300}, {4, 80}};
           size_t index = 0;
           int error = first_repeated(x, 4, &index, NULL);
           printf("%zu\n", index); // prints 1
           return error != 0;
       } */
#include <crew/find.h>
#include <crew/inline/context.h>

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *x;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__flags, CREW_NAME)(size_t begin, size_t end, unsigned char *flags, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = call->x + begin;
    CREW__CONTEXT_OF(call)
    for (size_t i = 0; i < end - begin; i++)
        flags[i] = CREW_EQUAL((&x[i]), (&x[i] + 1)) ? 1 : 0;
    return 0;
}

static int CREW_NAME(const CREW_TYPE *x, size_t n, size_t *index, CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = x;
    CREW__CONTEXT_SET(call)
    if (n < 2 || x == NULL || index == NULL)
        return crew_find_adjacent(x, n, sizeof *x, NULL, NULL, index, opt); /* which compares nothing then */
    size_t at = 0;
    int error = crew_find_first(n - 1, CREW__CAT(crew__flags, CREW_NAME), &call, &at, opt);
    if (error == 0)
        *index = at < n - 1 ? at : n;
    return error;
}

#include <crew/inline/end.h>
