/* crew_group_by_index_{u32,u64} of crew/by_key.h, a counting sort: each chunk counts its keys, the counts become
   places, each chunk puts its indices there. */
#include "group_by_index.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../typed/types.h"
#include <crew/by_key.h>
#include <errno.h>
#include <string.h>

enum { MAX_CHUNKS = 64, CHUNK = 1 << 14 };

struct counting_sort {
    const void *keys;
    size_t n, k;
    uint64_t low; /* key 0 */
    struct crew__cut chunks;
    size_t *counts, *indices;
};

static int sort_indices(struct counting_sort *s, size_t *offsets, crew__block_fn *count, crew__each_fn *place)
{
    size_t n = s->n, k = s->k, bytes, at = 0;
    /* Chunks by n and k: n / 2 counters at the most, but one for each key. */
    size_t most = n / CHUNK, affordable = n / 2 / (k ? k : 1);
    most = most < affordable ? most : affordable;
    most = most < 1 ? 1 : most < MAX_CHUNKS ? most : MAX_CHUNKS;
    s->chunks = crew__cut_into(n, most);
    if (!crew__mul(most * sizeof *s->counts, k, &bytes))
        return -EOVERFLOW;
    s->counts = crew__scratch_take(bytes);
    if (s->counts == NULL)
        return -ENOMEM;
    memset(s->counts, 0, bytes);
    struct crew__loop loop = {.n = s->chunks.count, .fn = count, .ctx = s, .item_ns = (double)s->chunks.size};
    int error = crew__run(&loop);
    if (!error) {
        for (size_t g = 0; g < k; g++) {
            offsets[g] = at;
            for (size_t c = 0; c < s->chunks.count; c++) {
                size_t here = s->counts[c * k + g];
                s->counts[c * k + g] = at;
                at += here;
            }
        }
        offsets[k] = at;
        crew__each(s->chunks.count, place, s, (double)s->chunks.size);
    }
    crew__scratch_give(s->counts);
    return error;
}

#define TYPE u32
#define KEY uint32_t
#include "group_by_index_template.h"

#define TYPE u64
#define KEY uint64_t
#include "group_by_index_template.h"
