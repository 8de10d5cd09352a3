/* C with a pragma. */
#include "founding.h"

static double item(double x, int turns)
{
    for (int k = 0; k < turns; k++)
        x = 3.7 * x * (1 - x);
    return x;
}

int process(const double *xs, double *ys, size_t n, int turns, int workers)
{
#pragma omp parallel for num_threads(workers)
    for (size_t i = 0; i < n; i++)
        ys[i] = item(xs[i], turns);
    return 0;
}
