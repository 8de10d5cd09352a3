/* Scan kernels for AVX2. */
#include "../typed/exact_rounding.h"

#include "scan_kernel.h"

#ifdef CREW__SCAN_VECTORS
#include "../../core/base/compiler.h"
#include "scan_vector.h"
#include <immintrin.h>

#define FUNCTION static __attribute__((target("avx2")))
#define VECTOR_INLINE static inline __attribute__((always_inline, target("avx2")))
#define WIDTH32 8
#define WIDTH64 4

/* AVX2 has no extremes of 64-bit integers, and compares only signed ones. */
VECTOR_INLINE __m256i pick(__m256i l, __m256i r, __m256i right)
{
    return _mm256_blendv_epi8(l, r, right);
}

VECTOR_INLINE __m256i above(__m256i a, __m256i b)
{
    const __m256i top = _mm256_set1_epi64x(INT64_MIN);
    return _mm256_cmpgt_epi64(_mm256_xor_si256(a, top), _mm256_xor_si256(b, top));
}

VECTOR_INLINE __m256i smaller_i64(__m256i l, __m256i r)
{
    return pick(l, r, _mm256_cmpgt_epi64(l, r));
}

VECTOR_INLINE __m256i larger_i64(__m256i l, __m256i r)
{
    return pick(l, r, _mm256_cmpgt_epi64(r, l));
}

VECTOR_INLINE __m256i smaller_u64(__m256i l, __m256i r)
{
    return pick(l, r, above(l, r));
}

VECTOR_INLINE __m256i larger_u64(__m256i l, __m256i r)
{
    return pick(l, r, above(r, l));
}

/* min and max give their second operand where the operands are equal or not ordered. */
#define SMALLER_f32(l, r) _mm256_min_ps(r, l)
#define LARGER_f32(l, r) _mm256_max_ps(r, l)
#define SMALLER_f64(l, r) _mm256_min_pd(r, l)
#define LARGER_f64(l, r) _mm256_max_pd(r, l)
#define SMALLER_i32(l, r) (vec_min_i32) _mm256_min_epi32((__m256i)(l), (__m256i)(r))
#define LARGER_i32(l, r) (vec_max_i32) _mm256_max_epi32((__m256i)(l), (__m256i)(r))
#define SMALLER_u32(l, r) (vec_min_u32) _mm256_min_epu32((__m256i)(l), (__m256i)(r))
#define LARGER_u32(l, r) (vec_max_u32) _mm256_max_epu32((__m256i)(l), (__m256i)(r))
#define SMALLER_i64(l, r) (vec_min_i64) smaller_i64((__m256i)(l), (__m256i)(r))
#define LARGER_i64(l, r) (vec_max_i64) larger_i64((__m256i)(l), (__m256i)(r))
#define SMALLER_u64(l, r) (vec_min_u64) smaller_u64((__m256i)(l), (__m256i)(r))
#define LARGER_u64(l, r) (vec_max_u64) larger_u64((__m256i)(l), (__m256i)(r))
#define ANY_NAN_f32(v) (_mm256_movemask_ps(_mm256_cmp_ps(v, v, _CMP_UNORD_Q)) != 0)
#define ANY_NAN_f64(v) (_mm256_movemask_pd(_mm256_cmp_pd(v, v, _CMP_UNORD_Q)) != 0)

#define TEMPLATE "scan_vector_template.h"
#define KERNELS crew__scan_kernels_avx2
#include "scan_kernels_template.h"

#else
typedef int crew__scan_kernels_avx2_unused; /* an empty file is not C */
#endif
