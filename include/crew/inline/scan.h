/* A scan (prefix sums) whose operator is compiled and inlined in the including file:

       #define CREW_NAME balances
       #define CREW_TYPE struct balance
       #define CREW_MERGE(acc, right) balance_add(acc, right)
       #include <crew/inline/scan.h>

   defines

       static int balances(const struct balance *in, struct balance *out, size_t n, struct balance *total,
                           const crew_options *opt);

   which equals crew_scan_inclusive (scan.h) with a combine of that operator, bit for bit and error for error: both are
   made from the same steps. acc points at a CREW_TYPE and becomes acc followed by right, right at a const one.

   CREW_IDENTITY    what is neutral, an initializer such as `{1, 0}`; not defined: zero bytes
   CREW_EXCLUSIVE   where it is defined: as crew_scan_exclusive
   CREW_SEGMENTED   where it is defined: as crew_scan_segmented_inclusive or _exclusive; the function then takes
                    `const unsigned char *flags` behind in
   CREW_CONTEXT     see context.h

   total may be NULL. Work, span, scratch, cancelling, threads: as crew_scan_inclusive. Up to 1024 elements without
   options are scanned here, with nothing called. May be included any number of times; the parameters are undefined at
   the end.

   A whole program:

       #include <stdio.h>

       struct span {
           double low, high;
       };

       static void widen(struct span *acc, const struct span *right)
       {
           acc->low = right->low < acc->low ? right->low : acc->low;
           acc->high = right->high > acc->high ? right->high : acc->high;
       }

       #define CREW_NAME so_far
       #define CREW_TYPE struct span
       #define CREW_IDENTITY {1e300, -1e300}
       #define CREW_MERGE(acc, right) widen(acc, right)
       #include <crew/inline/scan.h>

       int main(void)
       {
           struct span x[3] = {{3, 4}, {1, 2}, {5, 9}}, out[3], all;
           int error = so_far(x, out, 3, &all, NULL);
           printf("%g..%g, then %g..%g\n", out[1].low, out[1].high, all.low, all.high); // prints 1..4, then 1..9
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/scan_run.h>
#include <errno.h>

struct CREW__CAT(crew__call, CREW_NAME) {
    CREW__CONTEXT_MEMBER
    char unused; /* a struct has members */
};

static void CREW__CAT(crew__combine, CREW_NAME)(void *acc, const void *right, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    CREW__CONTEXT_OF(call)
    (void)call;
    CREW_MERGE(((CREW_TYPE *)acc), ((const CREW_TYPE *)right));
}

#ifdef CREW_EXCLUSIVE
#define CREW__EXCLUSIVE 1
#else
#define CREW__EXCLUSIVE 0
#endif
#ifdef CREW_SEGMENTED
#define CREW__SEGMENTED 1
#define CREW__FLAGS_TAKEN const unsigned char *flags,
#define CREW__FLAGS_GIVEN flags
#else
#define CREW__SEGMENTED 0
#define CREW__FLAGS_TAKEN
#define CREW__FLAGS_GIVEN NULL
#endif
#define CREW__INSTANCE CREW_NAME
#define CREW__SIZE sizeof(CREW_TYPE)
#define CREW__SCAN_BEGIN                                                                                               \
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)d->ctx;     \
    CREW__CONTEXT_OF(call)                                                                                             \
    (void)call;
#define CREW__HOLD(acc, at)                                                                                            \
    CREW_TYPE held_##acc = *(const CREW_TYPE *)(const void *)(at);                                                     \
    char *const acc = (char *)&held_##acc;
#define CREW__KEEP(acc, at) memcpy(at, acc, size);
#define CREW__COMBINE(acc, x) CREW_MERGE(((CREW_TYPE *)(void *)(acc)), ((const CREW_TYPE *)(const void *)(x)))
#include <crew/inline/scan_steps.h>

static int CREW_NAME(const CREW_TYPE *in, CREW__FLAGS_TAKEN CREW_TYPE *out, size_t n, CREW_TYPE *total,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    CREW__CONTEXT_SET(call)
    call.unused = 0;
#ifdef CREW_IDENTITY
    const CREW_TYPE identity = CREW_IDENTITY;
    const crew_scanner s = {&identity, CREW__CAT(crew__combine, CREW_NAME)};
#else
    const crew_scanner s = {NULL, CREW__CAT(crew__combine, CREW_NAME)};
#endif
    const struct crew__scan_of d = {&CREW__CAT(crew__scan_steps, CREW_NAME),
                                    &s,
                                    &call,
                                    (const char *)in,
                                    CREW__FLAGS_GIVEN,
                                    (char *)out,
                                    sizeof *in,
                                    n,
                                    CREW__EXCLUSIVE};
    if (CREW__SEGMENTED && d.flags == NULL && n > 0)
        return -EINVAL;
    if (!crew__scan_is_short(&d, opt))
        return crew__scan_by_steps(&d, total, opt);
    CREW_TYPE acc = in[0], kept = in[0];
    crew__scan_start(&s, (char *)&acc, sizeof acc);
    CREW__CAT(crew__scan_block, CREW_NAME)(&d, 0, n, (char *)&acc, NULL, in == out ? (char *)&kept : NULL);
    if (total != NULL)
        *total = acc;
    return 0;
}

#undef CREW__FLAGS_TAKEN
#undef CREW__FLAGS_GIVEN
#include <crew/inline/end.h>
