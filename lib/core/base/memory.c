/* Memory aligned to cache lines, and what is asked of arrays that callers give. */
#include "memory.h"

#include <errno.h>
#include <stdlib.h>

#include "compiler.h"

void *crew__alloc(size_t size)
{
    /* No object is larger than PTRDIFF_MAX. The bound also keeps the rounding below from wrapping. */
    if (size > PTRDIFF_MAX - CREW__CACHE_LINE)
        return NULL;
    /* C11 asks for a multiple of the alignment. */
    size_t lines = size == 0 ? 1 : (size + CREW__CACHE_LINE - 1) / CREW__CACHE_LINE;
    return aligned_alloc(CREW__CACHE_LINE, lines * CREW__CACHE_LINE);
}

void crew__free(void *p)
{
    free(p);
}

int crew__map_arrays(const void *in, size_t in_size, const void *out, size_t out_size, size_t n)
{
    size_t in_bytes, out_bytes;
    if (in_size == 0 || out_size == 0)
        return -EINVAL;
    if (n == 0)
        return 0;
    if (!in || !out)
        return -EINVAL;
    if (!crew__array_bytes(n, in_size, &in_bytes) || !crew__array_bytes(n, out_size, &out_bytes))
        return -EOVERFLOW;
    bool item_by_item = in == out && in_size == out_size;
    return !item_by_item && crew__overlap(in, in_bytes, out, out_bytes) ? -EINVAL : 0;
}
