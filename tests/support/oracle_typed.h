/* Naive typed reductions for the six types, and random numbers. */
#ifndef CREW_TESTS_ORACLE_TYPED_H
#define CREW_TESTS_ORACLE_TYPED_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

/* splitmix64 */
static inline uint64_t oracle_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline int oracle_is_nan_f32(float a)
{
    return isnan(a);
}

#define TYPE f32
#define ELEMENT float
#define ACC double
#define LEAST -INFINITY
#define MOST INFINITY
#define LANES 64
#include "oracle_typed_template.h"
#undef TYPE
#undef ELEMENT
#undef ACC
#undef LEAST
#undef MOST
#undef LANES

static inline int oracle_is_nan_f64(double a)
{
    return isnan(a);
}

#define TYPE f64
#define ELEMENT double
#define ACC double
#define LEAST -INFINITY
#define MOST INFINITY
#define LANES 32
#include "oracle_typed_template.h"
#undef TYPE
#undef ELEMENT
#undef ACC
#undef LEAST
#undef MOST
#undef LANES

static inline int oracle_is_nan_i32(int32_t a)
{
    (void)a;
    return 0;
}

#define TYPE i32
#define ELEMENT int32_t
#define ACC uint64_t
#define LEAST INT32_MIN
#define MOST INT32_MAX
#define LANES 64
#include "oracle_typed_template.h"
#undef TYPE
#undef ELEMENT
#undef ACC
#undef LEAST
#undef MOST
#undef LANES

static inline int oracle_is_nan_i64(int64_t a)
{
    (void)a;
    return 0;
}

#define TYPE i64
#define ELEMENT int64_t
#define ACC uint64_t
#define LEAST INT64_MIN
#define MOST INT64_MAX
#define LANES 32
#include "oracle_typed_template.h"
#undef TYPE
#undef ELEMENT
#undef ACC
#undef LEAST
#undef MOST
#undef LANES

static inline int oracle_is_nan_u32(uint32_t a)
{
    (void)a;
    return 0;
}

#define TYPE u32
#define ELEMENT uint32_t
#define ACC uint64_t
#define LEAST 0
#define MOST UINT32_MAX
#define LANES 64
#include "oracle_typed_template.h"
#undef TYPE
#undef ELEMENT
#undef ACC
#undef LEAST
#undef MOST
#undef LANES

static inline int oracle_is_nan_u64(uint64_t a)
{
    (void)a;
    return 0;
}

#define TYPE u64
#define ELEMENT uint64_t
#define ACC uint64_t
#define LEAST 0
#define MOST UINT64_MAX
#define LANES 32
#include "oracle_typed_template.h"
#undef TYPE
#undef ELEMENT
#undef ACC
#undef LEAST
#undef MOST
#undef LANES

#endif
