/* Typed reductions over ranks, whatever the type. Each rank reduces the largest nodes of the tree that lie within its
   part, with the team's threads, and the tree does the rest. */
#include "typed_tree.h"
#include "agree.h"
#include "border.h"
#include "tree.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STRIDE = 64 };

struct node {
    _Alignas(STRIDE) struct crew__partial partial;
};
_Static_assert(sizeof(struct node) == STRIDE, "a tree's values are 64 bytes apart");

static void merge(void *left, const void *right, void *ctx)
{
    const struct crew__typed *t = ctx;
    t->merge(left, right);
}

static int share(const struct crew__typed *t, const crew_dist *x, const struct crew__blocks *xs,
                 const struct crew__blocks *ys, const crew_dist *y, const double *factor, size_t *firsts,
                 struct crew__partial *out)
{
    struct node nodes[2 * CREW__TREE_NODES];
    memset(nodes, 0, sizeof nodes);
    for (int r = 0; r <= x->m->ranks; r++)
        firsts[r] = crew__blocks_below(x->offsets[r], CREW__LEAF);
    struct crew__tree tree = {x->m, firsts, crew__blocks_below(x->n, CREW__LEAF), STRIDE, merge, (void *)(uintptr_t)t};
    struct crew__tree_list list;
    list.count = 0;
    list.values = (char *)nodes;
    const size_t whole = xs->last ? xs->end - 1 : xs->end;
    for (size_t at = xs->first, span; at < xs->end; at += span) {
        span = at < whole ? crew__tree_span(&tree, at, whole) : crew__tree_span(&tree, at, xs->end);
        /* Of a leaf that is not whole here only one may be done at a time. */
        size_t count, begin = at * CREW__LEAF;
        const char *p = crew__block_at(xs, x, at, &count), *q = ys ? crew__block_at(ys, y, at, &count) : p;
        q = t->op == CREW__SQUARES ? (const char *)factor : q;
        if (at < whole)
            count = (x->end - begin) / CREW__LEAF < span ? x->end - begin : span * CREW__LEAF;
        struct crew__partial *partial = (struct crew__partial *)(void *)crew__tree_next(&tree, &list);
        crew__reduce_typed(t, p, q, count, partial);
        if (t->op == CREW__LOWEST || t->op == CREW__HIGHEST)
            partial->u.leaf = begin + crew__find_typed(t, p, count, partial->u.leaf, &partial->value);
        crew__tree_add(&tree, &list, at, span);
    }
    int code = crew__tree_join(&tree, &list);
    *out = nodes[0].partial;
    return code;
}

int crew__reduce_typed_dist(const struct crew__typed *t, const crew_dist *x, const crew_dist *y, const double *factor,
                            struct crew__partial *out)
{
    y = y == x ? NULL : y; /* what travels travels once */
    struct crew__blocks xs, ys = {0, 0, 0, NULL};
    size_t *firsts = malloc(((size_t)x->m->ranks + 1) * sizeof *firsts);
    int code = crew__agree_on(x->m->comm, firsts ? 0 : -ENOMEM);
    if (code == 0)
        code = crew__blocks_open(&xs, x, CREW__LEAF);
    if (code) {
        free(firsts);
        return code;
    }
    if (y)
        code = crew__blocks_open(&ys, y, CREW__LEAF);
    if (code == 0)
        code = share(t, x, &xs, y ? &ys : NULL, y, factor, firsts, out);
    crew__blocks_close(&xs);
    crew__blocks_close(&ys);
    free(firsts);
    return code;
}
