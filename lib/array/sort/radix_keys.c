/* Radix sorts of keys alone. */
#define INSTANCE k32
#define BITS 32
#define ELEMENT uint32_t
#include "radix_template.h"

#define INSTANCE k64
#define BITS 64
#define ELEMENT uint64_t
#include "radix_template.h"

bool crew__sorted_k32(const void *keys, size_t n, const struct crew__key *key)
{
    return n < 2 || look_order_k32(keys, n, key) == 1;
}

bool crew__sorted_k64(const void *keys, size_t n, const struct crew__key *key)
{
    return n < 2 || look_order_k64(keys, n, key) == 1;
}
