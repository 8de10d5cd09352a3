/* Counting keys that somebody else makes, a block at a time. */
#ifndef CREW_HISTOGRAM_BINCOUNT_H
#define CREW_HISTOGRAM_BINCOUNT_H

#include "bincount_tables.h"

/* Counts keys in a table; where it is of bytes n is at most CREW__TABLE_BLOCK. */
void crew__count_in_table_u32(const uint32_t *keys, size_t n, struct crew__table *table, size_t bins);
void crew__count_in_table_u64(const uint64_t *keys, size_t n, struct crew__table *table, size_t bins);

/* Counts keys without a table; returns how many were in range. */
uint64_t crew__count_directly_u32(const uint32_t *keys, size_t n, uint64_t *counts, size_t bins);
uint64_t crew__count_directly_u64(const uint64_t *keys, size_t n, uint64_t *counts, size_t bins);

#endif
