#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "bincount_tables.h"
#include <crew/histogram.h>
#include <errno.h>
#include <string.h>

/* Bytes: 16 at once, which are one increment where they are all equal. */
static void tally_u8(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    const uint8_t *keys = ctx;
    const size_t stride = table->width + CREW__TALLY_PAD;
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

static uint64_t direct_u8(size_t begin, size_t end, void *ctx, uint64_t *counts, size_t bins)
{
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
    struct crew__tally t = {n, 1, 256, 0.4, tally_u8, direct_u8, (void *)(uintptr_t)keys};
    if ((n > 0 && keys == NULL) || (bins > 0 && counts == NULL))
        return -EINVAL;
    if (bins > SIZE_MAX / sizeof *counts)
        return -EOVERFLOW;
    if (crew__overlap(keys, n, counts, bins * sizeof *counts))
        return -EINVAL;
    return crew__tally_result(n - (size_t)crew__tally_run(&t, counts, bins), out_of_range);
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE u16
#define KEY uint16_t
#define WORD uint32_t
#define BINS (UINT16_MAX + 1)
#include "bincount_template.h"

#define TYPE i32
#define KEY int32_t
#define WORD uint32_t
#define BINS ((uint32_t)INT32_MAX + 1)
#include "bincount_template.h"

#define TYPE u32
#define KEY uint32_t
#define WORD uint32_t
#define BINS SIZE_MAX
#include "bincount_template.h"

#define TYPE i64
#define KEY int64_t
#define WORD uint64_t
#define BINS INT64_MAX
#include "bincount_template.h"

#define TYPE u64
#define KEY uint64_t
#define WORD uint64_t
#define BINS SIZE_MAX
#include "bincount_template.h"

void crew__tally_u32(const uint32_t *keys, size_t n, struct crew__table *table, size_t bins)
{
    tally_u32(0, n, (void *)(uintptr_t)keys, table, bins);
}

uint64_t crew__tally_direct_u32(const uint32_t *keys, size_t n, uint64_t *counts, size_t bins)
{
    return direct_u32(0, n, (void *)(uintptr_t)keys, counts, bins);
}
