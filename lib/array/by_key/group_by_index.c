/* Counting sort: each chunk counts its keys, the counts become places, each chunk puts its indices there. */
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "by_key_groups.h"
#include <crew/by_key.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { MAX_CHUNKS = 64, CHUNK = 1 << 14 };

struct grouping {
    const void *keys;
    size_t n, k, size, chunks;
    uint64_t low; /* key 0 */
    size_t *counts, *indices;
};

static void run(struct grouping *w, crew__block_fn *fn, int *error)
{
    struct crew__loop loop = {.n = w->chunks, .fn = fn, .ctx = w, .item_ns = (double)w->size};
    size_t failed;
    int code = w->chunks == 1 ? fn(0, 1, w, &failed) : crew__run(&loop);
    if (*error == 0)
        *error = code;
}

static int group(struct grouping *w, size_t *offsets, crew__block_fn *count, crew__block_fn *place)
{
    int error = 0;
    size_t n = w->n, k = w->k, bytes, at = 0;
    /* Chunks by n and k: n / 2 counters at the most, but one for each key. */
    size_t affordable = n / 2 / (k ? k : 1);
    w->chunks = n / CHUNK < affordable ? n / CHUNK : affordable;
    w->chunks = w->chunks < 1 ? 1 : w->chunks < MAX_CHUNKS ? w->chunks : MAX_CHUNKS;
    w->size = n == 0 ? 1 : (n - 1) / w->chunks + 1;
    w->chunks = n == 0 ? 1 : (n - 1) / w->size + 1;
    if (!crew__mul(w->chunks * sizeof *w->counts, k, &bytes))
        return -EOVERFLOW;
    w->counts = crew__scratch_take(bytes);
    if (w->counts == NULL)
        return -ENOMEM;
    memset(w->counts, 0, bytes);
    run(w, count, &error);
    if (!error) {
        for (size_t g = 0; g < k; g++) {
            offsets[g] = at;
            for (size_t c = 0; c < w->chunks; c++) {
                size_t here = w->counts[c * k + g];
                w->counts[c * k + g] = at;
                at += here;
            }
        }
        offsets[k] = at;
        run(w, place, &error);
    }
    crew__scratch_give(w->counts);
    return error;
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE u32
#define KEY uint32_t
#include "group_by_index_template.h"

#define TYPE u64
#define KEY uint64_t
#include "group_by_index_template.h"

int crew__group_by_word(const void *words, bool wide, uint64_t low, size_t n, size_t k, size_t *offsets,
                        size_t *indices)
{
    struct grouping w = {.keys = words, .n = n, .k = k, .low = low, .indices = indices};
    return wide ? group(&w, offsets, count_u64, place_u64) : group(&w, offsets, count_u32, place_u32);
}
