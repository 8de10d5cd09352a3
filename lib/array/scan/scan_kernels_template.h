/* All scan kernels of one instruction set and the table of them. The including file defines

   TEMPLATE           the header that makes the kernels of one operation and type
   KERNELS            name of the table
   WIDTH32 WIDTH64    elements in a vector
   FUNCTION           what stands before a function: static and attributes
   SMALLER_T(l, r) LARGER_T(l, r)   for each type T: the extreme of two vectors, l where they are equal or l is NaN
   ANY_NAN_f32(v) ANY_NAN_f64(v)    whether a vector has a NaN

   A template takes the parameters below, and undefines them at the end:

   NAME          suffix of the functions
   ELEMENT       element type
   ACC           type that is computed in
   MEMBER        its member of union crew__scalar
   WIDTH         ACCs in a vector
   EXACT         1: the order of operations does not matter; 0: the structure of scan_kernel.h
   FLOATING      1: ELEMENT has NaN
   EXTREME       1: a minimum or maximum, which must look for NaN in x; 0: NaN comes out by itself
   NEUTRAL       the neutral element
   JOIN(l, r)    l followed by r, ACCs
   VJOIN(l, r)   the same for vectors
   ANY_NAN(v)    for EXTREME and FLOATING */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define PLUS(l, r) ((l) + (r))
#define TIMES(l, r) ((l) * (r))
#define LOWER(l, r) ((r) < (l) ? (r) : (l))
#define HIGHER(l, r) ((r) > (l) ? (r) : (l))

#define NAME sum_f32
#define ELEMENT float
#define ACC double
#define MEMBER f64
#define WIDTH WIDTH64
#define EXACT 0
#define FLOATING 1
#define EXTREME 0
#define NEUTRAL 0.0
#define JOIN PLUS
#define VJOIN PLUS
#include TEMPLATE

#define NAME sum_f64
#define ELEMENT double
#define ACC double
#define MEMBER f64
#define WIDTH WIDTH64
#define EXACT 0
#define FLOATING 1
#define EXTREME 0
#define NEUTRAL 0.0
#define JOIN PLUS
#define VJOIN PLUS
#include TEMPLATE

#define NAME sum_u32
#define ELEMENT uint32_t
#define ACC uint32_t
#define MEMBER u32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 0
#define EXTREME 0
#define NEUTRAL 0
#define JOIN PLUS
#define VJOIN PLUS
#include TEMPLATE

#define NAME sum_u64
#define ELEMENT uint64_t
#define ACC uint64_t
#define MEMBER u64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 0
#define EXTREME 0
#define NEUTRAL 0
#define JOIN PLUS
#define VJOIN PLUS
#include TEMPLATE

#define NAME product_f32
#define ELEMENT float
#define ACC double
#define MEMBER f64
#define WIDTH WIDTH64
#define EXACT 0
#define FLOATING 1
#define EXTREME 0
#define NEUTRAL 1.0
#define JOIN TIMES
#define VJOIN TIMES
#include TEMPLATE

#define NAME product_f64
#define ELEMENT double
#define ACC double
#define MEMBER f64
#define WIDTH WIDTH64
#define EXACT 0
#define FLOATING 1
#define EXTREME 0
#define NEUTRAL 1.0
#define JOIN TIMES
#define VJOIN TIMES
#include TEMPLATE

#define NAME product_u32
#define ELEMENT uint32_t
#define ACC uint32_t
#define MEMBER u32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 0
#define EXTREME 0
#define NEUTRAL 1
#define JOIN TIMES
#define VJOIN TIMES
#include TEMPLATE

#define NAME product_u64
#define ELEMENT uint64_t
#define ACC uint64_t
#define MEMBER u64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 0
#define EXTREME 0
#define NEUTRAL 1
#define JOIN TIMES
#define VJOIN TIMES
#include TEMPLATE

#define NAME min_f32
#define ELEMENT float
#define ACC float
#define MEMBER f32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 1
#define EXTREME 1
#define NEUTRAL (float)INFINITY
#define JOIN LOWER
#define VJOIN SMALLER_f32
#define ANY_NAN ANY_NAN_f32
#include TEMPLATE

#define NAME max_f32
#define ELEMENT float
#define ACC float
#define MEMBER f32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 1
#define EXTREME 1
#define NEUTRAL (float)-INFINITY
#define JOIN HIGHER
#define VJOIN LARGER_f32
#define ANY_NAN ANY_NAN_f32
#include TEMPLATE

#define NAME min_f64
#define ELEMENT double
#define ACC double
#define MEMBER f64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 1
#define EXTREME 1
#define NEUTRAL (double)INFINITY
#define JOIN LOWER
#define VJOIN SMALLER_f64
#define ANY_NAN ANY_NAN_f64
#include TEMPLATE

#define NAME max_f64
#define ELEMENT double
#define ACC double
#define MEMBER f64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 1
#define EXTREME 1
#define NEUTRAL (double)-INFINITY
#define JOIN HIGHER
#define VJOIN LARGER_f64
#define ANY_NAN ANY_NAN_f64
#include TEMPLATE

#define NAME min_i32
#define ELEMENT int32_t
#define ACC int32_t
#define MEMBER i32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL INT32_MAX
#define JOIN LOWER
#define VJOIN SMALLER_i32
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME max_i32
#define ELEMENT int32_t
#define ACC int32_t
#define MEMBER i32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL INT32_MIN
#define JOIN HIGHER
#define VJOIN LARGER_i32
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME min_i64
#define ELEMENT int64_t
#define ACC int64_t
#define MEMBER i64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL INT64_MAX
#define JOIN LOWER
#define VJOIN SMALLER_i64
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME max_i64
#define ELEMENT int64_t
#define ACC int64_t
#define MEMBER i64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL INT64_MIN
#define JOIN HIGHER
#define VJOIN LARGER_i64
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME min_u32
#define ELEMENT uint32_t
#define ACC uint32_t
#define MEMBER u32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL UINT32_MAX
#define JOIN LOWER
#define VJOIN SMALLER_u32
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME max_u32
#define ELEMENT uint32_t
#define ACC uint32_t
#define MEMBER u32
#define WIDTH WIDTH32
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL 0
#define JOIN HIGHER
#define VJOIN LARGER_u32
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME min_u64
#define ELEMENT uint64_t
#define ACC uint64_t
#define MEMBER u64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL UINT64_MAX
#define JOIN LOWER
#define VJOIN SMALLER_u64
#define ANY_NAN(v) 0
#include TEMPLATE

#define NAME max_u64
#define ELEMENT uint64_t
#define ACC uint64_t
#define MEMBER u64
#define WIDTH WIDTH64
#define EXACT 1
#define FLOATING 0
#define EXTREME 1
#define NEUTRAL 0
#define JOIN HIGHER
#define VJOIN LARGER_u64
#define ANY_NAN(v) 0
#include TEMPLATE

#define ROW(name)                                                                                                      \
    {                                                                                                                  \
        CREW__CAT(total, name), {CREW__CAT(inclusive, name), CREW__CAT(exclusive, name)}, CREW__CAT(join, name)        \
    }

const struct crew__scan_kernels KERNELS = {{
    [CREW__SCAN_SUM] = {[CREW__F32] = ROW(sum_f32),
                        [CREW__F64] = ROW(sum_f64),
                        [CREW__I32] = ROW(sum_u32),
                        [CREW__I64] = ROW(sum_u64),
                        [CREW__U32] = ROW(sum_u32),
                        [CREW__U64] = ROW(sum_u64)},
    [CREW__SCAN_PRODUCT] = {[CREW__F32] = ROW(product_f32),
                            [CREW__F64] = ROW(product_f64),
                            [CREW__I32] = ROW(product_u32),
                            [CREW__I64] = ROW(product_u64),
                            [CREW__U32] = ROW(product_u32),
                            [CREW__U64] = ROW(product_u64)},
    [CREW__SCAN_MIN] = {[CREW__F32] = ROW(min_f32),
                        [CREW__F64] = ROW(min_f64),
                        [CREW__I32] = ROW(min_i32),
                        [CREW__I64] = ROW(min_i64),
                        [CREW__U32] = ROW(min_u32),
                        [CREW__U64] = ROW(min_u64)},
    [CREW__SCAN_MAX] = {[CREW__F32] = ROW(max_f32),
                        [CREW__F64] = ROW(max_f64),
                        [CREW__I32] = ROW(max_i32),
                        [CREW__I64] = ROW(max_i64),
                        [CREW__U32] = ROW(max_u32),
                        [CREW__U64] = ROW(max_u64)},
}};
