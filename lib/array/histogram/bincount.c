/* crew_bincount and crew_bincount32 of {u8,u16,i32,u32,i64,u64}, of crew/histogram.h. */
#include "bincount.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../typed/types.h"
#include <crew/histogram.h>
#include <errno.h>
#include <string.h>

enum { LEAST_SAMPLED = 8192 }; /* keys; of fewer it would take long */

/* The keys are what->ctx. */
static int count_keys(struct crew__bincount *what, bool (*is_scattered)(const void *keys, size_t n), void *counts,
                      size_t bins, size_t *out_of_range)
{
    size_t key_bytes, count_bytes;
    if ((what->n > 0 && what->ctx == NULL) || (bins > 0 && counts == NULL))
        return -EINVAL;
    if (!crew__array_bytes(what->n, what->size, &key_bytes) ||
        !crew__array_bytes(bins, crew__counter_size(what), &count_bytes) || (what->narrow && what->n > UINT32_MAX))
        return -EOVERFLOW;
    if (crew__overlap(what->ctx, key_bytes, counts, count_bytes))
        return -EINVAL;
    what->scattered = is_scattered && what->n >= LEAST_SAMPLED && is_scattered(what->ctx, what->n);
    return crew__range_result(what->n - (size_t)crew__count_bins(what, counts, bins), out_of_range);
}

/* Bytes: 16 at once, which are one increment where they are all equal. */
static void in_table_u8(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    const uint8_t *keys = ctx;
    const size_t stride = table->width + CREW__TABLE_PAD;
    uint32_t *t0 = table->words, *t1 = t0 + stride, *t2 = t1 + stride, *t3 = t2 + stride;
    size_t i = begin;
    (void)bins;
    for (; end - i >= 16; i += 16) {
        const uint8_t *k = keys + i;
        uint64_t v[2];
        memcpy(v, k, 16);
        if (CREW__UNLIKELY(v[0] == v[1]) && v[0] == (v[0] << 8 | v[0] >> 56)) {
            t0[k[0]] += 16;
            continue;
        }
        for (int j = 0; j < 16; j += 4) {
            t0[k[j]]++;
            t1[k[j + 1]]++;
            t2[k[j + 2]]++;
            t3[k[j + 3]]++;
        }
    }
    for (; i < end; i++)
        t0[keys[i]]++;
}

static uint64_t directly_u8(size_t begin, size_t end, void *ctx, void *to, size_t bins)
{
    uint64_t *counts = to;
    const uint8_t *keys = ctx;
    uint64_t in_range = 0;
    if (bins == 256) {
        size_t i = begin;
        for (; end - i >= 8; i += 8) {
            const uint8_t *k = keys + i;
            uint64_t v;
            memcpy(&v, k, 8);
            if (CREW__UNLIKELY(v == (v << 8 | v >> 56))) {
                counts[k[0]] += 8;
                continue;
            }
            for (int j = 0; j < 8; j++)
                counts[k[j]]++;
        }
        for (; i < end; i++)
            counts[keys[i]]++;
        return end - begin;
    }
    for (size_t i = begin; i < end; i++)
        if (keys[i] < bins) {
            counts[keys[i]]++;
            in_range++;
        }
    return in_range;
}

int crew_bincount_u8(const uint8_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
{
    /* All 256 keys have a counter in the tables, so that none needs a comparison. */
    struct crew__bincount what = {n, 1, 256, 0.4, in_table_u8, directly_u8, (void *)(uintptr_t)keys, false, false};
    return count_keys(&what, NULL, counts, bins, out_of_range);
}

/* 256 counts of 64 bits are made narrow at the end. */
int crew_bincount32_u8(const uint8_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
{
    uint64_t wide[256] = {0};
    size_t count_bytes, used = bins < 256 ? bins : 256, out = 0;
    if ((n > 0 && keys == NULL) || (bins > 0 && counts == NULL))
        return -EINVAL;
    if (n > UINT32_MAX || !crew__mul(bins, sizeof *counts, &count_bytes))
        return -EOVERFLOW;
    if (crew__overlap(keys, n, counts, count_bytes))
        return -EINVAL;
    int error = crew_bincount_u8(keys, n, wide, used, &out);
    for (size_t b = 0; b < used; b++)
        counts[b] = (uint32_t)wide[b];
    if (bins > used)
        memset(counts + used, 0, (bins - used) * sizeof *counts);
    return error ? error : crew__range_result(out, out_of_range);
}

#define TEMPLATE "bincount_template.h"
#include "each_bin_key_template.h"

void crew__count_in_table_u32(const uint32_t *keys, size_t n, struct crew__table *table, size_t bins)
{
    in_table_u32(0, n, (void *)(uintptr_t)keys, table, bins);
}

void crew__count_in_table_u64(const uint64_t *keys, size_t n, struct crew__table *table, size_t bins)
{
    in_table_u64(0, n, (void *)(uintptr_t)keys, table, bins);
}

uint64_t crew__count_directly_u32(const uint32_t *keys, size_t n, uint64_t *counts, size_t bins)
{
    return directly_u32(0, n, (void *)(uintptr_t)keys, counts, bins);
}

uint64_t crew__count_directly_u64(const uint64_t *keys, size_t n, uint64_t *counts, size_t bins)
{
    return directly_u64(0, n, (void *)(uintptr_t)keys, counts, bins);
}
