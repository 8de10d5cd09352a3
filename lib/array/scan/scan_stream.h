/* Copies that leave the caches alone, where the processor has them. */
#ifndef CREW_SCAN_SCAN_STREAM_H
#define CREW_SCAN_SCAN_STREAM_H

#include "../typed/isa.h"
#include <stdint.h>
#include <string.h>

#ifdef CREW__ISA_X86
#include <emmintrin.h>

static inline void crew__prefetch(const char *p)
{
    _mm_prefetch(p, _MM_HINT_T1);
}

/* from is aligned to 64 bytes only where `to` is, so loads are not. */
static inline void crew__stream(char *to, const char *from, size_t size)
{
    size_t head = (64 - (uintptr_t)to % 64) % 64;
    head = head < size ? head : size;
    memcpy(to, from, head);
    size_t i = head;
    for (; size - i >= 64; i += 64) {
        const __m128i *f = (const __m128i *)(const void *)(from + i);
        __m128i *t = (__m128i *)(void *)(to + i);
        __m128i a = _mm_loadu_si128(f), b = _mm_loadu_si128(f + 1);
        __m128i c = _mm_loadu_si128(f + 2), d = _mm_loadu_si128(f + 3);
        _mm_stream_si128(t, a);
        _mm_stream_si128(t + 1, b);
        _mm_stream_si128(t + 2, c);
        _mm_stream_si128(t + 3, d);
    }
    memcpy(to + i, from + i, size - i);
}

/* Such stores are not ordered with others: before another thread is told. */
static inline void crew__stream_end(void)
{
    _mm_sfence();
}
#else
static inline void crew__prefetch(const char *p)
{
    (void)p;
}

static inline void crew__stream(char *to, const char *from, size_t size)
{
    memcpy(to, from, size);
}

static inline void crew__stream_end(void)
{
}
#endif
#endif
