/* A reduction whose operations are compiled and inlined in the including file:

       #define CREW_NAME total
       #define CREW_TYPE struct order
       #define CREW_RESULT struct sums
       #define CREW_FOLD(acc, x) sums_add(acc, (x)->price)
       #define CREW_MERGE(acc, right) sums_merge(acc, right)
       #include <crew/inline/reduce.h>

   defines

       static int total(const struct order *x, size_t n, struct sums *result, const crew_options *opt);

   which is crew_reduce (reduce.h) with those: each block of items is folded, in order, into an accumulator, pairs of
   accumulators are merged. *result holds the identity before the call and the result after it. acc points at a
   CREW_RESULT, x at a const element, right at a const CREW_RESULT. x or result NULL: -EINVAL, x not where n is 0.
   CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       struct sums {
           double price;
           size_t count;
       };

       #define CREW_NAME total
       #define CREW_TYPE struct order
       #define CREW_RESULT struct sums
       #define CREW_FOLD(acc, x) (acc)->price += (x)->price, (acc)->count++
       #define CREW_MERGE(acc, right) (acc)->price += (right)->price, (acc)->count += (right)->count
       #include <crew/inline/reduce.h>

       int main(void)
       {
           struct order all[3] = {{1, 120}, {2, 80}, {3, 300}};
           struct sums s = {0, 0};
           int error = total(all, 3, &s, NULL);
           printf("%zu orders, %g\n", s.count, s.price); // prints 3 orders, 500
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/reduce.h>
#include <errno.h>

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *x;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__fold, CREW_NAME)(size_t begin, size_t end, void *acc_, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    CREW_RESULT acc = *(const CREW_RESULT *)acc_;
    CREW__CONTEXT_OF(call)
    for (size_t i = begin; i < end; i++) {
        const CREW_TYPE *const crew__x = call->x + i;
        (void)crew__x; /* a count does not read it */
        CREW_FOLD((&acc), crew__x);
    }
    *(CREW_RESULT *)acc_ = acc;
    return 0;
}

static void CREW__CAT(crew__merge, CREW_NAME)(void *acc, const void *right, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    CREW__CONTEXT_OF(call)
    (void)call;
    CREW_MERGE(((CREW_RESULT *)acc), ((const CREW_RESULT *)right));
}

static int CREW_NAME(const CREW_TYPE *x, size_t n, CREW_RESULT *result, CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = x;
    CREW__CONTEXT_SET(call)
    if (result == NULL || (x == NULL && n > 0))
        return -EINVAL;
    const CREW_RESULT identity = *result;
    const crew_reducer reducer = {sizeof identity, &identity, CREW__CAT(crew__fold, CREW_NAME),
                                  CREW__CAT(crew__merge, CREW_NAME), NULL};
    return crew_reduce(n, &reducer, &call, result, opt);
}

#include <crew/inline/end.h>
