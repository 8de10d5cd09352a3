/* crew's statement for items of any cost. */
#include "founding.h"
#include <crew/crew.h>

static double item(double x, int turns)
{
    for (int k = 0; k < turns; k++)
        x = 3.7 * x * (1 - x);
    return x;
}

int process(const double *xs, double *ys, size_t n, int turns, int workers)
{
    crew_set_num_threads(workers);
    CREW_EACH(i, n, ys[i] = item(xs[i], turns));
    return 0;
}
