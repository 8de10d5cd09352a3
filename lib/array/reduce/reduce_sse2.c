/* Kernels for SSE2, which every x86-64 has. It cannot compare 64-bit integers: their extremes are
   found one at a time. */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define FUNCTION static
#define INLINE static inline __attribute__((always_inline))

enum { width_acc = 2, width_f32 = 4, width_f64 = 2, width_i32 = 4, width_i64 = 1, width_u32 = 4, width_u64 = 1 };

typedef __m128d vec_f64, acc_f64;
typedef __m128 vec_f32;
typedef __m128i vec_i32, vec_u32, acc_u64;
typedef int64_t vec_i64;
typedef uint64_t vec_u64;
typedef __m128d ordered_f64;
typedef __m128 ordered_f32;

INLINE __m128d load_f64(const double *p)
{
    return _mm_loadu_pd(p);
}

INLINE void store_f64(double *p, __m128d v)
{
    _mm_storeu_pd(p, v);
}

INLINE __m128d fill_f64(double x)
{
    return _mm_set1_pd(x);
}

INLINE __m128d min_f64(__m128d x, __m128d m)
{
    return _mm_min_pd(x, m);
}

INLINE __m128d max_f64(__m128d x, __m128d m)
{
    return _mm_max_pd(x, m);
}

INLINE int equal_f64(__m128d a, __m128d b)
{
    return _mm_movemask_pd(_mm_cmpeq_pd(a, b));
}

INLINE __m128d ordered_all_f64(void)
{
    return _mm_setzero_pd();
}

INLINE __m128d both_ordered_f64(__m128d o, __m128d a, __m128d b)
{
    return _mm_or_pd(o, _mm_cmpunord_pd(a, b));
}

INLINE int is_ordered_f64(__m128d o)
{
    return _mm_movemask_pd(o) == 0;
}

INLINE __m128 load_f32(const float *p)
{
    return _mm_loadu_ps(p);
}

INLINE void store_f32(float *p, __m128 v)
{
    _mm_storeu_ps(p, v);
}

INLINE __m128 fill_f32(float x)
{
    return _mm_set1_ps(x);
}

INLINE __m128 min_f32(__m128 x, __m128 m)
{
    return _mm_min_ps(x, m);
}

INLINE __m128 max_f32(__m128 x, __m128 m)
{
    return _mm_max_ps(x, m);
}

INLINE int equal_f32(__m128 a, __m128 b)
{
    return _mm_movemask_ps(_mm_cmpeq_ps(a, b));
}

INLINE __m128 ordered_all_f32(void)
{
    return _mm_setzero_ps();
}

INLINE __m128 both_ordered_f32(__m128 o, __m128 a, __m128 b)
{
    return _mm_or_ps(o, _mm_cmpunord_ps(a, b));
}

INLINE int is_ordered_f32(__m128 o)
{
    return _mm_movemask_ps(o) == 0;
}

INLINE __m128i load_i32(const int32_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

INLINE void store_i32(int32_t *p, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)p, v);
}

INLINE __m128i fill_i32(int32_t x)
{
    return _mm_set1_epi32(x);
}

INLINE __m128i pick(__m128i x, __m128i m, __m128i mask)
{
    return _mm_or_si128(_mm_and_si128(mask, x), _mm_andnot_si128(mask, m));
}

INLINE __m128i min_i32(__m128i x, __m128i m)
{
    return pick(x, m, _mm_cmpgt_epi32(m, x));
}

INLINE __m128i max_i32(__m128i x, __m128i m)
{
    return pick(x, m, _mm_cmpgt_epi32(x, m));
}

INLINE int equal_i32(__m128i a, __m128i b)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi32(a, b));
}

INLINE __m128i load_u32(const uint32_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

INLINE void store_u32(uint32_t *p, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)p, v);
}

INLINE __m128i fill_u32(uint32_t x)
{
    return _mm_set1_epi32((int)x);
}

INLINE __m128i min_u32(__m128i x, __m128i m)
{
    const __m128i top = _mm_set1_epi32(INT32_MIN);
    return pick(x, m, _mm_cmpgt_epi32(_mm_xor_si128(m, top), _mm_xor_si128(x, top)));
}

INLINE __m128i max_u32(__m128i x, __m128i m)
{
    const __m128i top = _mm_set1_epi32(INT32_MIN);
    return pick(x, m, _mm_cmpgt_epi32(_mm_xor_si128(x, top), _mm_xor_si128(m, top)));
}

INLINE int equal_u32(__m128i a, __m128i b)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi32(a, b));
}

INLINE int64_t load_i64(const int64_t *p)
{
    return *p;
}

INLINE void store_i64(int64_t *p, int64_t v)
{
    *p = v;
}

INLINE int64_t fill_i64(int64_t x)
{
    return x;
}

INLINE int64_t min_i64(int64_t x, int64_t m)
{
    return x < m ? x : m;
}

INLINE int64_t max_i64(int64_t x, int64_t m)
{
    return x > m ? x : m;
}

INLINE int equal_i64(int64_t a, int64_t b)
{
    return a == b;
}

INLINE uint64_t load_u64(const uint64_t *p)
{
    return *p;
}

INLINE void store_u64(uint64_t *p, uint64_t v)
{
    *p = v;
}

INLINE uint64_t fill_u64(uint64_t x)
{
    return x;
}

INLINE uint64_t min_u64(uint64_t x, uint64_t m)
{
    return x < m ? x : m;
}

INLINE uint64_t max_u64(uint64_t x, uint64_t m)
{
    return x > m ? x : m;
}

INLINE int equal_u64(uint64_t a, uint64_t b)
{
    return a == b;
}

INLINE __m128d fill_acc_f64(double x)
{
    return _mm_set1_pd(x);
}

INLINE __m128d widen_f64(const double *p)
{
    return _mm_loadu_pd(p);
}

INLINE __m128d widen_f32(const float *p)
{
    return _mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(const void *)p)));
}

INLINE void store_acc_f64(double *p, __m128d v)
{
    _mm_storeu_pd(p, v);
}

INLINE __m128d add_f64(__m128d a, __m128d b)
{
    return _mm_add_pd(a, b);
}

INLINE __m128d mul_f64(__m128d a, __m128d b)
{
    return _mm_mul_pd(a, b);
}

INLINE __m128i widen_u64(const uint64_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

INLINE void store_acc_u64(uint64_t *p, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)p, v);
}

INLINE __m128i widen_i32(const int32_t *p)
{
    __m128i x = _mm_loadl_epi64((const __m128i *)(const void *)p);
    return _mm_unpacklo_epi32(x, _mm_srai_epi32(x, 31));
}

INLINE __m128i widen_u32(const uint32_t *p)
{
    return _mm_unpacklo_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p), _mm_setzero_si128());
}

INLINE __m128i add_u64(__m128i a, __m128i b)
{
    return _mm_add_epi64(a, b);
}

INLINE __m128i mul_u64(__m128i a, __m128i b)
{
    __m128i cross = _mm_add_epi64(_mm_mul_epu32(_mm_srli_epi64(a, 32), b), _mm_mul_epu32(a, _mm_srli_epi64(b, 32)));
    return _mm_add_epi64(_mm_mul_epu32(a, b), _mm_slli_epi64(cross, 32));
}

INLINE __m128i mul_u32(__m128i a, __m128i b)
{
    return _mm_mul_epu32(a, b);
}

INLINE __m128i mul_i32(__m128i a, __m128i b)
{
    return mul_u64(a, b);
}

#define KERNELS crew__kernels_sse2
#define ACCS 8
#include "reduce_kernels_template.h"

#else
typedef int crew__kernels_sse2_unused; /* an empty file is not C */
#endif
