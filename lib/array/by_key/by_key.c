#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "../histogram/bincount.h"
#include "../typed/types.h"
#include "by_key_groups.h"
#include <crew/by_key.h>
#include <errno.h>
#include <math.h>
#include <string.h>

enum { TALLY = 1024, MAX_TABLES = 64, TABLE_ELEMENTS = 4096 };

#define CREW__CAT4(a, b, c, d) CREW__CAT(CREW__CAT3(a, b, c), d)

struct grouping {
    size_t *offsets, *indices;
    uint64_t *counts;
    uint64_t partial[CREW__MAX_CHUNKS];
};

/* A table of how often the keys from low on occur. */
struct counted {
    struct crew__groups *q;
    uint64_t low;
    size_t range;
    struct crew__parts parts;
    uint64_t *counts;
};

static void run_parts(struct crew__parts parts, crew__block_fn *fn, void *ctx)
{
    struct crew__loop loop = {.n = parts.count, .fn = fn, .ctx = ctx, .item_ns = (double)parts.size};
    size_t failed;
    if (parts.count < 8)
        fn(0, parts.count, ctx, &failed);
    else
        crew__run(&loop);
}

static void add_count(const struct crew__groups *q, size_t c, size_t g)
{
    struct grouping *w = q->ctx;
    if (w->counts)
        w->counts[g] += w->partial[c];
}

struct generic {
    const crew_reducer *r;
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
    for (size_t c = 0; c < q->chunks; c++)
        for (size_t k = 0; k < w->begun[c]; k++)
            w->r->drop(q->carried[c] && k == 0 ? w->partials + c * w->stride
                                               : w->results + (q->base[c] + k - q->carried[c]) * w->r->size,
                       w->ctx);
}

#define WIDTH narrow
#define WORD uint32_t
#include "by_key_runs_template.h"

#define WIDTH wide
#define WORD uint64_t
#include "by_key_runs_template.h"

static const struct crew__group_op count_op = {
    .chunk = {mark_narrow, mark_wide}, .merge = add_count, .dense = {count_dense_narrow, count_dense_wide}};
static const struct crew__group_op group_op = {.chunk = {mark_narrow, mark_wide},
                                               .dense = {group_dense_narrow, group_dense_wide}};
/* Without indices, sorting the keys is what is left to do. */
static const struct crew__group_op mark_op = {.chunk = {mark_narrow, mark_wide}};
static const struct crew__group_op reduce_op = {
    .chunk = {fold_groups_narrow, fold_groups_wide}, .merge = merge_group, .once = true};

static CREW__NOINLINE int reduce_any(struct crew__groups *q, const crew_reducer *r, void *ctx, void *results)
{
    struct generic w = {.r = r, .ctx = ctx, .results = results};
    size_t bytes;
    if (!r || !r->fold || !r->merge || r->size == 0 || (q->n > 0 && !results))
        return -EINVAL;
    if (!crew__mul(q->n, r->size, &bytes) || r->size > SIZE_MAX / 2 / CREW__MAX_CHUNKS - CREW__CACHE_LINE)
        return -EOVERFLOW;
    w.stride = (r->size + CREW__CACHE_LINE - 1) / CREW__CACHE_LINE * CREW__CACHE_LINE;
    w.partials = crew__scratch_take(w.stride * CREW__MAX_CHUNKS);
    if (!w.partials)
        return -ENOMEM;
    q->op = &reduce_op;
    q->ctx = &w;
    int error = crew__groups_do(q);
    if (error)
        drop_groups(q, &w);
    crew__scratch_give(w.partials);
    q->ctx = NULL;
    return error;
}

struct values {
    const void *values;
    void *results;
    union {
        double f64[CREW__MAX_CHUNKS];
        int64_t i64[CREW__MAX_CHUNKS];
    } partial;
};

/* One table a chunk of elements: results, 8 bytes each, and which keys occur. */
struct tables {
    struct crew__groups *q;
    uint64_t low;
    size_t range, size, chunks;
    struct crew__parts parts;
    void *results;
    unsigned char *occurs;
};

static int reduce_in_tables(struct crew__groups *q, uint64_t low, size_t range, crew__block_fn *fill,
                            crew__block_fn *merge, crew__block_fn *write)
{
    struct tables t = {.q = q, .low = low, .range = range, .parts = crew__parts_of(range)};
    size_t most = q->n / TABLE_ELEMENTS, affordable = q->n / 2 / range, failed;
    most = most < affordable ? most : affordable;
    for (t.chunks = 1; 2 * t.chunks <= most && t.chunks < MAX_TABLES; t.chunks *= 2)
        ;
    t.size = (q->n - 1) / t.chunks + 1;
    t.chunks = (q->n - 1) / t.size + 1;
    /* chunks * range is at most n. */
    char *scratch = q->n > SIZE_MAX / 9 ? NULL : crew__scratch_take(9 * t.chunks * range);
    if (scratch == NULL)
        return -ENOMEM;
    t.results = scratch;
    t.occurs = (unsigned char *)scratch + 8 * t.chunks * range;
    struct crew__loop loop = {.n = t.chunks, .fn = fill, .ctx = &t, .item_ns = 1.5 * (double)t.size};
    if (t.chunks == 1)
        fill(0, 1, &t, &failed);
    else
        crew__run(&loop);
    run_parts(t.parts, merge, &t);
    *q->groups = crew__groups_places(q, t.parts.count);
    run_parts(t.parts, write, &t);
    crew__scratch_give(scratch);
    return 0;
}

#define VALUE_TYPE f64
#define VALUE double
#define SUM double
#define ZERO (-0.0)
#define HIGHEST ((double)INFINITY)
#define LOWEST (-(double)INFINITY)
#include "by_key_value_template.h"

#define VALUE_TYPE i64
#define VALUE int64_t
#define SUM uint64_t
#define ZERO 0
#define HIGHEST INT64_MAX
#define LOWEST INT64_MIN
#include "by_key_value_template.h"

/* The fields that are given; the arrays are written before they are read. */
static void start(struct crew__groups *q, const void *keys, enum crew__key_type type, size_t n, void *keys_out,
                  size_t *groups, const struct crew__group_op *op, void *ctx)
{
    q->keys = keys;
    q->type = type;
    q->n = n;
    q->keys_out = keys_out;
    q->groups = groups;
    q->op = op;
    q->ctx = ctx;
    q->opt = NULL;
    q->few = NULL;
    q->many = NULL;
}

#define TYPE i32
#define KEY int32_t
#define ID CREW__KEY_I32
#include "by_key_template.h"

#define TYPE i64
#define KEY int64_t
#define ID CREW__KEY_I64
#include "by_key_template.h"

#define TYPE u32
#define KEY uint32_t
#define ID CREW__KEY_U32
#include "by_key_template.h"

#define TYPE u64
#define KEY uint64_t
#define ID CREW__KEY_U64
#include "by_key_template.h"
