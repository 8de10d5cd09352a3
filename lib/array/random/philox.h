/* Philox4x32-10: blocks of two draws, numbered. */
#ifndef CREW_RANDOM_PHILOX_H
#define CREW_RANDOM_PHILOX_H

#include <stddef.h>
#include <stdint.h>

/* The function of the paper: four words of counter become four random ones. */
void crew__philox(uint32_t words[4], uint32_t key0, uint32_t key1);

/* out[2k], out[2k + 1] become the draws of block first + k, for k below n. */
void crew__philox_blocks(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first);

/* The same for a multiple of 8 blocks, on a processor that has AVX2. */
void crew__philox_avx2(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first);

/* The same for a multiple of 16 blocks, on one that has AVX-512F. */
void crew__philox_avx512(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first);

#define CREW__PHILOX_M0 0xD2511F53u
#define CREW__PHILOX_M1 0xCD9E8D57u
#define CREW__PHILOX_W0 0x9E3779B9u
#define CREW__PHILOX_W1 0xBB67AE85u
enum { CREW__PHILOX_ROUNDS = 10 };

#endif
