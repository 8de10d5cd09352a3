/* Stable radix sorts of elements by a 32 or 64 bit key. One instance for each shape of element:

   k32, k64              the key alone
   k32v4 ... k64v8       keys in one array, values of 4 or 8 bytes in another
   r8k32, r16k32, r16k64 records of 8 or 16 bytes with the key at an offset

   The order is that of an unsigned number, the rank of a key: see struct crew__key. */
#ifndef CREW_SORT_RADIX_H
#define CREW_SORT_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* rank(bits) = bits ^ (top | (sign bit set ? negative : 0)), and the largest number for a NaN, which is where
   rank - least > span. It orders integers and floats as unsigned numbers; -0 is before +0. */
struct crew__key {
    uint64_t top;      /* the sign bit, 0 for unsigned types */
    uint64_t negative; /* floats: all bits below the sign bit, else 0 */
    uint64_t least,
        span;      /* floats: rank of -infinity, and how far +infinity is above it; else 0 and the largest number */
    size_t offset; /* of the key in a record, in bytes */
};

static inline uint64_t crew__rank64(uint64_t bits, const struct crew__key *key)
{
    uint64_t r = bits ^ (key->top | ((0 - (bits >> 63)) & key->negative));
    return r - key->least > key->span ? UINT64_MAX : r;
}

static inline uint32_t crew__rank32(uint32_t bits, const struct crew__key *key)
{
    uint32_t r = bits ^ ((uint32_t)key->top | ((0 - (bits >> 31)) & (uint32_t)key->negative));
    return r - (uint32_t)key->least > (uint32_t)key->span ? UINT32_MAX : r;
}

/* Sorts n elements. values: NULL but for the instances with v. 0 or -ENOMEM with everything untouched. Scratch: as
   many bytes as the elements have, up to 2 MiB for counts and a
   cache line a bucket for each thread. */
int crew__radix_k32(void *keys, void *values, size_t n, const struct crew__key *key);
int crew__radix_k64(void *keys, void *values, size_t n, const struct crew__key *key);
int crew__radix_k32v4(void *keys, void *values, size_t n, const struct crew__key *key);
int crew__radix_k32v8(void *keys, void *values, size_t n, const struct crew__key *key);
int crew__radix_k64v4(void *keys, void *values, size_t n, const struct crew__key *key);
int crew__radix_k64v8(void *keys, void *values, size_t n, const struct crew__key *key);
int crew__radix_r8k32(void *records, void *values, size_t n, const struct crew__key *key);
int crew__radix_r16k32(void *records, void *values, size_t n, const struct crew__key *key);
int crew__radix_r16k64(void *records, void *values, size_t n, const struct crew__key *key);

/* True where the ranks of keys never fall. */
bool crew__sorted_k32(const void *keys, size_t n, const struct crew__key *key);
bool crew__sorted_k64(const void *keys, size_t n, const struct crew__key *key);

#endif
