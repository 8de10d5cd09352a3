/* Set operations in parts of the merged sequence: the filter's engine puts what each part gives in its place. */
#include "set_engine.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../filter/filter_engine.h"
#include <stdatomic.h>

enum { PART_BYTES = 1 << 18, LEAST_PART = 4096, PARTS = 64 };

/* Finding where a part begins takes a microsecond, so parts are large. They fit the buffers of the filter. */
static size_t part_of(size_t n, size_t size)
{
    size_t most = PART_BYTES / size, part = n / PARTS > LEAST_PART ? n / PARTS : LEAST_PART;
    part = part < most ? part : most;
    return part > 0 ? part : 1;
}

static size_t do_part(const struct crew__set *s, size_t begin, size_t end, char *out)
{
    const size_t n = s->na + s->nb, size = s->o.step;
    const char *a = s->na > 0 ? s->a : s->b, *b = s->nb > 0 ? s->b : s->a; /* may be NULL where it is empty */
    size_t i = 0, j = 0, i_end = s->na, j_end = s->nb;
    if (begin > 0)
        s->steps->split(a, s->na, b, s->nb, begin, &i, &j, &s->o);
    if (end < n)
        s->steps->split(a, s->na, b, s->nb, end, &i_end, &j_end, &s->o);
    if (i_end < i || j_end < j) /* not sorted */
        return 0;
    return s->steps->part(a + i * size, i_end - i, b + j * size, j_end - j, out, end - begin, &s->o);
}

static size_t produce(size_t begin, size_t end, char *out, void *ctx)
{
    return do_part(ctx, begin, end, out);
}

struct count {
    const struct crew__set *s;
    struct crew__cut parts;
    int stop; /* at the first element */
    atomic_size_t count;
};

static int count_parts(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct count *c = ctx;
    for (size_t p = begin; p < end; p++) {
        size_t found = do_part(c->s, crew__cut_begin(&c->parts, p), crew__cut_end(&c->parts, p), NULL);
        atomic_fetch_add_explicit(&c->count, found, memory_order_relaxed);
        *failed = p;
        if (found > 0 && c->stop)
            return 1;
    }
    return 0;
}

static int count(const struct crew__set *s, int stop, size_t *found)
{
    struct count c = {.s = s, .stop = stop};
    const size_t n = s->na + s->nb;
    crew_options own = s->opt ? *s->opt : (crew_options){0};
    c.parts = crew__cut_by(n, part_of(n, s->o.step));
    own.grain = crew__cut_by(own.grain, c.parts.size).count;
    own.failed = NULL;
    atomic_store_explicit(&c.count, 0, memory_order_relaxed);
    int code = crew__run(&(struct crew__loop){.n = c.parts.count,
                                              .fn = count_parts,
                                              .ctx = &c,
                                              .opt = s->opt ? &own : NULL,
                                              .in_order = stop != 0,
                                              .item_ns = s->item_ns * (double)c.parts.size,
                                              .per_item = c.parts.size,
                                              .total = n});
    *found = atomic_load_explicit(&c.count, memory_order_relaxed);
    return code;
}

int crew__set_run(const struct crew__set *s, size_t *found)
{
    if (!s->out)
        return count(s, 0, found);
    const size_t n = s->na + s->nb;
    struct crew__filter f = {.out = s->out,
                             .size = s->o.step,
                             .n = n,
                             .block = part_of(n, s->o.step),
                             .produce = produce,
                             .ctx = (void *)(uintptr_t)s,
                             .item_ns = s->item_ns,
                             .cannot_fail = s->cannot_fail};
    crew_options own;
    if (s->opt) {
        own = *s->opt;
        own.failed = NULL;
        f.opt = &own;
    }
    return crew__filter_run(&f, found);
}

int crew__set_none(const struct crew__set *s, bool *none)
{
    size_t found;
    int code = count(s, 1, &found);
    *none = found == 0;
    return found > 0 ? 0 : code;
}
