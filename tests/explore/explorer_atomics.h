/* The operations of base/atomics.h, as the explorer gives them. */
#ifndef TESTS_EXPLORE_EXPLORER_ATOMICS_H
#define TESTS_EXPLORE_EXPLORER_ATOMICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum explorer_op { EXPLORER_SWAP, EXPLORER_ADD, EXPLORER_SUB, EXPLORER_OR, EXPLORER_AND };

uint64_t explorer_load(const volatile void *p, size_t size, memory_order order, const char *file, int line);
void explorer_store(volatile void *p, size_t size, uint64_t value, memory_order order, const char *file, int line);
uint64_t explorer_change(volatile void *p, size_t size, enum explorer_op op, uint64_t value, memory_order order,
                         const char *file, int line);
bool explorer_cas(volatile void *p, size_t size, void *expected, uint64_t value, memory_order order, const char *file,
                  int line);
void explorer_plain(const volatile void *p, bool writes);

#define EXPLORER_AT __FILE__, __LINE__
#define EXPLORER_WORD(value) ((uint64_t)(uintptr_t)(value))
#define EXPLORER_TYPE(p) __typeof__(((void)0, *(p)))

#define CREW__LOAD(p, order)                                                                                           \
    ((EXPLORER_TYPE(p))(uintptr_t)explorer_load(p, sizeof *(p), memory_order_##order, EXPLORER_AT))
#define CREW__STORE(p, value, order)                                                                                   \
    explorer_store(p, sizeof *(p), EXPLORER_WORD(value), memory_order_##order, EXPLORER_AT)
/* Without a cast, which would be warned of where the value is not used: counts are compared with numbers only. */
#define EXPLORER_CHANGE(p, op, value, order)                                                                           \
    explorer_change(p, sizeof *(p), op, EXPLORER_WORD(value), memory_order_##order, EXPLORER_AT)
#define CREW__ADD(p, value, order) EXPLORER_CHANGE(p, EXPLORER_ADD, value, order)
#define CREW__SUB(p, value, order) EXPLORER_CHANGE(p, EXPLORER_SUB, value, order)
#define CREW__OR(p, value, order) EXPLORER_CHANGE(p, EXPLORER_OR, value, order)
#define CREW__AND(p, value, order) EXPLORER_CHANGE(p, EXPLORER_AND, value, order)
#define CREW__SWAP(p, value, order) ((EXPLORER_TYPE(p))(uintptr_t)EXPLORER_CHANGE(p, EXPLORER_SWAP, value, order))
#define CREW__CAS(p, expected, value, order)                                                                           \
    explorer_cas(p, sizeof *(p), expected, EXPLORER_WORD(value), memory_order_##order, EXPLORER_AT)
/* Of plain ints. */
#define crew__load_acquire(p) ((int)explorer_load(p, sizeof *(p), memory_order_acquire, EXPLORER_AT))
#define crew__store_release(p, value) CREW__STORE(p, value, release)
#define crew__swap_acq_rel(p, value) ((int)EXPLORER_CHANGE(p, EXPLORER_SWAP, value, acq_rel))
#define crew__cas_acquire(p, expected, value)                                                                          \
    explorer_cas(p, sizeof *(p), &(int){expected}, EXPLORER_WORD(value), memory_order_acquire, EXPLORER_AT)

#define CREW__BOUND(usual, explored) (explored)
#define CREW__READS(p) explorer_plain(p, false)
#define CREW__WRITES(p) explorer_plain(p, true)

#endif
