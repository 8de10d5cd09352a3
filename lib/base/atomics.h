/* Atomic access to the plain ints of public structs: their headers must compile as C++ too, so they cannot say _Atomic. */
#ifndef CREW_BASE_ATOMICS_H
#define CREW_BASE_ATOMICS_H

#include <stdatomic.h>

#if defined(__GNUC__)

static inline int crew__load_acquire(const int *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void crew__store_release(int *p, int value)
{
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

#else

/* Holds wherever an atomic int is laid out as an int, which is so on every system that has threads. */
static inline int crew__load_acquire(const int *p)
{
    return atomic_load_explicit((const volatile atomic_int *)p, memory_order_acquire);
}

static inline void crew__store_release(int *p, int value)
{
    atomic_store_explicit((volatile atomic_int *)p, value, memory_order_release);
}

#endif
#endif
