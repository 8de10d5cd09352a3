/* The one place for GNU extensions in lib/ (crew/compiler.h has those of the public headers): everything here has a
 * plain C fallback. */
#ifndef CREW_BASE_COMPILER_H
#define CREW_BASE_COMPILER_H

#if !defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L || defined(__STDC_NO_ATOMICS__) || defined(__TINYC__)
#error "crew needs a C11 compiler with atomics and thread-local variables, such as gcc or clang"
#endif

#if defined(__GNUC__)
#define CREW__LIKELY(x) __builtin_expect(!!(x), 1)
#define CREW__UNLIKELY(x) __builtin_expect(!!(x), 0)
#define CREW__NOINLINE __attribute__((noinline))
#define CREW__COLD __attribute__((cold))
/* Linkers put such functions side by side: a call after a pause then waits for fewer pages and cache lines. */
#define CREW__HOT __attribute__((hot))
#define CREW__WEAK __attribute__((weak))
#define CREW__AT_LOAD __attribute__((constructor))
#define CREW__AT_EXIT __attribute__((destructor))
#define CREW__PREFETCH(p) __builtin_prefetch(p)
#ifndef CREW__ALWAYS_INLINE /* tests/checks/coverage.sh has its own: inlined copies of a branch would count each */
#define CREW__ALWAYS_INLINE inline __attribute__((always_inline))
#endif
#define CREW__LINKER_NAME __attribute__((used, visibility("hidden"))) /* assembly refers to its name */
#define CREW__RETURN_ADDRESS() __builtin_return_address(0)
#else
#define CREW__LIKELY(x) (x)
#define CREW__UNLIKELY(x) (x)
#define CREW__NOINLINE
#define CREW__COLD
#define CREW__HOT
#define CREW__WEAK
#define CREW__AT_LOAD
#define CREW__AT_EXIT
#define CREW__PREFETCH(p) ((void)(p))
#define CREW__ALWAYS_INLINE inline
#define CREW__LINKER_NAME
#define CREW__RETURN_ADDRESS() NULL
#endif

/* Built with AddressSanitizer. */
#if defined(__SANITIZE_ADDRESS__)
#define CREW__SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CREW__SANITIZED 1
#endif
#endif

/* Built with ThreadSanitizer. */
#if defined(__SANITIZE_THREAD__)
#define CREW__RACES_SEEN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CREW__RACES_SEEN 1
#endif
#endif

/* Tells the processor that a loop waits for another one. */
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define CREW__RELAX() __builtin_ia32_pause()
#elif defined(__GNUC__) && defined(__aarch64__)
#define CREW__RELAX() __asm__ volatile("yield")
#else
#define CREW__RELAX() ((void)0)
#endif

#define CREW__CACHE_LINE 64

/* The place of the highest set bit; x is not 0. */
static inline int crew__log2(unsigned long long x)
{
#if defined(__GNUC__)
    return (int)(8 * sizeof x) - 1 - __builtin_clzll(x);
#else
    int n = 0;
    while (x >>= 1)
        n++;
    return n;
#endif
}

#endif
