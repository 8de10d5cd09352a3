/* The wavefront as a crew_graph of a node a cell, made once and run again and again. */
#include "task_work.h"
#include "tasks.h"

#include <crew/graph.h>
#include <stdio.h>
#include <stdlib.h>

static const struct cells *cells;
static size_t iterations;

static int compute(void *arg)
{
    cells_compute(cells, arg, iterations);
    return 0;
}

static void check(int code, const char *what)
{
    if (code != 0) {
        fprintf(stderr, "%s: %s\n", what, crew_strerror(code));
        exit(1);
    }
}

static crew_graph *make(void)
{
    crew_graph *g = crew_graph_open();
    for (size_t i = 0; i < cells->side; i++)
        for (size_t j = 0; j < cells->side; j++) {
            size_t node;
            check(crew_graph_add(g, compute, &cells->first[i * cells->stride + j], &node), "crew_graph_add");
            if (i > 0)
                check(crew_graph_edge(g, node - cells->side, node), "crew_graph_edge");
            if (j > 0)
                check(crew_graph_edge(g, node - 1, node), "crew_graph_edge");
        }
    return g;
}

static void wavefront(struct task_job *job)
{
    static crew_graph *graph;
    static size_t size;
    if (size != job->n) {
        crew_graph_close(graph);
        cells = cells_kept(job->n);
        graph = make();
        size = job->n;
    }
    iterations = job->work;
    double start = driver_clock_ns();
    check(crew_graph_run(graph, &(crew_options){.threads = job->threads}), "crew_graph_run");
    job->ns = driver_clock_ns() - start;
    job->result = cells_fingerprint(cells);
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {{"wavefront", "crew", wavefront}, {0}};
    return task_find_in(table, kernel, variant);
}
