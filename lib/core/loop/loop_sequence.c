/* Runs the loops of one call under one timeout and one progress. */
#define _POSIX_C_SOURCE 200809L
#include "loop_sequence.h"
#include "../base/clock.h"

struct loop_progress {
    const crew_options *given;
    size_t done, total;
};

/* Every loop counts as much as any other, in units of 2^16. */
static void loop_progress(size_t done, size_t total, void *ctx)
{
    const struct loop_progress *p = ctx;
    const size_t unit = (size_t)1 << 16;
    size_t part = (size_t)((double)done / (double)total * (double)unit);
    if (done < total || p->done + 1 == p->total)
        p->given->progress(p->done * unit + part, p->total * unit, p->given->progress_ctx);
}

void crew__sequence_begin(struct crew__sequence *s, const crew_options *opt, size_t total)
{
    s->given = opt;
    s->deadline = 0;
    s->done = 0;
    s->total = total;
    if (opt) { /* else the rest is not looked at: clearing it takes longer than a small sort */
        s->opt = *opt;
        s->opt.grain = 0;
        s->opt.failed = NULL;
        s->deadline = opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
    }
}

static int run_next(struct crew__sequence *s, struct crew__loop *loop)
{
    struct loop_progress progress = {s->given, s->done++, s->total};
    if (s->given) {
        loop->opt = &s->opt;
        if (s->opt.progress) {
            s->opt.progress = loop_progress;
            s->opt.progress_ctx = &progress;
        }
        if (s->deadline > 0) {
            double left = s->deadline - crew__seconds();
            s->opt.timeout = left > 1e-9 ? left : 1e-9;
        }
    }
    return crew__run(loop);
}

int crew__sequence_each(struct crew__sequence *s, size_t items, crew__each_fn *each, void *ctx, double item_ns)
{
    struct crew__loop loop = {.n = items, .each = each, .ctx = ctx, .item_ns = item_ns};
    return run_next(s, &loop);
}

void crew__no_progress(size_t done, size_t total, void *ctx)
{
    (void)done;
    (void)total;
    (void)ctx;
}
