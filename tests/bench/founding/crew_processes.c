/* crew_map in processes. */
#include "founding.h"
#include <crew/crew.h>

static int item(const void *in, void *out, void *ctx)
{
    double x = *(const double *)in;
    for (int k = 0, turns = *(int *)ctx; k < turns; k++)
        x = 3.7 * x * (1 - x);
    *(double *)out = x;
    return 0;
}

int process(const double *xs, double *ys, size_t n, int turns, int workers)
{
    const crew_process_options options = {.processes = workers};
    return crew_process_map(xs, sizeof *xs, ys, sizeof *ys, n, item, &turns, NULL, &options);
}
