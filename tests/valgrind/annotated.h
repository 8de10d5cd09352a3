/* Put in front of every source by `gcc -include`: each atomic operation tells valgrind's race detectors, which know
   pthreads and not C11 atomics, what its memory order says. <stdatomic.h> of gcc is made of these builtins, so it
   needs no twin. The object is no longer checked; what it orders is, and so is every plain access.

   Coarser than the standard in one way: an acquire is ordered after every earlier release of the object, not only after
   that whose value it reads. */
#ifndef TESTS_ANNOTATED_H
#define TESTS_ANNOTATED_H

/* No header may be included here: sources still have their feature macros to define. */
void annotated_before(const volatile void *object, unsigned long size, int order);
void annotated_after(const volatile void *object, int order);

/* A macro is not expanded inside itself: there the name is the builtin. */
#define ANNOTATED_VALUE(p, order, call)                                                                                \
    __extension__({                                                                                                    \
        annotated_before(p, sizeof *(p), order);                                                                       \
        __typeof__(((void)0, *(p))) annotated_value = call;                                                            \
        annotated_after(p, order);                                                                                     \
        annotated_value;                                                                                               \
    })
#define ANNOTATED(p, size, order, call)                                                                                \
    __extension__({                                                                                                    \
        annotated_before(p, size, order);                                                                              \
        call;                                                                                                          \
        annotated_after(p, order);                                                                                     \
    })
#define ANNOTATED_CAS(p, on_success, on_failure, call)                                                                 \
    __extension__({                                                                                                    \
        annotated_before(p, sizeof *(p), on_success);                                                                  \
        _Bool annotated_is = call;                                                                                     \
        annotated_after(p, annotated_is ? on_success : on_failure);                                                    \
        annotated_is;                                                                                                  \
    })

#define __atomic_load_n(p, order) ANNOTATED_VALUE(p, order, __atomic_load_n(p, order))
#define __atomic_load(p, to, order) ANNOTATED(p, sizeof *(p), order, __atomic_load(p, to, order))
#define __atomic_store_n(p, x, order) ANNOTATED(p, sizeof *(p), order, __atomic_store_n(p, x, order))
#define __atomic_store(p, from, order) ANNOTATED(p, sizeof *(p), order, __atomic_store(p, from, order))
#define __atomic_exchange_n(p, x, order) ANNOTATED_VALUE(p, order, __atomic_exchange_n(p, x, order))
#define __atomic_exchange(p, from, to, order) ANNOTATED(p, sizeof *(p), order, __atomic_exchange(p, from, to, order))
#define __atomic_fetch_add(p, x, order) ANNOTATED_VALUE(p, order, __atomic_fetch_add(p, x, order))
#define __atomic_fetch_sub(p, x, order) ANNOTATED_VALUE(p, order, __atomic_fetch_sub(p, x, order))
#define __atomic_fetch_and(p, x, order) ANNOTATED_VALUE(p, order, __atomic_fetch_and(p, x, order))
#define __atomic_fetch_or(p, x, order) ANNOTATED_VALUE(p, order, __atomic_fetch_or(p, x, order))
#define __atomic_fetch_xor(p, x, order) ANNOTATED_VALUE(p, order, __atomic_fetch_xor(p, x, order))
#define __atomic_compare_exchange_n(p, expected, x, weak, on_success, on_failure)                                      \
    ANNOTATED_CAS(p, on_success, on_failure, __atomic_compare_exchange_n(p, expected, x, weak, on_success, on_failure))
#define __atomic_compare_exchange(p, expected, from, weak, on_success, on_failure)                                     \
    ANNOTATED_CAS(p, on_success, on_failure, __atomic_compare_exchange(p, expected, from, weak, on_success, on_failure))
#define __atomic_test_and_set(p, order)                                                                                \
    __extension__({                                                                                                    \
        annotated_before(p, 1, order);                                                                                 \
        _Bool annotated_was = __atomic_test_and_set(p, order);                                                         \
        annotated_after(p, order);                                                                                     \
        annotated_was;                                                                                                 \
    })
#define __atomic_clear(p, order) ANNOTATED(p, 1, order, __atomic_clear(p, order))

#endif
