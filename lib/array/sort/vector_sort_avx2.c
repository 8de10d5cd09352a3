/* Sorts in vector registers for AVX2. */
#include "../../core/base/compiler.h"
#include "../typed/isa.h"
#include "vector_sort.h"
#include <string.h>

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define TARGET target("avx2,popcnt")
#define FUNCTION static __attribute__((TARGET))
#define INLINE static __attribute__((TARGET)) CREW__ALWAYS_INLINE
#define FN(name) CREW__CAT(name, BITS)
#define VECTOR __m256i
#define AT(p) ((__m256i *)(void *)(p))

#define LOAD(p) _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(void *)(p), v)
/* bits ^ flip ^ (sign bit set ? negative : 0). */
#define CONVERT(v, flip, negative) _mm256_xor_si256(_mm256_xor_si256(v, flip), _mm256_and_si256(SIGNS(v), negative))
#define ALL _mm256_set1_epi32(-1)

#define BITS 32
#define LANES 8
#define SPLAT(x) _mm256_set1_epi32((int)(x))
#define FIRST(n) _mm256_cmpgt_epi32(SPLAT(n), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0))
#define LOAD_FIRST(p, n) _mm256_maskload_epi32((const int *)(const void *)(p), FIRST(n))
#define PAD(v, n) _mm256_blendv_epi8(SPLAT(INT32_MAX), v, FIRST(n))
#define LOWER _mm256_min_epi32
#define HIGHER _mm256_max_epi32
#define SIGNS(v) _mm256_srai_epi32(v, 31)
#define SAME(a, b) (_mm256_movemask_epi8(_mm256_cmpeq_epi32(a, b)) == -1)
#define NANS(v)                                                                                                        \
    (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_castsi256_ps(v), _mm256_castsi256_ps(v), _CMP_UNORD_Q))
#define SWAP_1(v) _mm256_shuffle_epi32(v, 0xb1)
#define SWAP_2(v) _mm256_shuffle_epi32(v, 0x4e)
#define SWAP_4(v) _mm256_permute4x64_epi64(v, 0x4e)

INLINE VECTOR FN(turn)(VECTOR v, int width)
{
    if (width == 2)
        return SWAP_1(v);
    if (width == 4)
        return _mm256_shuffle_epi32(v, 0x1b);
    return _mm256_permutevar8x32_epi32(v, _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

INLINE VECTOR FN(order)(VECTOR v, VECTOR w, int half)
{
    if (half == 1)
        return _mm256_blend_epi32(LOWER(v, w), HIGHER(v, w), 0xaa);
    if (half == 2)
        return _mm256_blend_epi32(LOWER(v, w), HIGHER(v, w), 0xcc);
    return _mm256_blend_epi32(LOWER(v, w), HIGHER(v, w), 0xf0);
}

INLINE size_t FN(split)(VECTOR v, VECTOR pivot, uint32_t *left, uint32_t *right)
{
    unsigned high = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(v, pivot)));
    VECTOR lanes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)&crew__vector_sort_lanes[high]));
    v = _mm256_permutevar8x32_epi32(v, lanes);
    STORE(left, v);
    STORE(right - 8, v);
    return 8 - (size_t)_mm_popcnt_u32(high);
}

/* A masked store would take longer on some processors. */
INLINE void FN(store_first)(uint32_t *p, VECTOR v, size_t n)
{
    uint32_t all[LANES];
    STORE(all, v);
    for (size_t i = 0; i < n; i++)
        p[i] = all[i];
}
#define STORE_FIRST store_first_32

#include "vector_sort_template.h"

#define BITS 64
#define LANES 4
#define SPLAT(x) _mm256_set1_epi64x((long long)(x))
#define FIRST(n) _mm256_cmpgt_epi64(SPLAT(n), _mm256_set_epi64x(3, 2, 1, 0))
#define LOAD_FIRST(p, n) _mm256_maskload_epi64((const long long *)(const void *)(p), FIRST(n))
#define PAD(v, n) _mm256_blendv_epi8(SPLAT(INT64_MAX), v, FIRST(n))
#define LOWER(a, b) _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b))
#define HIGHER(a, b) _mm256_blendv_epi8(b, a, _mm256_cmpgt_epi64(a, b))
#define SIGNS(v) _mm256_cmpgt_epi64(_mm256_setzero_si256(), v)
#define SAME(a, b) (_mm256_movemask_epi8(_mm256_cmpeq_epi64(a, b)) == -1)
#define NANS(v)                                                                                                        \
    (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(_mm256_castsi256_pd(v), _mm256_castsi256_pd(v), _CMP_UNORD_Q))
#define SWAP_1(v) _mm256_shuffle_epi32(v, 0x4e)
#define SWAP_2(v) _mm256_permute4x64_epi64(v, 0x4e)
#define SWAP_4(v) (v)

INLINE VECTOR FN(turn)(VECTOR v, int width)
{
    return width == 2 ? SWAP_1(v) : _mm256_permute4x64_epi64(v, 0x1b);
}

INLINE VECTOR FN(order)(VECTOR v, VECTOR w, int half)
{
    VECTOR high = half == 1 ? _mm256_set_epi64x(-1, 0, -1, 0) : _mm256_set_epi64x(-1, -1, 0, 0);
    return _mm256_blendv_epi8(v, w, _mm256_xor_si256(_mm256_cmpgt_epi64(v, w), high));
}

INLINE size_t FN(split)(VECTOR v, VECTOR pivot, uint64_t *left, uint64_t *right)
{
    /* Lane k as the 32-bit lanes 2 k and 2 k + 1. */
    static const uint64_t lanes[16] = {
        0x0706050403020100, 0x0100070605040302, 0x0302070605040100, 0x0302010007060504,
        0x0504070603020100, 0x0504010007060302, 0x0504030207060100, 0x0504030201000706,
        0x0706050403020100, 0x0706010005040302, 0x0706030205040100, 0x0706030201000504,
        0x0706050403020100, 0x0706050401000302, 0x0706050403020100, 0x0706050403020100,
    };
    unsigned high = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(v, pivot)));
    v = _mm256_permutevar8x32_epi32(v,
                                    _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)&lanes[high])));
    STORE(left, v);
    STORE(right - 4, v);
    return 4 - (size_t)_mm_popcnt_u32(high);
}

INLINE void FN(store_first)(uint64_t *p, VECTOR v, size_t n)
{
    uint64_t all[LANES];
    STORE(all, v);
    for (size_t i = 0; i < n; i++)
        p[i] = all[i];
}
#define STORE_FIRST store_first_64

#include "vector_sort_template.h"

const struct crew__vector_sort crew__vector_sort_avx2 = {
    .has_nan = {has_nan_32, has_nan_64},
    .convert = {convert_all_32, convert_all_64},
    .split = {split_all_32, split_all_64},
    .sort = {vector_sort_32, vector_sort_64},
};

#else
typedef int crew__vector_sort_avx2_unused; /* an empty file is not C */
#endif
