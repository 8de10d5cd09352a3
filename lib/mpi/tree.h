/* The tree of a reduction over all ranks. Its leaves are numbered by the array alone; a node of 2^k leaves begins at a
   multiple of 2^k, the last one of each level may have fewer. Ranks have neighbouring ranges of leaves, and each sends
   the results of the largest nodes within its own: who has two halves of a node merges them, left with right. So every
   merge is the one that a single machine makes. */
#ifndef CREW_MPI_TREE_H
#define CREW_MPI_TREE_H

#include "world.h"

struct crew__tree {
    crew_mpi *m;
    const size_t *firsts; /* rank r has the leaves firsts[r] .. firsts[r + 1] - 1 */
    size_t leaves;        /* at least 1 */
    size_t stride;        /* bytes from one value to the next, a multiple of 64 */
    void (*merge)(void *left, const void *right, void *ctx);
    void *ctx;
};

/* At most so many results are in a list: the nodes below one cover it from both sides. */
enum { CREW__TREE_NODES = 8 * 2 * sizeof(size_t) + 2 };

struct crew__tree_list {
    size_t count;
    size_t starts[CREW__TREE_NODES], spans[CREW__TREE_NODES];
    char *values; /* CREW__TREE_NODES of them */
};

/* Where the next node begins and how many leaves it has, 0 where there is none: the largest that begins at leaf `at`
   and ends at `to` at most. The last may be said to have more leaves than there are. */
size_t crew__tree_span(const struct crew__tree *t, size_t at, size_t to);

/* The place of the value that is added next. */
char *crew__tree_next(const struct crew__tree *t, struct crew__tree_list *list);

/* Adds a node whose value stands there, and merges what becomes whole. */
void crew__tree_add(const struct crew__tree *t, struct crew__tree_list *list, size_t start, size_t span);

/* Merges the lists of all ranks; list->values[0] becomes the whole result on all. Collective. Returns 0 or -EIO. */
int crew__tree_join(const struct crew__tree *t, struct crew__tree_list *list);

#endif
