/* Task graphs: what must come before what is said once, and run as often as wanted.

   A whole program:

       #include <crew/graph.h>
       #include <stdio.h>

       static int a, b, c;

       static int set_a(void *arg)
       {
           a = *(int *)arg;
           return 0;
       }

       static int set_b(void *arg)
       {
           b = *(int *)arg;
           return 0;
       }

       static int add(void *arg)
       {
           (void)arg;
           c = a + b;
           return 0;
       }

       int main(void)
       {
           int two = 2, three = 3;
           size_t first, second, last;
           crew_graph *g = crew_graph_open();
           int error = !g || crew_graph_add(g, set_a, &two, &first) || crew_graph_add(g, set_b, &three, &second) ||
                       crew_graph_add(g, add, NULL, &last) || crew_graph_edge(g, first, last) ||
                       crew_graph_edge(g, second, last) || crew_graph_run(g, NULL);
           printf("%d\n", c); // prints 5
           crew_graph_close(g);
           return error;
       } */
#ifndef CREW_GRAPH_H
#define CREW_GRAPH_H

#include <crew/executor.h>
#include <crew/options.h>
#include <crew/task.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crew_graph crew_graph;

/* An empty graph; NULL with errno ENOMEM. One thread at a time may use a graph. */
CREW_API crew_graph *crew_graph_open(void);

/* Frees it. NULL does nothing. */
CREW_API void crew_graph_close(crew_graph *g);

/* Adds a node that runs fn(arg), and gives its number in *node (NULL: not asked for): 0, 1, 2, ... in the order of
   adding. Returns 0, -EINVAL (g or fn NULL), -ENOMEM, -EOVERFLOW (more than 2^31 - 2), -EBUSY (the graph
   runs). Amortized O(1). */
CREW_API int crew_graph_add(crew_graph *g, crew_task_fn *fn, void *arg, size_t *node);

/* `after` begins only when `before` has run. The same edge may be added twice. Returns 0, -EINVAL (no such node, or a
   node before itself), -ENOMEM, -EOVERFLOW, -EBUSY. Amortized O(1). */
CREW_API int crew_graph_edge(crew_graph *g, size_t before, size_t after);

/* n edges at once, edges[i][0] before edges[i][1]. Equals crew_graph_edge for each, but that after an error none of
   them is added. n 0: nothing. O(n). */
CREW_API int crew_graph_edges(crew_graph *g, const size_t (*edges)[2], size_t n);

/* Gives a node a name, which is copied; NULL takes it away. Returns 0, -EINVAL, -ENOMEM, -EBUSY. */
CREW_API int crew_graph_name(crew_graph *g, size_t node, const char *name);

/* From now on (`on` true) runs measure how long each node takes, for crew_graph_seconds and crew_graph_dot, which costs
   some 30 ns a node; or no more. Returns 0, -EINVAL, -ENOMEM, -EBUSY. */
CREW_API int crew_graph_measure(crew_graph *g, bool on);

/* What the node's function took in the last run that was measured, in seconds; negative where it did not run then. Not
   during a run. O(1). */
CREW_API double crew_graph_seconds(const crew_graph *g, size_t node);

/* What the lowest node that failed in the last run returned, and its number in *node (NULL: not asked for); 0: none
   failed. Not during a run. O(nodes). */
CREW_API int crew_graph_failed(const crew_graph *g, size_t *node);

/* Writes the graph in the language of Graphviz, for `dot -Tsvg`: nodes with their names, else their numbers, and what
   they took where that was measured; failed ones red, skipped ones dashed. The same text whatever the thread count, but
   for times. Returns 0, -EINVAL, -EBUSY, or -EIO where out has an error. O(nodes + edges). */
CREW_API int crew_graph_dot(const crew_graph *g, FILE *out);

/* Nodes that it has. NULL: 0. */
CREW_API size_t crew_graph_size(const crew_graph *g);

/* From now on (`skip` true) node does not run, nor does what comes after it; or it does again. May be called during a
   run, also from nodes: then it holds for nodes that have not begun. Returns 0 or -EINVAL. Thread safe. */
CREW_API int crew_graph_skip(crew_graph *g, size_t node, bool skip);

/* Runs every node once, each after those that must come before it, on a team as crew_run opens one, or on the workers
   of the team or executor whose task calls. Equals

       for (each node in an order that respects the edges)
           if (all before it ran and returned 0, and it is not skipped)
               code[node] = fn(arg);
       return the code of the lowest node that failed;

   So a failure stops what comes after the node, not the rest, and the return value does not depend on the thread count.
   opt: threads, cancel and timeout as crew_run; progress counts nodes that have ended, name is its label.

   Returns 0; the non-zero value of the lowest node that failed; -ECANCELED where nodes were skipped or the call was
   cancelled, -ETIMEDOUT; -ELOOP where the edges have a cycle (nothing has run); -EINVAL, -ENOMEM. What a node wrote is
   visible to those after it.

   Work O(nodes + edges) and the nodes' own; span that of the longest path. The first run after a change sorts the nodes
   (A. B. Kahn, doi:10.1145/368996.369025); later ones allocate nothing. A graph runs once at a time: -EBUSY, at once,
   where it runs already, be it that one of its own nodes calls. */
CREW_API int crew_graph_run(crew_graph *g, const crew_options *opt);

/* The same on an executor (NULL: the default one): a future whose value is what crew_graph_run returns. NULL with errno
   as crew_submit. The graph must live, unchanged, until it is done. Where the graph still runs when the future's turn
   comes, its value is -EBUSY. */
CREW_API crew_future *crew_graph_submit(crew_executor *ex, crew_graph *g);

#ifdef __cplusplus
}
#endif
#endif
