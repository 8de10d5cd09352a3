/* crew_bincount_weighted_dist_{u8,u16,i32,u32,i64,u64}_{f64,i64}: the tables of one machine, each made by the rank that
   its chunk begins on, and added in the same tree. */
#include "../array/histogram/bincount_tables.h"
#include "../array/histogram/bincount_weighted.h"
#include "../array/typed/types.h"
#include "../core/base/fp_environment.h"
#include "../core/base/memory.h"
#include "agree.h"
#include "border.h"
#include "tree.h"
#include <crew/for.h>
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64, SUM_SIZE = 8 };

typedef size_t add_chunk(const void *keys, const void *weights, size_t n, size_t bins, size_t lanes, void *table);

struct weighted {
    const crew_dist *keys, *weights;
    size_t bins, lanes;
    struct crew__cut chunks;
    struct crew__blocks key_blocks, weight_blocks;
    add_chunk *add;
    void (*merge)(void *left, const void *right, void *ctx); /* ctx: this */
    char *tables;                                            /* of the chunks that begin here, each with its lanes */
    size_t *out;                                             /* keys of each of them that are out of range */
};

static size_t table_bytes(const struct weighted *w)
{
    return (w->bins + 1) * SUM_SIZE;
}

static int fill_tables(size_t begin, size_t end, void *ctx)
{
    const struct weighted *w = ctx;
    for (size_t i = begin; i < end; i++) {
        size_t count;
        const char *keys = crew__block_at(&w->key_blocks, w->keys, w->key_blocks.first + i, &count);
        const char *weights = crew__block_at(&w->weight_blocks, w->weights, w->key_blocks.first + i, &count);
        w->out[i] = w->add(keys, weights, count, w->bins, w->lanes, w->tables + i * w->lanes * table_bytes(w));
    }
    return 0;
}

static int add_up(struct weighted *w, size_t *firsts, char *values, size_t stride)
{
    crew_mpi *m = w->keys->m;
    for (int r = 0; r <= m->ranks; r++)
        firsts[r] = crew__blocks_below(w->keys->offsets[r], w->chunks.size) * w->lanes;
    struct crew__tree t = {m, firsts, w->chunks.count * w->lanes, stride, w->merge, w};
    struct crew__tree_list list;
    list.count = 0;
    list.values = values;
    for (size_t k = firsts[m->rank]; k < firsts[m->rank + 1]; k++) {
        memcpy(crew__tree_next(&t, &list), w->tables + (k - firsts[m->rank]) * table_bytes(w), table_bytes(w));
        crew__tree_add(&t, &list, k, 1);
    }
    return crew__tree_join(&t, &list);
}

/* The tables' sums, at values; *outside becomes the keys of all ranks that are out of range. */
static int run(struct weighted *w, char **values, uint64_t *outside)
{
    const crew_mpi *m = w->keys->m;
    size_t room = 4, bytes; /* a list of each of two, twice the levels of the tree */
    for (size_t leaves = w->chunks.count * w->lanes; leaves > 0; leaves /= 2)
        room += 4;
    const size_t stride = (table_bytes(w) + ALIGN - 1) / ALIGN * ALIGN;
    int code = crew__blocks_open(&w->key_blocks, w->keys, w->chunks.size);
    if (code)
        return code;
    code = crew__blocks_open(&w->weight_blocks, w->weights, w->chunks.size);
    if (code) {
        crew__blocks_close(&w->key_blocks);
        return code;
    }
    const size_t own = w->key_blocks.end - w->key_blocks.first;
    size_t *firsts = malloc(((size_t)m->ranks + 1) * sizeof *firsts);
    w->out = malloc((own + 1) * sizeof *w->out);
    w->tables = crew__mul(own * w->lanes, table_bytes(w), &bytes) ? crew_alloc(bytes, 1) : NULL;
    *values = crew_alloc(room, stride);
    code = crew__agree_on(m->comm, firsts && w->out && w->tables && *values ? 0 : -ENOMEM);
    uint64_t out = 0;
    if (code == 0) {
        crew_for(own, fill_tables, w, NULL);
        for (size_t i = 0; i < own; i++)
            out += w->out[i];
        code = add_up(w, firsts, *values, stride);
    }
    if (code == 0)
        code = crew__mpi_code(MPI_Allreduce(&out, outside, 1, MPI_UINT64_T, MPI_SUM, m->comm));
    free(firsts);
    free(w->out);
    crew_free(w->tables);
    crew__blocks_close(&w->key_blocks);
    crew__blocks_close(&w->weight_blocks);
    return code;
}

/* Keys from key_bins on are none. */
static int add_weights(const crew_dist *keys, size_t key_size, size_t key_bins, const crew_dist *weights, void *sums,
                       size_t bins, size_t *out_of_range, struct weighted *w)
{
    size_t bytes;
    int code = keys && weights && (bins == 0 || sums) ? crew__mpi_check(keys->m) : -EINVAL;
    if (code)
        return code;
    if (keys->size != key_size || weights->size != SUM_SIZE || !crew__dist_alike(keys, weights))
        return -EINVAL;
    if (bins > SIZE_MAX / (2 * SUM_SIZE) || !crew__array_bytes(bins + ALIGN, SUM_SIZE, &bytes))
        return -EOVERFLOW;
    w->keys = keys;
    w->weights = weights;
    w->bins = bins < key_bins ? bins : key_bins;
    w->chunks = crew__weights_cut(keys->n, w->bins, &w->lanes);
    char *values = NULL;
    uint64_t outside = 0;
    if (keys->n > 0) {
        struct crew__fp_saved fp = crew__fp_begin();
        code = run(w, &values, &outside);
        crew__fp_end(&fp);
    }
    if (code == 0 && bins > 0) {
        memset(sums, 0, bins * SUM_SIZE);
        if (values)
            memcpy(sums, values, w->bins * SUM_SIZE);
    }
    crew_free(values);
    if (code == 0 && out_of_range)
        *out_of_range = (size_t)outside;
    return code ? code : outside > 0 && !out_of_range ? -ERANGE : 0;
}

#define WEIGHT_TYPE f64
#define WEIGHT double
#define SUM double
#include "dist_bincount_sums_template.h"

#define WEIGHT_TYPE i64
#define WEIGHT int64_t
#define SUM uint64_t
#include "dist_bincount_sums_template.h"
