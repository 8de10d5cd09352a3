/* Memory aligned to cache lines. */
#include "memory.h"

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
