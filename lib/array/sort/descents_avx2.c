/* Counts keys that are out of order, for AVX2. Ranks become signed numbers, which is what that instruction set
 * compares. */
#include "../typed/isa.h"
#include "radix_steps.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define FUNCTION __attribute__((target("avx2")))

static FUNCTION inline __m256i ranks_32(const uint32_t *k, __m256i flip, bool floating)
{
    __m256i bits = _mm256_loadu_si256((const __m256i *)(const void *)k);
    if (!floating)
        return _mm256_xor_si256(bits, flip);
    __m256 x = _mm256_castsi256_ps(bits);
    __m256i largest = _mm256_set1_epi32(INT32_MAX), nan = _mm256_castps_si256(_mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    bits = _mm256_xor_si256(bits, _mm256_and_si256(_mm256_srai_epi32(bits, 31), largest));
    return _mm256_blendv_epi8(bits, largest, nan);
}

static FUNCTION inline __m256i ranks_64(const uint64_t *k, __m256i flip, bool floating)
{
    __m256i bits = _mm256_loadu_si256((const __m256i *)(const void *)k);
    if (!floating)
        return _mm256_xor_si256(bits, flip);
    __m256d x = _mm256_castsi256_pd(bits);
    __m256i largest = _mm256_set1_epi64x(INT64_MAX), nan = _mm256_castpd_si256(_mm256_cmp_pd(x, x, _CMP_UNORD_Q));
    __m256i sign = _mm256_cmpgt_epi64(_mm256_setzero_si256(), bits);
    bits = _mm256_xor_si256(bits, _mm256_and_si256(sign, largest));
    return _mm256_blendv_epi8(bits, largest, nan);
}

/* n is far below 2^32. */
static FUNCTION inline size_t falls_32(const uint32_t *k, size_t n, const struct crew__key *key, bool floating)
{
    const __m256i flip = _mm256_set1_epi32((int)((uint32_t)key->top ^ (uint32_t)1 << 31));
    __m256i count = _mm256_setzero_si256();
    size_t i = 0;
    for (; n - i >= 8; i += 8) /* -1 where a key falls */
        count = _mm256_sub_epi32(
            count, _mm256_cmpgt_epi32(ranks_32(k + i, flip, floating), ranks_32(k + i + 1, flip, floating)));
    uint32_t lanes[8];
    _mm256_storeu_si256((__m256i *)(void *)lanes, count);
    size_t falls = 0;
    for (int lane = 0; lane < 8; lane++)
        falls += lanes[lane];
    for (; i < n; i++)
        falls += crew__rank32(k[i], key) > crew__rank32(k[i + 1], key);
    return falls;
}

static FUNCTION inline size_t falls_64(const uint64_t *k, size_t n, const struct crew__key *key, bool floating)
{
    const __m256i flip = _mm256_set1_epi64x((long long)(key->top ^ UINT64_C(1) << 63));
    __m256i count = _mm256_setzero_si256();
    size_t i = 0;
    for (; n - i >= 4; i += 4) /* -1 where a key falls */
        count = _mm256_sub_epi64(
            count, _mm256_cmpgt_epi64(ranks_64(k + i, flip, floating), ranks_64(k + i + 1, flip, floating)));
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)(void *)lanes, count);
    size_t falls = (size_t)(lanes[0] + lanes[1] + lanes[2] + lanes[3]);
    for (; i < n; i++)
        falls += crew__rank64(k[i], key) > crew__rank64(k[i + 1], key);
    return falls;
}

FUNCTION size_t crew__falls_avx2_32(const uint32_t *keys, size_t n, const struct crew__key *key)
{
    return key->negative != 0 ? falls_32(keys, n, key, true) : falls_32(keys, n, key, false);
}

FUNCTION size_t crew__falls_avx2_64(const uint64_t *keys, size_t n, const struct crew__key *key)
{
    return key->negative != 0 ? falls_64(keys, n, key, true) : falls_64(keys, n, key, false);
}
#else
size_t crew__falls_avx2_32(const uint32_t *keys, size_t n, const struct crew__key *key)
{
    (void)keys, (void)n, (void)key;
    return 0;
}

size_t crew__falls_avx2_64(const uint64_t *keys, size_t n, const struct crew__key *key)
{
    (void)keys, (void)n, (void)key;
    return 0;
}
#endif
