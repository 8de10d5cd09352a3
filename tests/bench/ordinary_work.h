/* The work of the workload `ordinary`, and the ways to do it: loops as programs have them, few items or cheap ones,
   with pauses between the calls. */
#ifndef BENCH_ORDINARY_WORK_H
#define BENCH_ORDINARY_WORK_H

#include <stddef.h>
#include <stdint.h>

enum operation { OP_FOR, OP_MAP, OP_REDUCE, OP_COUNT, OP_SORT, OP_SCAN, OPERATIONS };

struct work {
    size_t n;
    const uint32_t *steps; /* of item i: dependent multiplications */
    const double *x;       /* what is sorted and scanned */
    double *y;
    double result; /* of reduce and count */
};

typedef void way_fn(struct work *w);

/* NULL: this way has no such operation. */
struct way {
    const char *name;
    way_fn *fn[OPERATIONS];
    int explains; /* 1: what crew's way costs by hand, which it is not compared with */
};

/* crew's first, those that explain last; a NULL name ends it. */
extern const struct way ways[];

/* Called once in the process that measures, before its first call. */
void ways_open(int threads);

/* Nanoseconds of one step. */
double step_ns(void);

#endif
