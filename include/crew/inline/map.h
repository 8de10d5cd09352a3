/* A map whose operation is compiled, inlined and vectorised in the including file:

       #define CREW_NAME lengths
       #define CREW_TYPE struct point
       #define CREW_RESULT double
       #define CREW_MAP(x) ((x)->a * (x)->a + (x)->b * (x)->b)
       #include <crew/inline/map.h>

   defines

       static int lengths(const struct point *in, double *out, size_t n, const crew_options *opt);

   which does out[i] = CREW_MAP(&in[i]) for i = 0 .. n-1. CREW_RESULT is CREW_TYPE where it is not defined. out may be
   in where the types are one; any other overlap is not allowed. in or out NULL: -EINVAL where n is not 0. Returns, runs
   and is cancelled as crew_for (for.h); up to 1024 items without options that the clock finds cheap, after the first
   one or the first 32, are done here. CREW_CONTEXT: see context.h. The parameters are undefined at the end.

   A whole program:

       #include <stdio.h>

       struct point {
           double a, b;
       };

       #define CREW_NAME squares
       #define CREW_TYPE struct point
       #define CREW_RESULT double
       #define CREW_MAP(x) ((x)->a * (x)->a + (x)->b * (x)->b)
       #include <crew/inline/map.h>

       int main(void)
       {
           struct point p[2] = {{3, 4}, {1, 1}};
           double out[2];
           int error = squares(p, out, 2, NULL);
           printf("%g %g\n", out[0], out[1]); // prints 25 2
           return error != 0;
       } */
#include <crew/expression_run.h>
#include <crew/for.h>
#include <crew/inline/context.h>
#include <errno.h>
#ifndef CREW_RESULT
#define CREW_RESULT CREW_TYPE
#endif

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *in;
    CREW_RESULT *out;
    CREW__CONTEXT_MEMBER
};

static int CREW__CAT(crew__block, CREW_NAME)(size_t begin, size_t end, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *in = call->in;
    CREW_RESULT *out = call->out;
    CREW__CONTEXT_OF(call)
    CREW__INDEPENDENT
    for (size_t i = begin; i < end; i++)
        out[i] = CREW_MAP((&in[i]));
    return 0;
}

static int CREW_NAME(const CREW_TYPE *in, CREW_RESULT *out, size_t n, CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.in = in;
    call.out = out;
    CREW__CONTEXT_SET(call)
    if (n > 0 && (in == NULL || out == NULL))
        return -EINVAL;
    size_t done = 0;
    if (n == 1 && opt == NULL)
        return CREW__CAT(crew__block, CREW_NAME)(0, 1, &call);
    if (n - 1 < 1024 && opt == NULL) { /* the last item first: from the second one on, vectors cross cache lines */
        int64_t spent = crew__run_ticks();
        (void)CREW__CAT(crew__block, CREW_NAME)(n - 1, n, &call);
        n--;
        bool cheap = crew__few_are_cheap(&spent, 1, n);
        if (!cheap && n > 64 && spent < 3000) { /* about 1 us: one item may take so long by itself, for cold caches */
            spent = crew__run_ticks();
            (void)CREW__CAT(crew__block, CREW_NAME)(0, done = 32, &call);
            cheap = crew__few_are_cheap(&spent, 32, n);
        }
        if (cheap)
            return CREW__CAT(crew__block, CREW_NAME)(done, n, &call);
    }
    call.in += done;
    call.out += done;
    return crew_for(n - done, CREW__CAT(crew__block, CREW_NAME), &call, opt);
}

#include <crew/inline/end.h>
