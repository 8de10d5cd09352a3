/* How many threads the regions and the BLAS calls of callbacks may use (crew_limit_inner). */
#ifndef CREW_BACKEND_INNER_H
#define CREW_BACKEND_INNER_H

#include "../base/atomics.h"
#include "../base/compiler.h"
#include <stdbool.h>

/* 0: no limit. */
extern atomic_int crew__inner_limit;

/* What the runtime had before; threads 0: nothing was changed. */
struct crew__inner {
    int threads, levels;
};

struct crew__inner crew__inner_set(void);
void crew__inner_back(struct crew__inner before);

static inline bool crew__inner_limited(void)
{
    return atomic_load_explicit(&crew__inner_limit, memory_order_relaxed) > 0;
}

/* Around callbacks that are not inside others of crew. */
static inline struct crew__inner crew__inner_begin(void)
{
    if (CREW__UNLIKELY(crew__inner_limited()))
        return crew__inner_set();
    return (struct crew__inner){0, 0};
}

static inline void crew__inner_end(struct crew__inner before)
{
    if (CREW__UNLIKELY(before.threads > 0))
        crew__inner_back(before);
}

#endif
