/* Scan kernels for AVX-512 (F, DQ and VL). */
#include "../typed/exact_rounding.h"

#include "scan_kernel.h"

#ifdef CREW__SCAN_VECTORS
#include "../../core/base/compiler.h"
#include "scan_vector.h"
#include <immintrin.h>

#define FUNCTION static __attribute__((target("avx512f,avx512dq,avx512vl")))
#define VECTOR_INLINE static inline __attribute__((always_inline, target("avx512f,avx512dq,avx512vl")))
#define WIDTH32 16
#define WIDTH64 8

/* min and max give their second operand where the operands are equal or not ordered. */
#define SMALLER_f32(l, r) _mm512_min_ps(r, l)
#define LARGER_f32(l, r) _mm512_max_ps(r, l)
#define SMALLER_f64(l, r) _mm512_min_pd(r, l)
#define LARGER_f64(l, r) _mm512_max_pd(r, l)
#define SMALLER_i32(l, r) (vec_min_i32) _mm512_min_epi32((__m512i)(l), (__m512i)(r))
#define LARGER_i32(l, r) (vec_max_i32) _mm512_max_epi32((__m512i)(l), (__m512i)(r))
#define SMALLER_u32(l, r) (vec_min_u32) _mm512_min_epu32((__m512i)(l), (__m512i)(r))
#define LARGER_u32(l, r) (vec_max_u32) _mm512_max_epu32((__m512i)(l), (__m512i)(r))
#define SMALLER_i64(l, r) (vec_min_i64) _mm512_min_epi64((__m512i)(l), (__m512i)(r))
#define LARGER_i64(l, r) (vec_max_i64) _mm512_max_epi64((__m512i)(l), (__m512i)(r))
#define SMALLER_u64(l, r) (vec_min_u64) _mm512_min_epu64((__m512i)(l), (__m512i)(r))
#define LARGER_u64(l, r) (vec_max_u64) _mm512_max_epu64((__m512i)(l), (__m512i)(r))
#define ANY_NAN_f32(v) (_mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q) != 0)
#define ANY_NAN_f64(v) (_mm512_cmp_pd_mask(v, v, _CMP_UNORD_Q) != 0)

#define TEMPLATE "scan_vector_template.h"
#define KERNELS crew__scan_kernels_avx512
#include "scan_kernels_template.h"

#else
typedef int crew__scan_kernels_avx512_unused; /* an empty file is not C */
#endif
