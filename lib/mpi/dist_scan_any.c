/* crew_scan_inclusive_dist, crew_scan_exclusive_dist: the blocks of the scan on one machine. The rank that has the end
   of a block makes its total; the totals go to all. Where a part begins within a block, what lies before it in the
   block travels there, and the scan goes through it first. */
#define _POSIX_C_SOURCE 200809L
#include "../array/scan/scan_cut.h"
#include "../core/base/clock.h"
#include "../core/base/memory.h"
#include "agree.h"
#include "border.h"
#include "transfer.h"
#include <crew/for.h>
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CREW__INSTANCE any_dist
#include "../array/scan/scan_any_template.h"

enum { ALIGN = 64 };

struct scan {
    struct crew__scan_of of; /* this rank's part */
    const crew_dist *x;
    struct crew__cut blocks;
    size_t first, touched; /* blocks that have elements here */
    char *head;            /* the elements of the first of them that lie before this part */
    size_t before;
    size_t stride;
    char *totals;      /* of all blocks, size bytes apart */
    char *accs, *kept; /* accumulators of the blocks here, stride bytes apart; kept NULL: not needed */
};

/* The part of block first + i that is here. */
static size_t part_begin(const struct scan *d, size_t i)
{
    return i == 0 ? 0 : crew__cut_begin(&d->blocks, d->first + i) - d->x->begin;
}

static size_t part_end(const struct scan *d, size_t i)
{
    const size_t end = crew__cut_end(&d->blocks, d->first + i);
    return (end < d->x->end ? end : d->x->end) - d->x->begin;
}

/* acc goes through what lies before this part. */
static void pass_head(const struct scan *d, size_t i, char *acc)
{
    struct crew__scan_of head = d->of;
    head.in = d->head;
    if (i == 0 && d->before > 0)
        head.steps->total(&head, 0, d->before, acc);
}

/* Of blocks that end here. The total of the last one of all is what the scan itself ends with. */
static int total_blocks(size_t begin, size_t end, void *ctx)
{
    const struct scan *d = ctx;
    for (size_t i = begin; i < end; i++) {
        const size_t k = d->first + i;
        if (crew__cut_end(&d->blocks, k) > d->x->end || k + 1 == d->blocks.count)
            continue;
        char *acc = d->accs + i * d->stride;
        crew__scan_start(d->of.s, acc, d->of.size);
        pass_head(d, i, acc);
        d->of.steps->total(&d->of, part_begin(d, i), part_end(d, i), acc);
        memcpy(d->totals + k * d->of.size, acc, d->of.size);
    }
    return 0;
}

static int scan_blocks(size_t begin, size_t end, void *ctx)
{
    const struct scan *d = ctx;
    for (size_t i = begin; i < end; i++) {
        char *acc = d->accs + i * d->stride;
        pass_head(d, i, acc);
        d->of.steps->scan(&d->of, part_begin(d, i), part_end(d, i), acc, NULL,
                          d->kept ? d->kept + i * d->stride : NULL);
    }
    return 0;
}

/* What each block here starts with. `running` has room for an element that is aligned as accumulators are. */
static void prefix_blocks(const struct scan *d, char *running, char *right)
{
    const size_t size = d->of.size, end = d->first + d->touched;
    crew__scan_start(d->of.s, running, size);
    for (size_t k = 0; k < end; k++) {
        if (k >= d->first)
            memcpy(d->accs + (k - d->first) * d->stride, running, size);
        if (k + 1 == end)
            break;
        memcpy(right, d->totals + k * size, size);
        d->of.s->combine(running, right, d->of.ctx);
    }
}

static void no_progress(size_t done, size_t total, void *ctx)
{
    (void)done;
    (void)total;
    (void)ctx;
}

static int run_passes(struct scan *d, const size_t *firsts, const crew_options *opt)
{
    const crew_mpi *m = d->x->m;
    crew_options own = opt ? *opt : (crew_options){0}, first;
    own.grain /= d->blocks.size; /* blocks are as large as a grain at least */
    first = own;
    first.progress = no_progress;
    const double start = own.timeout > 0 ? crew__seconds() : 0;
    int code = crew__agree_on(m->comm, crew_for(d->touched, total_blocks, d, &first));
    if (code == 0)
        code = crew__mpi_allgather_items(m, firsts, d->totals, d->of.size);
    if (code)
        return code;
    prefix_blocks(d, d->accs + d->touched * d->stride, d->accs + (d->touched + 1) * d->stride);
    const double left = own.timeout > 0 ? own.timeout - (crew__seconds() - start) : 0;
    code = own.timeout > 0 && left <= 0 ? -ETIMEDOUT : 0;
    own.timeout = left;
    return crew__agree_on(m->comm, code ? code : crew_for(d->touched, scan_blocks, d, &own));
}

/* The memory that the scan needs, in one piece; false: there is none. */
static bool take_memory(struct scan *d)
{
    const size_t totals = d->blocks.count;
    size_t accs, bytes;
    if (!crew__mul(d->touched * (d->of.exclusive && d->of.in == d->of.out ? 2 : 1) + 2, d->stride, &accs) ||
        !crew__mul(totals, d->of.size, &bytes) || bytes > SIZE_MAX - accs)
        return false;
    d->accs = crew_alloc(accs + bytes, 1);
    if (!d->accs)
        return false;
    d->totals = d->accs + accs;
    d->kept = d->of.exclusive && d->of.in == d->of.out ? d->accs + (d->touched + 2) * d->stride : NULL;
    memset(d->totals, 0, bytes);
    return true;
}

static int run(struct scan *d, void *total, const crew_options *opt)
{
    const crew_dist *x = d->x;
    const crew_mpi *m = x->m;
    const size_t size = x->size, block = d->blocks.size;
    d->stride = size + (ALIGN - size % ALIGN) % ALIGN;
    d->first = x->begin / block;
    d->touched = x->begin < x->end ? (x->end - 1) / block + 1 - d->first : 0;
    size_t *firsts = malloc(((size_t)m->ranks + 1) * sizeof *firsts);
    for (int r = 0; firsts && r <= m->ranks; r++)
        firsts[r] = x->offsets[r] == x->n ? d->blocks.count : x->offsets[r] / block;
    int code = crew__agree_on(m->comm, firsts && d->stride >= size && take_memory(d) ? 0 : -ENOMEM);
    if (code == 0)
        code = crew__head_open(x, block, &d->head, &d->before);
    if (code == 0)
        code = run_passes(d, firsts, opt);
    if (code == 0) {
        const int last = crew__dist_find(x, x->n - 1);
        char *whole = d->accs + (m->rank == last ? d->touched - 1 : 0) * d->stride;
        code = crew__mpi_bcast(m, whole, size, last);
        if (code == 0 && total)
            memcpy(total, whole, size);
    }
    free(firsts);
    crew_free(d->accs);
    crew_free(d->head);
    return code;
}

static int scan(const crew_dist *in, crew_dist *out, const crew_scanner *s, void *ctx, void *total, bool exclusive,
                const crew_options *opt)
{
    int code = in && out && s && s->combine ? crew__mpi_check(in->m) : -EINVAL;
    if (code)
        return code;
    if (in->size != out->size || !crew__dist_alike(in, out) || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    if (in->n == 0) {
        if (total)
            crew__scan_start(s, total, in->size);
        return 0;
    }
    struct scan d = {.of = {&crew__scan_steps_any_dist, s, ctx, in->items, NULL, out->items, in->size,
                            in->end - in->begin, exclusive},
                     .x = in,
                     .blocks = crew__scan_cut(in->n, opt ? opt->grain : 0)};
    return run(&d, total, opt);
}

int crew_scan_inclusive_dist(const crew_dist *in, crew_dist *out, const crew_scanner *s, void *ctx, void *total,
                             const crew_options *opt)
{
    return scan(in, out, s, ctx, total, false, opt);
}

int crew_scan_exclusive_dist(const crew_dist *in, crew_dist *out, const crew_scanner *s, void *ctx, void *total,
                             const crew_options *opt)
{
    return scan(in, out, s, ctx, total, true, opt);
}
