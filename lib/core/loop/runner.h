/* The block runner: every loop of crew goes through crew__run. */
#ifndef CREW_LOOP_RUNNER_H
#define CREW_LOOP_RUNNER_H

#include "../backend/backend.h"
#include <crew/options.h>
#include <stddef.h>

/* Does items begin .. end-1. On failure returns non-zero and sets *failed to the lowest failing index it knows, which
   starts as begin. */
typedef int crew__block_fn(size_t begin, size_t end, void *ctx, size_t *failed);

/* The same of items that cannot fail. */
typedef void crew__each_fn(size_t begin, size_t end, void *ctx);

enum { CREW__BY_BLOCK = 1, CREW__BY_ITEM };

struct crew__loop {
    size_t n;
    crew__block_fn *fn; /* one of the two is set */
    crew__each_fn *each;
    void *ctx;
    const crew_options *opt; /* as the caller gave it, NULL for the defaults */
    size_t max_block;        /* most items handed to fn at once; 0: no limit */
    double item_ns;          /* what an item costs, where that is known beforehand: no probe; 0: measured */
    size_t first;    /* items that the caller does at once, before it measures or a team opens; 0: none is asked for */
    int part;        /* 1: a step inside a longer call, without a progress bar of its own by CREW_PROGRESS */
    short in_order;  /* 1: threads take blocks of max_block at most from one range, so those below are taken */
    short by_site;   /* ctx begins with the address of the user's callback: what its calls took is remembered for each.
                        CREW__BY_ITEM: of few items, a team opens at once */
    size_t per_item; /* what one item counts as in progress; 0: 1 */
    size_t total;    /* progress: the whole in those units, the last item may be smaller; 0: n * per_item */
};

/* Runs fn over 0 .. n-1 as crew_for documents it, and checks opt. Without options it fails only where fn does. Without
   options and with item_ns, a single item or items that are worth no team are done in one call of fn. */
int crew__run(const struct crew__loop *loop);

/* Does what crew__run does before a team opens, in order on the calling thread; all where none is worth while. *done
   becomes how many, *item_ns what one took where that was measured. For algorithms that are other ones with a team.
   Only where crew__unwatched is true. Returns as crew__run. */
int crew__run_first(const struct crew__loop *loop, size_t *done, double *item_ns);

/* Items that cannot fail, without options, each of which is expected to cost that much. */
static inline void crew__each(size_t n, crew__each_fn *each, void *ctx, double item_ns)
{
    struct crew__loop loop = {.n = n, .each = each, .ctx = ctx, .item_ns = item_ns};
    crew__run(&loop);
}

/* When a team is opened. Fixed for users; tests change it to open a team for every loop. */
struct crew__tuning {
    double block_ns; /* time that one block of a team's worker should take */
    int always_open; /* 1: open a team after the first item, as wide as asked for, whatever the estimate */
};
extern struct crew__tuning crew__tuning;

#endif
