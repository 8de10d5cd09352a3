/* A simulated machine on which crew's decisions are replayed: see model.c. All times are nanoseconds. */
#ifndef BENCH_MODEL_H
#define BENCH_MODEL_H

#include <stddef.h>
#include <stdint.h>

struct model_costs {
    double block;  /* a block of a team's worker, beside its items */
    double steal;  /* a steal, beside the cache lines that it moves */
    double line;   /* a cache line from another core */
    double launch; /* a region of two threads with nothing to do, from open to closed */
};

/* What came of one run. */
struct model_run {
    double ns;
    size_t blocks, steals;
};

/* Workers in the order of the times at which they go on. */
struct model_queue {
    int count, *workers;
    double *when; /* of each worker */
};

void model_queue_open(struct model_queue *q, int workers);
void model_queue_put(struct model_queue *q, int worker, double when);
int model_queue_take(struct model_queue *q); /* the earliest; the lower one of two */
void model_queue_close(struct model_queue *q);

/* A cache line that one core at a time may write: transfers wait for each other. */
struct model_line {
    int owner;
    double free;
};
double model_write(struct model_line *line, int worker, double now, const struct model_costs *c);

/* When worker `id` of `width` begins in a team that is opened at 0, and when the caller goes on after all have arrived
   at times[]. */
double model_begin(const struct model_costs *c, int id, int width);
double model_end(const struct model_costs *c, const double *times, int width);

/* crew_for over n items, of which item i begins at sum[i] of the work; item_ns > 0: known beforehand. */
struct model_run model_loop(const struct model_costs *c, const double *sum, size_t n, int width, double item_ns);

/* crew_run of a binary tree of that depth: each node forks one half and does the other. */
struct model_run model_tree(const struct model_costs *c, int depth, double leaf, int width);

/* crew_sort by a comparator, with `level` ns an element and level of merging. */
struct model_run model_sort(const struct model_costs *c, size_t n, double level, int width);

#endif
