/* Kernels for AVX2. */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define FUNCTION static __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline, target("avx2")))

enum { width_acc = 4, width_f32 = 8, width_f64 = 4, width_i32 = 8, width_i64 = 4, width_u32 = 8, width_u64 = 4 };

typedef __m256d vec_f64, acc_f64;
typedef __m256 vec_f32;
typedef __m256i vec_i32, vec_u32, acc_u64;
typedef __m256i vec_i64, vec_u64;
typedef __m256d ordered_f64;
typedef __m256 ordered_f32;

INLINE __m256d load_f64(const double *p)
{
    return _mm256_loadu_pd(p);
}

INLINE void store_f64(double *p, __m256d v)
{
    _mm256_storeu_pd(p, v);
}

INLINE __m256d fill_f64(double x)
{
    return _mm256_set1_pd(x);
}

INLINE __m256d min_f64(__m256d x, __m256d m)
{
    return _mm256_min_pd(x, m);
}

INLINE __m256d max_f64(__m256d x, __m256d m)
{
    return _mm256_max_pd(x, m);
}

INLINE int equal_f64(__m256d a, __m256d b)
{
    return _mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_EQ_OQ));
}

INLINE __m256d ordered_all_f64(void)
{
    return _mm256_setzero_pd();
}

INLINE __m256d both_ordered_f64(__m256d o, __m256d a, __m256d b)
{
    return _mm256_or_pd(o, _mm256_cmp_pd(a, b, _CMP_UNORD_Q));
}

INLINE int is_ordered_f64(__m256d o)
{
    return _mm256_movemask_pd(o) == 0;
}

INLINE __m256 load_f32(const float *p)
{
    return _mm256_loadu_ps(p);
}

INLINE void store_f32(float *p, __m256 v)
{
    _mm256_storeu_ps(p, v);
}

INLINE __m256 fill_f32(float x)
{
    return _mm256_set1_ps(x);
}

INLINE __m256 min_f32(__m256 x, __m256 m)
{
    return _mm256_min_ps(x, m);
}

INLINE __m256 max_f32(__m256 x, __m256 m)
{
    return _mm256_max_ps(x, m);
}

INLINE int equal_f32(__m256 a, __m256 b)
{
    return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_EQ_OQ));
}

INLINE __m256 ordered_all_f32(void)
{
    return _mm256_setzero_ps();
}

INLINE __m256 both_ordered_f32(__m256 o, __m256 a, __m256 b)
{
    return _mm256_or_ps(o, _mm256_cmp_ps(a, b, _CMP_UNORD_Q));
}

INLINE int is_ordered_f32(__m256 o)
{
    return _mm256_movemask_ps(o) == 0;
}

INLINE __m256i load_i32(const int32_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE void store_i32(int32_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

INLINE __m256i fill_i32(int32_t x)
{
    return _mm256_set1_epi32(x);
}

INLINE __m256i min_i32(__m256i x, __m256i m)
{
    return _mm256_min_epi32(x, m);
}

INLINE __m256i max_i32(__m256i x, __m256i m)
{
    return _mm256_max_epi32(x, m);
}

INLINE int equal_i32(__m256i a, __m256i b)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(a, b));
}

INLINE __m256i load_u32(const uint32_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE void store_u32(uint32_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

INLINE __m256i fill_u32(uint32_t x)
{
    return _mm256_set1_epi32((int)x);
}

INLINE __m256i min_u32(__m256i x, __m256i m)
{
    return _mm256_min_epu32(x, m);
}

INLINE __m256i max_u32(__m256i x, __m256i m)
{
    return _mm256_max_epu32(x, m);
}

INLINE int equal_u32(__m256i a, __m256i b)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(a, b));
}

INLINE __m256i load_i64(const int64_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE void store_i64(int64_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

INLINE __m256i fill_i64(int64_t x)
{
    return _mm256_set1_epi64x(x);
}

INLINE __m256i pick(__m256i x, __m256i m, __m256i mask)
{
    return _mm256_blendv_epi8(m, x, mask);
}

INLINE __m256i min_i64(__m256i x, __m256i m)
{
    return pick(x, m, _mm256_cmpgt_epi64(m, x));
}

INLINE __m256i max_i64(__m256i x, __m256i m)
{
    return pick(x, m, _mm256_cmpgt_epi64(x, m));
}

INLINE int equal_i64(__m256i a, __m256i b)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi64(a, b));
}

INLINE __m256i load_u64(const uint64_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE void store_u64(uint64_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

INLINE __m256i fill_u64(uint64_t x)
{
    return _mm256_set1_epi64x((long long)x);
}

INLINE __m256i min_u64(__m256i x, __m256i m)
{
    const __m256i top = _mm256_set1_epi64x(INT64_MIN);
    return pick(x, m, _mm256_cmpgt_epi64(_mm256_xor_si256(m, top), _mm256_xor_si256(x, top)));
}

INLINE __m256i max_u64(__m256i x, __m256i m)
{
    const __m256i top = _mm256_set1_epi64x(INT64_MIN);
    return pick(x, m, _mm256_cmpgt_epi64(_mm256_xor_si256(x, top), _mm256_xor_si256(m, top)));
}

INLINE int equal_u64(__m256i a, __m256i b)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi64(a, b));
}

INLINE __m256d fill_acc_f64(double x)
{
    return _mm256_set1_pd(x);
}

INLINE __m256d widen_f64(const double *p)
{
    return _mm256_loadu_pd(p);
}

INLINE __m256d widen_f32(const float *p)
{
    return _mm256_cvtps_pd(_mm_loadu_ps(p));
}

INLINE void store_acc_f64(double *p, __m256d v)
{
    _mm256_storeu_pd(p, v);
}

INLINE __m256d add_f64(__m256d a, __m256d b)
{
    return _mm256_add_pd(a, b);
}

INLINE __m256d mul_f64(__m256d a, __m256d b)
{
    return _mm256_mul_pd(a, b);
}

INLINE __m256i widen_u64(const uint64_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE void store_acc_u64(uint64_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

INLINE __m256i widen_i32(const int32_t *p)
{
    return _mm256_cvtepi32_epi64(_mm_loadu_si128((const __m128i *)(const void *)p));
}

INLINE __m256i widen_u32(const uint32_t *p)
{
    return _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)p));
}

INLINE __m256i add_u64(__m256i a, __m256i b)
{
    return _mm256_add_epi64(a, b);
}

INLINE __m256i mul_u64(__m256i a, __m256i b)
{
    __m256i cross =
        _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), b), _mm256_mul_epu32(a, _mm256_srli_epi64(b, 32)));
    return _mm256_add_epi64(_mm256_mul_epu32(a, b), _mm256_slli_epi64(cross, 32));
}

INLINE __m256i mul_u32(__m256i a, __m256i b)
{
    return _mm256_mul_epu32(a, b);
}

INLINE __m256i mul_i32(__m256i a, __m256i b)
{
    return _mm256_mul_epi32(a, b);
}

#define KERNELS crew__kernels_avx2
#define ACCS 8
#include "reduce_kernels_template.h"

#else
typedef int crew__kernels_avx2_unused; /* an empty file is not C */
#endif
