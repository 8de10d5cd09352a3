/* What crew/inline/group.h and the library know of each other. All of it belongs to crew. */
#ifndef CREW_INLINE_GROUP_RUN_H
#define CREW_INLINE_GROUP_RUN_H

#include <crew/by_key.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct crew__group_of {
    size_t n;
    const void *x; /* n items */
    void *ctx;
    size_t key_size; /* 4 or 8 */
    bool key_is_signed;
    /* keys[i] = the key of item i for begin .. end-1; NULL: the items are the keys. */
    void (*read)(size_t begin, size_t end, void *keys, void *ctx);
    /* Folds the items at positions begin .. end-1 into acc: item u32[p], or u64[p] where that is NULL, or p where both
       are. NULL where indices are asked for and no results. */
    void (*fold)(const uint32_t *u32, const uint64_t *u64, size_t begin, size_t end, void *acc, void *ctx);
    const crew_reducer *r; /* its size, identity and merge */
};

/* crew_reduce_by_key of the items' keys. */
CREW_API int crew__reduce_by_steps(const struct crew__group_of *g, void *keys_out, void *results, size_t *groups,
                                   const crew_options *opt);

/* crew_group_by_key of the items' keys. */
CREW_API int crew__group_by_steps(const struct crew__group_of *g, void *keys_out, size_t *offsets, size_t *indices,
                                  size_t *groups);

#ifdef __cplusplus
}
#endif
#endif
