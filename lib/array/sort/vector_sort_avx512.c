/* Sorts in vector registers for AVX-512 (F and VL). */
#include "../../core/base/compiler.h"
#include "../typed/isa.h"
#include "vector_sort.h"
#include <string.h>

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define TARGET target("avx512f,avx512dq,avx512vl,popcnt,bmi,bmi2")
#define FUNCTION static __attribute__((TARGET))
#define INLINE static __attribute__((TARGET)) CREW__ALWAYS_INLINE
#define FN(name) CREW__CAT(name, BITS)
#define VECTOR __m512i

#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
/* bits ^ flip ^ (sign bit set ? negative : 0): 0x78 is a ^ (b & c). */
#define CONVERT(v, flip, negative) _mm512_xor_si512(_mm512_ternarylogic_epi64(v, SIGNS(v), negative, 0x78), flip)

#define BITS 32
#define LANES 16
#define FIRST(n) ((__mmask16)_bzhi_u32(0xffff, (unsigned)(n)))
#define SPLAT(x) _mm512_set1_epi32((int)(x))
#define LOAD_FIRST(p, n) _mm512_maskz_loadu_epi32(FIRST(n), p)
#define STORE_FIRST(p, v, n) _mm512_mask_storeu_epi32(p, FIRST(n), v)
#define PAD(v, n) _mm512_mask_mov_epi32(SPLAT(INT32_MAX), FIRST(n), v)
#define LOWER _mm512_min_epi32
#define HIGHER _mm512_max_epi32
#define SIGNS(v) _mm512_srai_epi32(v, 31)
#define SAME(a, b) (_mm512_cmpneq_epi32_mask(a, b) == 0)
#define NANS(v) (unsigned)_mm512_cmp_ps_mask(_mm512_castsi512_ps(v), _mm512_castsi512_ps(v), _CMP_UNORD_Q)
#define SWAP_1(v) _mm512_shuffle_epi32(v, _MM_PERM_CDAB)
#define SWAP_2(v) _mm512_shuffle_epi32(v, _MM_PERM_BADC)
#define SWAP_4(v) _mm512_shuffle_i32x4(v, v, 0xb1)

INLINE VECTOR FN(turn)(VECTOR v, int width)
{
    if (width == 2)
        return SWAP_1(v);
    if (width == 4)
        return _mm512_shuffle_epi32(v, _MM_PERM_ABCD);
    if (width == 8)
        return _mm512_permutexvar_epi32(_mm512_set_epi32(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7), v);
    return _mm512_permutexvar_epi32(_mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), v);
}

INLINE VECTOR FN(order)(VECTOR v, VECTOR w, int half)
{
    const __mmask16 high = half == 1 ? 0xaaaa : half == 2 ? 0xcccc : half == 4 ? 0xf0f0 : 0xff00;
    return _mm512_mask_max_epi32(LOWER(v, w), high, v, w);
}

INLINE size_t FN(split)(VECTOR v, VECTOR pivot, uint32_t *left, uint32_t *right)
{
    __mmask16 high = _mm512_cmpgt_epi32_mask(v, pivot);
    unsigned highs = (unsigned)_mm_popcnt_u32(high);
    _mm512_storeu_si512(left, _mm512_maskz_compress_epi32((__mmask16)~high, v));
#if SPLIT_KIND == 0
    _mm512_mask_storeu_epi32(right - highs, FIRST(highs), _mm512_maskz_compress_epi32(high, v));
#else
    VECTOR h = _mm512_maskz_compress_epi32(high, v);
    VECTOR at = _mm512_add_epi32(_mm512_set1_epi32((int)highs),
                                 _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    _mm512_storeu_si512(right - 16, _mm512_permutexvar_epi32(at, h));
#endif
    return 16 - highs;
}

#include "vector_sort_template.h"

#define BITS 64
#define LANES 8
#define FIRST(n) ((__mmask8)_bzhi_u32(0xff, (unsigned)(n)))
#define SPLAT(x) _mm512_set1_epi64((long long)(x))
#define LOAD_FIRST(p, n) _mm512_maskz_loadu_epi64(FIRST(n), p)
#define STORE_FIRST(p, v, n) _mm512_mask_storeu_epi64(p, FIRST(n), v)
#define PAD(v, n) _mm512_mask_mov_epi64(SPLAT(INT64_MAX), FIRST(n), v)
#define LOWER _mm512_min_epi64
#define HIGHER _mm512_max_epi64
#define SIGNS(v) _mm512_srai_epi64(v, 63)
#define SAME(a, b) (_mm512_cmpneq_epi64_mask(a, b) == 0)
#define NANS(v) (unsigned)_mm512_cmp_pd_mask(_mm512_castsi512_pd(v), _mm512_castsi512_pd(v), _CMP_UNORD_Q)
#define SWAP_1(v) _mm512_shuffle_epi32(v, _MM_PERM_BADC)
#define SWAP_2(v) _mm512_permutex_epi64(v, 0x4e)
#define SWAP_4(v) _mm512_shuffle_i64x2(v, v, 0x4e)

INLINE VECTOR FN(turn)(VECTOR v, int width)
{
    if (width == 2)
        return SWAP_1(v);
    if (width == 4)
        return _mm512_permutex_epi64(v, 0x1b);
    return _mm512_permutexvar_epi64(_mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), v);
}

INLINE VECTOR FN(order)(VECTOR v, VECTOR w, int half)
{
    const __mmask8 high = half == 1 ? 0xaa : half == 2 ? 0xcc : 0xf0;
    return _mm512_mask_max_epi64(LOWER(v, w), high, v, w);
}

INLINE size_t FN(split)(VECTOR v, VECTOR pivot, uint64_t *left, uint64_t *right)
{
    __mmask8 high = _mm512_cmpgt_epi64_mask(v, pivot);
    VECTOR lanes = _mm512_cvtepu8_epi64(_mm_loadu_si64(&crew__vector_sort_lanes[high]));
    v = _mm512_permutexvar_epi64(lanes, v);
    STORE(left, v);
    STORE(right - 8, v);
    return 8 - (unsigned)_mm_popcnt_u32(high);
}

#include "vector_sort_template.h"

const struct crew__vector_sort crew__vector_sort_avx512 = {
    .has_nan = {has_nan_32, has_nan_64},
    .convert = {convert_all_32, convert_all_64},
    .split = {split_all_32, split_all_64},
    .sort = {vector_sort_32, vector_sort_64},
};

#else
typedef int crew__vector_sort_avx512_unused; /* an empty file is not C */
#endif
