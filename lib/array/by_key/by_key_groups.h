/* Runs of equal keys, in chunks; what the operations by key stand on. */
#ifndef CREW_BY_KEY_BY_KEY_GROUPS_H
#define CREW_BY_KEY_BY_KEY_GROUPS_H

#include "../typed/types.h"
#include "by_key_brackets.h"
#include <crew/options.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a chunk returns whose keys turn out not to ascend. No error and no callback's value: those are ints, and kept
   apart by the operations that have callbacks. */
enum { CREW__NOT_SORTED = 1 };

struct crew__groups;

/* Code for keys of 4 and of 8 bytes. */
struct crew__group_op {
    /* The positions begin .. end-1 in the order of keys. *g: the group of the first; becomes that of the last. carried:
       that group began in an earlier chunk. */
    int (*chunk[2])(struct crew__groups *q, size_t c, size_t begin, size_t end, size_t *g, bool carried);
    /* The result of chunk c's carried group g follows what is known of g. NULL: nothing to do. */
    void (*merge)(const struct crew__groups *q, size_t c, size_t g);
    /* All, for keys low .. low + range-1 in any order, range being at most n; NULL: they are sorted. */
    int (*dense[2])(struct crew__groups *q, uint64_t low, size_t range);
    bool once; /* chunk must not be called in vain */
};

struct crew__groups {
    /* given */
    const void *keys;
    enum crew__type type;
    size_t n;
    void *keys_out;
    size_t *groups;
    void *ctx; /* the operation's own */
    const crew_options *opt;
    /* made: position p has key ordered[p] and is element items_u32[p], or items_u64[p], or p */
    const struct crew__group_op *op;
    const void *ordered;
    const uint32_t *items_u32;
    const uint64_t *items_u64;
    uint64_t flip; /* keys are in the order of key ^ flip */
    struct crew__cut chunks;
    size_t base[CREW__MAX_CHUNKS + 1]; /* the group of a chunk's first head */
    bool carried[CREW__MAX_CHUNKS];    /* a chunk starts within a group */
};

/* Sets what is given, without options and ctx; arrays are written before they are read. */
static inline void crew__groups_set(struct crew__groups *q, const void *keys, enum crew__type type, size_t n,
                                    void *keys_out, size_t *groups)
{
    q->keys = keys;
    q->type = type;
    q->n = n;
    q->keys_out = keys_out;
    q->groups = groups;
    q->ctx = NULL;
    q->opt = NULL;
}

/* Elements of up to so many keys are numbered by 4 bytes each. Tests lower it, as no suite has 2^32 elements. */
extern size_t crew__groups_most_u32;

/* Checks what is given, orders the keys and runs op. 0, an error, or what a chunk returned. */
int crew__groups_run(struct crew__groups *q, const struct crew__group_op *op);

static inline bool crew__groups_wide(const struct crew__groups *q)
{
    return q->type == CREW__I64 || q->type == CREW__U64;
}

static inline size_t crew__item_at(const struct crew__groups *q, size_t p)
{
    return q->items_u32 ? q->items_u32[p] : q->items_u64 ? (size_t)q->items_u64[p] : p;
}

/* Tables for keys close together are cut into parts; a part's keys that occur are counted, which gives it its place in
   the output, and written. */
static inline struct crew__cut crew__groups_parts(size_t range)
{
    return crew__cut_into(range, range / 4096 + 1 < 64 ? range / 4096 + 1 : 64);
}

/* base[part] from counts to places; returns the sum. */
size_t crew__groups_places(struct crew__groups *q, size_t parts);

#endif
