/* Philox4x32-10 for AVX2: eight blocks at a time. */
#include "../typed/isa.h"
#include "philox.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/* Four blocks. A word lies in the lower half of a 64-bit element, which is what the multiplication takes; whatever is
   in the upper half does no harm. */
struct four {
    __m256i w0, w1, w2, w3;
};

static inline AVX2 struct four counters(uint64_t first, uint64_t stream)
{
    __m256i block = _mm256_add_epi64(_mm256_set1_epi64x((long long)first), _mm256_set_epi64x(3, 2, 1, 0));
    __m256i high = _mm256_set1_epi64x((long long)stream);
    return (struct four){block, _mm256_srli_epi64(block, 32), high, _mm256_srli_epi64(high, 32)};
}

static inline AVX2 void do_round(struct four *f, __m256i key0, __m256i key1)
{
    __m256i p0 = _mm256_mul_epu32(f->w0, _mm256_set1_epi64x(CREW__PHILOX_M0));
    __m256i p1 = _mm256_mul_epu32(f->w2, _mm256_set1_epi64x(CREW__PHILOX_M1));
    f->w0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), f->w1), key0);
    f->w1 = p1;
    f->w2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), f->w3), key1);
    f->w3 = p0;
}

static inline AVX2 void store(uint64_t *out, const struct four *f)
{
    /* The lower halves of both, and then draws 0 and 1 of blocks 0 and 2, of 1 and 3 */
    __m256i even = _mm256_blend_epi32(f->w0, _mm256_slli_epi64(f->w1, 32), 0xaa);
    __m256i odd = _mm256_blend_epi32(f->w2, _mm256_slli_epi64(f->w3, 32), 0xaa);
    __m256i low = _mm256_unpacklo_epi64(even, odd), high = _mm256_unpackhi_epi64(even, odd);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)(out + 4), _mm256_permute2x128_si256(low, high, 0x31));
}

AVX2 void crew__philox_avx2(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    for (size_t k = 0; k < n; k += 8) {
        /* Two at a time: the one's multiplications while the other waits for its own. */
        struct four a = counters(first + k, stream), b = counters(first + k + 4, stream);
        uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
        for (int round = 0; round < CREW__PHILOX_ROUNDS; round++) {
            __m256i k0 = _mm256_set1_epi64x(key0), k1 = _mm256_set1_epi64x(key1);
            do_round(&a, k0, k1);
            do_round(&b, k0, k1);
            key0 += CREW__PHILOX_W0;
            key1 += CREW__PHILOX_W1;
        }
        store(out + 2 * k, &a);
        store(out + 2 * k + 8, &b);
    }
}
#else
void crew__philox_avx2(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    (void)out, (void)n, (void)seed, (void)stream, (void)first;
}
#endif
