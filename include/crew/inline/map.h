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
   and is cancelled as crew_for (for.h). CREW_CONTEXT: see context.h. The parameters are undefined at the end. */
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
    return crew_for(n, CREW__CAT(crew__block, CREW_NAME), &call, opt);
}

#include <crew/inline/end.h>
