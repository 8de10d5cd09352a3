/* Keeps the first of each run of equal neighbours; the comparison is compiled and inlined in the including file:

       #define CREW_NAME one_a_price
       #define CREW_TYPE struct order
       #define CREW_EQUAL(a, b) ((a)->price == (b)->price)
       #include <crew/inline/unique.h>

   defines

       static int one_a_price(const struct order *in, struct order *out, size_t n, size_t *count,
                               const crew_options *opt);

   which equals crew_unique (filter.h) with that comparison, bit for bit and error for error. a and b are pointers to
   const elements, a the one in front of b. out has room for n elements; what is behind the kept ones is not defined
   after the call. Up to 256 elements without options are compared by a branch-free loop. Where out overlaps in, more of
   them are compared by calls. CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME one_a_price
       #define CREW_TYPE struct order
       #define CREW_EQUAL(a, b) ((a)->price == (b)->price)
       #include <crew/inline/unique.h>

       int main(void)
       {
           struct order x[4] = {{1, 80}, {2, 80}, {3, 300}, {4, 80}}, out[4];
           size_t count;
           int error = one_a_price(x, out, 4, &count, NULL);
           for (size_t i = 0; !error && i < count; i++)
               printf("customer %d\n", out[i].customer);
           // prints customer 1
           // prints customer 3
           // prints customer 4
           return error != 0;
       } */
#include <crew/expression_run.h>
#include <crew/filter.h>
#include <crew/inline/context.h>

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *x;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__equal, CREW_NAME)(const void *a, const void *b, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    CREW__CONTEXT_OF(call)
    (void)call;
    return CREW_EQUAL(((const CREW_TYPE *)a), ((const CREW_TYPE *)b)) ? 1 : 0;
}

static int CREW__CAT(crew__flags, CREW_NAME)(size_t begin, size_t end, unsigned char *flags, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = call->x + begin;
    CREW__CONTEXT_OF(call)
    if (begin == 0)
        flags[0] = 1;
    for (size_t i = begin == 0; i < end - begin; i++)
        flags[i] = CREW_EQUAL((&x[i] - 1), (&x[i])) ? 0 : 1;
    return 0;
}

static int CREW_NAME(const CREW_TYPE *in, CREW_TYPE *out, size_t n, size_t *count,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = in;
    CREW__CONTEXT_SET(call)
    bool direct = n - 1 < 256 && opt == NULL && in != NULL && out != NULL && count != NULL;
    if (direct && !crew__partly_over(in, out, n, sizeof *in)) {
        size_t kept = 1;
        out[0] = in[0];
        for (size_t i = 1; i < n; i++) {
            size_t differs = CREW_EQUAL((&in[i - 1]), (&in[i])) ? 0 : 1;
            out[kept] = in[i];
            kept += differs;
        }
        *count = kept;
        return 0;
    }
    if (crew__partly_over(in, out, n, sizeof *in) || crew__partly_over(out, in, n, sizeof *in) || in == out)
        return crew_unique(in, out, sizeof *in, n, CREW__CAT(crew__equal, CREW_NAME), &call, count, opt);
    return crew_filter(in, out, sizeof *in, n, CREW__CAT(crew__flags, CREW_NAME), &call, count, opt);
}

#include <crew/inline/end.h>
