/* The generic forms: crew_filter, crew_pack, crew_partition, crew_count_if. */
#define _POSIX_C_SOURCE 200809L
#include "../../core/base/clock.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../../core/loop/sites.h"
#include "filter_engine.h"
#include "pack_kernels.h"
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

int crew_filter(const void *in, void *out, size_t size, size_t n, crew_predicate *pred, void *ctx, size_t *count,
                const crew_options *opt)
{
    int error = pred ? crew__filter_check(in, out, size, n, count) : -EINVAL;
    if (error)
        return error;
    struct crew__filter f = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__filter_block(n, size),
                             .pred = pred,
                             .ctx = ctx,
                             .callback = (uintptr_t)pred,
                             .opt = opt};
    return crew__filter_run(&f, count);
}

int crew_pack(const void *in, void *out, size_t size, size_t n, const unsigned char *flags, size_t *count,
              const crew_options *opt)
{
    int error = crew__filter_check(in, out, size, n, count);
    if (error)
        return error;
    if (n > 0 && (!flags || crew__overlap(flags, n, out, 1)))
        return -EINVAL;
    static const unsigned char none;
    struct crew__filter f = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__filter_block(n, size),
                             .flags = flags ? flags : &none,
                             .opt = opt};
    size_t found;
    error = crew__filter_run(&f, &found);
    if (error)
        return error;
    /* What ends in the flags is only known now; only as many elements as were counted have been written. */
    if (crew__overlap(flags, n, out, found * size))
        return -EINVAL;
    *count = found;
    return 0;
}

enum {
    COPY_BYTES = 1 << 16,
    FEW_BYTES = 8192,
    LEAST_ITEMS = 16 /* at once, where calls are brief */
};

struct copy {
    const char *from;
    char *to;
    struct crew__cut pieces; /* of COPY_BYTES */
};

static void copy_pieces(size_t begin, size_t end, void *ctx)
{
    const struct copy *c = ctx;
    size_t from = crew__cut_begin(&c->pieces, begin);
    memcpy(c->to + from, c->from + from, crew__cut_end(&c->pieces, end - 1) - from);
}

/* to[0 .. bytes-1] = from[0 .. bytes-1], by as many threads as the call may have. */
static void copy(void *to, const void *from, size_t bytes, const crew_options *opt)
{
    crew_options own = {.threads = opt ? opt->threads : 0};
    struct copy c = {from, to, crew__cut_by(bytes, COPY_BYTES)};
    crew__run(&(struct crew__loop){.n = c.pieces.count,
                                   .each = copy_pieces,
                                   .ctx = &c,
                                   .opt = opt ? &own : NULL,
                                   .first = 1,
                                   .item_ns = (double)COPY_BYTES / 10});
}

/* Who is kept is not known before the end, so the others wait in `scratch`, of n elements. */
static int partition(struct crew__filter *f, void *scratch, size_t *count)
{
    size_t found;
    f->rest = scratch;
    int code = crew__filter_run(f, &found);
    if (code)
        return code;
    copy((char *)f->out + found * f->size, scratch, (f->n - found) * f->size, f->opt);
    *count = found;
    return 0;
}

static CREW__NOINLINE int partition_few(struct crew__filter *f, size_t *count)
{
    char scratch[FEW_BYTES];
    return partition(f, scratch, count);
}

/* How long each side is, and so whether they overlap, is only known afterwards. */
static int partition_apart(struct crew__filter *f, size_t *count)
{
    size_t found;
    int code = crew__filter_run(f, &found);
    if (code)
        return code;
    size_t others = (f->n - found) * f->size;
    if (crew__overlap(f->out, found * f->size, f->rest, others) ||
        crew__overlap(f->in, f->n * f->size, f->rest, others))
        return -EINVAL;
    *count = found;
    return 0;
}

int crew_partition(const void *in, void *kept, void *rest, size_t size, size_t n, crew_predicate *pred, void *ctx,
                   size_t *count, const crew_options *opt)
{
    int error = pred ? crew__filter_check(in, kept, size, n, count) : -EINVAL;
    if (error)
        return error;
    if (rest && (crew__overlap(in, n * size, rest, 1) || (n > 0 && rest == kept)))
        return -EINVAL;
    struct crew__filter f = {.in = in,
                             .out = kept,
                             .rest = rest,
                             .size = size,
                             .n = n,
                             .block = crew__filter_block(n, size),
                             .pred = pred,
                             .ctx = ctx,
                             .callback = (uintptr_t)pred,
                             .opt = opt};
    if (rest && n > 0)
        return partition_apart(&f, count);
    if (n == 0)
        return crew__filter_run(&f, count);
    if (n * size <= FEW_BYTES)
        return partition_few(&f, count);
    void *scratch = crew__scratch_take(n * size);
    int code = scratch ? partition(&f, scratch, count) : -ENOMEM;
    crew__scratch_give(scratch);
    return code;
}

struct counting {
    crew_predicate *pred; /* first: by_site */
    void *ctx;
    size_t step; /* items a call */
    atomic_size_t count;
};

static int count_items(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct counting *c = ctx;
    const struct crew__pack_kernels *kernels = crew__pack_kernels();
    unsigned char flags[CREW__FLAGS];
    size_t count = 0;
    for (size_t next; begin < end; begin = next) {
        next = end - begin < c->step ? end : begin + c->step;
        int code = c->pred(begin, next, flags, c->ctx);
        if (code) {
            *failed = begin;
            return code;
        }
        count += kernels->count(flags, next - begin);
    }
    atomic_fetch_add_explicit(&c->count, count, memory_order_relaxed);
    return 0;
}

int crew_count_if(size_t n, crew_predicate *pred, void *ctx, size_t *count, const crew_options *opt)
{
    if (!pred || !count)
        return -EINVAL;
    struct counting c = {.pred = pred, .ctx = ctx, .step = opt && opt->failed ? 1 : CREW__FLAGS};
    struct crew__loop loop = {.n = n, .fn = count_items, .ctx = &c, .opt = opt, .by_site = CREW__BY_ITEM};
    struct crew__site *site = n > 1 ? crew__site_of_calls((uintptr_t)pred, n) : NULL;
    const bool brief = !site || (crew__site_is_brief(site, n) && !crew__site_is_due(site));
    loop.first = brief ? LEAST_ITEMS : 0;
    const int64_t started = brief ? 0 : crew__ticks();
    int code = crew__run(&loop);
    if (code)
        return code;
    if (!brief)
        crew__site_learn_call(site, started, n);
    *count = atomic_load_explicit(&c.count, memory_order_relaxed);
    return 0;
}
