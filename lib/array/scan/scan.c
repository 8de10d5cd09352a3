/* The generic scans of crew/scan.h: two passes over blocks that are cut by n and grain alone: the total of each block,
   from which follows what each starts with, then each block's scan. One thread does both at once. */
#define _POSIX_C_SOURCE 200809L
#include "../../core/base/clock.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/base/threads.h"
#include "../../core/loop/loop_sequence.h"
#include "../../core/loop/watch.h"
#include "scan_cut.h"
#include <crew/inline/scan_run.h>
#include <errno.h>
#include <string.h>

enum {
    ALIGN = 64,        /* of an accumulator: no two share a cache line */
    STACK_BYTES = 1024 /* accumulators of a single block */
};

#define CREW__INSTANCE any
#include "scan_any_template.h"

/* Of sizes that the compiler knows: a call of memcpy takes as long as combine. */
#define CREW__INSTANCE any_4
#define CREW__SIZE 4
#include "scan_any_template.h"
#define CREW__INSTANCE any_8
#define CREW__SIZE 8
#include "scan_any_template.h"
#define CREW__INSTANCE any_16
#define CREW__SIZE 16
#include "scan_any_template.h"

/* Of an element: where it takes less, one chain of combine waits for itself as long as two, and two threads with two
   passes take as long as one with both at once. */
static const double CHEAP_NS = 4;

struct scan {
    struct crew__scan_of of;
    struct crew__cut blocks;
    char *accs; /* accumulators, stride bytes apart: one a block, then two, then one a block where `kept` asks */
    size_t stride;
    bool kept;
    size_t done;          /* blocks that are scanned, the first ones */
    unsigned char *reset; /* 1 where a segment starts in the block */
};

static char *acc_of(const struct scan *d, size_t k)
{
    return d->accs + k * d->stride;
}

/* Where the last segment of a block starts; its end where none does. */
static size_t last_start(const struct scan *d, size_t k)
{
    const unsigned char *flags = d->of.flags;
    size_t from = crew__cut_begin(&d->blocks, k), to = crew__cut_end(&d->blocks, k), last = to;
    while (flags && last > from && !flags[last - 1])
        last--;
    return flags && last > from ? last - 1 : to;
}

/* total: where the block's own goes; NULL: nobody asks. */
static void scan_block(const struct scan *d, size_t k, char *total)
{
    d->of.steps->scan(&d->of, crew__cut_begin(&d->blocks, k), crew__cut_end(&d->blocks, k), acc_of(d, k), total,
                      d->kept ? acc_of(d, d->blocks.count + 2 + k) : NULL);
}

/* Both passes at once, by one thread: elements are read once, and the processor works on two chains of combine. */
static void scan_in_order(size_t begin, size_t end, void *ctx)
{
    const struct scan *d = ctx;
    char *running = acc_of(d, d->blocks.count), *own = acc_of(d, d->blocks.count + 1);
    for (size_t k = begin; k < end; k++) {
        memcpy(acc_of(d, k), running, d->of.size);
        if (k + 1 == d->blocks.count) {
            scan_block(d, k, NULL);
            break;
        }
        crew__scan_start(d->of.s, own, d->of.size);
        scan_block(d, k, own);
        if (last_start(d, k) < crew__cut_end(&d->blocks, k))
            memcpy(running, own, d->of.size);
        else
            d->of.s->combine(running, own, d->of.ctx);
    }
}

static void total_blocks(size_t begin, size_t end, void *ctx)
{
    const struct scan *d = ctx;
    for (size_t k = d->done + begin; k < d->done + end; k++) {
        size_t to = crew__cut_end(&d->blocks, k), from = last_start(d, k); /* only what follows that counts */
        d->reset[k] = from < to;
        from = from < to ? from : crew__cut_begin(&d->blocks, k);
        crew__scan_start(d->of.s, acc_of(d, k), d->of.size);
        d->of.steps->total(&d->of, from, to, acc_of(d, k));
    }
}

/* From the totals of the blocks to what each block starts with. */
static void prefix_blocks(const struct scan *d)
{
    char *running = acc_of(d, d->blocks.count), *kept = acc_of(d, d->blocks.count + 1);
    const size_t size = d->of.size;
    for (size_t k = d->done; k < d->blocks.count; k++) {
        char *acc = acc_of(d, k);
        if (k + 1 == d->blocks.count) { /* its total is not known, and nobody asks for it */
            memcpy(acc, running, size);
        } else if (d->reset[k]) {
            memcpy(kept, acc, size);
            memcpy(acc, running, size);
            memcpy(running, kept, size);
        } else {
            memcpy(kept, running, size);
            d->of.s->combine(running, acc, d->of.ctx);
            memcpy(acc, kept, size);
        }
    }
}

static void scan_blocks(size_t begin, size_t end, void *ctx)
{
    const struct scan *d = ctx;
    for (size_t k = d->done + begin; k < d->done + end; k++)
        scan_block(d, k, NULL);
}

static int run_passes(struct scan *d, const crew_options *opt)
{
    crew_options own = opt ? *opt : (crew_options){0}, first;
    double start = own.timeout > 0 ? crew__seconds() : 0, item_ns = 0;
    own.grain = own.grain / d->blocks.size; /* blocks are as large as a grain at least */
    struct crew__loop loop = {.n = d->blocks.count, .each = scan_in_order, .ctx = d, .opt = opt ? &own : NULL};
    int code = crew__unwatched(opt) ? crew__run_first(&loop, &d->done, &item_ns) : 0;
    const size_t left = d->blocks.count - d->done;
    if (code || left == 0)
        return code;
    if (item_ns > 0 && item_ns < CHEAP_NS * (double)d->blocks.size && crew__resolve_threads(own.threads) == 2) {
        scan_in_order(d->done, d->blocks.count, d);
        return 0;
    }
    first = own;
    first.progress = crew__no_progress;
    loop = (struct crew__loop){
        .n = left - 1, .each = total_blocks, .ctx = d, .opt = opt ? &first : NULL, .item_ns = item_ns / 2};
    code = crew__run(&loop);
    if (code)
        return code;
    prefix_blocks(d);
    if (own.timeout > 0) {
        own.timeout -= crew__seconds() - start;
        if (own.timeout <= 0)
            return -ETIMEDOUT;
    }
    loop = (struct crew__loop){.n = left,
                               .each = scan_blocks,
                               .ctx = d,
                               .opt = opt ? &own : NULL,
                               .item_ns = item_ns / 2,
                               .per_item = d->blocks.size,
                               .total = d->of.n};
    return crew__run(&loop);
}

int crew__scan_by_steps(const struct crew__scan_of *of, void *total, const crew_options *opt)
{
    const size_t n = of->n, size = of->size;
    size_t bytes, scratch;
    if (!of->s || !of->s->combine || size == 0 || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    if (!crew__array_bytes(n, size, &bytes))
        return -EOVERFLOW;
    if (n > 0 && (!of->in || !of->out || (of->in != of->out && crew__overlap(of->in, bytes, of->out, bytes)) ||
                  crew__overlap(of->flags, of->flags ? n : 0, of->out, bytes)))
        return -EINVAL;
    if (n == 0) {
        if (total)
            crew__scan_start(of->s, total, size);
        return 0;
    }
    struct scan d = {.of = *of,
                     .blocks = crew__scan_cut(n, opt ? opt->grain : 0),
                     .stride = size + (ALIGN - size % ALIGN) % ALIGN,
                     .kept = of->exclusive && of->in == of->out};
    if (d.stride < size || !crew__mul(d.blocks.count * (1 + d.kept) + 2, d.stride, &scratch) ||
        scratch > SIZE_MAX - d.blocks.count)
        return -EOVERFLOW;
    _Alignas(ALIGN) char small[STACK_BYTES];
    char *memory = scratch + d.blocks.count <= sizeof small ? small : crew__scratch_take(scratch + d.blocks.count);
    if (!memory)
        return -ENOMEM;
    d.accs = memory;
    d.reset = (unsigned char *)memory + scratch;
    int code = 0;
    crew__scan_start(of->s, acc_of(&d, d.blocks.count), size);
    if (d.blocks.count > 1 || opt)
        code = run_passes(&d, opt);
    else
        scan_in_order(0, 1, &d);
    if (code == 0 && total)
        memcpy(total, acc_of(&d, d.blocks.count - 1), size);
    if (memory != small)
        crew__scratch_give(memory);
    return code;
}

/* By calls of s->combine. */
static int scan(const void *in, const unsigned char *flags, void *out, size_t size, size_t n, const crew_scanner *s,
                void *ctx, void *total, bool exclusive, const crew_options *opt)
{
    const struct crew__scan_steps *steps = size == 8    ? &crew__scan_steps_any_8
                                           : size == 16 ? &crew__scan_steps_any_16
                                           : size == 4  ? &crew__scan_steps_any_4
                                                        : &crew__scan_steps_any;
    const struct crew__scan_of d = {steps, s, ctx, in, flags, out, size, n, exclusive};
    return crew__scan_by_steps(&d, total, opt);
}

int crew_scan_inclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx, void *total,
                        const crew_options *opt)
{
    return scan(in, NULL, out, size, n, s, ctx, total, false, opt);
}

int crew_scan_exclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx, void *total,
                        const crew_options *opt)
{
    return scan(in, NULL, out, size, n, s, ctx, total, true, opt);
}

int crew_scan_segmented_inclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n,
                                  const crew_scanner *s, void *ctx, void *total, const crew_options *opt)
{
    return n > 0 && !flags ? -EINVAL : scan(in, flags, out, size, n, s, ctx, total, false, opt);
}

int crew_scan_segmented_exclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n,
                                  const crew_scanner *s, void *ctx, void *total, const crew_options *opt)
{
    return n > 0 && !flags ? -EINVAL : scan(in, flags, out, size, n, s, ctx, total, true, opt);
}
