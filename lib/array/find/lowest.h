/* The lowest index that several threads found. */
#ifndef CREW_FIND_LOWEST_H
#define CREW_FIND_LOWEST_H

#include <stdatomic.h>
#include <stddef.h>

static inline void crew__lowest_set(atomic_size_t *lowest, size_t index)
{
    size_t before = atomic_load_explicit(lowest, memory_order_relaxed);
    while (index < before &&
           !atomic_compare_exchange_weak_explicit(lowest, &before, index, memory_order_relaxed, memory_order_relaxed))
        ;
}

#endif
