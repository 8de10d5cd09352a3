/* Sums of keys close together, in tables. */
#include "key_tables.h"
#include "../core/base/memory.h"
#include "agree.h"
#include "border.h"
#include <crew/for.h>
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct filling {
    const struct crew__key_tables *t;
    struct crew__blocks key_blocks, value_blocks;
    double *tables; /* of the chunks that begin here */
    unsigned char *occurs;
    size_t *places; /* where each chunk's keys are in the output; first how many there are */
    char *keys;
    double *sums;
};

static int fill_tables(size_t begin, size_t end, void *ctx)
{
    const struct filling *f = ctx;
    const struct crew__key_tables *t = f->t;
    for (size_t c = begin; c < end; c++) {
        size_t count, occurring = 0;
        double *table = f->tables + c * t->range;
        unsigned char *occurs = f->occurs + c * t->range;
        const char *keys = crew__block_at(&f->key_blocks, t->keys, f->key_blocks.first + c, &count);
        const void *values = crew__block_at(&f->value_blocks, t->values, f->key_blocks.first + c, &count);
        for (size_t k = 0; k < t->range; k++)
            table[k] = -0.0; /* +0 would make a sum of -0 alone +0 */
        memset(occurs, 0, t->range);
        t->add(keys, values, count, t->low, table, occurs);
        for (size_t k = 0; k < t->range; k++)
            occurring += occurs[k];
        f->places[c] = occurring;
    }
    return 0;
}

static int write_tables(size_t begin, size_t end, void *ctx)
{
    const struct filling *f = ctx;
    const struct crew__key_tables *t = f->t;
    for (size_t c = begin; c < end; c++) {
        size_t at = f->places[c];
        for (size_t k = 0; k < t->range; k++)
            if (f->occurs[c * t->range + k]) {
                t->write_key(t->low + k, f->keys + at * t->keys->size);
                f->sums[at++] = f->tables[c * t->range + k];
            }
    }
    return 0;
}

static int fill(struct filling *f, size_t *groups)
{
    const crew_mpi *m = f->t->keys->m;
    const size_t own = f->key_blocks.end - f->key_blocks.first;
    size_t cells;
    if (crew__mul(own, f->t->range, &cells)) {
        f->tables = crew_alloc(cells, sizeof *f->tables);
        f->occurs = crew_alloc(cells, 1);
        f->places = malloc((own + 1) * sizeof *f->places);
    }
    int code = crew__agree_on(m->comm, f->tables && f->occurs && f->places ? 0 : -ENOMEM);
    if (code)
        return code;
    crew_for(own, fill_tables, f, NULL);
    for (size_t c = 0; c < own; c++) {
        const size_t occurring = f->places[c];
        f->places[c] = *groups;
        *groups += occurring;
    }
    f->keys = crew_alloc(*groups, f->t->keys->size);
    f->sums = crew_alloc(*groups, sizeof *f->sums);
    code = crew__agree_on(m->comm, f->keys && f->sums ? 0 : -ENOMEM);
    if (code == 0)
        crew_for(own, write_tables, f, NULL);
    return code;
}

int crew__key_tables_make(const struct crew__key_tables *t, crew_dist **keys, crew_dist **sums)
{
    crew_mpi *m = t->keys->m;
    struct filling f = {.t = t};
    size_t groups = 0;
    *keys = NULL;
    *sums = NULL;
    int code = crew__blocks_open(&f.key_blocks, t->keys, t->chunks.size);
    if (code)
        return code;
    code = crew__blocks_open(&f.value_blocks, t->values, t->chunks.size);
    if (code == 0)
        code = fill(&f, &groups);
    if (code == 0) {
        *keys = crew_dist_from(m, f.keys, groups, t->keys->size);
        *sums = *keys ? crew_dist_from(m, f.sums, groups, sizeof *f.sums) : NULL;
        code = *sums ? 0 : -errno;
    }
    crew__blocks_close(&f.key_blocks);
    crew__blocks_close(&f.value_blocks);
    crew_free(f.tables);
    crew_free(f.occurs);
    free(f.places);
    crew_free(f.keys);
    crew_free(f.sums);
    return code;
}
