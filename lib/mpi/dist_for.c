/* Loops over distributed arrays: crew_for_dist, crew_map_dist. */
#include "agree.h"
#include "dist.h"
#include <crew/for.h>
#include <errno.h>

struct shifted {
    crew_body *body;
    crew_map_fn *fn;
    void *ctx;
    const char *in;
    char *out;
    size_t begin, in_size, out_size;
};

/* The body speaks to crew_fail_at of the array's numbers, crew_for listens for this rank's: so the item is looked for.
 */
static int run_body(size_t begin, size_t end, void *ctx)
{
    const struct shifted *s = ctx;
    int code = s->body(s->begin + begin, s->begin + end, s->ctx);
    size_t failed = begin;
    if (code == 0)
        return 0;
    while (failed < end && s->body(s->begin + failed, s->begin + failed + 1, s->ctx) == 0)
        failed++;
    return crew_fail_at(failed < end ? failed : begin, code);
}

static int run_map(size_t begin, size_t end, void *ctx)
{
    const struct shifted *s = ctx;
    for (size_t i = begin; i < end; i++) {
        int code = s->fn(s->in + i * s->in_size, s->out + i * s->out_size, s->ctx);
        if (code)
            return crew_fail_at(i, code);
    }
    return 0;
}

static int run(const crew_dist *d, crew_body *body, struct shifted *s, const crew_options *opt)
{
    size_t failed = SIZE_MAX;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    int code = crew_for(d->end - d->begin, body, s, &own);
    failed += failed != SIZE_MAX ? d->begin : 0;
    code = crew__agree_on_item(d->m->comm, code, &failed);
    if (code && failed != SIZE_MAX && opt && opt->failed)
        *opt->failed = failed;
    return code;
}

int crew_for_dist(const crew_dist *d, crew_body *body, void *ctx, const crew_options *opt)
{
    int code = d && body ? crew__mpi_check(d->m) : -EINVAL;
    struct shifted s = {.body = body, .ctx = ctx, .begin = d ? d->begin : 0};
    return code ? code : run(d, run_body, &s, opt);
}

int crew_map_dist(const crew_dist *in, crew_dist *out, crew_map_fn *fn, void *ctx, const crew_options *opt)
{
    int code = in && out && fn ? crew__mpi_check(in->m) : -EINVAL;
    if (code)
        return code;
    if (!crew__dist_alike(in, out) || (in == out && in->size != out->size))
        return -EINVAL;
    struct shifted s = {
        .fn = fn, .ctx = ctx, .in = in->items, .out = out->items, .in_size = in->size, .out_size = out->size};
    return run(in, run_map, &s, opt);
}
