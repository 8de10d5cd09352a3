/* Checks of arguments that the functions of sort.h have in common. */
#ifndef CREW_SORT_SORT_CHECK_H
#define CREW_SORT_SORT_CHECK_H

#include "../../core/base/memory.h"
#include <crew/options.h>
#include <errno.h>

/* A call on n elements whose flag is set already does nothing, however little there is to do. */
static inline int crew__check_options(const crew_options *opt, size_t n)
{
    if (!opt)
        return 0;
    return !(opt->timeout >= 0) ? -EINVAL : n > 0 && crew_cancel_requested(opt->cancel) ? -ECANCELED : 0;
}

static inline int crew__check_array(const void *x, size_t n, size_t size)
{
    size_t bytes;
    if (size == 0 || (!x && n > 0))
        return -EINVAL;
    return crew__array_bytes(n, size, &bytes) ? 0 : -EOVERFLOW;
}

#endif
