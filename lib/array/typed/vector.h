/* Vectors as wide as a register, for kernels alone: the one place in lib for the vectors of GNU C. Those have the
   operators of C, element by element; what a processor does better with an instruction of its own is a macro here.
   VECTOR_BYTES, which the file of kernels defines first, says which processor: 16 is SSE2, 32 AVX2, 64 AVX-512 (F, DQ
   and VL). 0 is plain C for any, where a vector has one element. For each type T there are

   vec_T                         a vector of T; acc_f64 and acc_u64 are for sums alone. SSE2 cannot compare 64-bit
                                 integers, so that its vec_i64 and vec_u64 have one element; its acc_u64 has two
   LOWER_T(x, m) HIGHER_T(x, m)  x < m ? x : m and x > m ? x : m
   EQUAL_T(a, b)                 not 0 where any elements are equal
   WIDEN_T(p)                    elements from p on, as many as an acc_f64 or acc_u64 has, as one (u64 serves i64)
   MULTIPLY_T(a, b)              the product of two such

   and for f32 and f64

   ordered_T ORDERED_ALL_T BOTH_ORDERED_T(o, a, b) IS_ORDERED_T(o)   flags that say "no NaN yet", those before the first
                                 vectors, those after a and b, and whether all still say so
   UNORDERED_T(a, b)             not 0 where a or b has a NaN; AVX2 and AVX-512 only

   Macros may evaluate an argument twice. */
#ifndef CREW_TYPED_VECTOR_H
#define CREW_TYPED_VECTOR_H

#include "types.h"

#if VECTOR_BYTES == 64
#include <immintrin.h>
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))
#elif VECTOR_BYTES == 32
#include <immintrin.h>
#define TARGET __attribute__((target("avx2")))
#elif VECTOR_BYTES == 16
#include <emmintrin.h> /* takes a tenth of the time that the other one takes to compile */
#define TARGET
#endif

/* FUNCTION stands before a kernel's functions, INLINE before those that are part of what calls them. V_loose is a V in
   memory, which is aligned as an element is. */
#if VECTOR_BYTES > 0
#define FUNCTION static TARGET
#define INLINE static TARGET CREW__ALWAYS_INLINE
#define WIDE __attribute__((vector_size(VECTOR_BYTES)))
#define LOOSE __attribute__((vector_size(VECTOR_BYTES), aligned(1), may_alias))
#else
#define FUNCTION static
#define INLINE static inline
#define WIDE
#define LOOSE
#endif
typedef float vec_f32 WIDE, vec_f32_loose LOOSE;
typedef double vec_f64 WIDE, vec_f64_loose LOOSE, acc_f64 WIDE, acc_f64_loose LOOSE;
typedef int32_t vec_i32 WIDE, vec_i32_loose LOOSE;
typedef uint32_t vec_u32 WIDE, vec_u32_loose LOOSE;
typedef uint64_t acc_u64 WIDE, acc_u64_loose LOOSE;
#if VECTOR_BYTES == 16
typedef int64_t vec_i64, vec_i64_loose;
typedef uint64_t vec_u64, vec_u64_loose;
#else
typedef int64_t vec_i64 WIDE, vec_i64_loose LOOSE;
typedef uint64_t vec_u64 WIDE, vec_u64_loose LOOSE;
#endif

/* For vectors of type V: from and to memory, and x in each element. What gcc 12 loads as const it reads again even
   right after it has stored it. */
#define LOAD_AS(V, p) (*(CREW__CAT(V, loose) *)(void *)(p))
#define STORE_AS(V, p, v) ((void)(*(CREW__CAT(V, loose) *)(void *)(p) = (v)))
#define FILL_AS(V, x) ((x) - (V){0})

/* One element. */
#define LOWER_ONE(x, m) ((x) < (m) ? (x) : (m))
#define HIGHER_ONE(x, m) ((x) > (m) ? (x) : (m))
#define EQUAL_ONE(a, b) ((a) == (b))

#define PRODUCT(a, b) ((a) * (b))
#define WIDEN_f64(p) LOAD_AS(acc_f64, p)
#define WIDEN_u64(p) LOAD_AS(acc_u64, p)
#define MULTIPLY_f32 PRODUCT
#define MULTIPLY_f64 PRODUCT

/* Widening has instructions of its own because gcc 12 makes slow code of __builtin_convertvector. */

#if VECTOR_BYTES == 64

#define LOWER_f32(x, m) ((vec_f32)_mm512_min_ps(x, m))
#define HIGHER_f32(x, m) ((vec_f32)_mm512_max_ps(x, m))
#define LOWER_f64(x, m) ((vec_f64)_mm512_min_pd(x, m))
#define HIGHER_f64(x, m) ((vec_f64)_mm512_max_pd(x, m))
#define LOWER_i32(x, m) ((vec_i32)_mm512_min_epi32((__m512i)(x), (__m512i)(m)))
#define HIGHER_i32(x, m) ((vec_i32)_mm512_max_epi32((__m512i)(x), (__m512i)(m)))
#define LOWER_i64(x, m) ((vec_i64)_mm512_min_epi64((__m512i)(x), (__m512i)(m)))
#define HIGHER_i64(x, m) ((vec_i64)_mm512_max_epi64((__m512i)(x), (__m512i)(m)))
#define LOWER_u32(x, m) ((vec_u32)_mm512_min_epu32((__m512i)(x), (__m512i)(m)))
#define HIGHER_u32(x, m) ((vec_u32)_mm512_max_epu32((__m512i)(x), (__m512i)(m)))
#define LOWER_u64(x, m) ((vec_u64)_mm512_min_epu64((__m512i)(x), (__m512i)(m)))
#define HIGHER_u64(x, m) ((vec_u64)_mm512_max_epu64((__m512i)(x), (__m512i)(m)))
#define EQUAL_f32(a, b) _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ)
#define EQUAL_f64(a, b) _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ)
#define EQUAL_i32(a, b) _mm512_cmpeq_epi32_mask((__m512i)(a), (__m512i)(b))
#define EQUAL_i64(a, b) _mm512_cmpeq_epi64_mask((__m512i)(a), (__m512i)(b))
#define EQUAL_u32 EQUAL_i32
#define EQUAL_u64 EQUAL_i64

#define UNORDERED_f32(a, b) _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q)
#define UNORDERED_f64(a, b) _mm512_cmp_pd_mask(a, b, _CMP_UNORD_Q)
typedef __mmask16 ordered_f32;
typedef __mmask8 ordered_f64;
#define ORDERED_ALL_f32 ((ordered_f32)-1)
#define ORDERED_ALL_f64 ((ordered_f64)-1)
#define BOTH_ORDERED_f32(o, a, b) _mm512_mask_cmp_ps_mask(o, a, b, _CMP_ORD_Q)
#define BOTH_ORDERED_f64(o, a, b) _mm512_mask_cmp_pd_mask(o, a, b, _CMP_ORD_Q)
#define IS_ORDERED_f32(o) ((o) == ORDERED_ALL_f32)
#define IS_ORDERED_f64(o) ((o) == ORDERED_ALL_f64)

#define WIDEN_f32(p) ((acc_f64)_mm512_cvtps_pd(_mm256_loadu_ps(p)))
#define WIDEN_i32(p) ((acc_u64)_mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(p))))
#define WIDEN_u32(p) ((acc_u64)_mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(p))))
#define MULTIPLY_i32(a, b) ((acc_u64)_mm512_mul_epi32((__m512i)(a), (__m512i)(b)))
#define MULTIPLY_u32(a, b) ((acc_u64)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#define MULTIPLY_u64 PRODUCT

#elif VECTOR_BYTES == 32

#define PICK(V, x, m, mask) ((V)_mm256_blendv_epi8((__m256i)(m), (__m256i)(x), (__m256i)(mask)))
#define SIGNED(x) ((vec_i64)((x) ^ (uint64_t)INT64_MIN)) /* in the same order */
#define LOWER_f32(x, m) ((vec_f32)_mm256_min_ps(x, m))
#define HIGHER_f32(x, m) ((vec_f32)_mm256_max_ps(x, m))
#define LOWER_f64(x, m) ((vec_f64)_mm256_min_pd(x, m))
#define HIGHER_f64(x, m) ((vec_f64)_mm256_max_pd(x, m))
#define LOWER_i32(x, m) ((vec_i32)_mm256_min_epi32((__m256i)(x), (__m256i)(m)))
#define HIGHER_i32(x, m) ((vec_i32)_mm256_max_epi32((__m256i)(x), (__m256i)(m)))
#define LOWER_i64(x, m) PICK(vec_i64, x, m, (x) < (m))
#define HIGHER_i64(x, m) PICK(vec_i64, x, m, (x) > (m))
#define LOWER_u32(x, m) ((vec_u32)_mm256_min_epu32((__m256i)(x), (__m256i)(m)))
#define HIGHER_u32(x, m) ((vec_u32)_mm256_max_epu32((__m256i)(x), (__m256i)(m)))
#define LOWER_u64(x, m) PICK(vec_u64, x, m, SIGNED(x) < SIGNED(m))
#define HIGHER_u64(x, m) PICK(vec_u64, x, m, SIGNED(x) > SIGNED(m))
#define EQUAL_f32(a, b) _mm256_movemask_ps((__m256)((a) == (b)))
#define EQUAL_f64(a, b) _mm256_movemask_pd((__m256d)((a) == (b)))
#define EQUAL_i32(a, b) _mm256_movemask_epi8((__m256i)((a) == (b)))
#define EQUAL_i64 EQUAL_i32
#define EQUAL_u32 EQUAL_i32
#define EQUAL_u64 EQUAL_i64

#define UNORDERED_f32(a, b) _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_UNORD_Q))
#define UNORDERED_f64(a, b) _mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_UNORD_Q))
typedef __m256 ordered_f32;
typedef __m256d ordered_f64;
#define ORDERED_ALL_f32 _mm256_setzero_ps()
#define ORDERED_ALL_f64 _mm256_setzero_pd()
#define BOTH_ORDERED_f32(o, a, b) _mm256_or_ps(o, _mm256_cmp_ps(a, b, _CMP_UNORD_Q))
#define BOTH_ORDERED_f64(o, a, b) _mm256_or_pd(o, _mm256_cmp_pd(a, b, _CMP_UNORD_Q))
#define IS_ORDERED_f32(o) (_mm256_movemask_ps(o) == 0)
#define IS_ORDERED_f64(o) (_mm256_movemask_pd(o) == 0)

#define WIDEN_f32(p) ((acc_f64)_mm256_cvtps_pd(_mm_loadu_ps(p)))
#define WIDEN_i32(p) ((acc_u64)_mm256_cvtepi32_epi64(_mm_loadu_si128((const __m128i *)(const void *)(p))))
#define WIDEN_u32(p) ((acc_u64)_mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)(p))))
#define MULTIPLY_i32(a, b) ((acc_u64)_mm256_mul_epi32((__m256i)(a), (__m256i)(b)))
#define MULTIPLY_u32(a, b) ((acc_u64)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#define MULTIPLY_u64 PRODUCT

#elif VECTOR_BYTES == 16

#define PICK(V, x, m, mask) ((m) ^ (((x) ^ (m)) & (V)(mask)))
#define LOWER_f32(x, m) ((vec_f32)_mm_min_ps(x, m))
#define HIGHER_f32(x, m) ((vec_f32)_mm_max_ps(x, m))
#define LOWER_f64(x, m) ((vec_f64)_mm_min_pd(x, m))
#define HIGHER_f64(x, m) ((vec_f64)_mm_max_pd(x, m))
#define LOWER_i32(x, m) PICK(vec_i32, x, m, (x) < (m))
#define HIGHER_i32(x, m) PICK(vec_i32, x, m, (x) > (m))
#define LOWER_i64 LOWER_ONE
#define HIGHER_i64 HIGHER_ONE
#define LOWER_u32(x, m) PICK(vec_u32, x, m, (x) < (m))
#define HIGHER_u32(x, m) PICK(vec_u32, x, m, (x) > (m))
#define LOWER_u64 LOWER_ONE
#define HIGHER_u64 HIGHER_ONE
#define EQUAL_f32(a, b) _mm_movemask_ps((__m128)((a) == (b)))
#define EQUAL_f64(a, b) _mm_movemask_pd((__m128d)((a) == (b)))
#define EQUAL_i32(a, b) _mm_movemask_epi8((__m128i)((a) == (b)))
#define EQUAL_i64 EQUAL_ONE
#define EQUAL_u32 EQUAL_i32
#define EQUAL_u64 EQUAL_i64

typedef __m128 ordered_f32;
typedef __m128d ordered_f64;
#define ORDERED_ALL_f32 _mm_setzero_ps()
#define ORDERED_ALL_f64 _mm_setzero_pd()
#define BOTH_ORDERED_f32(o, a, b) _mm_or_ps(o, _mm_cmpunord_ps(a, b))
#define BOTH_ORDERED_f64(o, a, b) _mm_or_pd(o, _mm_cmpunord_pd(a, b))
#define IS_ORDERED_f32(o) (_mm_movemask_ps(o) == 0)
#define IS_ORDERED_f64(o) (_mm_movemask_pd(o) == 0)

#define TWO(p) _mm_loadl_epi64((const __m128i *)(const void *)(p))
#define WIDEN_f32(p) ((acc_f64)_mm_cvtps_pd((__m128)TWO(p)))
#define WIDEN_i32(p) ((acc_u64)_mm_unpacklo_epi32(TWO(p), _mm_srai_epi32(TWO(p), 31)))
#define WIDEN_u32(p) ((acc_u64)_mm_unpacklo_epi32(TWO(p), _mm_setzero_si128()))
#define MULTIPLY_u32(a, b) ((acc_u64)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#define MULTIPLY_i32 multiply_u64
#define MULTIPLY_u64 multiply_u64

/* Of a * b gcc 12 makes something slower. */
INLINE acc_u64 multiply_u64(acc_u64 a, acc_u64 b)
{
    return MULTIPLY_u32(a, b) + ((MULTIPLY_u32(a >> 32, b) + MULTIPLY_u32(a, b >> 32)) << 32);
}

#else

#define LOWER_f32 LOWER_ONE
#define HIGHER_f32 HIGHER_ONE
#define LOWER_f64 LOWER_ONE
#define HIGHER_f64 HIGHER_ONE
#define LOWER_i32 LOWER_ONE
#define HIGHER_i32 HIGHER_ONE
#define LOWER_i64 LOWER_ONE
#define HIGHER_i64 HIGHER_ONE
#define LOWER_u32 LOWER_ONE
#define HIGHER_u32 HIGHER_ONE
#define LOWER_u64 LOWER_ONE
#define HIGHER_u64 HIGHER_ONE
#define EQUAL_f32 EQUAL_ONE
#define EQUAL_f64 EQUAL_ONE
#define EQUAL_i32 EQUAL_ONE
#define EQUAL_i64 EQUAL_ONE
#define EQUAL_u32 EQUAL_ONE
#define EQUAL_u64 EQUAL_ONE

typedef int ordered_f32, ordered_f64;
#define ORDERED_ALL_f32 1
#define ORDERED_ALL_f64 1
#define BOTH_ORDERED_f32(o, a, b) ((o) & ((a) == (a)) & ((b) == (b)))
#define BOTH_ORDERED_f64 BOTH_ORDERED_f32
#define IS_ORDERED_f32(o) (o)
#define IS_ORDERED_f64(o) (o)

#define WIDEN_f32(p) ((double)*(p))
#define WIDEN_i32(p) ((uint64_t) * (p))
#define WIDEN_u32(p) ((uint64_t) * (p))
#define MULTIPLY_i32 PRODUCT
#define MULTIPLY_u32 PRODUCT
#define MULTIPLY_u64 PRODUCT

#endif

#endif
