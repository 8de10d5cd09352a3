/* What stands for a series of times. */
#ifndef BENCH_MEDIAN_H
#define BENCH_MEDIAN_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROUNDS = 101 };

static int compare_doubles(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* Of at most MAX_ROUNDS values; NaN of none. */
static inline double median(const double *values, int count)
{
    double sorted[MAX_ROUNDS];
    if (count == 0)
        return NAN;
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_doubles);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static inline double shortest(const double *values, int count)
{
    double least = INFINITY;
    for (int k = 0; k < count; k++)
        least = fmin(least, values[k]);
    return least;
}

#endif
