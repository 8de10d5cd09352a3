/* A filter whose test is compiled and inlined in the including file:

       #define CREW_NAME keep_dear
       #define CREW_TYPE struct order
       #define CREW_TEST(x) ((x)->price > 100)
       #include <crew/inline/filter.h>

   defines

       static int keep_dear(const struct order *in, struct order *out, size_t n, size_t *count,
                             const crew_options *opt);

   which equals crew_filter (filter.h) with a predicate of that test, bit for bit and error for error: it runs by it,
   but where calls without options have up to 2048 items, which a branch-free loop does: up to 256 whatever they cost,
   more where the first 32 are cheap. x is a pointer to a const element. out has room for n elements; what is behind the
   kept ones is not defined after the call. CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME keep_dear
       #define CREW_TYPE struct order
       #define CREW_TEST(x) ((x)->price > 100)
       #include <crew/inline/filter.h>

       int main(void)
       {
           struct order all[3] = {{1, 120}, {2, 80}, {3, 300}}, dear[3];
           size_t count;
           int error = keep_dear(all, dear, 3, &count, NULL);
           for (size_t i = 0; !error && i < count; i++)
               printf("customer %d\n", dear[i].customer);
           // prints customer 1
           // prints customer 3
           return error != 0;
       } */
#include <crew/expression_run.h>
#include <crew/filter.h>
#include <crew/inline/context.h>
#include <crew/inline/predicate.h>

static int CREW_NAME(const CREW_TYPE *in, CREW_TYPE *out, size_t n, size_t *count,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = in;
    CREW__CONTEXT_SET(call)
    if (n == 0 || n > 2048 || opt != NULL || in == NULL || out == NULL || count == NULL ||
        crew__partly_over(in, out, n, sizeof *in))
        return crew_filter(in, out, sizeof *in, n, CREW__CAT(crew__flags, CREW_NAME), &call, count, opt);
    size_t kept = 0, i = 0;
    int64_t then = n > 256 ? crew__run_ticks() : 0;
    for (size_t first = n > 256 ? 32 : n; i < first; i++) {
        const CREW_TYPE e = in[i];
        out[kept] = e;
        kept += CREW_TEST((&e)) ? 1 : 0;
    }
    if (i < n && (crew__run_ticks() - then) / 32 > 300) { /* about 100 ns each: worth asking for a team */
        call.x += i;
        size_t more;
        int error =
            crew_filter(in + i, out + kept, sizeof *in, n - i, CREW__CAT(crew__flags, CREW_NAME), &call, &more, opt);
        if (error == 0)
            *count = kept + more;
        return error;
    }
    for (; i < n; i++) {
        const CREW_TYPE e = in[i];
        out[kept] = e;
        kept += CREW_TEST((&e)) ? 1 : 0;
    }
    *count = kept;
    return 0;
}

#include <crew/inline/end.h>
