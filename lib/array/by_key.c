#include "by_key_groups.h"

#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include <crew/by_key.h>
#include <errno.h>
#include <string.h>

struct grouping {
    size_t *offsets, *indices;
    uint64_t *counts;
    uint64_t partial[CREW__MAX_CHUNKS];
};

static int write_group(const struct crew__groups *q, size_t c, size_t g, size_t begin, size_t end, bool first)
{
    struct grouping *w = q->ctx;
    if (first && w->offsets)
        w->offsets[g] = begin;
    if (w->indices)
        for (size_t p = begin; p < end; p++)
            w->indices[p] = crew__item_at(&q->order, p);
    if (w->counts)
        *(first ? &w->counts[g] : &w->partial[c]) = end - begin;
    return 0;
}

static void add_count(const struct crew__groups *q, size_t c, size_t g)
{
    struct grouping *w = q->ctx;
    if (w->counts)
        w->counts[g] += w->partial[c];
}

static int group(struct crew__groups *q, struct grouping *w)
{
    q->run = write_group;
    q->merge = add_count;
    q->ctx = w;
    int error = crew__groups_do(q);
    if (!error && w->offsets)
        w->offsets[*q->groups] = q->n;
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
        size_t item = crew__item_at(&q->order, p);
        for (next = p + 1; next < end && crew__item_at(&q->order, next) == item + (next - p); next++)
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
    q->run = fold_group;
    q->merge = merge_group;
    q->ctx = &w;
    int error = crew__groups_do(q);
    if (error)
        drop_groups(q, &w);
    crew__scratch_give(w.partials);
    q->ctx = NULL;
    return error;
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)
#define CREW__CAT3(a, b, c) CREW__CAT(CREW__CAT(a, b), c)

#define VALUE_TYPE f64
#define VALUE double
#define SUM double
#include "by_key_value_template.h"

#define VALUE_TYPE i64
#define VALUE int64_t
#define SUM uint64_t
#include "by_key_value_template.h"

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
