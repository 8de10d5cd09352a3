/* How typed keys are ordered: as unsigned numbers, their ranks. */
#ifndef CREW_SORT_SORT_TYPE_H
#define CREW_SORT_SORT_TYPE_H

#include "../typed/types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* rank(bits) = bits ^ (top | (sign bit set ? negative : 0)), and the largest number for a NaN, which is where
   rank - least > span. It orders integers and floats as unsigned numbers; -0 is before +0. */
struct crew__key {
    uint64_t top;      /* the sign bit, 0 for unsigned types */
    uint64_t negative; /* floats: all bits below the sign bit, else 0 */
    uint64_t least;    /* floats: rank of -infinity, else 0 */
    uint64_t span;     /* floats: how far +infinity is above it, else the largest number */
    size_t offset;     /* of the key in a record, in bytes */
};

struct crew__sort_type {
    bool wide; /* 8 bytes, else 4 */
    struct crew__key key;
};

extern const struct crew__sort_type crew__sort_types[CREW__TYPES];

static inline size_t crew__key_size(const struct crew__sort_type *t)
{
    return t->wide ? 8 : 4;
}

static inline uint64_t crew__rank_64(uint64_t bits, const struct crew__key *key)
{
    uint64_t r = bits ^ (key->top | ((0 - (bits >> 63)) & key->negative));
    return r - key->least > key->span ? UINT64_MAX : r;
}

static inline uint32_t crew__rank_32(uint32_t bits, const struct crew__key *key)
{
    uint32_t r = bits ^ ((uint32_t)key->top | ((0 - (bits >> 31)) & (uint32_t)key->negative));
    return r - (uint32_t)key->least > (uint32_t)key->span ? UINT32_MAX : r;
}

#endif
