/* Philox4x32-10 for AVX-512: sixteen blocks at a time. */
#include "../typed/isa.h"
#include "philox.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))

/* Eight blocks. A word lies in the lower half of a 64-bit element, which is what the multiplication takes; whatever is
   in the upper half does no harm. */
struct eight {
    __m512i w0, w1, w2, w3;
};

static inline AVX512 struct eight counters(uint64_t first, uint64_t stream)
{
    __m512i block = _mm512_add_epi64(_mm512_set1_epi64((long long)first), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    __m512i high = _mm512_set1_epi64((long long)stream);
    return (struct eight){block, _mm512_srli_epi64(block, 32), high, _mm512_srli_epi64(high, 32)};
}

static inline AVX512 void do_round(struct eight *f, __m512i key0, __m512i key1)
{
    __m512i p0 = _mm512_mul_epu32(f->w0, _mm512_set1_epi64(CREW__PHILOX_M0));
    __m512i p1 = _mm512_mul_epu32(f->w2, _mm512_set1_epi64(CREW__PHILOX_M1));
    f->w0 = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(p1, 32), f->w1), key0);
    f->w1 = p1;
    f->w2 = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(p0, 32), f->w3), key1);
    f->w3 = p0;
}

static inline AVX512 void store(uint64_t *out, const struct eight *f)
{
    /* The lower halves of both, and then draws 0 and 1 of the even blocks and of the odd ones */
    const __mmask16 upper = 0xaaaa;
    const __m512i first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0),
                  second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    __m512i even = _mm512_mask_blend_epi32(upper, f->w0, _mm512_slli_epi64(f->w1, 32));
    __m512i odd = _mm512_mask_blend_epi32(upper, f->w2, _mm512_slli_epi64(f->w3, 32));
    __m512i low = _mm512_unpacklo_epi64(even, odd), high = _mm512_unpackhi_epi64(even, odd);
    _mm512_storeu_si512(out, _mm512_permutex2var_epi64(low, first, high));
    _mm512_storeu_si512(out + 8, _mm512_permutex2var_epi64(low, second, high));
}

AVX512 void crew__philox_avx512(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    for (size_t k = 0; k < n; k += 16) {
        /* Two at a time: the one's multiplications while the other waits for its own. */
        struct eight a = counters(first + k, stream), b = counters(first + k + 8, stream);
        uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
        for (int round = 0; round < CREW__PHILOX_ROUNDS; round++) {
            __m512i k0 = _mm512_set1_epi64(key0), k1 = _mm512_set1_epi64(key1);
            do_round(&a, k0, k1);
            do_round(&b, k0, k1);
            key0 += CREW__PHILOX_W0;
            key1 += CREW__PHILOX_W1;
        }
        store(out + 2 * k, &a);
        store(out + 2 * k + 16, &b);
    }
}
#else
void crew__philox_avx512(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    (void)out, (void)n, (void)seed, (void)stream, (void)first;
}
#endif
