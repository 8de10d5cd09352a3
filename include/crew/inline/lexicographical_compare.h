/* A comparison of two arrays as words in a dictionary, with an order of elements that is compiled and inlined in the
   including file:

       #define CREW_NAME compare_prices
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/lexicographical_compare.h>

   defines

       static int compare_prices(const struct order *a, size_t na, const struct order *b, size_t nb, int *order,
                                 const crew_options *opt);

   which is crew_lexicographical_compare (find.h) with a cmp of that order. The arguments of CREW_LESS are pointers to
   const elements. CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME compare_prices
       #define CREW_TYPE struct order
       #define CREW_LESS(a, b) ((a)->price < (b)->price)
       #include <crew/inline/lexicographical_compare.h>

       int main(void)
       {
           struct order a[3] = {{1, 80}, {2, 120}, {3, 300}}, b[2] = {{4, 80}, {5, 200}};
           int first = 0;
           int error = compare_prices(a, 3, b, 2, &first, NULL);
           printf("%d\n", first); // prints -1
           return error != 0;
       } */
#include <crew/find.h>
#include <crew/inline/context.h>

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *a, *b;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__cmp, CREW_NAME)(const void *x_, const void *y_, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = (const CREW_TYPE *)x_, *y = (const CREW_TYPE *)y_;
    CREW__CONTEXT_OF(call)
    (void)call;
    return CREW_LESS(x, y) ? -1 : CREW_LESS(y, x) ? 1 : 0;
}

static int CREW__CAT(crew__flags, CREW_NAME)(size_t begin, size_t end, unsigned char *flags, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *a = call->a + begin, *b = call->b + begin;
    CREW__CONTEXT_OF(call)
    for (size_t i = 0; i < end - begin; i++)
        flags[i] = CREW_LESS((&a[i]), (&b[i])) || CREW_LESS((&b[i]), (&a[i])) ? 1 : 0;
    return 0;
}

static int CREW_NAME(const CREW_TYPE *a, size_t na, const CREW_TYPE *b, size_t nb, int *order,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.a = a;
    call.b = b;
    CREW__CONTEXT_SET(call)
    if (na == 0 || nb == 0 || a == NULL || b == NULL || order == NULL)
        /* Compares nothing. */
        return crew_lexicographical_compare(a, na, b, nb, sizeof *a, CREW__CAT(crew__cmp, CREW_NAME), &call, order,
                                            opt);
    const size_t n = na < nb ? na : nb;
    size_t at = 0;
    int error = crew_find_first(n, CREW__CAT(crew__flags, CREW_NAME), &call, &at, opt);
    if (error == 0)
        *order =
            at < n ? CREW__CAT(crew__cmp, CREW_NAME)(&a[at], &b[at], &call) : (na > nb ? 1 : 0) - (na < nb ? 1 : 0);
    return error;
}

#include <crew/inline/end.h>
