/* What all instances of the radix sort share. */
#ifndef CREW_SORT_RADIX_STEPS_H
#define CREW_SORT_RADIX_STEPS_H

#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "../typed/isa.h"
#include "radix.h"
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#define CREW__CAT_(a, b) a##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)
#define CREW__CAT3_(a, b, c) a##b##c
#define CREW__CAT3(a, b, c) CREW__CAT3_(a, b, c)

enum {
    CREW__DIGIT = 10,            /* bits of a digit in a cached segment: two tables of counts take 8 KiB of stack */
    CREW__RADIX_FEW = 80,        /* elements that are sorted by merging */
    CREW__RADIX_SKEWED = 4096,   /* and where digits do not tell them apart */
    CREW__RADIX_CACHE = 1 << 20, /* bytes of a segment that its core's cache holds twice */
    CREW__RADIX_ALONE = 16384,   /* elements that are sorted as one segment */
    CREW__RADIX_STACK = 1000,    /* elements whose scratch is on the stack */
    CREW__RADIX_SCAN = 4096,     /* elements looked at at once */
    CREW__RADIX_CHUNKS = 128,
    CREW__RADIX_BIG = 64 /* a bucket with more than that part of the array is split by all threads */
};

/* How many of the n keys have one of a lower rank behind them; n + 1 are read. For AVX2. */
size_t crew__falls_avx2_32(const uint32_t *keys, size_t n, const struct crew__key *key);
size_t crew__falls_avx2_64(const uint64_t *keys, size_t n, const struct crew__key *key);

static inline int crew__ctz(uint64_t x)
{
    return crew__log2(x & (0 - x));
}

#endif
