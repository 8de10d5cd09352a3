/* Names, times and the picture of a graph. */
#define _POSIX_C_SOURCE 200809L
#include "graph.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int crew_graph_name(crew_graph *g, size_t node, const char *name)
{
    if (!g || node >= g->count)
        return -EINVAL;
    if (CREW__LOAD(&g->running, relaxed))
        return -EBUSY;
    if (g->name_room <= node) {
        size_t room = g->count > 2 * g->name_room ? g->count : 2 * g->name_room;
        char **names = realloc(g->names, room * sizeof *names);
        if (!names)
            return -ENOMEM;
        for (size_t i = g->name_room; i < room; i++)
            names[i] = NULL;
        g->names = names;
        g->name_room = room;
    }
    char *copy = name ? malloc(strlen(name) + 1) : NULL;
    if (name && !copy)
        return -ENOMEM;
    if (copy)
        memcpy(copy, name, strlen(name) + 1);
    free(g->names[node]);
    g->names[node] = copy;
    return 0;
}

int crew_graph_measure(crew_graph *g, bool on)
{
    if (!g)
        return -EINVAL;
    if (CREW__LOAD(&g->running, relaxed))
        return -EBUSY;
    if (!on) {
        free(g->seconds);
        g->seconds = NULL;
        g->second_room = 0;
        return 0;
    }
    if (g->seconds)
        return 0;
    size_t room = g->count > 0 ? g->count : 1;
    g->seconds = malloc(room * sizeof *g->seconds);
    if (!g->seconds)
        return -ENOMEM;
    g->second_room = room;
    for (size_t i = 0; i < room; i++)
        g->seconds[i] = -1;
    return 0;
}

double crew_graph_seconds(const crew_graph *g, size_t node)
{
    return g && node < g->count && node < g->second_room ? g->seconds[node] : -1;
}

int crew_graph_failed(const crew_graph *g, size_t *node)
{
    for (size_t i = 0; g && i < g->count; i++)
        if (g->nodes[i].code) {
            if (node)
                *node = i;
            return g->nodes[i].code;
        }
    return 0;
}

/* As the inside of a string of Graphviz. */
static void put_label(const char *name, FILE *out)
{
    for (; *name; name++) {
        if (*name == '\n') {
            fputs("\\n", out);
            continue;
        }
        if (*name == '"' || *name == '\\')
            putc('\\', out);
        putc(*name, out);
    }
}

int crew_graph_dot(const crew_graph *g, FILE *out)
{
    if (!g || !out)
        return -EINVAL;
    if (CREW__LOAD(&g->running, relaxed))
        return -EBUSY;
    fputs("digraph crew {\n    node [shape=box];\n", out);
    for (size_t i = 0; i < g->count; i++) {
        const struct crew__node *node = &g->nodes[i];
        double seconds = crew_graph_seconds(g, i);
        fprintf(out, "    %zu [label=\"", i);
        if (i < g->name_room && g->names[i])
            put_label(g->names[i], out);
        else
            fprintf(out, "%zu", i);
        if (seconds >= 0)
            fprintf(out, "\\n%.3f ms", 1e3 * seconds);
        fprintf(out, "\"%s%s];\n", node->code ? ", color=red" : "",
                CREW__LOAD(&node->skip, relaxed) ? ", style=dashed" : "");
    }
    for (size_t i = 0; i < g->nedges; i++)
        fprintf(out, "    %u -> %u;\n", (unsigned)g->edges[i].before, (unsigned)g->edges[i].after);
    fputs("}\n", out);
    return ferror(out) ? -EIO : 0;
}
