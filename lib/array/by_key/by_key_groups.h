/* Runs of equal keys, in chunks; what by_key.c's operations stand on. */
#ifndef CREW_BY_KEY_BY_KEY_GROUPS_H
#define CREW_BY_KEY_BY_KEY_GROUPS_H

#include <crew/options.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum crew__key_type { CREW__KEY_I32, CREW__KEY_I64, CREW__KEY_U32, CREW__KEY_U64 };

/* On the stack, twice: more would pass 16 KiB a frame. */
enum { CREW__MAX_CHUNKS = 512 };

/* What a chunk returns whose keys turn out not to ascend. No error and no callback's value: those are ints, and kept
   apart by the operations that have callbacks. */
enum { CREW__NOT_SORTED = 1 };

struct crew__groups;

struct crew__group_op {
    /* The positions begin .. end-1 in the order of keys, for keys of 4 and of 8 bytes. *g: the group of the first;
       becomes that of the last. carried: that group began in an earlier chunk. */
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
    enum crew__key_type type;
    size_t n;
    void *keys_out;
    size_t *groups;
    const struct crew__group_op *op;
    void *ctx; /* the operation's own */
    const crew_options *opt;
    /* made: position p has key ordered[p] and is element few[p], or many[p], or p */
    const void *ordered;
    const uint32_t *few;
    const uint64_t *many;
    uint64_t flip; /* keys are in the order of key ^ flip */
    size_t size, chunks;
    size_t base[CREW__MAX_CHUNKS + 1]; /* the group of a chunk's first head */
    bool carried[CREW__MAX_CHUNKS];    /* a chunk starts within a group */
};

/* Everything. 0, an error, or what a chunk returned. */
int crew__groups_do(struct crew__groups *q);

static inline bool crew__groups_wide(const struct crew__groups *q)
{
    return q->type == CREW__KEY_I64 || q->type == CREW__KEY_U64;
}

static inline size_t crew__item_at(const struct crew__groups *q, size_t p)
{
    return q->few ? q->few[p] : q->many ? (size_t)q->many[p] : p;
}

/* Tables for keys close together. They are cut into parts; a part's keys that occur are counted, which gives it its
   place in the output, and written. */
struct crew__parts {
    size_t size, count;
};

static inline struct crew__parts crew__parts_of(size_t range)
{
    size_t count = range / 4096 + 1 < 64 ? range / 4096 + 1 : 64;
    struct crew__parts p = {(range - 1) / count + 1, 0};
    p.count = (range - 1) / p.size + 1;
    return p;
}

/* base[part] from counts to places; returns the sum. */
size_t crew__groups_places(struct crew__groups *q, size_t parts);

/* The counting sort of group_by_index.c: elements' numbers by word - low, which is below k. counts of elements are
 * offsets. */
int crew__group_by_word(const void *words, bool wide, uint64_t low, size_t n, size_t k, size_t *offsets,
                        size_t *indices);

#endif
