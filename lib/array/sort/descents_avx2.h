/* Counts keys that have a lower one behind them, for AVX2. */
#ifndef CREW_SORT_DESCENTS_AVX2_H
#define CREW_SORT_DESCENTS_AVX2_H

#include "sort_type.h"

/* How many of the n keys have one of a lower rank behind them; n + 1 are read. n is below 2^31. */
size_t crew__descents_avx2_32(const uint32_t *keys, size_t n, const struct crew__key *key);
size_t crew__descents_avx2_64(const uint64_t *keys, size_t n, const struct crew__key *key);

#endif
