/* {sum,dot,lowest,highest,extremes,find}_{f32..u64}, {numbers,ones,least,most}_{f32,f64} and squares_f64, the kernels
   of one type, for each_type_template.h; sum_i64 and dot_i64 are those of u64. */

#if FLOATING
#define IS_NAN(a) ((a) != (a))
#define ACC double
#define MEMBER f64
#else
#define IS_NAN(a) 0
#define ACC uint64_t
#define MEMBER u64
#if BITS == 64 && LEAST < 0
#define NO_SUMS
#endif
#endif

#ifndef NO_SUMS
#define OP sum
#include "reduce_sum_template.h"
#define OP dot
#include "reduce_sum_template.h"
#if FLOATING && BITS == 64
#define OP squares
#include "reduce_sum_template.h"
#endif
#endif

#if FLOATING
#define OP numbers
#include "reduce_sum_template.h"
#define OP ones
#include "reduce_sum_template.h"
#endif

#include "reduce_order_template.h"

#undef IS_NAN
#undef ACC
#undef MEMBER
#undef NO_SUMS
