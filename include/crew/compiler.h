/* What the public headers ask of a compiler beyond C11 and C++17. */
#ifndef CREW_COMPILER_H
#define CREW_COMPILER_H

/* For templates: CREW__CAT(crew_sort, TYPE) is crew_sort_f32 where TYPE is f32. */
#define CREW__CAT(a, b) CREW__CAT_(a, b)
#define CREW__CAT_(a, b) a##_##b

/* In front of a for whose iterations do not depend on each other. clang finds out by itself, and warns of pragmas that
   ask for more. */
#if defined(__GNUC__) && !defined(__clang__)
#define CREW__INDEPENDENT _Pragma("GCC ivdep")
#else
#define CREW__INDEPENDENT
#endif

#if defined(__GNUC__)
#define CREW_API __attribute__((visibility("default")))
/* C++'s thread_local calls a function at each use of an extern variable, because that might have a constructor. */
#define CREW__THREAD_LOCAL __thread
#define CREW__LOAD_INT(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define CREW__STORE_INT(p, x) __atomic_store_n(p, x, __ATOMIC_RELAXED)
#define CREW__LOAD_SIZE(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define CREW__EXPECT(x) __builtin_expect(!!(x), 1)
#else
#define CREW_API
#ifdef __cplusplus
#define CREW__THREAD_LOCAL thread_local
#else
#define CREW__THREAD_LOCAL _Thread_local
#endif
#define CREW__LOAD_INT(p) (*(const volatile int *)(p))
#define CREW__STORE_INT(p, x) (*(volatile int *)(p) = (x))
#define CREW__LOAD_SIZE(p) (*(const volatile size_t *)(p))
#define CREW__EXPECT(x) (x)
#endif

/* A function that is inline in the program and stands in the library. gnu89 swaps the meanings of `inline` and
   `extern inline`: there the library's one file that has it for the linker defines CREW__INLINE itself. */
#ifndef CREW__INLINE
#if defined(__GNUC_GNU_INLINE__) && !defined(__cplusplus)
#define CREW__INLINE extern inline
#else
#define CREW__INLINE inline
#endif
#endif

#endif
