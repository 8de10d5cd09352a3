/* Grouping by a key that is compiled and inlined in the including file, and reducing each group:

       #define CREW_NAME by_customer
       #define CREW_TYPE struct order
       #define CREW_KEY(x) ((x)->customer)
       #define CREW_KEY_TYPE uint32_t
       #define CREW_RESULT double
       #define CREW_FOLD(acc, x) *(acc) += (x)->price
       #define CREW_MERGE(acc, right) *(acc) += *(right)
       #include <crew/inline/group.h>

   defines

       static int by_customer(const struct order *x, size_t n, uint32_t *keys, double *results, size_t *groups,
                              const crew_options *opt);

   which equals crew_reduce_by_key (by_key.h) of an array of the keys, with a fold of those items one after the other,
   bit for bit and error for error: keys receives the keys that occur, ascending, results what the items of each come
   to, *groups how many there are. Both have room for n elements, or as many as there are keys; keys may be NULL.

   CREW_KEY_TYPE    an integer type of 4 or 8 bytes; not defined: CREW_TYPE
   CREW_KEY(x)      the key of a const element; not defined: the elements are the keys, and no copy is made of them
   CREW_IDENTITY    what an accumulator starts with, an initializer; not defined: zero bytes
   CREW_FOLD, CREW_MERGE   as in reduce.h
   CREW_CONTEXT     see context.h

   Without CREW_FOLD it defines instead

       static int by_customer(const struct order *x, size_t n, uint32_t *keys, size_t *offsets, size_t *indices,
                              size_t *groups);

   which is crew_group_by_key of the keys: the elements of keys[g] are x[indices[offsets[g]]] .. x[indices[offsets[g +
   1] - 1]], in their order.

   The keys are read once, by all threads, into scratch of n of them. Work, span, further scratch, cancelling, threads:
   as crew_reduce_by_key and crew_group_by_key. May be included any number of times; the parameters are undefined at the
   end.

   A whole program:

       #include <stdint.h>
       #include <stdio.h>

       struct order {
           int customer;
           double price;
       };

       #define CREW_NAME by_customer
       #define CREW_TYPE struct order
       #define CREW_KEY(x) ((x)->customer)
       #define CREW_KEY_TYPE int32_t
       #define CREW_RESULT double
       #define CREW_FOLD(acc, x) *(acc) += (x)->price
       #define CREW_MERGE(acc, right) *(acc) += *(right)
       #include <crew/inline/group.h>

       int main(void)
       {
           struct order all[4] = {{7, 20}, {2, 80}, {7, 300}, {2, 1}};
           int32_t keys[4];
           double sums[4];
           size_t groups;
           int error = by_customer(all, 4, keys, sums, &groups, NULL);
           for (size_t g = 0; !error && g < groups; g++)
               printf("customer %d: %g\n", (int)keys[g], sums[g]);
           // prints customer 2: 81
           // prints customer 7: 320
           return error != 0;
       } */
#include <crew/inline/context.h>
#include <crew/inline/group_run.h>
#include <errno.h>

#ifndef CREW_KEY_TYPE
#define CREW_KEY_TYPE CREW_TYPE
#endif

struct CREW__CAT(crew__call, CREW_NAME) {
    const CREW_TYPE *x;
    CREW__CONTEXT_MEMBER
};

/* Does not compile where a key has neither 4 nor 8 bytes. */
enum {
    CREW__CAT(crew__key_size, CREW_NAME) =
        (int)sizeof(CREW_KEY_TYPE) / (int)(sizeof(CREW_KEY_TYPE) == 4 || sizeof(CREW_KEY_TYPE) == 8)
};

#ifdef CREW_KEY
static void CREW__CAT(crew__keys, CREW_NAME)(size_t begin, size_t end, void *keys_, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = call->x;
    CREW_KEY_TYPE *keys = (CREW_KEY_TYPE *)keys_;
    CREW__CONTEXT_OF(call)
    CREW__INDEPENDENT
    for (size_t i = begin; i < end; i++)
        keys[i] = (CREW_KEY_TYPE)CREW_KEY((&x[i]));
}
#define CREW__READ CREW__CAT(crew__keys, CREW_NAME)
#else
#define CREW__READ NULL
#endif

#ifdef CREW_FOLD
static void CREW__CAT(crew__fold, CREW_NAME)(const uint32_t *u32, const uint64_t *u64, size_t begin, size_t end,
                                             void *acc_, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    const CREW_TYPE *x = call->x;
    CREW_RESULT acc = *(const CREW_RESULT *)acc_;
    CREW__CONTEXT_OF(call)
    for (size_t p = begin; p < end; p++) {
        const size_t i = u32 ? (size_t)u32[p] : u64 ? (size_t)u64[p] : p;
        const CREW_TYPE *const crew__x = x + i;
        (void)crew__x; /* a count does not read it */
        CREW_FOLD((&acc), crew__x);
    }
    *(CREW_RESULT *)acc_ = acc;
}

static void CREW__CAT(crew__merge, CREW_NAME)(void *acc, const void *right, void *call_)
{
    const struct CREW__CAT(crew__call, CREW_NAME) *call = (const struct CREW__CAT(crew__call, CREW_NAME) *)call_;
    CREW__CONTEXT_OF(call)
    (void)call;
    CREW_MERGE(((CREW_RESULT *)acc), ((const CREW_RESULT *)right));
}

static int CREW_NAME(const CREW_TYPE *x, size_t n, CREW_KEY_TYPE *keys, CREW_RESULT *results, size_t *groups,
                     CREW__CONTEXT_TAKEN const crew_options *opt)
#else
static int CREW_NAME(const CREW_TYPE *x, size_t n, CREW_KEY_TYPE *keys, size_t *offsets, size_t *indices,
#ifdef CREW_CONTEXT
                     size_t *groups, CREW_CONTEXT ctx)
#else
                     size_t *groups)
#endif
#endif
{
    struct CREW__CAT(crew__call, CREW_NAME) call;
    call.x = x;
    CREW__CONTEXT_SET(call)
    struct crew__group_of of = {n,          x,    &call, sizeof(CREW_KEY_TYPE), (CREW_KEY_TYPE)-1 < (CREW_KEY_TYPE)1,
                                CREW__READ, NULL, NULL};
#ifdef CREW_FOLD
    crew_reducer r = {sizeof(CREW_RESULT), NULL, NULL, CREW__CAT(crew__merge, CREW_NAME), NULL};
#ifdef CREW_IDENTITY
    const CREW_RESULT identity = CREW_IDENTITY;
    r.identity = &identity;
#endif
    of.fold = CREW__CAT(crew__fold, CREW_NAME);
    of.r = &r;
    return crew__reduce_by_steps(&of, keys, results, groups, opt);
#else
    return crew__group_by_steps(&of, keys, offsets, indices, groups);
#endif
}

#undef CREW__READ
#include <crew/inline/end.h>
