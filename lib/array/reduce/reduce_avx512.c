/* Kernels for AVX-512 (F, DQ and VL). */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define FUNCTION static __attribute__((target("avx512f,avx512dq,avx512vl")))
#define INLINE static inline __attribute__((always_inline, target("avx512f,avx512dq,avx512vl")))

enum { width_acc = 8, width_f32 = 16, width_f64 = 8, width_i32 = 16, width_i64 = 8, width_u32 = 16, width_u64 = 8 };

typedef __m512d vec_f64, acc_f64;
typedef __m512 vec_f32;
typedef __m512i vec_i32, vec_u32, acc_u64;
typedef __m512i vec_i64, vec_u64;
typedef __mmask8 ordered_f64;
typedef __mmask16 ordered_f32;

INLINE __m512d load_f64(const double *p)
{
    return _mm512_loadu_pd(p);
}

INLINE void store_f64(double *p, __m512d v)
{
    _mm512_storeu_pd(p, v);
}

INLINE __m512d fill_f64(double x)
{
    return _mm512_set1_pd(x);
}

INLINE __m512d min_f64(__m512d x, __m512d m)
{
    return _mm512_min_pd(x, m);
}

INLINE __m512d max_f64(__m512d x, __m512d m)
{
    return _mm512_max_pd(x, m);
}

INLINE int equal_f64(__m512d a, __m512d b)
{
    return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ);
}

INLINE __mmask8 ordered_all_f64(void)
{
    return (__mmask8)-1;
}

INLINE __mmask8 both_ordered_f64(__mmask8 o, __m512d a, __m512d b)
{
    return _mm512_mask_cmp_pd_mask(o, a, b, _CMP_ORD_Q);
}

INLINE int is_ordered_f64(__mmask8 o)
{
    return o == (__mmask8)-1;
}

INLINE __m512 load_f32(const float *p)
{
    return _mm512_loadu_ps(p);
}

INLINE void store_f32(float *p, __m512 v)
{
    _mm512_storeu_ps(p, v);
}

INLINE __m512 fill_f32(float x)
{
    return _mm512_set1_ps(x);
}

INLINE __m512 min_f32(__m512 x, __m512 m)
{
    return _mm512_min_ps(x, m);
}

INLINE __m512 max_f32(__m512 x, __m512 m)
{
    return _mm512_max_ps(x, m);
}

INLINE int equal_f32(__m512 a, __m512 b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}

INLINE __mmask16 ordered_all_f32(void)
{
    return (__mmask16)-1;
}

INLINE __mmask16 both_ordered_f32(__mmask16 o, __m512 a, __m512 b)
{
    return _mm512_mask_cmp_ps_mask(o, a, b, _CMP_ORD_Q);
}

INLINE int is_ordered_f32(__mmask16 o)
{
    return o == (__mmask16)-1;
}

INLINE __m512i load_i32(const int32_t *p)
{
    return _mm512_loadu_si512((const __m512i *)(const void *)p);
}

INLINE void store_i32(int32_t *p, __m512i v)
{
    _mm512_storeu_si512((__m512i *)(void *)p, v);
}

INLINE __m512i fill_i32(int32_t x)
{
    return _mm512_set1_epi32(x);
}

INLINE __m512i min_i32(__m512i x, __m512i m)
{
    return _mm512_min_epi32(x, m);
}

INLINE __m512i max_i32(__m512i x, __m512i m)
{
    return _mm512_max_epi32(x, m);
}

INLINE int equal_i32(__m512i a, __m512i b)
{
    return _mm512_cmpeq_epi32_mask(a, b);
}

INLINE __m512i load_u32(const uint32_t *p)
{
    return _mm512_loadu_si512((const __m512i *)(const void *)p);
}

INLINE void store_u32(uint32_t *p, __m512i v)
{
    _mm512_storeu_si512((__m512i *)(void *)p, v);
}

INLINE __m512i fill_u32(uint32_t x)
{
    return _mm512_set1_epi32((int)x);
}

INLINE __m512i min_u32(__m512i x, __m512i m)
{
    return _mm512_min_epu32(x, m);
}

INLINE __m512i max_u32(__m512i x, __m512i m)
{
    return _mm512_max_epu32(x, m);
}

INLINE int equal_u32(__m512i a, __m512i b)
{
    return _mm512_cmpeq_epi32_mask(a, b);
}

INLINE __m512i load_i64(const int64_t *p)
{
    return _mm512_loadu_si512((const __m512i *)(const void *)p);
}

INLINE void store_i64(int64_t *p, __m512i v)
{
    _mm512_storeu_si512((__m512i *)(void *)p, v);
}

INLINE __m512i fill_i64(int64_t x)
{
    return _mm512_set1_epi64(x);
}

INLINE __m512i min_i64(__m512i x, __m512i m)
{
    return _mm512_min_epi64(x, m);
}

INLINE __m512i max_i64(__m512i x, __m512i m)
{
    return _mm512_max_epi64(x, m);
}

INLINE int equal_i64(__m512i a, __m512i b)
{
    return _mm512_cmpeq_epi64_mask(a, b);
}

INLINE __m512i load_u64(const uint64_t *p)
{
    return _mm512_loadu_si512((const __m512i *)(const void *)p);
}

INLINE void store_u64(uint64_t *p, __m512i v)
{
    _mm512_storeu_si512((__m512i *)(void *)p, v);
}

INLINE __m512i fill_u64(uint64_t x)
{
    return _mm512_set1_epi64((long long)x);
}

INLINE __m512i min_u64(__m512i x, __m512i m)
{
    return _mm512_min_epu64(x, m);
}

INLINE __m512i max_u64(__m512i x, __m512i m)
{
    return _mm512_max_epu64(x, m);
}

INLINE int equal_u64(__m512i a, __m512i b)
{
    return _mm512_cmpeq_epi64_mask(a, b);
}

INLINE __m512d fill_acc_f64(double x)
{
    return _mm512_set1_pd(x);
}

INLINE __m512d widen_f64(const double *p)
{
    return _mm512_loadu_pd(p);
}

INLINE __m512d widen_f32(const float *p)
{
    return _mm512_cvtps_pd(_mm256_loadu_ps(p));
}

INLINE void store_acc_f64(double *p, __m512d v)
{
    _mm512_storeu_pd(p, v);
}

INLINE __m512d add_f64(__m512d a, __m512d b)
{
    return _mm512_add_pd(a, b);
}

INLINE __m512d mul_f64(__m512d a, __m512d b)
{
    return _mm512_mul_pd(a, b);
}

INLINE __m512i widen_u64(const uint64_t *p)
{
    return _mm512_loadu_si512((const __m512i *)(const void *)p);
}

INLINE void store_acc_u64(uint64_t *p, __m512i v)
{
    _mm512_storeu_si512((__m512i *)(void *)p, v);
}

INLINE __m512i widen_i32(const int32_t *p)
{
    return _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

INLINE __m512i widen_u32(const uint32_t *p)
{
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

INLINE __m512i add_u64(__m512i a, __m512i b)
{
    return _mm512_add_epi64(a, b);
}

INLINE __m512i mul_u64(__m512i a, __m512i b)
{
    return _mm512_mullo_epi64(a, b);
}

INLINE __m512i mul_u32(__m512i a, __m512i b)
{
    return _mm512_mul_epu32(a, b);
}

INLINE __m512i mul_i32(__m512i a, __m512i b)
{
    return _mm512_mul_epi32(a, b);
}

#define KERNELS crew__kernels_avx512
#define ACCS 4
#include "reduce_kernels_template.h"

#else
typedef int crew__kernels_avx512_unused; /* an empty file is not C */
#endif
