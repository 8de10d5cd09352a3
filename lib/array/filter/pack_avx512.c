/* Packing for AVX-512 (F and VL): compress in the register, then store the whole register. vpcompress to memory would
   write only what counts, but takes ten times as long on some processors. */
#include "pack_kernels.h"

#ifdef CREW__ISA_X86
#include <immintrin.h>
#include <string.h>

#define FUNCTION static __attribute__((target("avx512f,avx512vl,popcnt")))

/* Bit k: flag k of 16 is not 0. */
FUNCTION unsigned flag_bits(__m128i f)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(f, _mm_setzero_si128())) ^ 0xffff;
}

/* Fewer than 16 flags, and zeros behind them, without a read beyond them. */
FUNCTION __m128i few_flags(const unsigned char *flags, size_t n)
{
    uint64_t low = 0, high = 0;
    uint32_t a, b;
    if (n > 8) {
        memcpy(&low, flags, 8);
        memcpy(&high, flags + n - 8, 8);
        high >>= 8 * (16 - n);
    } else if (n >= 4) {
        memcpy(&a, flags, 4);
        memcpy(&b, flags + n - 4, 4);
        low = a | (uint64_t)b << 8 * (n - 4);
    } else if (n > 0) {
        low = flags[0] | (uint64_t)flags[n / 2] << 8 * (n / 2) | (uint64_t)flags[n - 1] << 8 * (n - 1);
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}

/* Bit k: flag i + k of n is not 0, for at most 16 of them. */
FUNCTION unsigned bits_at(const unsigned char *flags, size_t i, size_t n)
{
    if (n - i >= 16)
        return flag_bits(_mm_loadu_si128((const __m128i *)(const void *)(flags + i)));
    if (n >= 16)
        return flag_bits(_mm_loadu_si128((const __m128i *)(const void *)(flags + n - 16))) >> (16 - (n - i));
    return flag_bits(few_flags(flags + i, n - i));
}

/* The first n of 16 lanes. */
FUNCTION unsigned first(size_t n)
{
    return n < 16 ? (1u << n) - 1 : 0xffff;
}

FUNCTION void pack4(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const uint32_t *from = in;
    uint32_t *to = out;
    const unsigned flip = invert ? 0xffff : 0;
    size_t i = 0, kept = 0;
    for (; n - i >= 16 && count - kept >= 16; i += 16) {
        unsigned keep = bits_at(flags, i, n) ^ flip;
        _mm512_storeu_si512(to + kept, _mm512_maskz_compress_epi32((__mmask16)keep, _mm512_loadu_si512(from + i)));
        kept += (size_t)_mm_popcnt_u32(keep);
    }
    /* A whole register would pass the end, of one array or the other. */
    for (; kept < count; i += 16) {
        unsigned all = first(n - i), keep = (bits_at(flags, i, n) ^ flip) & all;
        unsigned found = (unsigned)_mm_popcnt_u32(keep);
        __m512i v = _mm512_maskz_loadu_epi32((__mmask16)all, from + i);
        _mm512_mask_storeu_epi32(to + kept, (__mmask16)first(found), _mm512_maskz_compress_epi32((__mmask16)keep, v));
        kept += found;
    }
}

FUNCTION void pack8(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const uint64_t *from = in;
    uint64_t *to = out;
    const unsigned flip = invert ? 0xffff : 0;
    size_t i = 0, kept = 0;
    for (; n - i >= 16 && count - kept >= 16; i += 16) {
        unsigned keep = bits_at(flags, i, n) ^ flip;
        __m512i low = _mm512_loadu_si512(from + i), high = _mm512_loadu_si512(from + i + 8);
        _mm512_storeu_si512(to + kept, _mm512_maskz_compress_epi64((__mmask8)keep, low));
        _mm512_storeu_si512(to + kept + _mm_popcnt_u32(keep & 0xff),
                            _mm512_maskz_compress_epi64((__mmask8)(keep >> 8), high));
        kept += (size_t)_mm_popcnt_u32(keep);
    }
    for (; kept < count; i += 16) {
        unsigned all = first(n - i), keep = (bits_at(flags, i, n) ^ flip) & all;
        unsigned found = (unsigned)_mm_popcnt_u32(keep & 0xff), more = (unsigned)_mm_popcnt_u32(keep >> 8);
        /* Both are read before one is written: in and out may overlap. */
        __m512i low = _mm512_maskz_loadu_epi64((__mmask8)all, from + i);
        __m512i high = _mm512_maskz_loadu_epi64((__mmask8)(all >> 8), from + i + 8);
        _mm512_mask_storeu_epi64(to + kept, (__mmask8)first(found), _mm512_maskz_compress_epi64((__mmask8)keep, low));
        _mm512_mask_storeu_epi64(to + kept + found, (__mmask8)first(more),
                                 _mm512_maskz_compress_epi64((__mmask8)(keep >> 8), high));
        kept += found + more;
    }
}

FUNCTION void pack_index(size_t begin, const unsigned char *flags, size_t n, void *out, size_t count)
{
    uint64_t *to = out;
    size_t i = 0, kept = 0;
    __m512i indices = _mm512_add_epi64(_mm512_set1_epi64((long long)begin), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    const __m512i eight = _mm512_set1_epi64(8);
    for (; n - i >= 16 && count - kept >= 16; i += 16) {
        unsigned keep = bits_at(flags, i, n);
        __m512i high = _mm512_add_epi64(indices, eight);
        _mm512_storeu_si512(to + kept, _mm512_maskz_compress_epi64((__mmask8)keep, indices));
        _mm512_storeu_si512(to + kept + _mm_popcnt_u32(keep & 0xff),
                            _mm512_maskz_compress_epi64((__mmask8)(keep >> 8), high));
        indices = _mm512_add_epi64(high, eight);
        kept += (size_t)_mm_popcnt_u32(keep);
    }
    for (; kept < count; i += 16) {
        unsigned keep = bits_at(flags, i, n);
        unsigned found = (unsigned)_mm_popcnt_u32(keep & 0xff), more = (unsigned)_mm_popcnt_u32(keep >> 8);
        __m512i high = _mm512_add_epi64(indices, eight);
        _mm512_mask_storeu_epi64(to + kept, (__mmask8)first(found),
                                 _mm512_maskz_compress_epi64((__mmask8)keep, indices));
        _mm512_mask_storeu_epi64(to + kept + found, (__mmask8)first(more),
                                 _mm512_maskz_compress_epi64((__mmask8)(keep >> 8), high));
        indices = _mm512_add_epi64(high, eight);
        kept += found + more;
    }
}

/* 32 flags at a time, as nothing of AVX-512 F is wider for bytes. */
FUNCTION size_t count_flags(const unsigned char *flags, size_t n)
{
    return crew__pack_avx2.count(flags, n);
}

const struct crew__pack_kernels crew__pack_avx512 = {count_flags, pack4, pack8, pack_index};

#else
typedef int crew__pack_avx512_unused; /* an empty file is not C */
#endif
