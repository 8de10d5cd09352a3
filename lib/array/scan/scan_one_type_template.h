/* {total,inclusive,exclusive,join}_{sum,product,min,max}_{f32..u64}, the kernels of one type, for each_type_template.h;
   sums and products of i32 and i64 are those of u32 and u64. */

/* For scan_op_template.h: the type that is computed in and its member of union crew__scalar; 1 where the order of
   operations does not matter, 0 where it is that of scan_kernel.h; 1 for a minimum or maximum. */
#if FLOATING
#define SUMS 1
#define ACC double
#define MEMBER f64
#else
#define SUMS LEAST == 0
#define ACC ELEMENT
#define MEMBER TYPE
#endif
#define EXACT !FLOATING
#define EXTREME 0
#if SUMS
#define OP sum
#include "scan_op_template.h"
#define OP product
#include "scan_op_template.h"
#endif
#undef SUMS
#undef ACC
#undef MEMBER
#undef EXACT
#undef EXTREME

#define ACC ELEMENT
#define MEMBER TYPE
#define EXACT 1
#define EXTREME 1
#define OP min
#include "scan_op_template.h"
#define OP max
#include "scan_op_template.h"
#undef ACC
#undef MEMBER
#undef EXACT
#undef EXTREME
