/* crew_bincount_{u16,u32,i32,u64,i64} and crew_bincount32 of them, for each_bin_key_template.h, and the code that
   counts keys of an unsigned type. Bytes have code of their own in bincount.c. */
#if !SIGNED && BINS > 256

/* Four keys, those from width on being made width. That any is can be seen in their bits, width being a power of two.
 */
#define FOUR_KEYS(i)                                                                                                   \
    size_t k0 = crew__bin_of(keys[i]), k1 = crew__bin_of(keys[(i) + 1]), k2 = crew__bin_of(keys[(i) + 2]),             \
           k3 = crew__bin_of(keys[(i) + 3]);                                                                           \
    if (CREW__UNLIKELY((k0 | k1 | k2 | k3) >= width)) {                                                                \
        k0 = k0 < width ? k0 : width;                                                                                  \
        k1 = k1 < width ? k1 : width;                                                                                  \
        k2 = k2 < width ? k2 : width;                                                                                  \
        k3 = k3 < width ? k3 : width;                                                                                  \
    }

static void CREW__CAT(in_lanes, TYPE)(const KEY *keys, size_t n, uint32_t *t0, const size_t width)
{
    const size_t stride = width + CREW__TABLE_PAD;
    uint32_t *t1 = t0 + stride, *t2 = t1 + stride, *t3 = t2 + stride;
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        size_t k0 = crew__bin_of(keys[i]), k1 = crew__bin_of(keys[i + 1]), k2 = crew__bin_of(keys[i + 2]),
               k3 = crew__bin_of(keys[i + 3]), k4 = crew__bin_of(keys[i + 4]), k5 = crew__bin_of(keys[i + 5]),
               k6 = crew__bin_of(keys[i + 6]), k7 = crew__bin_of(keys[i + 7]);
        if (CREW__UNLIKELY((k0 | k1 | k2 | k3 | k4 | k5 | k6 | k7) >= width)) {
            for (size_t j = 0; j < 8; j++) {
                size_t k = crew__bin_of(keys[i + j]);
                t0[(j & 3) * stride + (k < width ? k : width)]++;
            }
            continue;
        }
        t0[k0]++;
        t1[k1]++;
        t2[k2]++;
        t3[k3]++;
        t0[k4]++;
        t1[k5]++;
        t2[k6]++;
        t3[k7]++;
    }
    for (; i < n; i++) {
        size_t k = crew__bin_of(keys[i]);
        t0[k < width ? k : width]++;
    }
}

/* Most neighbours among a few are equal: then equal keys in a row are worth looking for. Looked for always, they would
   cost 1.1 of the time with random keys in 65,536 bins and 1.2 where sixteen of those get all. */
static int CREW__CAT(repeats, TYPE)(const KEY *keys, size_t n)
{
    size_t equal = 0;
    for (size_t j = 0; n >= 64 && j < 8; j++)
        equal += keys[j * (n / 8)] == keys[j * (n / 8) + 1];
    return equal > 4;
}

/* Among the neighbours of some keys few equal them. */
static bool CREW__CAT(is_scattered, TYPE)(const void *all, size_t n)
{
    size_t equal = 0;
    for (size_t j = 0; j < 32; j++) {
        const KEY *keys = (const KEY *)all + j * (n / 32);
        equal += (size_t)(keys[0] == keys[1]) + (keys[0] == keys[2]) + (keys[0] == keys[3]);
    }
    return equal < 6;
}

/* Without lanes an increment waits for the last one of its cell, so four equal keys in a row are one addition. */
static void CREW__CAT(in_words, TYPE)(const KEY *keys, size_t n, uint32_t *words, const size_t width)
{
    size_t i = 0;
    if (CREW__CAT(repeats, TYPE)(keys, n))
        for (; n - i >= 4; i += 4) {
            FOUR_KEYS(i)
            if (k0 == k2 && k0 == k1 && k1 == k3) {
                words[k0] += 4;
                continue;
            }
            words[k0]++;
            words[k1]++;
            words[k2]++;
            words[k3]++;
        }
    for (; n - i >= 4; i += 4) {
        FOUR_KEYS(i)
        words[k0]++;
        words[k1]++;
        words[k2]++;
        words[k3]++;
    }
    for (; i < n; i++) {
        size_t k = crew__bin_of(keys[i]);
        words[k < width ? k : width]++;
    }
}

#define COUNT(k)                                                                                                       \
    if (CREW__UNLIKELY(++bytes[k] == 0))                                                                               \
    list[listed++] = (uint32_t)(k)

static void CREW__CAT(in_bytes, TYPE)(const KEY *keys, size_t n, struct crew__table *table)
{
    const size_t width = table->width;
    uint8_t *bytes = table->bytes;
    uint32_t *list = table->list;
    size_t i = 0, listed = table->listed;
    if (CREW__CAT(repeats, TYPE)(keys, n))
        for (; n - i >= 4; i += 4) {
            FOUR_KEYS(i)
            if (k0 == k2 && k0 == k1 && k1 == k3) {
                bytes[k0] = (uint8_t)(bytes[k0] + 4);
                if (CREW__UNLIKELY(bytes[k0] < 4))
                    list[listed++] = (uint32_t)k0;
                continue;
            }
            COUNT(k0);
            COUNT(k1);
            COUNT(k2);
            COUNT(k3);
        }
    for (; n - i >= 4; i += 4) {
        FOUR_KEYS(i)
        COUNT(k0);
        COUNT(k1);
        COUNT(k2);
        COUNT(k3);
    }
    for (; i < n; i++) {
        size_t k = crew__bin_of(keys[i]);
        k = k < width ? k : width;
        COUNT(k);
    }
    table->listed = listed;
}

#undef COUNT

static void CREW__CAT(in_table, TYPE)(size_t begin, size_t end, void *ctx, struct crew__table *table, size_t bins)
{
    const KEY *keys = ctx;
    if (table->lanes)
        CREW__CAT(in_lanes, TYPE)(keys + begin, end - begin, table->words, table->width);
    else if (bins <= CREW__WORD_BINS)
        CREW__CAT(in_words, TYPE)(keys + begin, end - begin, table->words, table->width);
    else
        CREW__CAT(in_bytes, TYPE)(keys + begin, end - begin, table);
}

#undef FOUR_KEYS

#define COUNTER uint64_t
#define DIRECTLY CREW__CAT(directly, TYPE)
#include "bincount_directly_template.h"
#define COUNTER uint32_t
#define DIRECTLY CREW__CAT(directly_32, TYPE)
#include "bincount_directly_template.h"

#endif

#if BINS > 256
int CREW__CAT(crew_bincount, TYPE)(const KEY *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
{
    struct crew__bincount what = {n,
                                  sizeof *keys,
                                  bins < (size_t)BINS ? bins : (size_t)BINS,
                                  0.5,
                                  CREW__CAT(in_table, UNSIGNED),
                                  CREW__CAT(directly, UNSIGNED),
                                  (void *)(uintptr_t)keys,
                                  false,
                                  false};
    return count_keys(&what, CREW__CAT(is_scattered, UNSIGNED), counts, bins, out_of_range);
}

int CREW__CAT(crew_bincount32, TYPE)(const KEY *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
{
    struct crew__bincount what = {n,
                                  sizeof *keys,
                                  bins < (size_t)BINS ? bins : (size_t)BINS,
                                  0.5,
                                  CREW__CAT(in_table, UNSIGNED),
                                  CREW__CAT(directly_32, UNSIGNED),
                                  (void *)(uintptr_t)keys,
                                  true,
                                  false};
    return count_keys(&what, CREW__CAT(is_scattered, UNSIGNED), counts, bins, out_of_range);
}
#endif
