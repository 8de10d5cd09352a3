/* The functions of crew/inline/group_run.h and the public ones of crew/by_key.h but for crew_group_by_index:
   crew_unique_counts_, crew_group_by_key_, crew_reduce_by_key_{i32,i64,u32,u64} and
   crew_reduce_by_key_{sum,min,max}_{i32,i64,u32,u64}_{f64,i64}. */
#define _POSIX_C_SOURCE 200809L
#include "../../core/base/callback_frame.h"
#include "../../core/base/clock.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/loop_sequence.h"
#include "../histogram/bincount.h"
#include "by_key_groups.h"
#include "by_key_values.h"
#include "group_by_index.h"
#include <crew/inline/group_run.h>
#include <errno.h>
#include <string.h>

enum { DISTANCES = 1024 };

struct grouping {
    size_t *offsets, *indices;
    uint64_t *counts;
    uint64_t partial[CREW__MAX_CHUNKS];
};

/* A table of how often the keys from low on occur. */
struct counted {
    struct crew__groups *q;
    uint64_t low;
    struct crew__cut parts;
    uint64_t *counts;
};

static void count_occurring(size_t begin, size_t end, void *ctx)
{
    const struct counted *t = ctx;
    for (size_t part = begin; part < end; part++) {
        size_t heads = 0, stop = crew__cut_end(&t->parts, part);
        for (size_t k = crew__cut_begin(&t->parts, part); k < stop; k++)
            heads += t->counts[k] != 0;
        t->q->base[part] = heads;
    }
}

static void add_count(const struct crew__groups *q, size_t c, size_t g)
{
    struct grouping *w = q->ctx;
    if (w->counts)
        w->counts[g] += w->partial[c];
}

struct generic {
    const crew_reducer *r;
    const struct crew__group_of *of; /* NULL: items are folded by r */
    void *ctx;
    char *results, *partials;
    size_t stride;
    size_t begun[CREW__MAX_CHUNKS]; /* accumulators of a chunk that were made: first the partial one, then results */
};

static int fold_group(const struct crew__groups *q, size_t c, size_t g, size_t begin, size_t end, bool first)
{
    struct generic *w = q->ctx;
    char *acc = first ? w->results + g * w->r->size : w->partials + c * w->stride;
    if (w->r->identity)
        memcpy(acc, w->r->identity, w->r->size);
    else
        memset(acc, 0, w->r->size);
    w->begun[c]++;
    if (w->of) {
        w->of->fold(q->items_u32, q->items_u64, begin, end, acc, w->ctx);
        return 0;
    }
    for (size_t p = begin, next; p < end; p = next) {
        size_t item = crew__item_at(q, p);
        for (next = p + 1; next < end && crew__item_at(q, next) == item + (next - p); next++)
            ;
        int code = w->r->fold(item, item + (next - p), acc, w->ctx);
        if (code)
            return code;
    }
    return 0;
}

static void merge_group(const struct crew__groups *q, size_t c, size_t g)
{
    struct generic *w = q->ctx;
    w->r->merge(w->results + g * w->r->size, w->partials + c * w->stride, w->ctx);
}

static void drop_groups(const struct crew__groups *q, const struct generic *w)
{
    if (!w->r->drop)
        return;
    for (size_t c = 0; c < q->chunks.count; c++)
        for (size_t k = 0; k < w->begun[c]; k++)
            w->r->drop(q->carried[c] && k == 0 ? w->partials + c * w->stride
                                               : w->results + (q->base[c] + k - q->carried[c]) * w->r->size,
                       w->ctx);
}

#define WORD_TYPE u32
#define WORD uint32_t
#include "by_key_runs_template.h"

#define WORD_TYPE u64
#define WORD uint64_t
#include "by_key_runs_template.h"

static const struct crew__group_op count_op = {
    .chunk = {write_runs_u32, write_runs_u64}, .merge = add_count, .dense = {count_dense_u32, count_dense_u64}};
static const struct crew__group_op group_op = {.chunk = {write_runs_u32, write_runs_u64},
                                               .dense = {group_dense_u32, group_dense_u64}};
/* Without indices, sorting the keys is what is left to do. */
static const struct crew__group_op offsets_op = {.chunk = {write_runs_u32, write_runs_u64}};
static const struct crew__group_op reduce_op = {
    .chunk = {fold_groups_u32, fold_groups_u64}, .merge = merge_group, .once = true};

static int write_groups(struct crew__groups *q, const struct crew__group_op *op, size_t *offsets, size_t *indices,
                        uint64_t *counts)
{
    struct grouping w;
    w.offsets = offsets;
    w.indices = indices;
    w.counts = counts;
    q->ctx = &w;
    int error = crew__groups_run(q, op);
    q->ctx = NULL;
    return error;
}

static int group(struct crew__groups *q, size_t *offsets, size_t *indices)
{
    int error = write_groups(q, indices ? &group_op : &offsets_op, offsets, indices, NULL);
    if (!error && offsets)
        offsets[*q->groups] = q->n;
    return error;
}

static CREW__NOINLINE int reduce_groups(struct crew__groups *q, const crew_reducer *r, const struct crew__group_of *of,
                                        void *ctx, void *results)
{
    struct generic w = {.r = r, .of = of, .ctx = ctx, .results = results};
    size_t bytes;
    if (!r || (!r->fold && !of) || !r->merge || r->size == 0 || (q->n > 0 && !results))
        return -EINVAL;
    if (!crew__mul(q->n, r->size, &bytes) || r->size > SIZE_MAX / 2 / CREW__MAX_CHUNKS - CREW__CACHE_LINE)
        return -EOVERFLOW;
    w.stride = (r->size + CREW__CACHE_LINE - 1) / CREW__CACHE_LINE * CREW__CACHE_LINE;
    w.partials = crew__scratch_take(w.stride * CREW__MAX_CHUNKS);
    if (!w.partials)
        return -ENOMEM;
    q->ctx = &w;
    int error = crew__groups_run(q, &reduce_op);
    if (error)
        drop_groups(q, &w);
    crew__scratch_give(w.partials);
    q->ctx = NULL;
    return error;
}

/* What keys are read into. */
struct reading {
    const struct crew__group_of *of;
    void *keys;
};

static void read_keys(size_t begin, size_t end, void *ctx)
{
    const struct reading *r = ctx;
    r->of->read(begin, end, r->keys, r->of->ctx);
}

/* *keys becomes the items themselves or scratch; opt what is left for the rest of the call. */
static int take_keys(const struct crew__group_of *g, const void **keys, void **scratch, crew_options *opt)
{
    size_t bytes;
    *keys = g->x;
    *scratch = NULL;
    if (g->n == 0 || !g->x || !g->read)
        return 0;
    if (!crew__array_bytes(g->n, g->key_size, &bytes))
        return -EOVERFLOW;
    *scratch = crew__scratch_take(bytes);
    if (!*scratch)
        return -ENOMEM;
    *keys = *scratch;
    struct reading reading = {g, *scratch};
    struct crew__loop loop = {.n = g->n, .each = read_keys, .ctx = &reading};
    if (!opt)
        return crew__run(&loop);
    crew_options first = *opt;
    first.progress = crew__no_progress;
    loop.opt = &first;
    double start = opt->timeout > 0 ? crew__seconds() : 0;
    int error = crew__run(&loop);
    if (!error && opt->timeout > 0) {
        opt->timeout -= crew__seconds() - start;
        error = opt->timeout > 0 ? 0 : -ETIMEDOUT;
    }
    return error;
}

static enum crew__type key_type(const struct crew__group_of *g)
{
    return g->key_size == 4 ? (g->key_is_signed ? CREW__I32 : CREW__U32) : g->key_is_signed ? CREW__I64 : CREW__U64;
}

int crew__reduce_by_steps(const struct crew__group_of *g, void *keys_out, void *results, size_t *groups,
                          const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__groups q;
    const void *keys;
    void *scratch;
    if (!groups || (opt && (opt->failed || !(opt->timeout >= 0))) || (g->n > 0 && !results))
        return -EINVAL;
    crew_options own = opt ? *opt : (crew_options){0};
    int error = take_keys(g, &keys, &scratch, opt ? &own : NULL);
    if (!error) {
        crew__groups_set(&q, keys, key_type(g), g->n, keys_out, groups);
        q.opt = opt ? &own : NULL;
        error = reduce_groups(&q, g->r, g, g->ctx, results);
    }
    crew__scratch_give(scratch);
    return error;
}

int crew__group_by_steps(const struct crew__group_of *g, void *keys_out, size_t *offsets, size_t *indices,
                         size_t *groups)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__groups q;
    const void *keys;
    void *scratch;
    if (!groups)
        return -EINVAL;
    int error = take_keys(g, &keys, &scratch, NULL);
    if (!error) {
        crew__groups_set(&q, keys, key_type(g), g->n, keys_out, groups);
        error = group(&q, offsets, indices);
    }
    crew__scratch_give(scratch);
    return error;
}

#define TEMPLATE "../by_key/by_key_template.h"
#include "../typed/each_type_template.h"
