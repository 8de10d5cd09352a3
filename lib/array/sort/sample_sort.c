/* Sample sort of keys in vector registers, by all threads. A sorted sample gives the pivots. Each block, which its
   core's cache holds, is parted by all of them in place, as quicksort parts; then what belongs to one part is copied
   together, in long runs, and each part is sorted by one thread on its way back. Memory is passed over three times,
   however many keys there are. A key that is many times in the sample has a part of its own.

   On two threads 10^6 and 10^7 f64 take 0.39 and 0.57 of the radix sort's time with AVX-512, 0.56 and 0.91 with AVX2.
   On one it gains nothing on the quicksort (10.5 ns for 9.3 of 2 * 10^7 keys), so one does not come here. */
#include "sample_sort.h"
#include "../../core/base/compiler.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK_BYTES = 1 << 18,
    LEAST_BLOCK = 4096, /* keys */
    MOST_BLOCKS = 4096,
    PART_BYTES = 1 << 17, /* about as many in a part, if it is for the sample */
    MOST_SPLIT = 256,
    LEAST_SPLIT = 16,
    OVERSAMPLE = 16,
    MOST_PARTS = 2 * MOST_SPLIT
};

struct sorting {
    const struct crew__vector_sort *vectors;
    const struct crew__key *key;
    char *x, *other;
    size_t size; /* of a key */
    bool wide, floats;
    struct crew__cut blocks;
    const void *pivots; /* signed; part p has the keys above pivot p - 1, up to pivot p */
    size_t parts;
    size_t *at; /* a row a block: sizes of its parts, then their places; a last row: where parts end */
    atomic_bool nans;
};

static const struct crew__key signed_keys[2] = {{.top = UINT64_C(1) << 31}, {.top = UINT64_C(1) << 63}};

static void split_blocks(size_t begin, size_t end, void *ctx)
{
    struct sorting *s = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t first = crew__cut_begin(&s->blocks, c), n = crew__cut_end(&s->blocks, c) - first;
        size_t *sizes = s->at + c * s->parts;
        void *block = s->x + first * s->size;
        sizes[0] = SIZE_MAX; /* not parted */
        if (atomic_load_explicit(&s->nans, memory_order_relaxed))
            continue;
        if (s->floats && s->vectors->has_nan[s->wide](block, n)) {
            atomic_store_explicit(&s->nans, true, memory_order_relaxed);
            continue;
        }
        s->vectors->convert[s->wide](block, n, s->key);
        s->vectors->split[s->wide](block, n, s->pivots, s->parts - 1, sizes);
    }
}

static void restore_blocks(size_t begin, size_t end, void *ctx)
{
    struct sorting *s = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t first = crew__cut_begin(&s->blocks, c), n = crew__cut_end(&s->blocks, c) - first;
        if (s->at[c * s->parts] != SIZE_MAX)
            s->vectors->convert[s->wide](s->x + first * s->size, n, s->key);
    }
}

static void sizes_to_places(const struct sorting *s)
{
    size_t *ends = s->at + s->blocks.count * s->parts, begin = 0;
    memset(ends, 0, s->parts * sizeof *ends);
    for (size_t c = 0; c < s->blocks.count; c++)
        for (size_t p = 0; p < s->parts; p++)
            ends[p] += s->at[c * s->parts + p];
    for (size_t p = 0; p < s->parts; p++) {
        size_t n = ends[p];
        ends[p] = begin;
        begin += n;
    }
    for (size_t c = 0; c < s->blocks.count; c++)
        for (size_t p = 0; p < s->parts; p++) {
            size_t n = s->at[c * s->parts + p];
            s->at[c * s->parts + p] = ends[p];
            ends[p] += n;
        }
}

static void copy_blocks(size_t begin, size_t end, void *ctx)
{
    const struct sorting *s = ctx;
    for (size_t c = begin; c < end; c++) {
        const size_t *to = s->at + c * s->parts, *to_end = to + s->parts; /* the next block's, or the parts' ends */
        const char *from = s->x + crew__cut_begin(&s->blocks, c) * s->size;
        for (size_t p = 0; p < s->parts; p++) {
            size_t bytes = (to_end[p] - to[p]) * s->size;
            memcpy(s->other + to[p] * s->size, from, bytes);
            from += bytes;
        }
    }
}

static void sort_parts(size_t begin, size_t end, void *ctx)
{
    const struct sorting *s = ctx;
    const size_t *ends = s->at + s->blocks.count * s->parts;
    for (size_t p = begin; p < end; p++) {
        size_t first = p > 0 ? ends[p - 1] : 0, n = ends[p] - first;
        if (n > 0)
            s->vectors->sort[s->wide](s->other + first * s->size, s->x + first * s->size, n, &signed_keys[s->wide],
                                      s->key);
    }
}

static int64_t pivot_at(const void *keys, size_t i, bool wide)
{
    return wide ? ((const int64_t *)keys)[i] : ((const int32_t *)keys)[i];
}

static void set_pivot(void *keys, size_t i, bool wide, int64_t pivot)
{
    if (wide)
        ((int64_t *)keys)[i] = pivot;
    else
        ((int32_t *)keys)[i] = (int32_t)pivot;
}

/* Rising pivots, `split` - 1 or, where keys are many times in the sample, up to twice as many; how many. The sample
   lies in s->other, which nothing else needs yet: a small stack has no room for it. */
static size_t choose_pivots(const struct sorting *s, size_t split, void *pivots)
{
    char *const sample = s->other;
    const size_t n = s->blocks.n, samples = split * OVERSAMPLE, step = n / samples;
    for (size_t i = 0; i < samples; i++) {
        size_t at = i * step + (size_t)((i * UINT64_C(0x9e3779b97f4a7c15) >> 40) % step);
        memcpy(sample + i * s->size, s->x + at * s->size, s->size);
    }
    s->vectors->sort[s->wide](sample, sample, samples, s->key, &signed_keys[s->wide]);
    const int64_t least = s->wide ? INT64_MIN : INT32_MIN, most = s->wide ? INT64_MAX : INT32_MAX;
    size_t count = 0;
    for (size_t i = OVERSAMPLE; i < samples; i += OVERSAMPLE) {
        int64_t pivot = pivot_at(sample, i, s->wide);
        bool many = pivot == pivot_at(sample, i - 1, s->wide) && pivot == pivot_at(sample, i - OVERSAMPLE, s->wide);
        if (many && pivot > least && (count == 0 || pivot - 1 > pivot_at(pivots, count - 1, s->wide)))
            set_pivot(pivots, count++, s->wide, pivot - 1);
        if (pivot < most && (count == 0 || pivot > pivot_at(pivots, count - 1, s->wide)))
            set_pivot(pivots, count++, s->wide, pivot);
    }
    return count;
}

bool crew__sample_sort(const struct crew__vector_sort *vectors, const struct crew__sort_type *t, void *x, void *other,
                       size_t n, bool *nans)
{
    int64_t pivots[MOST_PARTS];
    size_t size = crew__key_size(t), block = BLOCK_BYTES / size, split = n * size / PART_BYTES;
    block = block > n / LEAST_SPLIT ? n / LEAST_SPLIT : block;
    block = block < LEAST_BLOCK ? LEAST_BLOCK : block < n / MOST_BLOCKS ? n / MOST_BLOCKS : block;
    split = split < LEAST_SPLIT ? LEAST_SPLIT : split > MOST_SPLIT ? MOST_SPLIT : split;
    struct sorting s = {.vectors = vectors, .key = &t->key, .x = x, .other = other, .size = size, .wide = t->wide};
    s.floats = t->key.negative != 0;
    s.blocks = crew__cut_by(n, block);
    s.pivots = pivots;
    s.parts = choose_pivots(&s, split, pivots) + 1;
    s.at = crew__scratch_take((s.blocks.count + 1) * s.parts * sizeof *s.at);
    if (!s.at)
        return false;
    crew__each(s.blocks.count, split_blocks, &s, 1.5 * (double)block);
    *nans = s.nans;
    if (s.nans) {
        crew__each(s.blocks.count, restore_blocks, &s, 0.1 * (double)block);
    } else {
        sizes_to_places(&s);
        crew__each(s.blocks.count, copy_blocks, &s, 0.2 * (double)block);
        crew__each(s.parts, sort_parts, &s, 2 * (double)n / (double)s.parts);
    }
    crew__scratch_give(s.at);
    return true;
}
