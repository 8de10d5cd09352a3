/* crew_reduce: blocks cut by n, grain and size alone, an accumulator each, merged pairwise level by level: block k with
   k + 1, then the results of 0 and 2, and so on. The tree's shape does not depend on who computes it. */
#include "../base/memory.h"
#include "cut.h"
#include "runner.h"
#include <crew/reduce.h>
#include <errno.h>
#include <string.h>

enum {
    ALIGN = 64,         /* of an accumulator: no two share a cache line */
    MOST_BLOCKS = 1024, /* balance for 64 threads */
    FEW_BLOCKS = 64,    /* all the same where accumulators are large */
    BLOCK_ITEMS = 64,   /* hides the two calls that a block costs */
    STACK_BYTES = 4096  /* scratch on the stack: FEW_BLOCKS small accumulators */
};

static const size_t MOST_BYTES = (size_t)64 << 20;

struct reduction {
    const crew_reducer *r;
    void *ctx;
    struct crew__cut blocks;
    char *accs; /* an accumulator for each block, stride bytes apart */
    size_t stride;
    unsigned char *begun; /* 1 where an accumulator was set up, so that a failed call drops just those */
    size_t step;          /* merging: accumulators k * 2 * step and k * 2 * step + step */
};

static struct crew__cut cut_blocks(size_t n, size_t size, size_t grain)
{
    size_t most = MOST_BYTES / size;
    most = most < FEW_BLOCKS ? FEW_BLOCKS : most > MOST_BLOCKS ? MOST_BLOCKS : most;
    size_t block = crew__cut_into(n, FEW_BLOCKS).size;
    if (block > BLOCK_ITEMS) {
        block = crew__cut_into(n, most).size;
        block = block > BLOCK_ITEMS ? block : BLOCK_ITEMS;
    }
    return crew__cut_by(n, block > grain ? block : grain);
}

static void set_up(const struct reduction *d, void *acc)
{
    if (d->r->identity)
        memcpy(acc, d->r->identity, d->r->size);
    else
        memset(acc, 0, d->r->size);
}

static int fold_blocks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct reduction *d = ctx;
    for (size_t k = begin; k < end; k++) {
        char *acc = d->accs + k * d->stride;
        set_up(d, acc);
        d->begun[k] = 1;
        int code = d->r->fold(crew__cut_begin(&d->blocks, k), crew__cut_end(&d->blocks, k), acc, d->ctx);
        if (code) {
            *failed = k;
            return code;
        }
    }
    return 0;
}

static void merge_pairs(size_t begin, size_t end, void *ctx)
{
    const struct reduction *d = ctx;
    for (size_t pair = begin; pair < end; pair++) {
        char *left = d->accs + pair * 2 * d->step * d->stride;
        d->r->merge(left, left + d->step * d->stride, d->ctx);
    }
}

static void merge_all(struct reduction *d, int threads)
{
    crew_options opt = {.threads = threads};
    d->step = 1;
    for (size_t left = d->blocks.count; left > 1; left -= left / 2) {
        /* an odd accumulator out waits for the next level */
        struct crew__loop loop = {.n = left / 2, .each = merge_pairs, .ctx = d, .opt = &opt, .part = 1};
        crew__run(&loop);
        d->step *= 2;
    }
}

static void drop_all(const struct reduction *d)
{
    for (size_t k = 0; d->r->drop && k < d->blocks.count; k++)
        if (d->begun[k])
            d->r->drop(d->accs + k * d->stride, d->ctx);
}

/* The exact failing index in block k, by folding it again item by item; accumulators are crew's, so nobody sees that.
   The block's first item where the failure does not come back. */
static size_t find_failure(const struct reduction *d, size_t k)
{
    size_t from = crew__cut_begin(&d->blocks, k), to = crew__cut_end(&d->blocks, k);
    char *acc = d->accs + k * d->stride;
    size_t at = from;
    if (d->r->drop)
        d->r->drop(acc, d->ctx);
    set_up(d, acc);
    while (at < to && d->r->fold(at, at + 1, acc, d->ctx) == 0)
        at++;
    return at < to ? at : from;
}

static int run_reduction(struct reduction *d, void *result, const crew_options *opt)
{
    size_t failed = SIZE_MAX;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    own.grain = 0;
    struct crew__loop loop = {.n = d->blocks.count,
                              .fn = fold_blocks,
                              .ctx = d,
                              .opt = &own,
                              .per_item = d->blocks.size,
                              .total = d->blocks.n};
    int code = crew__run(&loop);
    if (failed != SIZE_MAX && opt && opt->failed)
        *opt->failed = find_failure(d, failed);
    if (code) {
        drop_all(d);
        return code;
    }
    merge_all(d, own.threads);
    memcpy(result, d->accs, d->r->size);
    return 0;
}

int crew_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, const crew_options *opt)
{
    if (!r || r->size == 0 || !r->fold || !r->merge || !result || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    struct reduction d = {.r = r, .ctx = ctx};
    if (n == 0) {
        set_up(&d, result);
        return 0;
    }
    d.blocks = cut_blocks(n, r->size, opt ? opt->grain : 0);
    const size_t count = d.blocks.count;
    d.stride = r->size + (ALIGN - r->size % ALIGN) % ALIGN;
    size_t bytes;
    if (d.stride < r->size || !crew__mul(count, d.stride, &bytes) || bytes > SIZE_MAX - count)
        return -EOVERFLOW;

    _Alignas(ALIGN) char small[STACK_BYTES + FEW_BLOCKS];
    char *scratch = bytes + count <= sizeof small ? small : crew__alloc(bytes + count);
    if (!scratch)
        return -ENOMEM;
    d.accs = scratch;
    d.begun = (unsigned char *)scratch + bytes;
    memset(d.begun, 0, count);
    int code = run_reduction(&d, result, opt);
    if (scratch != small)
        crew__free(scratch);
    return code;
}
