/* Packing for AVX2: a table gives the permutation that brings the kept lanes to the front. */
#include "pack_kernels.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define FUNCTION static __attribute__((target("avx2,popcnt")))

/* Byte k of PERMUTATION(m): the position of the k-th set bit of m. */
#define BIT(m, k) ((uint64_t)(m) >> (k)&1)
#define BELOW(m, k)                                                                                                    \
    ((k > 0 ? BIT(m, 0) : 0) + (k > 1 ? BIT(m, 1) : 0) + (k > 2 ? BIT(m, 2) : 0) + (k > 3 ? BIT(m, 3) : 0) +           \
     (k > 4 ? BIT(m, 4) : 0) + (k > 5 ? BIT(m, 5) : 0) + (k > 6 ? BIT(m, 6) : 0))
#define LANE(m, k) ((BIT(m, k) * (k)) << (8 * BELOW(m, k)))
#define PERMUTATION(m) (LANE(m, 1) | LANE(m, 2) | LANE(m, 3) | LANE(m, 4) | LANE(m, 5) | LANE(m, 6) | LANE(m, 7))
#define FOUR(m) PERMUTATION(m), PERMUTATION(m + 1), PERMUTATION(m + 2), PERMUTATION(m + 3)
#define SIXTEEN(m) FOUR(m), FOUR(m + 4), FOUR(m + 8), FOUR(m + 12)
#define SIXTY_FOUR(m) SIXTEEN(m), SIXTEEN(m + 16), SIXTEEN(m + 32), SIXTEEN(m + 48)

static const uint64_t lanes_of_8[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};

/* The same for four elements of two 32-bit lanes each. */
#define PAIR(m, k) (BIT(m, k) * (0x100 * (2 * (k) + 1) + 2 * (k)) << (16 * BELOW(m, k)))
#define PAIRS(m) (PAIR(m, 0) | PAIR(m, 1) | PAIR(m, 2) | PAIR(m, 3))

static const uint64_t lanes_of_4[16] = {PAIRS(0),  PAIRS(1),  PAIRS(2),  PAIRS(3), PAIRS(4),  PAIRS(5),
                                        PAIRS(6),  PAIRS(7),  PAIRS(8),  PAIRS(9), PAIRS(10), PAIRS(11),
                                        PAIRS(12), PAIRS(13), PAIRS(14), PAIRS(15)};

/* Bit k: flag k of 32 is not 0. */
FUNCTION uint32_t flag_bits(const unsigned char *flags)
{
    __m256i f = _mm256_loadu_si256((const __m256i *)(const void *)flags);
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(f, _mm256_setzero_si256()));
}

FUNCTION __m256i reorder(__m256i v, uint64_t lanes)
{
    return _mm256_permutevar8x32_epi32(v, _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)lanes)));
}

FUNCTION __m256i permute(const void *p, uint64_t lanes)
{
    return reorder(_mm256_loadu_si256((const __m256i *)p), lanes);
}

FUNCTION void pack4(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const uint32_t *from = in;
    uint32_t *to = out;
    size_t i = 0, kept = 0;
    for (; n - i >= 32 && count - kept >= 32; i += 32) {
        uint32_t keep = flag_bits(flags + i) ^ (invert ? ~(uint32_t)0 : 0);
        for (int k = 0; k < 32; k += 8) {
            unsigned bits = keep >> k & 0xff;
            _mm256_storeu_si256((__m256i *)(void *)(to + kept), permute(from + i + k, lanes_of_8[bits]));
            kept += (size_t)_mm_popcnt_u32(bits);
        }
    }
    crew__pack_plain.pack4(from + i, flags + i, n - i, to + kept, count - kept, invert);
}

FUNCTION void pack8(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const uint64_t *from = in;
    uint64_t *to = out;
    size_t i = 0, kept = 0;
    for (; n - i >= 32 && count - kept >= 32; i += 32) {
        uint32_t keep = flag_bits(flags + i) ^ (invert ? ~(uint32_t)0 : 0);
        for (int k = 0; k < 32; k += 4) {
            unsigned bits = keep >> k & 0xf;
            _mm256_storeu_si256((__m256i *)(void *)(to + kept), permute(from + i + k, lanes_of_4[bits]));
            kept += (size_t)_mm_popcnt_u32(bits);
        }
    }
    crew__pack_plain.pack8(from + i, flags + i, n - i, to + kept, count - kept, invert);
}

FUNCTION void pack_index(size_t begin, const unsigned char *flags, size_t n, void *out, size_t count)
{
    uint64_t *to = out;
    size_t i = 0, kept = 0;
    __m256i indices = _mm256_add_epi64(_mm256_set1_epi64x((long long)begin), _mm256_set_epi64x(3, 2, 1, 0));
    for (; n - i >= 32 && count - kept >= 32; i += 32) {
        uint32_t keep = flag_bits(flags + i);
        for (int k = 0; k < 32; k += 4) {
            unsigned bits = keep >> k & 0xf;
            _mm256_storeu_si256((__m256i *)(void *)(to + kept), reorder(indices, lanes_of_4[bits]));
            indices = _mm256_add_epi64(indices, _mm256_set1_epi64x(4));
            kept += (size_t)_mm_popcnt_u32(bits);
        }
    }
    crew__pack_plain.pack_index(begin + i, flags + i, n - i, to + kept, count - kept);
}

FUNCTION size_t count_flags(const unsigned char *flags, size_t n)
{
    size_t count = 0, i = 0;
    for (; n - i >= 32; i += 32)
        count += (size_t)_mm_popcnt_u32(flag_bits(flags + i));
    if (i == n)
        return count;
    if (n < 32)
        return crew__pack_plain.count(flags, n);
    return count + (size_t)_mm_popcnt_u32(flag_bits(flags + n - 32) >> (32 - (n - i)));
}

const struct crew__pack_kernels crew__pack_avx2 = {count_flags, pack4, pack8, pack_index};

#else
typedef int crew__pack_avx2_unused; /* an empty file is not C */
#endif
