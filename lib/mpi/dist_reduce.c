/* crew_reduce over ranks: the blocks and the tree of one machine. A rank folds the blocks that begin in its part. */
#include "../core/base/memory.h"
#include "../core/loop/reduce_cut.h"
#include "agree.h"
#include "border.h"
#include "tree.h"
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reduction {
    crew_mpi *m;
    const crew_dist *d; /* NULL: items are their numbers alone */
    const crew_array_reducer *rows;
    const crew_reducer *numbers;
    size_t size;
    const void *identity;
    void *ctx;
    struct crew__cut cut;
    struct crew__blocks blocks;
    size_t stride;
    char *accs; /* one for each block that begins here */
};

static int fold_items(const struct reduction *r, size_t block, size_t begin, size_t end, void *acc)
{
    if (!r->d)
        return r->numbers->fold(begin, end, acc, r->ctx);
    size_t count, first = crew__cut_begin(&r->cut, block);
    const char *rows = crew__block_at(&r->blocks, r->d, block, &count);
    return r->rows->fold(begin, end, rows + (begin - first) * r->d->size, acc, r->ctx);
}

static void set_up(const struct reduction *r, void *acc)
{
    if (r->identity)
        memcpy(acc, r->identity, r->size);
    else
        memset(acc, 0, r->size);
}

static int fold_blocks(size_t begin, size_t end, void *ctx)
{
    const struct reduction *r = ctx;
    for (size_t i = begin; i < end; i++) {
        char *acc = r->accs + i * r->stride;
        const size_t k = r->blocks.first + i;
        set_up(r, acc);
        int code = fold_items(r, k, crew__cut_begin(&r->cut, k), crew__cut_end(&r->cut, k), acc);
        if (code)
            return crew_fail_at(i, code);
    }
    return 0;
}

/* As crew_reduce finds it: the block once more, item by item. */
static size_t find_failure(const struct reduction *r, size_t k)
{
    size_t from = crew__cut_begin(&r->cut, k), to = crew__cut_end(&r->cut, k), at = from;
    char *acc = r->accs + (k - r->blocks.first) * r->stride;
    set_up(r, acc);
    while (at < to && fold_items(r, k, at, at + 1, acc) == 0)
        at++;
    return at < to ? at : from;
}

static int fold(struct reduction *r, const crew_options *opt)
{
    size_t failed = SIZE_MAX;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    own.grain = 0;
    int code = crew_for(r->blocks.end - r->blocks.first, fold_blocks, r, &own);
    if (failed != SIZE_MAX)
        failed = find_failure(r, r->blocks.first + failed);
    code = crew__agree_on_item(r->m->comm, code, &failed);
    if (code && failed != SIZE_MAX && opt && opt->failed)
        *opt->failed = failed;
    return code;
}

static int join(struct reduction *r, size_t *firsts, char *values, void *result)
{
    for (int k = 0; k <= r->m->ranks; k++)
        firsts[k] =
            r->d ? crew__blocks_below(r->d->offsets[k], r->cut.size) : crew__even_begin(r->cut.count, r->m->ranks, k);
    struct crew__tree t = {r->m, firsts, r->cut.count, r->stride, r->rows ? r->rows->merge : r->numbers->merge, r->ctx};
    struct crew__tree_list list;
    list.count = 0;
    list.values = values;
    /* Blocks are added one by one: as many merges as crew_reduce makes, in its tree. */
    for (size_t k = r->blocks.first; k < r->blocks.end; k++) {
        memcpy(crew__tree_next(&t, &list), r->accs + (k - r->blocks.first) * r->stride, r->size);
        crew__tree_add(&t, &list, k, 1);
    }
    int code = crew__tree_join(&t, &list);
    if (code == 0)
        memcpy(result, list.values, r->size);
    return code;
}

static int run(struct reduction *r, size_t n, void *result, const crew_options *opt)
{
    const crew_mpi *m = r->m;
    if (n == 0) {
        set_up(r, result);
        return 0;
    }
    enum { ALIGN = 64 };
    r->cut = crew__reduce_cut(n, r->size, opt ? opt->grain : 0);
    r->stride = r->size + (ALIGN - r->size % ALIGN) % ALIGN;
    int code = 0;
    if (r->d) {
        code = crew__blocks_open(&r->blocks, r->d, r->cut.size);
        if (code)
            return code;
    } else {
        r->blocks.first = crew__even_begin(r->cut.count, m->ranks, m->rank);
        r->blocks.end = crew__even_begin(r->cut.count, m->ranks, m->rank + 1);
    }
    size_t room = 4; /* a list of each of two, twice the levels of the tree */
    for (size_t leaves = r->cut.count; leaves > 0; leaves /= 2)
        room += 4;
    char *values = NULL;
    size_t *firsts = malloc(((size_t)m->ranks + 1) * sizeof *firsts);
    if (r->stride >= r->size) {
        r->accs = crew_alloc(r->blocks.end - r->blocks.first, r->stride);
        values = crew_alloc(room, r->stride);
    }
    code = crew__agree_on(m->comm, firsts && r->accs && values ? 0 : -ENOMEM);
    if (code == 0)
        code = fold(r, opt);
    if (code == 0)
        code = join(r, firsts, values, result);
    free(firsts);
    crew_free(r->accs);
    crew_free(values);
    crew__blocks_close(&r->blocks);
    return code;
}

int crew_reduce_dist(const crew_dist *d, const crew_array_reducer *r, void *ctx, void *result, const crew_options *opt)
{
    if (!d || !r || r->size == 0 || !r->fold || !r->merge || r->drop || !result || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    int code = crew__mpi_check(d->m);
    struct reduction reduction = {.m = d->m, .d = d, .rows = r, .size = r->size, .identity = r->identity, .ctx = ctx};
    return code ? code : run(&reduction, d->n, result, opt);
}

int crew_mpi_reduce(crew_mpi *m, size_t n, const crew_reducer *r, void *ctx, void *result, const crew_options *opt)
{
    if (!m || !r || r->size == 0 || !r->fold || !r->merge || r->drop || !result || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    int code = crew__mpi_check(m);
    struct reduction reduction = {.m = m, .numbers = r, .size = r->size, .identity = r->identity, .ctx = ctx};
    return code ? code : run(&reduction, n, result, opt);
}
