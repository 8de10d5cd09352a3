/* The ranges that workers own, take from and steal: each is one atomic word, its owner takes from the front, thieves
   take the back half. A word is the set of items that nobody has begun, so a compare-and-swap that finds the same word
   again finds the same items, whatever happened in between, and relaxed order does: only indices travel in it. */
#ifndef CREW_LOOP_RANGES_H
#define CREW_LOOP_RANGES_H

#include "../base/atomics.h"
#include "../base/compiler.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crew__range {
    _Alignas(CREW__CACHE_LINE) _Atomic uint64_t word; /* begin in the high half, end in the low half */
    int64_t started, finished;                        /* ticks; the owner's, for the caller to read afterwards */
    bool uneven;                                      /* a block took much longer than expected; likewise */
};

enum { CREW__MANY_ITEMS = 1024 }; /* in a range, so that it may begin where a vector does */

/* Where worker `id`'s range begins: shares of the whole loop, as schedule(static) cuts them, so that repeated loops
   find their data in the same core's cache; of the rest, where the caller has done much of its share already. */
static inline size_t crew__range_begin(size_t from, size_t n, int id, int width)
{
    size_t parts = (size_t)width, k = (size_t)id, count = n - from;
    size_t at = count / parts * k + (count % parts < k ? count % parts : k);
    if (count / parts >= CREW__MANY_ITEMS && id < width)
        at = at / 64 * 64;
    return from + at;
}

static inline void crew__range_set(struct crew__range *r, uint32_t begin, uint32_t end)
{
    atomic_store_explicit(&r->word, (uint64_t)begin << 32 | end, memory_order_relaxed);
}

static inline uint32_t crew__range_left(uint64_t word)
{
    uint32_t begin = (uint32_t)(word >> 32), end = (uint32_t)word;
    return begin < end ? end - begin : 0;
}

/* Takes at most `want` and one of `parts` equal parts of what is left, though not less than `least`: a block that turns
   out to be slow then leaves something for thieves. False where nothing is left. */
static inline bool crew__range_take(struct crew__range *r, uint32_t want, uint32_t least, uint32_t parts,
                                    uint32_t *begin, uint32_t *end)
{
    uint64_t word = atomic_load_explicit(&r->word, memory_order_relaxed);
    uint32_t left, count;
    do {
        left = crew__range_left(word);
        if (left == 0)
            return false;
        count = left / parts < want ? left / parts : want;
        count = count < least ? least : count;
        count = count < left ? count : left;
        *begin = (uint32_t)(word >> 32);
    } while (!atomic_compare_exchange_weak_explicit(&r->word, &word, word + ((uint64_t)count << 32),
                                                    memory_order_relaxed, memory_order_relaxed));
    *end = *begin + count;
    return true;
}

/* Where ranges[i] is fuller than what was found so far, it is what was found. */
static inline void crew__range_look(const struct crew__range *ranges, int i, int *from, uint64_t *word)
{
    uint64_t other = atomic_load_explicit(&ranges[i].word, memory_order_relaxed);
    if (crew__range_left(other) > crew__range_left(*word)) {
        *word = other;
        *from = i;
    }
}

/* A range to steal from, -1 where all are empty. The fullest of many would be as many cache lines as there are workers,
   each read by all thieves at once where a loop ends. The fuller of two at random leaves the work nearly as even
   (Mitzenmacher, The power of two choices in randomized load balancing, doi:10.1109/71.963420), so all are looked at
   only where several pairs had nothing. */
static inline int crew__range_victim(const struct crew__range *ranges, int count, uint32_t *random, uint64_t *word)
{
    enum { FEW = 8, PAIRS = 4 };
    int from = -1;
    *word = 0;
    for (int k = 0; count > FEW && from < 0 && k < 2 * PAIRS; k += 2)
        for (int i = 0; i < 2; i++) {
            *random = *random * 1664525u + 1013904223u;
            crew__range_look(ranges, (int)((uint64_t)*random * (uint64_t)count >> 32), &from, word);
        }
    if (from >= 0)
        return from;
    for (int i = 0; i < count; i++)
        crew__range_look(ranges, i, &from, word);
    return from;
}

/* Moves the back half (the larger one, where it is odd) of another range into ranges[self], which is empty; all of it
   where a half would have fewer than `least`. False where none has `worth`, at least 1. */
static inline bool crew__range_steal(struct crew__range *ranges, int count, int self, uint32_t least, uint32_t worth,
                                     uint32_t *random)
{
    uint64_t word;
    for (int from; (from = crew__range_victim(ranges, count, random, &word)) >= 0;) {
        uint32_t left = crew__range_left(word), end = (uint32_t)word;
        if (left < worth)
            return false;
        uint32_t half = left / 2 < least ? left : left - left / 2;
        if (atomic_compare_exchange_strong_explicit(&ranges[from].word, &word, word - half, memory_order_relaxed,
                                                    memory_order_relaxed)) {
            crew__range_set(&ranges[self], end - half, end);
            return true;
        }
    }
    return false;
}

#endif
