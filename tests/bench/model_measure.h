/* What the model needs of the real machine: costs, and workloads on one and two threads. */
#ifndef BENCH_MODEL_MEASURE_H
#define BENCH_MODEL_MEASURE_H

#include "model.h"
#include <stddef.h>

/* What an item costs, in units of a chain of multiplications. */
enum measured_shape { EQUAL, RISING, HOT };

struct measured_loop {
    const char *name;
    size_t n, units; /* RISING: item i has i times as many; HOT: a hundredth of them has 50 times as many */
    enum measured_shape shape;
};

struct model_costs measure_costs(void);

/* Units of the items before i. */
size_t measured_units(const struct measured_loop *loop, size_t i);

/* Nanoseconds of the shortest round on one and on two threads, in turn. */
void measure_loop(const struct measured_loop *loop, int rounds, double took[2]);
void measure_tree(int depth, int units, int rounds, double took[2]);
void measure_sort(size_t n, int rounds, double took[2]);

#endif
