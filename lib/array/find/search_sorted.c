/* crew_search_sorted, and crew_search_sorted_{f32..u64}, whose binary searches are interleaved. */
#include "../../core/base/fp_environment.h"
#include "../../core/base/memory.h"
#include "../../core/loop/runner.h"
#include "../typed/types.h"
#include <crew/find.h>
#include <errno.h>

enum { TOGETHER = 16 }; /* searches in lockstep: more than a core has misses in flight */

struct search {
    const void *x;
    size_t n;
    const void *query;
    int right;
    size_t *index;
};

/* Comparisons that one search takes, at least 1. */
static size_t steps(size_t n)
{
    size_t steps = 1;
    for (; n > 1; n /= 2)
        steps++;
    return steps;
}

static void search_all(struct search *s, size_t size, size_t m, crew__each_fn *search_queries)
{
    /* Only decides how much is worth a thread: a comparison in the cache, and far more in memory. */
    double step_ns = s->n > ((size_t)1 << 20) / size ? 3 : 0.6;
    struct crew__fp_saved fp = crew__fp_begin();
    crew__each(m, search_queries, s, step_ns * (double)steps(s->n));
    crew__fp_end(&fp);
}

#define TEMPLATE "../find/search_sorted_template.h"
#include "../typed/each_type_template.h"

struct generic {
    int (*cmp)(const void *element, const void *query, void *ctx); /* first: by_site */
    const char *x, *query;
    size_t size, n, query_size;
    void *ctx;
    int limit; /* an element that compares below it comes before the query */
    size_t *index;
};

static int search_generic(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct generic *g = ctx;
    (void)failed;
    for (size_t q = begin; q < end; q++) {
        const char *query = g->query + q * g->query_size;
        size_t at = 0;
        for (size_t left = g->n; left > 0;) {
            size_t half = left / 2;
            if (g->cmp(g->x + (at + half) * g->size, query, g->ctx) < g->limit) {
                at += half + 1;
                left -= half + 1;
            } else {
                left = half;
            }
        }
        g->index[q] = at;
    }
    return 0;
}

int crew_search_sorted(const void *x, size_t size, size_t n, const void *query, size_t query_size, size_t m,
                       int (*cmp)(const void *element, const void *query, void *ctx), void *ctx, crew_side side,
                       size_t *index, const crew_options *opt)
{
    size_t x_bytes, query_bytes, index_bytes;
    if (!cmp || size == 0 || query_size == 0 || (n > 0 && !x) || (m > 0 && (!query || !index)) ||
        (side != CREW_LEFT && side != CREW_RIGHT))
        return -EINVAL;
    if (!crew__array_bytes(n, size, &x_bytes) || !crew__array_bytes(m, query_size, &query_bytes) ||
        !crew__array_bytes(m, sizeof *index, &index_bytes))
        return -EOVERFLOW;
    if (crew__overlap(x, x_bytes, index, index_bytes) || crew__overlap(query, query_bytes, index, index_bytes))
        return -EINVAL;
    struct generic g = {cmp, x, query, size, n, query_size, ctx, side == CREW_RIGHT, index};
    struct crew__loop loop = {.n = m, .fn = search_generic, .ctx = &g, .opt = opt, .by_site = CREW__BY_ITEM};
    return crew__run(&loop);
}
