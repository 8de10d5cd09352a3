/* The tree of a reduction over all ranks: binomial over the ranks, in the shape that the leaves' numbers give. */
#include "tree.h"
#include "transfer.h"
#include <string.h>

/* A range that ends with the last leaf ends with the tree: then its last node counts as whole. */
static size_t end_of(const struct crew__tree *t, size_t to)
{
    size_t end = 1;
    if (to < t->leaves)
        return to;
    while (end < t->leaves)
        end *= 2;
    return end;
}

size_t crew__tree_span(const struct crew__tree *t, size_t at, size_t to)
{
    const size_t end = end_of(t, to);
    size_t span = 1;
    if (at >= to)
        return 0;
    while (at % (2 * span) == 0 && end - at >= 2 * span)
        span *= 2;
    return span;
}

char *crew__tree_next(const struct crew__tree *t, struct crew__tree_list *list)
{
    return list->values + list->count * t->stride;
}

void crew__tree_add(const struct crew__tree *t, struct crew__tree_list *list, size_t start, size_t span)
{
    list->starts[list->count] = start;
    list->spans[list->count] = span;
    list->count++;
    for (;;) {
        const size_t right = list->count - 1, left = right - 1;
        /* Nothing comes behind the last leaf, so the node that it is in is whole as far as it goes. */
        if (list->spans[right] >= t->leaves - list->starts[right])
            list->spans[right] = crew__tree_span(t, list->starts[right], t->leaves);
        if (right == 0 || list->spans[left] != list->spans[right] || list->starts[left] % (2 * list->spans[left]) != 0)
            return;
        t->merge(list->values + left * t->stride, list->values + right * t->stride, t->ctx);
        list->spans[left] *= 2;
        list->count--;
    }
}

static size_t count_nodes(const struct crew__tree *t, size_t from, size_t to)
{
    size_t nodes = 0;
    for (size_t at = from, span; (span = crew__tree_span(t, at, to)) > 0; at += span)
        nodes++;
    return nodes;
}

/* Receives what the ranks from .. to-1 have together, and adds it. The next value's place is where it stands already,
   but for those that a merge has made room for. */
static int receive(const struct crew__tree *t, struct crew__tree_list *list, int from, int to)
{
    const size_t first = t->firsts[from], end = t->firsts[to];
    char *values = crew__tree_next(t, list);
    int code = crew__mpi_receive(t->m, values, count_nodes(t, first, end) * t->stride, from);
    for (size_t at = first, span; code == 0 && (span = crew__tree_span(t, at, end)) > 0; at += span) {
        char *place = crew__tree_next(t, list);
        if (place != values)
            memmove(place, values, t->stride);
        values += t->stride;
        crew__tree_add(t, list, at, span);
    }
    return code;
}

int crew__tree_join(const struct crew__tree *t, struct crew__tree_list *list)
{
    const crew_mpi *m = t->m;
    int code = 0;
    for (int step = 1; step < m->ranks && code == 0; step *= 2) {
        if (m->rank & step) {
            code = crew__mpi_send(m, list->values, list->count * t->stride, m->rank - step);
            break;
        }
        if (m->rank + step < m->ranks)
            code = receive(t, list, m->rank + step, m->rank + 2 * step < m->ranks ? m->rank + 2 * step : m->ranks);
    }
    int sent = crew__mpi_bcast(m, list->values, t->stride, 0);
    return code ? code : sent;
}
