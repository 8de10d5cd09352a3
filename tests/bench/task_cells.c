/* The memory of the wavefront. */
#include "task_work.h"

#include <math.h>
#include <stdlib.h>

struct cells cells_open(size_t n)
{
    size_t side = (size_t)(sqrt((double)n) + 0.5), stride = side + 1;
    uint64_t *memory = calloc(stride * stride, sizeof *memory);
    return (struct cells){side, stride, memory ? memory + stride + 1 : NULL};
}

const struct cells *cells_kept(size_t n)
{
    static struct cells kept;
    static size_t size;
    if (size != n) {
        free(kept.first ? kept.first - kept.stride - 1 : NULL);
        kept = cells_open(n);
        size = n;
    }
    return &kept;
}

double cells_fingerprint(const struct cells *c)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < c->side; i++)
        for (size_t j = 0; j < c->side; j++)
            sum = sum * 31 + c->first[i * c->stride + j];
    return (double)(sum >> 11);
}
