/* Runs of equal keys, in chunks. */
#ifndef CREW_ARRAY_BY_KEY_GROUPS_H
#define CREW_ARRAY_BY_KEY_GROUPS_H

#include "by_key.h"
#include <crew/options.h>

/* On the stack, twice: more would pass 16 KiB a frame. */
enum { CREW__MAX_CHUNKS = 512 };

struct crew__groups;

/* Does the positions begin .. end-1, which have one key, that of group g. first: the group starts there, else it began in an
   earlier chunk; then this is chunk c's first run. Returns 0, or what stops the call. */
typedef int crew__group_run(const struct crew__groups *q, size_t c, size_t g, size_t begin, size_t end, bool first);

struct crew__groups {
    /* given */
    const void *keys;
    enum crew__key type;
    size_t n;
    void *keys_out;
    size_t *groups;
    crew__group_run *run;
    /* result of chunk c's first run, which belongs to group g, an earlier one: results[g] is followed by it */
    void (*merge)(const struct crew__groups *q, size_t c, size_t g);
    void *ctx; /* the operation's own */
    const crew_options *opt;
    /* made */
    struct crew__order order;
    size_t size, chunks;
    size_t base[CREW__MAX_CHUNKS + 1]; /* the group of a chunk's first head */
    bool carried[CREW__MAX_CHUNKS];    /* a chunk starts within a group */
};

/* Everything. 0, an error, or what run returned. */
int crew__groups_do(struct crew__groups *q);

#endif
