/* For the templates of this folder, which include it first: an optional parameter. Where the including file has

       #define CREW_CONTEXT const struct limits *

   the function that is made takes a `CREW_CONTEXT ctx` in front of its options, and the operation may read ctx, from
   several threads at once. Of short calls it is run by the caller outside any loop of crew, where crew_worker() is what
   it was. end.h undefines all. */
#include <crew/compiler.h>

#ifdef CREW_CONTEXT
#define CREW__CONTEXT_TAKEN CREW_CONTEXT ctx,
#define CREW__CONTEXT_MEMBER CREW_CONTEXT ctx;
#define CREW__CONTEXT_OF(call)                                                                                         \
    CREW_CONTEXT ctx = (call)->ctx;                                                                                    \
    (void)ctx;
#define CREW__CONTEXT_SET(call) (call).ctx = ctx;
#else
#define CREW__CONTEXT_TAKEN
#define CREW__CONTEXT_MEMBER
#define CREW__CONTEXT_OF(call)
#define CREW__CONTEXT_SET(call)
#endif
