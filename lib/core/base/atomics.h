/* Atomic operations, behind one header so that tests can run a protocol through all its interleavings: the explorer
   defines CREW__EXPLORER and gives operations of its own.

   The functions are for the plain ints of public structs: their headers must compile as C++ too, so they cannot say
   _Atomic. */
#ifndef CREW_BASE_ATOMICS_H
#define CREW_BASE_ATOMICS_H

#include "race_detector.h"
#include <stdatomic.h>
#include <stdbool.h>

#ifdef CREW__EXPLORER
#include "explorer_atomics.h"
#else

/* A size or a number of looks that decides about speed only: the usual one, and one with which a few operations come to
   what lies behind it, so that the explorer does. */
#define CREW__BOUND(usual, explored) (usual)

#define CREW__LOAD(p, order) atomic_load_explicit(p, memory_order_##order)
#define CREW__STORE(p, value, order) atomic_store_explicit(p, value, memory_order_##order)
#define CREW__ADD(p, value, order) atomic_fetch_add_explicit(p, value, memory_order_##order)
#define CREW__SUB(p, value, order) atomic_fetch_sub_explicit(p, value, memory_order_##order)
#define CREW__OR(p, value, order) atomic_fetch_or_explicit(p, value, memory_order_##order)
#define CREW__AND(p, value, order) atomic_fetch_and_explicit(p, value, memory_order_##order)
#define CREW__SWAP(p, value, order) atomic_exchange_explicit(p, value, memory_order_##order)
/* Strong. On failure *expected becomes what is there, with relaxed order. */
#define CREW__CAS(p, expected, value, order)                                                                           \
    atomic_compare_exchange_strong_explicit(p, expected, value, memory_order_##order, memory_order_relaxed)
/* Around plain accesses that a protocol orders: nothing here, checked for races by the explorer. */
#define CREW__READS(p) ((void)0)
#define CREW__WRITES(p) ((void)0)

#if defined(__GNUC__)

static inline int crew__load_acquire(const int *p)
{
    int value = __atomic_load_n(p, __ATOMIC_ACQUIRE);
    crew__tell_acquire(p);
    return value;
}

static inline void crew__store_release(int *p, int value)
{
    crew__tell_release(p);
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static inline int crew__swap_acq_rel(int *p, int value)
{
    crew__tell_release(p);
    int old = __atomic_exchange_n(p, value, __ATOMIC_ACQ_REL);
    crew__tell_acquire(p);
    return old;
}

/* From `expected` to `value`, acquire where it succeeds; false: it was something else. */
static inline bool crew__cas_acquire(int *p, int expected, int value)
{
    bool is = __atomic_compare_exchange_n(p, &expected, value, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    crew__tell_acquire(p);
    return is;
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

static inline int crew__swap_acq_rel(int *p, int value)
{
    return atomic_exchange_explicit((volatile atomic_int *)p, value, memory_order_acq_rel);
}

static inline bool crew__cas_acquire(int *p, int expected, int value)
{
    return atomic_compare_exchange_strong_explicit((volatile atomic_int *)p, &expected, value, memory_order_acquire,
                                                   memory_order_relaxed);
}

#endif
#endif
#endif
