/* A small table a thread: a site is a callback and the magnitude of n, and the last one to need a place has it. */
#include "sites.h"
#include "../base/compiler.h"
#include <string.h>

enum { PLACES_LOG2 = 6, PLACES = 1 << PLACES_LOG2 };

struct crew__site *crew__site_of(const struct crew__loop *loop)
{
    static _Thread_local struct crew__site sites[PLACES];
    uintptr_t key;
    memcpy(&key, loop->ctx, sizeof key);
    key ^= (uintptr_t)crew__log2(loop->n) << (8 * sizeof key - 8);
    uint32_t spread = (uint32_t)((key ^ key >> 16 >> 16) * 0x9e3779b1u); /* Knuth's multiplicative hashing */
    struct crew__site *site = &sites[spread >> (32 - PLACES_LOG2)];
    if (CREW__UNLIKELY(site->key != key))
        *site = (struct crew__site){.key = key};
    return site;
}
