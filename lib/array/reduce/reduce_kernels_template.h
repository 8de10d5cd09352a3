/* crew__kernels_{plain,sse2,avx2,avx512}: all kernels of one instruction set. The including file defines VECTOR_BYTES,
   as ../typed/vector.h asks for it, and KERNELS, the name of the table. */
#include "../typed/vector.h"
#include <math.h>

/* Accumulators kept in registers. */
#if VECTOR_BYTES == 64
#define ACCS 4
#else
#define ACCS 8
#endif

/* The terms w of numbers, +0 for those of NaNs. */
INLINE acc_f64 numbers_of(acc_f64 w, acc_f64 terms)
{
#if VECTOR_BYTES == 64
    return (acc_f64)_mm512_maskz_mov_pd(_mm512_cmp_pd_mask(w, w, _CMP_ORD_Q), terms);
#elif VECTOR_BYTES == 32
    return (acc_f64)_mm256_and_pd(_mm256_cmp_pd(w, w, _CMP_ORD_Q), terms);
#elif VECTOR_BYTES == 16
    return (acc_f64)_mm_and_pd(_mm_cmpord_pd(w, w), terms);
#else
    return w == w ? terms : 0;
#endif
}

#define TEMPLATE "../reduce/reduce_one_type_template.h"
#include "../typed/each_type_template.h"

const struct crew__kernels KERNELS = {
    .reduce =
        {
            [CREW__F32] = {sum_f32, dot_f32, NULL, lowest_f32, highest_f32, extremes_f32, numbers_f32, ones_f32,
                           least_f32, most_f32},
            [CREW__F64] = {sum_f64, dot_f64, squares_f64, lowest_f64, highest_f64, extremes_f64, numbers_f64, ones_f64,
                           least_f64, most_f64},
            [CREW__I32] = {sum_i32, dot_i32, NULL, lowest_i32, highest_i32, extremes_i32},
            [CREW__I64] = {sum_u64, dot_u64, NULL, lowest_i64, highest_i64, extremes_i64},
            [CREW__U32] = {sum_u32, dot_u32, NULL, lowest_u32, highest_u32, extremes_u32},
            [CREW__U64] = {sum_u64, dot_u64, NULL, lowest_u64, highest_u64, extremes_u64},
        },
    .find = {find_f32, find_f64, find_i32, find_i64, find_u32, find_u64},
};
