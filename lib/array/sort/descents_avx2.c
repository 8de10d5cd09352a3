/* Counts keys that have a lower one behind them, for AVX2. */
#include "descents_avx2.h"
#include "../typed/isa.h"
#include <string.h>

#ifdef CREW__ISA_X86
#define FUNCTION __attribute__((target("avx2")))

#define BITS 32
#define FLOAT float
#include "descents_avx2_template.h"

#define BITS 64
#define FLOAT double
#include "descents_avx2_template.h"
#else
size_t crew__descents_avx2_32(const uint32_t *keys, size_t n, const struct crew__key *key)
{
    (void)keys, (void)n, (void)key;
    return 0;
}

size_t crew__descents_avx2_64(const uint64_t *keys, size_t n, const struct crew__key *key)
{
    (void)keys, (void)n, (void)key;
    return 0;
}
#endif
