/* crew_scan_{inclusive,exclusive}_{sum,product,min,max}_dist_{f32..u64}. */
#include "../array/typed/exact_rounding.h"

#include "../array/scan/scan_typed.h"
#include "../core/base/compiler.h"
#include "../core/base/fp_environment.h"
#include "agree.h"
#include "border.h"
#include <crew/for.h>
#include <crew/move.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A leaf belongs to the rank that has its last element, which gets those before its part. */
struct scan {
    const struct crew__scan_kernel *kernel;
    const crew_dist *x;
    crew_dist *out;
    size_t exclusive;
    union crew__scalar start;
    size_t leaves, first, end; /* of this rank */
    char *head;          /* the first leaf, where this part begins inside it: what lies before, and what is here */
    size_t before, here; /* elements of it */
    union crew__scalar *totals; /* of all leaves, in the end */
};

static size_t leaves_below(const struct scan *s, size_t item)
{
    return item == s->x->n ? s->leaves : item / CREW__SCAN_LEAF;
}

static size_t leaf_items(const struct scan *s, size_t leaf)
{
    const size_t left = s->x->n - leaf * CREW__SCAN_LEAF;
    return left < CREW__SCAN_LEAF ? left : CREW__SCAN_LEAF;
}

static int total_leaves(size_t begin, size_t end, void *ctx)
{
    const struct scan *s = ctx;
    for (size_t leaf = s->first + begin; leaf < s->first + end; leaf++) {
        const size_t at = leaf * CREW__SCAN_LEAF;
        const char *items = at < s->x->begin ? s->head : s->x->items + (at - s->x->begin) * s->x->size;
        s->kernel->total(items, leaf_items(s, leaf), &s->totals[leaf]);
    }
    return 0;
}

/* The first leaf side by side. */
static int open_head(struct scan *s)
{
    const crew_dist *x = s->x;
    char *before;
    int code = crew__head_open(x, CREW__SCAN_LEAF, &before, &s->before);
    if (code)
        return code;
    s->here = CREW__SCAN_LEAF - s->before;
    s->here = s->before == 0 ? 0 : s->here < x->end - x->begin ? s->here : x->end - x->begin;
    s->head = s->before > 0 ? crew_alloc(s->before + s->here, x->size) : NULL;
    code = crew__agree_on(x->m->comm, s->before > 0 && !s->head ? -ENOMEM : 0);
    if (code == 0 && s->before > 0) {
        memcpy(s->head, before, s->before * x->size);
        memcpy(s->head + s->before * x->size, x->items, s->here * x->size);
    }
    crew_free(before);
    return code;
}

static int gather_totals(struct scan *s)
{
    const crew_mpi *m = s->x->m;
    int *counts = malloc(2 * (size_t)m->ranks * sizeof *counts), *places = counts ? counts + m->ranks : NULL;
    int code = crew__agree_on(m->comm, counts ? 0 : -ENOMEM);
    for (int r = 0; code == 0 && r < m->ranks; r++) {
        size_t first = leaves_below(s, s->x->offsets[r]);
        places[r] = (int)first;
        counts[r] = (int)(leaves_below(s, s->x->offsets[r + 1]) - first);
    }
    if (code == 0) {
        const size_t own = s->end - s->first;
        uint64_t *mine = malloc((own + 1) * sizeof *mine);
        code = crew__agree_on(m->comm, mine ? 0 : -ENOMEM);
        if (code == 0) {
            memcpy(mine, s->totals + s->first, own * sizeof *mine);
            code = crew__mpi_code(
                MPI_Allgatherv(mine, (int)own, MPI_UINT64_T, s->totals, counts, places, MPI_UINT64_T, m->comm));
        }
        free(mine);
    }
    free(counts);
    return code;
}

static CREW__NOINLINE void scan_part(const struct scan *s, union crew__scalar *total)
{
    const crew_dist *x = s->x;
    union crew__scalar prefix = s->start;
    const size_t leaf = x->begin / CREW__SCAN_LEAF, size = x->size;
    for (size_t l = 0; l < leaf && l < s->leaves; l++)
        s->kernel->join(&prefix, &s->totals[l]);
    struct crew__scan scan = {
        .kernel = s->kernel, .size = size, .exclusive = s->exclusive, .start = s->start, .before = &prefix};
    if (s->before > 0) {
        scan.x = scan.out = s->head;
        scan.n = s->before + s->here;
        crew__scan_typed(&scan);
        memcpy(s->out->items, s->head + s->before * size, s->here * size);
        s->kernel->join(&prefix, &s->totals[leaf]);
    }
    scan.x = x->items + s->here * size;
    scan.out = s->out->items + s->here * size;
    scan.n = x->end - x->begin - s->here;
    if (scan.n > 0)
        crew__scan_typed(&scan);
    *total = s->start;
    for (size_t l = 0; l < s->leaves; l++)
        s->kernel->join(total, &s->totals[l]);
}

/* Totals of leaves are 8 bytes for 16384 elements: every rank has them all, and adds them in the order of the leaves.
 */
static int run(struct scan *s, union crew__scalar *total)
{
    const crew_mpi *m = s->x->m;
    s->leaves = s->x->n / CREW__SCAN_LEAF + (s->x->n % CREW__SCAN_LEAF != 0);
    if (s->leaves > INT_MAX)
        return -EOVERFLOW;
    s->first = leaves_below(s, s->x->begin);
    s->end = leaves_below(s, s->x->end);
    s->totals = malloc(s->leaves * sizeof *s->totals);
    int code = crew__agree_on(m->comm, s->totals ? 0 : -ENOMEM);
    if (code == 0)
        code = open_head(s);
    if (code == 0) {
        memset(s->totals, 0, s->leaves * sizeof *s->totals);
        crew_for(s->end - s->first, total_leaves, s, NULL);
        code = gather_totals(s);
    }
    if (code == 0)
        scan_part(s, total);
    free(s->totals);
    crew_free(s->head);
    return code;
}

static int check(const crew_dist *x, const crew_dist *out, size_t size)
{
    int code = x && out ? crew__mpi_check(x->m) : -EINVAL;
    if (code)
        return code;
    return x->size == size && out->size == size && crew__dist_alike(x, out) ? 0 : -EINVAL;
}

#define TEMPLATE "../../mpi/dist_scan_template.h"
#include "../array/typed/each_type_template.h"
