/* The counting sort behind crew_group_by_index, for keys that do not start at 0. */
#ifndef CREW_BY_KEY_GROUP_BY_INDEX_H
#define CREW_BY_KEY_GROUP_BY_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* As crew_group_by_index, by key - low modulo 2^32 or 2^64, which is below k. Checks nothing. */
int crew__group_by_distance_u32(const uint32_t *keys, uint32_t low, size_t n, size_t k, size_t *offsets,
                                size_t *indices);
int crew__group_by_distance_u64(const uint64_t *keys, uint64_t low, size_t n, size_t k, size_t *offsets,
                                size_t *indices);

#endif
