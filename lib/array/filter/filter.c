#define _POSIX_C_SOURCE 200809L
/* The generic forms: filter, pack, partition, count_if. */
#include "../../core/base/clock.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "filter_engine.h"
#include "pack_kernel.h"
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

int crew_filter(const void *in, void *out, size_t size, size_t n, crew_predicate *pred, void *ctx, size_t *count,
                const crew_options *opt)
{
    int error = pred ? crew__select_check(in, out, size, n, count) : -EINVAL;
    if (error)
        return error;
    struct crew__select s = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__select_block(n, size),
                             .pred = pred,
                             .ctx = ctx,
                             .opt = opt};
    return crew__select(&s, count);
}

int crew_pack(const void *in, void *out, size_t size, size_t n, const unsigned char *flags, size_t *count,
              const crew_options *opt)
{
    int error = crew__select_check(in, out, size, n, count);
    if (error)
        return error;
    if (n > 0 && (!flags || crew__overlap(flags, n, out, 1)))
        return -EINVAL;
    static const unsigned char none;
    struct crew__select s = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__select_block(n, size),
                             .flags = flags ? flags : &none,
                             .opt = opt};
    size_t found;
    error = crew__select(&s, &found);
    if (error)
        return error;
    /* What ends in the flags is only known now; only as many elements as were counted have been written. */
    if (crew__overlap(flags, n, out, found * size))
        return -EINVAL;
    *count = found;
    return 0;
}

struct copy {
    const char *from;
    char *to;
    size_t bytes;
};

enum { COPY_BYTES = 1 << 16, FEW_BYTES = 8192, LEAST_ITEMS = 16 };

/* Time after which one thread no longer counts alone. */
static const double ALONE_NS = 2000;

static int copy_blocks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct copy *c = ctx;
    (void)failed;
    size_t from = begin * COPY_BYTES, last = c->bytes - from;
    memcpy(c->to + from, c->from + from, last / COPY_BYTES < end - begin ? last : (end - begin) * COPY_BYTES);
    return 0;
}

/* to[0 .. bytes-1] = from[0 .. bytes-1], by as many threads as the call may have. */
static void copy(void *to, const void *from, size_t bytes, const crew_options *opt)
{
    if (bytes <= COPY_BYTES) {
        memcpy(to, from, bytes);
        return;
    }
    crew_options own = {.threads = opt ? opt->threads : 0};
    struct copy c = {from, to, bytes};
    struct crew__loop loop = {.n = bytes / COPY_BYTES + (bytes % COPY_BYTES != 0),
                              .fn = copy_blocks,
                              .ctx = &c,
                              .opt = &own,
                              .item_ns = COPY_BYTES / 10.0};
    (void)crew__run(&loop); /* cannot fail: copy_blocks does not, and the options are right */
}

/* Who is kept is not known before the end, so the others wait in `scratch`, of n elements. */
static int partition(struct crew__select *s, void *scratch, size_t *count)
{
    size_t found;
    s->rest = scratch;
    int code = crew__select(s, &found);
    if (code)
        return code;
    copy((char *)s->out + found * s->size, scratch, (s->n - found) * s->size, s->opt);
    *count = found;
    return 0;
}

static CREW__NOINLINE int partition_few(struct crew__select *s, size_t *count)
{
    char scratch[FEW_BYTES];
    return partition(s, scratch, count);
}

/* How long each side is, and so whether they overlap, is only known afterwards. */
static int partition_apart(struct crew__select *s, size_t *count)
{
    size_t found;
    int code = crew__select(s, &found);
    if (code)
        return code;
    size_t others = (s->n - found) * s->size;
    if (crew__overlap(s->out, found * s->size, s->rest, others) ||
        crew__overlap(s->in, s->n * s->size, s->rest, others))
        return -EINVAL;
    *count = found;
    return 0;
}

int crew_partition(const void *in, void *kept, void *rest, size_t size, size_t n, crew_predicate *pred, void *ctx,
                   size_t *count, const crew_options *opt)
{
    int error = pred ? crew__select_check(in, kept, size, n, count) : -EINVAL;
    if (error)
        return error;
    if (rest && (crew__overlap(in, n * size, rest, 1) || (n > 0 && rest == kept)))
        return -EINVAL;
    struct crew__select s = {.in = in,
                             .out = kept,
                             .rest = rest,
                             .size = size,
                             .n = n,
                             .block = crew__select_block(n, size),
                             .pred = pred,
                             .ctx = ctx,
                             .opt = opt};
    if (rest && n > 0)
        return partition_apart(&s, count);
    if (n == 0)
        return crew__select(&s, count);
    if (n * size <= FEW_BYTES)
        return partition_few(&s, count);
    void *scratch = crew__scratch_take(n * size);
    int code = scratch ? partition(&s, scratch, count) : -ENOMEM;
    crew__scratch_give(scratch);
    return code;
}

struct counting {
    crew_predicate *pred;
    void *ctx;
    size_t step; /* items a call */
    size_t from; /* item that the runner begins with */
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

/* Counts from the start on, until the items have taken so long that the rest may be worth a team. *done becomes how
   many were counted. */
static int count_alone(struct counting *c, size_t n, size_t *done)
{
    int64_t begun = n > LEAST_ITEMS ? crew__ticks() : 0;
    size_t item = 0;
    int code = 0;
    while (item < n) {
        size_t failed, next = item == 0 ? LEAST_ITEMS : 64 * item;
        next = n < next ? n : next - item < CREW__FLAGS ? next : item + CREW__FLAGS;
        code = count_items(item, next, c, &failed);
        item = next;
        if (code || (item < n && (double)(crew__ticks() - begun) > ALONE_NS * crew__ticks_per_ns()))
            break;
    }
    *done = item;
    return code;
}

static int count_rest(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct counting *c = ctx;
    return count_items(c->from + begin, c->from + end, c, failed);
}

int crew_count_if(size_t n, crew_predicate *pred, void *ctx, size_t *count, const crew_options *opt)
{
    if (!pred || !count)
        return -EINVAL;
    struct counting c = {.pred = pred, .ctx = ctx, .step = opt && opt->failed ? 1 : CREW__FLAGS};
    int code = 0;
    if (crew__unwatched(opt)) {
        int outer = crew__worker;
        if (outer < 0)
            crew__worker = 0;
        code = count_alone(&c, n, &c.from);
        crew__worker = outer;
    }
    if (code == 0 && (c.from < n || n == 0)) {
        /* opt->failed is asked for only where c.from is 0 */
        struct crew__loop loop = {.n = n - c.from, .fn = count_rest, .ctx = &c, .opt = opt};
        code = crew__run(&loop);
    }
    if (code == 0)
        *count = atomic_load_explicit(&c.count, memory_order_relaxed);
    return code;
}
