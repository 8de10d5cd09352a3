/* All kernels of one instruction set and the table of them. The including file defines FUNCTION (what stands before a
   function: static and attributes), KERNELS (name of the table), ACCS (accumulators kept in registers: 4 or 8) and

   vec_T         for each type T: vector of enum constant width_T elements
   load_T(p) store_T(p, v) fill_T(x) min_T(x, m) max_T(x, m) equal_T(a, b)   as kernel_order_template.h asks for them
   ordered_T ordered_all_T() both_ordered_T(o, a, b) is_ordered_T(o)         for f32 and f64
   acc_f64 acc_u64   vectors of enum constant width_acc accumulators, with
   add_f64 mul_f64 fill_acc_f64 widen_f32(p) widen_f64(p) store_acc_f64      widen loads width_acc elements
   add_u64 mul_u64 mul_i32 mul_u32 widen_i32 widen_u32 widen_u64 store_acc_u64   mul_i32, mul_u32 multiply
                                                                             what widen_i32, widen_u32 gave */
#include <math.h>


/* Sums. */

#define WIDTH width_acc

#define ACC double
#define MEMBER f64
#define VECTOR acc_f64
#define LOAD widen_f64
#define STORE store_acc_f64
#define ADD add_f64

#define ELEMENT float
#define SUM sum_f32
#define TERMS(x, y, i) widen_f32((x) + (i))
#define TERM(x, y, i) ((double)(x)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#define SUM dot_f32
#define TERMS(x, y, i) mul_f64(widen_f32((x) + (i)), widen_f32((y) + (i)))
#define TERM(x, y, i) ((double)(x)[i] * (double)(y)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#undef ELEMENT

#define ELEMENT double
#define SUM sum_f64
#define TERMS(x, y, i) widen_f64((x) + (i))
#define TERM(x, y, i) ((x)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#define SUM dot_f64
#define TERMS(x, y, i) mul_f64(widen_f64((x) + (i)), widen_f64((y) + (i)))
#define TERM(x, y, i) ((x)[i] * (y)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"

FUNCTION acc_f64 square_f64(acc_f64 x)
{
    return mul_f64(x, x);
}
#define SUM squares_f64
#define TERMS(x, y, i) square_f64(mul_f64(widen_f64((x) + (i)), fill_acc_f64(*(y))))
#define TERM(x, y, i) (((x)[i] * *(y)) * ((x)[i] * *(y)))
#define STEP(n) 0
#include "reduce_sum_template.h"
#undef ELEMENT

#undef ACC
#undef MEMBER
#undef VECTOR
#undef LOAD
#undef STORE
#undef ADD

#define ACC uint64_t
#define MEMBER u64
#define VECTOR acc_u64
#define LOAD widen_u64
#define STORE store_acc_u64
#define ADD add_u64

#define ELEMENT int32_t
#define SUM sum_i32
#define TERMS(x, y, i) widen_i32((x) + (i))
#define TERM(x, y, i) ((uint64_t)(x)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#define SUM dot_i32
#define TERMS(x, y, i) mul_i32(widen_i32((x) + (i)), widen_i32((y) + (i)))
#define TERM(x, y, i) ((uint64_t)(x)[i] * (uint64_t)(y)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#undef ELEMENT

#define ELEMENT uint32_t
#define SUM sum_u32
#define TERMS(x, y, i) widen_u32((x) + (i))
#define TERM(x, y, i) ((uint64_t)(x)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#define SUM dot_u32
#define TERMS(x, y, i) mul_u32(widen_u32((x) + (i)), widen_u32((y) + (i)))
#define TERM(x, y, i) ((uint64_t)(x)[i] * (uint64_t)(y)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#undef ELEMENT

#define ELEMENT uint64_t
#define SUM sum_u64
#define TERMS(x, y, i) widen_u64((x) + (i))
#define TERM(x, y, i) ((x)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#define SUM dot_u64
#define TERMS(x, y, i) mul_u64(widen_u64((x) + (i)), widen_u64((y) + (i)))
#define TERM(x, y, i) ((x)[i] * (y)[i])
#define STEP(n) (n)
#include "reduce_sum_template.h"
#undef ELEMENT

#undef ACC
#undef MEMBER
#undef VECTOR
#undef LOAD
#undef STORE
#undef ADD
#undef WIDTH

/* Extremes. */

#define TYPE f32
#define ELEMENT float
#define VECTOR vec_f32
#define WIDTH width_f32
#define LANES 64
#define LOAD load_f32
#define STORE store_f32
#define FILL fill_f32
#define LOWER min_f32
#define HIGHER max_f32
#define EQUAL equal_f32
#define FLOATING 1
#define ORDERED ordered_f32
#define ORDERED_ALL ordered_all_f32
#define BOTH_ORDERED both_ordered_f32
#define IS_ORDERED is_ordered_f32
#define LEAST -INFINITY
#define MOST INFINITY
#include "reduce_order_template.h"

#define TYPE f64
#define ELEMENT double
#define VECTOR vec_f64
#define WIDTH width_f64
#define LANES 32
#define LOAD load_f64
#define STORE store_f64
#define FILL fill_f64
#define LOWER min_f64
#define HIGHER max_f64
#define EQUAL equal_f64
#define FLOATING 1
#define ORDERED ordered_f64
#define ORDERED_ALL ordered_all_f64
#define BOTH_ORDERED both_ordered_f64
#define IS_ORDERED is_ordered_f64
#define LEAST -INFINITY
#define MOST INFINITY
#include "reduce_order_template.h"

#define TYPE i32
#define ELEMENT int32_t
#define VECTOR vec_i32
#define WIDTH width_i32
#define LANES 64
#define LOAD load_i32
#define STORE store_i32
#define FILL fill_i32
#define LOWER min_i32
#define HIGHER max_i32
#define EQUAL equal_i32
#define FLOATING 0
#define LEAST INT32_MIN
#define MOST INT32_MAX
#include "reduce_order_template.h"

#define TYPE i64
#define ELEMENT int64_t
#define VECTOR vec_i64
#define WIDTH width_i64
#define LANES 32
#define LOAD load_i64
#define STORE store_i64
#define FILL fill_i64
#define LOWER min_i64
#define HIGHER max_i64
#define EQUAL equal_i64
#define FLOATING 0
#define LEAST INT64_MIN
#define MOST INT64_MAX
#include "reduce_order_template.h"

#define TYPE u32
#define ELEMENT uint32_t
#define VECTOR vec_u32
#define WIDTH width_u32
#define LANES 64
#define LOAD load_u32
#define STORE store_u32
#define FILL fill_u32
#define LOWER min_u32
#define HIGHER max_u32
#define EQUAL equal_u32
#define FLOATING 0
#define LEAST 0
#define MOST UINT32_MAX
#include "reduce_order_template.h"

#define TYPE u64
#define ELEMENT uint64_t
#define VECTOR vec_u64
#define WIDTH width_u64
#define LANES 32
#define LOAD load_u64
#define STORE store_u64
#define FILL fill_u64
#define LOWER min_u64
#define HIGHER max_u64
#define EQUAL equal_u64
#define FLOATING 0
#define LEAST 0
#define MOST UINT64_MAX
#include "reduce_order_template.h"

const struct crew__kernels KERNELS = {
    .reduce =
        {
            [CREW__F32] = {sum_f32, dot_f32, NULL, lowest_f32, highest_f32, extremes_f32},
            [CREW__F64] = {sum_f64, dot_f64, squares_f64, lowest_f64, highest_f64, extremes_f64},
            [CREW__I32] = {sum_i32, dot_i32, NULL, lowest_i32, highest_i32, extremes_i32},
            [CREW__I64] = {sum_u64, dot_u64, NULL, lowest_i64, highest_i64, extremes_i64},
            [CREW__U32] = {sum_u32, dot_u32, NULL, lowest_u32, highest_u32, extremes_u32},
            [CREW__U64] = {sum_u64, dot_u64, NULL, lowest_u64, highest_u64, extremes_u64},
        },
    .find = {find_f32, find_f64, find_i32, find_i64, find_u32, find_u64},
};

#undef FUNCTION
#undef KERNELS
#undef ACCS
