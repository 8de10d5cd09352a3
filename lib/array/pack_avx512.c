/* Packing for AVX-512 (F and VL): compress in the register, then store the whole register. vpcompress to memory would write
   only what counts, but takes ten times as long on some processors. */
#include "pack_kernel.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>
#include <string.h>

#define FUNCTION static __attribute__((target("avx512f,avx512vl,popcnt")))

/* Bit k: flag k of 16 is not 0. */
FUNCTION unsigned flag_bits(const unsigned char *flags)
{
    __m128i f = _mm_loadu_si128((const __m128i *)(const void *)flags);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(f, _mm_setzero_si128())) ^ 0xffff;
}

/* The same for fewer than 16. */
FUNCTION unsigned last_bits(const unsigned char *flags, size_t n)
{
    unsigned char few[16] = {0};
    memcpy(few, flags, n);
    return flag_bits(few);
}

FUNCTION void pack4(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const uint32_t *from = in;
    uint32_t *to = out;
    const unsigned flip = invert ? 0xffff : 0;
    size_t i = 0, kept = 0;
    for (; n - i >= 16 && count - kept >= 16; i += 16) {
        unsigned keep = flag_bits(flags + i) ^ flip;
        _mm512_storeu_si512(to + kept, _mm512_maskz_compress_epi32((__mmask16)keep, _mm512_loadu_si512(from + i)));
        kept += (size_t)_mm_popcnt_u32(keep);
    }
    /* A whole register would pass the end, of one array or the other. */
    while (kept < count) {
        size_t left = n - i;
        unsigned all = left < 16 ? (1u << left) - 1 : 0xffff;
        unsigned keep = ((left < 16 ? last_bits(flags + i, left) : flag_bits(flags + i)) ^ flip) & all;
        unsigned found = (unsigned)_mm_popcnt_u32(keep);
        __m512i v = _mm512_maskz_loadu_epi32((__mmask16)all, from + i);
        _mm512_mask_storeu_epi32(to + kept, (__mmask16)((1u << found) - 1),
                                 _mm512_maskz_compress_epi32((__mmask16)keep, v));
        kept += found;
        i += 16;
    }
}

FUNCTION void pack8(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const uint64_t *from = in;
    uint64_t *to = out;
    const unsigned flip = invert ? 0xffff : 0;
    size_t i = 0, kept = 0;
    for (; n - i >= 16 && count - kept >= 16; i += 16) {
        unsigned keep = flag_bits(flags + i) ^ flip;
        __m512i low = _mm512_loadu_si512(from + i), high = _mm512_loadu_si512(from + i + 8);
        _mm512_storeu_si512(to + kept, _mm512_maskz_compress_epi64((__mmask8)keep, low));
        _mm512_storeu_si512(to + kept + _mm_popcnt_u32(keep & 0xff),
                            _mm512_maskz_compress_epi64((__mmask8)(keep >> 8), high));
        kept += (size_t)_mm_popcnt_u32(keep);
    }
    while (kept < count) {
        size_t left = n - i < 8 ? n - i : 8;
        unsigned all = (1u << left) - 1;
        unsigned keep = (last_bits(flags + i, left) ^ flip) & all;
        unsigned found = (unsigned)_mm_popcnt_u32(keep);
        __m512i v = _mm512_maskz_loadu_epi64((__mmask8)all, from + i);
        _mm512_mask_storeu_epi64(to + kept, (__mmask8)((1u << found) - 1),
                                 _mm512_maskz_compress_epi64((__mmask8)keep, v));
        kept += found;
        i += left;
    }
}

FUNCTION size_t count_flags(const unsigned char *flags, size_t n)
{
    size_t count = 0, i = 0;
    for (; n - i >= 16; i += 16)
        count += (size_t)_mm_popcnt_u32(flag_bits(flags + i));
    return count + (size_t)_mm_popcnt_u32(last_bits(flags + i, n - i));
}

const struct crew__pack_kernels crew__pack_avx512 = {count_flags, pack4, pack8};

#else
typedef int crew__pack_avx512_unused; /* an empty file is not C */
#endif
