/* Elements in the order of their keys. */
#ifndef CREW_ARRAY_BY_KEY_H
#define CREW_ARRAY_BY_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key as bits that are ordered as keys are, and the element that has it. */
struct crew__record {
    uint64_t key;
    uint64_t item;
};

/* Puts n records, whose keys are below 2^bits, into the order of their keys, stably. other has n records too. Returns where the
   result is, records or other; NULL where there is no memory for counters. This is all that by_key asks of a sort. */
struct crew__record *crew__order_records(struct crew__record *records, struct crew__record *other, size_t n, int bits);

enum crew__key { CREW__KEY_I32, CREW__KEY_I64, CREW__KEY_U32, CREW__KEY_U64 };

/* Keys in order: position p holds key crew__key_at and element crew__item_at. */
struct crew__order {
    const void *keys;
    enum crew__key type;
    size_t n;
    struct crew__record *sorted; /* NULL: the keys are sorted as they are */
    uint64_t low;                /* what the records' keys are relative to */
    void *scratch;
};

/* 0 or -ENOMEM, -EOVERFLOW, -EINVAL. */
int crew__order_open(struct crew__order *o, const void *keys, enum crew__key type, size_t n);
void crew__order_close(struct crew__order *o);

static inline uint64_t crew__key_bits(const void *keys, enum crew__key type, size_t i)
{
    switch (type) {
    case CREW__KEY_I32:
        return (uint32_t)((const int32_t *)keys)[i] ^ UINT32_C(0x80000000);
    case CREW__KEY_I64:
        return (uint64_t)((const int64_t *)keys)[i] ^ UINT64_C(1) << 63;
    case CREW__KEY_U32:
        return ((const uint32_t *)keys)[i];
    default:
        return ((const uint64_t *)keys)[i];
    }
}

static inline uint64_t crew__key_at(const struct crew__order *o, size_t p)
{
    return o->sorted ? o->sorted[p].key + o->low : crew__key_bits(o->keys, o->type, p);
}

static inline size_t crew__item_at(const struct crew__order *o, size_t p)
{
    return o->sorted ? (size_t)o->sorted[p].item : p;
}

#endif
