/* The wavefront as a oneTBB flow graph of a continue_node a cell, made once and run again and again. */
#include "task_work.h"
#include "tasks.h"

#include <deque>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>

using node = tbb::flow::continue_node<tbb::flow::continue_msg>;

static size_t iterations;

/* For the one size that a driver is asked for. */
struct wavefront_graph {
    tbb::flow::graph graph;
    std::deque<node> nodes;

    explicit wavefront_graph(const cells *c)
    {
        for (size_t i = 0; i < c->side; i++)
            for (size_t j = 0; j < c->side; j++) {
                uint64_t *cell = &c->first[i * c->stride + j];
                nodes.emplace_back(graph, [c, cell](const tbb::flow::continue_msg &message) {
                    cells_compute(c, cell, iterations);
                    return message;
                });
                if (i > 0)
                    tbb::flow::make_edge(nodes[(i - 1) * c->side + j], nodes.back());
                if (j > 0)
                    tbb::flow::make_edge(nodes[i * c->side + j - 1], nodes.back());
            }
    }
};

static void wavefront(task_job *job)
{
    static tbb::global_control control(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(job->threads));
    const cells *c = cells_kept(job->n);
    static wavefront_graph wave(c);
    iterations = job->work;
    double start = driver_clock_ns();
    wave.nodes.front().try_put(tbb::flow::continue_msg());
    wave.graph.wait_for_all();
    job->ns = driver_clock_ns() - start;
    job->result = cells_fingerprint(c);
}

extern "C" task_fn *task_find(const char *kernel, const char *variant)
{
    static const task_kernel table[] = {{"wavefront", "tbb", wavefront}, {}};
    return task_find_in(table, kernel, variant);
}
