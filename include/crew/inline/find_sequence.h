/* A search for a sequence whose comparison is compiled and inlined in the including file:

       #define CREW_NAME find_prices
       #define CREW_TYPE struct order
       #define CREW_EQUAL(a, b) ((a)->price == (b)->price)
       #include <crew/inline/find_sequence.h>

   defines

       static int find_prices(const struct order *x, size_t n, const struct order *y, size_t m, size_t *index,
                              const crew_options *opt);

   which is crew_find_sequence (find.h) with that comparison. a and b are pointers to const elements, a of x, b of y.
   CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME find_prices
       #define CREW_TYPE struct order
       #define CREW_EQUAL(a, b) ((a)->price == (b)->price)
       #include <crew/inline/find_sequence.h>

       int main(void)
       {
           struct order x[4] = {{1, 80}, {2, 300}, {3, 120}, {4, 80}}, y[2] = {{0, 120}, {0, 80}};
           size_t index = 0;
           int error = find_prices(x, 4, y, 2, &index, NULL);
           printf("%zu\n", index); // prints 2
           return error != 0;
       } */
#include <crew/find.h>
#include <crew/inline/context.h>

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *x, *y;
    size_t m;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__flags, CREW_NAME)(size_t begin, size_t end, unsigned char *flags, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = call->x + begin, *y = call->y;
    const size_t m = call->m;
    CREW__CONTEXT_OF(call)
    for (size_t i = 0; i < end - begin; i++) {
        size_t j = 0;
        while (j < m && CREW_EQUAL((&x[i + j]), (&y[j])))
            j++;
        flags[i] = j == m ? 1 : 0;
    }
    return 0;
}

static int CREW_NAME(const CREW_TYPE *x, size_t n, const CREW_TYPE *y, size_t m, size_t *index,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = x;
    call.y = y;
    call.m = m;
    CREW__CONTEXT_SET(call)
    if (m == 0 || m > n || x == NULL || y == NULL || index == NULL)
        return crew_find_sequence(x, n, y, m, sizeof *x, NULL, NULL, index, opt); /* which compares nothing then */
    size_t at = 0;
    int error = crew_find_first(n - m + 1, CREW__CAT(crew__flags, CREW_NAME), &call, &at, opt);
    if (error == 0)
        *index = at < n - m + 1 ? at : n;
    return error;
}

#include <crew/inline/end.h>
