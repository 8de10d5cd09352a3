/* crew_filter_dist, crew_count_if_dist, crew_find_first_dist, crew_find_dist_{f32..u64}. */
#include "../array/typed/types.h"
#include "agree.h"
#include "dist.h"
#include <crew/filter.h>
#include <crew/find.h>
#include <crew/move.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct shifted {
    crew_predicate *pred;
    void *ctx;
    size_t begin;
};

static int ask(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct shifted *s = ctx;
    return s->pred(s->begin + begin, s->begin + end, flags, s->ctx);
}

/* Which item fails is asked for on all ranks, because it decides whose error counts: item by item only where an item
   has failed already, so a call that succeeds does not pay for it. */
static int agree(const crew_dist *d, int code, size_t failed, const crew_options *opt)
{
    failed += failed != SIZE_MAX ? d->begin : 0;
    code = crew__agree_on_item(d->m->comm, code, &failed);
    if (code && failed != SIZE_MAX && opt && opt->failed)
        *opt->failed = failed;
    return code;
}

static size_t failing_item(const crew_dist *d, struct shifted *s)
{
    unsigned char flag;
    for (size_t i = 0; i < d->end - d->begin; i++)
        if (ask(i, i + 1, &flag, s) != 0)
            return i;
    return 0;
}

/* A value of the predicate's own, not an error of crew's that concerns no item. */
static bool of_item(int code)
{
    return code != 0 && code != -ECANCELED && code != -ETIMEDOUT && code != -ENOMEM && code != -EINVAL;
}

int crew_filter_dist(const crew_dist *in, crew_predicate *pred, void *ctx, crew_dist **out, const crew_options *opt)
{
    int code = in && pred && out ? crew__mpi_check(in->m) : -EINVAL;
    if (code)
        return code;
    struct shifted s = {pred, ctx, in->begin};
    size_t count = 0;
    char *kept = crew_alloc(in->end - in->begin, in->size);
    code = crew__agree_on(in->m->comm, kept ? 0 : -ENOMEM);
    if (code == 0) {
        crew_options own = opt ? *opt : (crew_options){0};
        own.failed = NULL;
        code = crew_filter(in->items, kept, in->size, in->end - in->begin, ask, &s, &count, &own);
        code = agree(in, code, of_item(code) ? failing_item(in, &s) : SIZE_MAX, opt);
    }
    if (code == 0) {
        *out = crew_dist_from(in->m, kept, count, in->size);
        code = *out ? 0 : -errno;
    }
    crew_free(kept);
    return code;
}

int crew_count_if_dist(const crew_dist *d, crew_predicate *pred, void *ctx, size_t *count, const crew_options *opt)
{
    int code = d && pred && count ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    struct shifted s = {pred, ctx, d->begin};
    size_t own_count = 0;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = NULL;
    code = crew_count_if(d->end - d->begin, ask, &s, &own_count, &own);
    code = agree(d, code, of_item(code) ? failing_item(d, &s) : SIZE_MAX, opt);
    uint64_t part = own_count, all;
    if (code == 0)
        code = crew__mpi_code(MPI_Allreduce(&part, &all, 1, MPI_UINT64_T, MPI_SUM, d->m->comm));
    if (code == 0)
        *count = (size_t)all;
    return code;
}

/* The lowest of what ranks have found; INT64_MAX: nothing. */
static int lowest(const crew_mpi *m, int64_t own, int64_t *least)
{
    return crew__mpi_code(MPI_Allreduce(&own, least, 1, MPI_INT64_T, MPI_MIN, m->comm));
}

int crew_find_first_dist(const crew_dist *d, crew_predicate *pred, void *ctx, size_t *index, const crew_options *opt)
{
    int code = d && pred && index ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    struct shifted s = {pred, ctx, d->begin};
    const size_t n = d->end - d->begin;
    size_t failed = SIZE_MAX, at = n;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    code = crew_find_first(n, ask, &s, &at, &own);
    /* A hit above a failure of another rank does not count, nor a failure above a hit. */
    int64_t place = INT64_MAX, first;
    if (code == 0 && at < n)
        place = (int64_t)(d->begin + at);
    if (code != 0)
        place = failed != SIZE_MAX ? (int64_t)(d->begin + failed) : INT64_MAX - 1;
    int error = lowest(d->m, place, &first);
    if (error)
        return error;
    bool none = first == INT64_MAX;
    code = agree(d, first == place && !none ? code : 0, failed, opt);
    if (code == 0)
        *index = none ? d->n : (size_t)first;
    return code;
}

#define TEMPLATE "../../mpi/dist_select_template.h"
#include "../array/typed/each_type_template.h"
