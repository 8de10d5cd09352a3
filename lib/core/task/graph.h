/* A graph as it is built and as it runs. */
#ifndef CREW_TASK_GRAPH_H
#define CREW_TASK_GRAPH_H

#include "../base/atomics.h"
#include "../base/progress_call.h"
#include <crew/graph.h>
#include <stddef.h>
#include <stdint.h>

/* Small: a run of a large graph of little work takes the time in which these go through memory. */
struct crew__node {
    crew_task_fn *fn;
    void *arg;
    uint32_t first, end; /* its edges in targets */
    int before;          /* edges that lead to it */
    int code;            /* what fn returned in this run */
    atomic_int waiting;  /* edges that lead to it from nodes that have not ended */
    atomic_bool bad;     /* one of those did not run, or failed */
    atomic_bool skip;    /* the user's wish */
};

/* A node that waits, ready, for a worker. Most never do, and nobody touches what they have of this. */
struct crew__ready {
    crew_task task;
    crew_graph *graph;
    struct crew__ready *kept; /* the next one of those that a worker keeps to itself */
};

struct crew__edge {
    uint32_t before, after;
};

struct crew_graph {
    struct crew__node *nodes;
    struct crew__ready *ready; /* of each node */
    struct crew__edge *edges;
    size_t count, room, nedges, edge_room;
    char **names; /* of each node, NULL: none; NULL where no node has one */
    size_t name_room;
    double *seconds; /* of each node in the last run; NULL: not measured */
    size_t second_room;
    bool sorted; /* the rest is right */
    uint32_t *targets, *order;
    size_t starts;       /* nodes without edges to them: the first in order */
    bool fresh;          /* all nodes are as at the beginning of a run */
    atomic_bool running; /* one run at a time */
    /* a run's */
    const crew_cancel *cancel;
    double deadline;         /* crew__seconds(); 0: none */
    atomic_int left;         /* nodes that have not ended */
    crew_progress *progress; /* NULL: none */
    void *progress_ctx;
    struct crew__progress_call call;
    int64_t quiet, quiet_until; /* ticks between two reports; before the next one, under reporting */
    atomic_flag reporting;
    atomic_size_t ended; /* nodes, for progress only */
    atomic_int stopped;  /* -ECANCELED or -ETIMEDOUT */
    atomic_bool skipped; /* a node did not run because of skip */
    atomic_bool failed;  /* a node's code is not 0 */
};

/* Sorts after a change, and sets every node back to the beginning unless they are there. 0, -ELOOP, -ENOMEM. */
int crew__graph_prepare(crew_graph *g);

#endif
