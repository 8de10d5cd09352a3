/* A graph as it is built: nodes, edges, and the order that they give. */
#define _POSIX_C_SOURCE 200809L
#include "graph.h"
#include "../base/memory.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* Where the node is not there: false. */
static bool has(const crew_graph *g, size_t node)
{
    return g && node < g->count;
}

crew_graph *crew_graph_open(void)
{
    crew_graph *g = malloc(sizeof *g);
    if (g)
        *g = (crew_graph){.sorted = true};
    else
        errno = ENOMEM;
    return g;
}

void crew_graph_close(crew_graph *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->name_room; i++)
        free(g->names[i]);
    free(g->names);
    free(g->seconds);
    free(g->nodes);
    free(g->ready);
    free(g->edges);
    free(g->targets);
    free(g->order);
    free(g);
}

/* Room for one more in an array that grows by doubling. False without memory. */
static bool make_room(void **array, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return true;
    size_t more = *room ? *room * 2 : 64, bytes;
    void *moved = crew__mul(more, size, &bytes) ? realloc(*array, bytes) : NULL;
    if (!moved)
        return false;
    *array = moved;
    *room = more;
    return true;
}

int crew_graph_add(crew_graph *g, crew_task_fn *fn, void *arg, size_t *node)
{
    if (!g || !fn)
        return -EINVAL;
    if (CREW__LOAD(&g->running, relaxed))
        return -EBUSY;
    if (g->count >= INT_MAX - 1)
        return -EOVERFLOW;
    void *nodes = g->nodes;
    if (!make_room(&nodes, sizeof *g->nodes, g->count, &g->room))
        return -ENOMEM;
    g->nodes = nodes;
    g->nodes[g->count] = (struct crew__node){.fn = fn, .arg = arg};
    if (node)
        *node = g->count;
    g->count++;
    g->sorted = false;
    return 0;
}

int crew_graph_edge(crew_graph *g, size_t before, size_t after)
{
    if (!has(g, before) || !has(g, after) || before == after)
        return -EINVAL;
    if (CREW__LOAD(&g->running, relaxed))
        return -EBUSY;
    if (g->nedges >= INT_MAX - 1)
        return -EOVERFLOW;
    void *edges = g->edges;
    if (!make_room(&edges, sizeof *g->edges, g->nedges, &g->edge_room))
        return -ENOMEM;
    g->edges = edges;
    g->edges[g->nedges++] = (struct crew__edge){(uint32_t)before, (uint32_t)after};
    g->sorted = false;
    return 0;
}

int crew_graph_edges(crew_graph *g, const size_t (*edges)[2], size_t n)
{
    if (!g || (!edges && n > 0))
        return -EINVAL;
    size_t had = g->nedges;
    int error = CREW__LOAD(&g->running, relaxed) ? -EBUSY : 0;
    for (size_t i = 0; i < n && error == 0; i++)
        error = crew_graph_edge(g, edges[i][0], edges[i][1]);
    if (error)
        g->nedges = had; /* what they sorted is not asked before the next sort, which a new edge has asked for */
    return error;
}

size_t crew_graph_size(const crew_graph *g)
{
    return g ? g->count : 0;
}

int crew_graph_skip(crew_graph *g, size_t node, bool skip)
{
    if (!has(g, node))
        return -EINVAL;
    CREW__STORE(&g->nodes[node].skip, skip, relaxed);
    return 0;
}

/* The targets of each node's edges one after the other, and the nodes in an order that respects the edges. */
static int sort(crew_graph *g)
{
    free(g->targets);
    free(g->order);
    free(g->ready);
    g->targets = malloc((g->nedges + 1) * sizeof *g->targets);
    g->order = malloc((g->count + 1) * sizeof *g->order);
    size_t bytes;
    g->ready = crew__mul(g->count + 1, sizeof *g->ready, &bytes) ? malloc(bytes) : NULL;
    if (!g->targets || !g->order || !g->ready)
        return -ENOMEM;
    for (size_t i = 0; i < g->count; i++) {
        g->nodes[i].end = 0;
        g->nodes[i].before = 0;
    }
    for (size_t i = 0; i < g->nedges; i++) {
        g->nodes[g->edges[i].before].end++;
        g->nodes[g->edges[i].after].before++;
    }
    uint32_t at = 0;
    for (size_t i = 0; i < g->count; i++) {
        at += g->nodes[i].end;
        g->nodes[i].first = g->nodes[i].end = at - g->nodes[i].end;
    }
    for (size_t i = 0; i < g->nedges; i++)
        g->targets[g->nodes[g->edges[i].before].end++] = g->edges[i].after;

    size_t done = 0, found = 0;
    for (size_t i = 0; i < g->count; i++) {
        CREW__STORE(&g->nodes[i].waiting, g->nodes[i].before, relaxed);
        if (g->nodes[i].before == 0)
            g->order[found++] = (uint32_t)i;
    }
    g->starts = found;
    for (; done < found; done++) {
        const struct crew__node *node = &g->nodes[g->order[done]];
        for (uint32_t e = node->first; e < node->end; e++)
            if (CREW__SUB(&g->nodes[g->targets[e]].waiting, 1, relaxed) == 1)
                g->order[found++] = g->targets[e];
    }
    g->fresh = false;
    if (found < g->count)
        return -ELOOP;
    g->sorted = true;
    return 0;
}

/* Room for every node, and no time in it. */
static int prepare_seconds(crew_graph *g)
{
    if (g->second_room < g->count) {
        double *seconds = realloc(g->seconds, g->count * sizeof *seconds);
        if (!seconds)
            return -ENOMEM;
        g->seconds = seconds;
        g->second_room = g->count;
    }
    for (size_t i = 0; i < g->count; i++)
        g->seconds[i] = -1;
    return 0;
}

int crew__graph_prepare(crew_graph *g)
{
    int error = g->sorted ? 0 : sort(g);
    if (error == 0 && g->seconds)
        error = prepare_seconds(g);
    if (error)
        return error;
    if (!g->fresh) {
        for (size_t i = 0; i < g->count; i++) {
            struct crew__node *node = &g->nodes[i];
            node->code = 0;
            CREW__STORE(&node->waiting, node->before, relaxed);
            CREW__STORE(&node->bad, false, relaxed);
        }
    }
    g->fresh = true;
    return 0;
}
