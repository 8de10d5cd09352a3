/* The moves that scan_vector_template.h asks for, on vectors of W elements, 4, 8 or 16:

   STEP1_W(v, e) .. STEP4_W(v, e)   elements of v moved as step 1 .. 4 of a Sklansky scan of W elements needs them on
                                    its left side; of e where nothing is joined
   LAST_W(v)                        v's last element everywhere
   BEFORE_W(u, v)                   v moved up by one, u's last element first */
#ifndef CREW_SCAN_SCAN_VECTOR_H
#define CREW_SCAN_SCAN_VECTOR_H

#include "../typed/vector.h"

#if VECTOR_BYTES == 64
#define WIDTH32 16
#define WIDTH64 8
#else
#define WIDTH32 8
#define WIDTH64 4
#endif

#define STEP1_4(v, e) __builtin_shufflevector(v, e, 4, 0, 4, 2)
#define STEP2_4(v, e) __builtin_shufflevector(v, e, 4, 4, 1, 1)
#define LAST_4(v) __builtin_shufflevector(v, v, 3, 3, 3, 3)
#define BEFORE_4(u, v) __builtin_shufflevector(u, v, 3, 4, 5, 6)

#define STEP1_8(v, e) __builtin_shufflevector(v, e, 8, 0, 8, 2, 8, 4, 8, 6)
#define STEP2_8(v, e) __builtin_shufflevector(v, e, 8, 8, 1, 1, 8, 8, 5, 5)
#define STEP3_8(v, e) __builtin_shufflevector(v, e, 8, 8, 8, 8, 3, 3, 3, 3)
#define LAST_8(v) __builtin_shufflevector(v, v, 7, 7, 7, 7, 7, 7, 7, 7)
#define BEFORE_8(u, v) __builtin_shufflevector(u, v, 7, 8, 9, 10, 11, 12, 13, 14)

#define STEP1_16(v, e) __builtin_shufflevector(v, e, 16, 0, 16, 2, 16, 4, 16, 6, 16, 8, 16, 10, 16, 12, 16, 14)
#define STEP2_16(v, e) __builtin_shufflevector(v, e, 16, 16, 1, 1, 16, 16, 5, 5, 16, 16, 9, 9, 16, 16, 13, 13)
#define STEP3_16(v, e) __builtin_shufflevector(v, e, 16, 16, 16, 16, 3, 3, 3, 3, 16, 16, 16, 16, 11, 11, 11, 11)
#define STEP4_16(v, e) __builtin_shufflevector(v, e, 16, 16, 16, 16, 16, 16, 16, 16, 7, 7, 7, 7, 7, 7, 7, 7)
#define LAST_16(v) __builtin_shufflevector(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15)
#define BEFORE_16(u, v) __builtin_shufflevector(u, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)

#if VECTOR_BYTES > 0
/* Doubles to floats. */
typedef float half_f32 __attribute__((vector_size(VECTOR_BYTES / 2)));
typedef float half_f32_loose __attribute__((vector_size(VECTOR_BYTES / 2), aligned(1), may_alias));
INLINE void store_half_f32(float *p, vec_f64 v)
{
    STORE_AS(half_f32, p, __builtin_convertvector(v, half_f32));
}
#endif

#endif
