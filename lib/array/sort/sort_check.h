/* Checks of arguments that the functions of sort.h have in common. */
#ifndef CREW_SORT_SORT_CHECK_H
#define CREW_SORT_SORT_CHECK_H

#include "../../core/base/memory.h"
#include <crew/options.h>
#include <errno.h>

static inline int crew__check_options(const crew_options *opt)
{
    return opt && !(opt->timeout >= 0) ? -EINVAL : 0;
}

static inline int crew__check_array(const void *x, size_t n, size_t size)
{
    size_t bytes;
    if (size == 0 || (!x && n > 0))
        return -EINVAL;
    return crew__array_bytes(n, size, &bytes) ? 0 : -EOVERFLOW;
}

#endif
