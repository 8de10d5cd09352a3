/* What the tasks of fork_join and graph compute, whoever runs them. task_rayon.rs has it in Rust. */
#ifndef BENCH_TASK_WORK_H
#define BENCH_TASK_WORK_H

#include <stddef.h>
#include <stdint.h>

enum { QUEENS_MOST = 16 };

/* Queens on the first `placed` rows. */
struct queens {
    int size, placed;
    signed char at[QUEENS_MOST];
};

static inline int queens_may_stand(const struct queens *q, int column)
{
    for (int row = 0; row < q->placed; row++) {
        int distance = q->placed - row, other = q->at[row];
        if (other == column || other == column - distance || other == column + distance)
            return 0;
    }
    return 1;
}

static inline struct queens queens_place(const struct queens *q, int column)
{
    struct queens next = *q;
    next.at[next.placed++] = (signed char)column;
    return next;
}

/* A tree in the manner of the Unbalanced Tree Search benchmark (Olivier et al., doi:10.1007/978-3-540-72521-3_18): a
   hash of its place decides whether a node has TREE_WIDTH children or none. One in TREE_WIDTH has, which is where such
   trees are as uneven as can be; above level TREE_FULL all have, so that it does not end at once. This seed gives 2.9
   million nodes, and a longest path of 2,351. */
enum { TREE_WIDTH = 4, TREE_FULL = 4, TREE_SEED = 14, TREE_NODES = 2858185 };

static inline uint64_t tree_mix(uint64_t v)
{
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

static inline uint64_t tree_root(void)
{
    return tree_mix(TREE_SEED);
}

static inline uint64_t tree_child(uint64_t node, int k)
{
    return tree_mix(node + (uint64_t)(k + 1) * 0x9e3779b97f4a7c15u);
}

static inline int tree_has_children(uint64_t node, int level)
{
    return level < TREE_FULL || node < UINT64_MAX / TREE_WIDTH;
}

/* One cell of the wavefront. Each iteration needs the one before it, so that no compiler shortens or vectorises them.
 */
static inline uint64_t cell_value(uint64_t above, uint64_t left, size_t iterations)
{
    uint64_t v = above + 3 * left + 1;
    for (size_t k = 0; k < iterations; k++)
        v = (v ^ (v >> 29)) * 0xbf58476d1ce4e5b9u;
    return v;
}

/* A square of cells with a border of zeros above and on the left. */
struct cells {
    size_t side, stride; /* stride = side + 1 */
    uint64_t *first;     /* the upper left cell */
};

static inline void cells_compute(const struct cells *c, uint64_t *cell, size_t iterations)
{
    *cell = cell_value(cell[-(ptrdiff_t)c->stride], cell[-1], iterations);
}

/* Items that a stream may have between its source and its sink. */
enum { STREAM_TOKENS = 16 };

#ifdef __cplusplus
extern "C" {
#endif

/* Allocates n cells of value 0, n a square; NULL first: no memory. */
struct cells cells_open(size_t n);

/* The same cells at each call. */
const struct cells *cells_kept(size_t n);

/* Sees every cell. Whole, below 2^53. */
double cells_fingerprint(const struct cells *c);

#ifdef __cplusplus
}
#endif
#endif
