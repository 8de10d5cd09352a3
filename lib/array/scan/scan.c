/* The generic scans of crew/scan.h: two passes over blocks that are cut by n and grain alone: the total of each block,
   from which follows what each starts with, then each block's scan. */
#define _POSIX_C_SOURCE 200809L
#include "../../core/base/clock.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include <crew/scan.h>
#include <errno.h>
#include <string.h>

enum {
    ALIGN = 64,         /* of an accumulator: no two share a cache line */
    MOST_BLOCKS = 1024, /* balance for 64 threads */
    BLOCK_ITEMS = 1024, /* below that a second pass costs more than threads gain, where combine is cheap */
    STACK_BYTES = 1024  /* accumulators of a single block */
};

struct scan {
    const crew_scanner *s;
    void *ctx;
    const char *in;
    const unsigned char *flags; /* NULL: one segment */
    char *out;
    size_t size, n;
    struct crew__cut blocks;
    bool exclusive;
    char *accs; /* accumulators, stride bytes apart: one a block, then two, then one a block where `before` asks */
    size_t stride;
    size_t before;        /* 1: in place and exclusive, the accumulator must be kept while combine reads the element */
    unsigned char *reset; /* 1 where a segment starts in the block */
};

static void set_up(const struct scan *d, void *acc)
{
    if (d->s->identity)
        memcpy(acc, d->s->identity, d->size);
    else
        memset(acc, 0, d->size);
}

static char *acc_of(const struct scan *d, size_t k)
{
    return d->accs + k * d->stride;
}

static void total_blocks(size_t begin, size_t end, void *ctx)
{
    const struct scan *d = ctx;
    for (size_t k = begin; k < end; k++) {
        char *acc = acc_of(d, k);
        size_t i = crew__cut_begin(&d->blocks, k), to = crew__cut_end(&d->blocks, k);
        d->reset[k] = 0;
        if (d->flags) { /* only what follows the last start of a segment counts */
            size_t last = to;
            while (last > i && !d->flags[last - 1])
                last--;
            d->reset[k] = last > i;
            i = last > i ? last - 1 : i;
        }
        set_up(d, acc);
        for (; i < to; i++)
            d->s->combine(acc, d->in + i * d->size, d->ctx);
    }
}

/* From the totals of the blocks to what each block starts with. */
static void prefix_blocks(const struct scan *d)
{
    char *running = acc_of(d, d->blocks.count), *kept = acc_of(d, d->blocks.count + 1);
    set_up(d, running);
    for (size_t k = 0; k < d->blocks.count; k++) {
        char *acc = acc_of(d, k);
        if (k + 1 == d->blocks.count) { /* its total is not known, and nobody asks for it */
            memcpy(acc, running, d->size);
        } else if (d->reset[k]) {
            memcpy(kept, acc, d->size);
            memcpy(acc, running, d->size);
            memcpy(running, kept, d->size);
        } else {
            memcpy(kept, running, d->size);
            d->s->combine(running, acc, d->ctx);
            memcpy(acc, kept, d->size);
        }
    }
}

static void scan_block(const struct scan *d, size_t k)
{
    const crew_scanner *s = d->s;
    const size_t size = d->size;
    char *acc = acc_of(d, k), *before = acc_of(d, d->blocks.count + 2 + k);
    for (size_t i = crew__cut_begin(&d->blocks, k), to = crew__cut_end(&d->blocks, k); i < to; i++) {
        const char *x = d->in + i * size;
        char *y = d->out + i * size;
        if (d->flags && d->flags[i])
            set_up(d, acc);
        if (!d->exclusive) {
            s->combine(acc, x, d->ctx);
            memcpy(y, acc, size);
        } else if (d->before) {
            memcpy(before, acc, size);
            s->combine(acc, x, d->ctx);
            memcpy(y, before, size);
        } else {
            memcpy(y, acc, size);
            s->combine(acc, x, d->ctx);
        }
    }
}

static void scan_blocks(size_t begin, size_t end, void *ctx)
{
    for (size_t k = begin; k < end; k++)
        scan_block(ctx, k);
}

static void no_progress(size_t done, size_t total, void *ctx)
{
    (void)done;
    (void)total;
    (void)ctx;
}

static int run_passes(struct scan *d, const crew_options *opt)
{
    crew_options own = opt ? *opt : (crew_options){0};
    double start = own.timeout > 0 ? crew__seconds() : 0;
    own.grain = own.grain / d->blocks.size; /* blocks are as large as a grain at least */
    if (d->blocks.count > 1) {
        crew_options first = own;
        first.progress = no_progress; /* a bar that goes from 0 to 100 twice helps nobody */
        struct crew__loop loop = {.n = d->blocks.count - 1, .each = total_blocks, .ctx = d, .opt = opt ? &first : NULL};
        int code = crew__run(&loop);
        if (code)
            return code;
        prefix_blocks(d);
    } else {
        set_up(d, d->accs);
    }
    if (own.timeout > 0) {
        own.timeout -= crew__seconds() - start;
        if (own.timeout <= 0)
            return -ETIMEDOUT;
    }
    struct crew__loop loop = {.n = d->blocks.count,
                              .each = scan_blocks,
                              .ctx = d,
                              .opt = opt ? &own : NULL,
                              .per_item = d->blocks.size,
                              .total = d->n};
    return crew__run(&loop);
}

/* At least the square root of n, so that going through the blocks' totals takes no longer than a block. */
static size_t choose_block(size_t n, size_t grain)
{
    size_t block = grain ? grain : BLOCK_ITEMS, even = n / MOST_BLOCKS + (n % MOST_BLOCKS != 0);
    if (block < even)
        block = even;
    while (block < n / block)
        block++;
    return block;
}

static int scan(struct scan *d, void *total, const crew_options *opt)
{
    size_t bytes, scratch;
    if (!d->s || !d->s->combine || d->size == 0 || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    if (!crew__mul(d->n, d->size, &bytes))
        return -EOVERFLOW;
    if (d->n > 0 && (!d->in || !d->out || (d->in != d->out && crew__overlap(d->in, bytes, d->out, bytes)) ||
                     crew__overlap(d->flags, d->flags ? d->n : 0, d->out, bytes)))
        return -EINVAL;
    if (d->n == 0) {
        if (total)
            set_up(d, total);
        return 0;
    }
    d->blocks = crew__cut_by(d->n, choose_block(d->n, opt ? opt->grain : 0));
    d->before = d->exclusive && d->in == d->out;
    d->stride = d->size + (ALIGN - d->size % ALIGN) % ALIGN;
    if (d->stride < d->size || !crew__mul(d->blocks.count * (1 + d->before) + 2, d->stride, &scratch) ||
        scratch > SIZE_MAX - d->blocks.count)
        return -EOVERFLOW;
    _Alignas(ALIGN) char small[STACK_BYTES];
    char *memory = scratch + d->blocks.count <= sizeof small ? small : crew__scratch_take(scratch + d->blocks.count);
    if (!memory)
        return -ENOMEM;
    d->accs = memory;
    d->reset = (unsigned char *)memory + scratch;
    int code = 0;
    if (d->blocks.count > 1 || opt) {
        code = run_passes(d, opt);
    } else {
        set_up(d, d->accs);
        scan_block(d, 0);
    }
    if (code == 0 && total)
        memcpy(total, acc_of(d, d->blocks.count - 1), d->size);
    if (memory != small)
        crew__scratch_give(memory);
    d->accs = NULL;
    d->reset = NULL;
    return code;
}

int crew_scan_inclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx, void *total,
                        const crew_options *opt)
{
    struct scan d = {.s = s, .ctx = ctx, .in = in, .out = out, .size = size, .n = n};
    return scan(&d, total, opt);
}

int crew_scan_exclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx, void *total,
                        const crew_options *opt)
{
    struct scan d = {.s = s, .ctx = ctx, .in = in, .out = out, .size = size, .n = n, .exclusive = true};
    return scan(&d, total, opt);
}

int crew_scan_segmented_inclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n,
                                  const crew_scanner *s, void *ctx, void *total, const crew_options *opt)
{
    if (n > 0 && !flags)
        return -EINVAL;
    struct scan d = {.s = s, .ctx = ctx, .in = in, .flags = flags, .out = out, .size = size, .n = n};
    return scan(&d, total, opt);
}

int crew_scan_segmented_exclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n,
                                  const crew_scanner *s, void *ctx, void *total, const crew_options *opt)
{
    if (n > 0 && !flags)
        return -EINVAL;
    struct scan d = {.s = s, .ctx = ctx, .in = in, .flags = flags, .out = out, .size = size, .n = n, .exclusive = true};
    return scan(&d, total, opt);
}
