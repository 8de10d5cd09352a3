/* Sum, min and max of one type of value. Parameters, undefined at the end:

   VALUE_TYPE   suffix of the names, a member of struct values
   VALUE        the type
   SUM          the type that sums are made in
   ZERO         what a sum begins with: -0 for floats, because +0 would make a sum of -0 alone +0
   HIGHEST      no value is above it
   LOWEST       no value is below it */
#define MEMBER VALUE_TYPE

/* a != a: a is NaN. */
#define ADD(a, b) ((VALUE)((SUM)(a) + (SUM)(b)))
#define LOWER(a, b) ((b) < (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))
#define HIGHER(a, b) ((b) > (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))

#define NAME CREW__CAT3(sum, VALUE_TYPE, narrow)
#define WORD uint32_t
#define COMBINE ADD
#define NEUTRAL ZERO
#include "by_key_fold_template.h"
#define NAME CREW__CAT3(sum, VALUE_TYPE, wide)
#define WORD uint64_t
#define COMBINE ADD
#define NEUTRAL ZERO
#include "by_key_fold_template.h"

#define NAME CREW__CAT3(min, VALUE_TYPE, narrow)
#define WORD uint32_t
#define COMBINE LOWER
#define NEUTRAL HIGHEST
#include "by_key_fold_template.h"
#define NAME CREW__CAT3(min, VALUE_TYPE, wide)
#define WORD uint64_t
#define COMBINE LOWER
#define NEUTRAL HIGHEST
#include "by_key_fold_template.h"

#define NAME CREW__CAT3(max, VALUE_TYPE, narrow)
#define WORD uint32_t
#define COMBINE HIGHER
#define NEUTRAL LOWEST
#include "by_key_fold_template.h"
#define NAME CREW__CAT3(max, VALUE_TYPE, wide)
#define WORD uint64_t
#define COMBINE HIGHER
#define NEUTRAL LOWEST
#include "by_key_fold_template.h"

#define OP(name, combine)                                                                                              \
    static void CREW__CAT3(merge, name, VALUE_TYPE)(const struct crew__groups *q, size_t c, size_t g)                  \
    {                                                                                                                  \
        struct values *w = q->ctx;                                                                                     \
        VALUE *left = w->results, right = w->partial.MEMBER[c];                                                        \
        if (left)                                                                                                      \
            left[g] = combine(left[g], right);                                                                         \
    }                                                                                                                  \
    static const struct crew__group_op CREW__CAT(name, VALUE_TYPE) = {                                                 \
        .chunk = {CREW__CAT4(chunk, name, VALUE_TYPE, narrow), CREW__CAT4(chunk, name, VALUE_TYPE, wide)},             \
        .merge = CREW__CAT3(merge, name, VALUE_TYPE),                                                                  \
        .dense = {CREW__CAT4(dense, name, VALUE_TYPE, narrow), CREW__CAT4(dense, name, VALUE_TYPE, wide)}};
OP(sum, ADD)
OP(min, LOWER)
OP(max, HIGHER)
#undef OP

#undef ADD
#undef LOWER
#undef HIGHER
#undef MEMBER
#undef VALUE_TYPE
#undef VALUE
#undef SUM
#undef ZERO
#undef HIGHEST
#undef LOWEST
