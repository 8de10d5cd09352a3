/* The floating-point environment: rounding mode and what happens to subnormal numbers. It belongs to a thread, so a
   team whose threads lived already has another one than a caller that has changed its own. Exception flags are left
   alone. */
#ifndef CREW_BASE_FP_ENVIRONMENT_H
#define CREW_BASE_FP_ENVIRONMENT_H

#include <stdbool.h>

#if defined(__FLT_EVAL_METHOD__) && defined(__i386__) && __FLT_EVAL_METHOD__ == 2
#error "crew's results have the same bits everywhere; the x87 rounds otherwise: compile with -msse2 -mfpmath=sse"
#endif

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__SSE2__))

/* The control bits of MXCSR and the x87's control word: 10 ns less than fegetenv, which stores the whole unit. */
struct crew__fp {
    unsigned mxcsr;
    unsigned short x87;
};

enum { CREW__MXCSR_CONTROL = 0xffc0, CREW__MXCSR_DEFAULT = 0x1f80, CREW__X87_DEFAULT = 0x037f };

static inline struct crew__fp crew__fp_get(void)
{
    struct crew__fp fp;
    fp.mxcsr = __builtin_ia32_stmxcsr() & CREW__MXCSR_CONTROL;
    __asm__ volatile("fnstcw %0" : "=m"(fp.x87));
    return fp;
}

static inline bool crew__fp_is(struct crew__fp a, struct crew__fp b)
{
    return a.mxcsr == b.mxcsr && a.x87 == b.x87;
}

static inline void crew__fp_set(struct crew__fp fp)
{
    __builtin_ia32_ldmxcsr((__builtin_ia32_stmxcsr() & ~(unsigned)CREW__MXCSR_CONTROL) | fp.mxcsr);
    __asm__ volatile("fldcw %0" : : "m"(fp.x87));
}

static inline struct crew__fp crew__fp_default(void)
{
    struct crew__fp fp = {CREW__MXCSR_DEFAULT, CREW__X87_DEFAULT};
    return fp;
}

/* No kernel uses the x87, and reading its control word takes as long again. */
static inline bool crew__fp_is_default(void)
{
    return (__builtin_ia32_stmxcsr() & CREW__MXCSR_CONTROL) == CREW__MXCSR_DEFAULT;
}

#elif defined(__GNUC__) && defined(__aarch64__)

struct crew__fp {
    unsigned long fpcr;
};

static inline struct crew__fp crew__fp_get(void)
{
    struct crew__fp fp;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fp.fpcr));
    return fp;
}

static inline bool crew__fp_is(struct crew__fp a, struct crew__fp b)
{
    return a.fpcr == b.fpcr;
}

static inline void crew__fp_set(struct crew__fp fp)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(fp.fpcr));
}

static inline struct crew__fp crew__fp_default(void)
{
    struct crew__fp fp = {0};
    return fp;
}

static inline bool crew__fp_is_default(void)
{
    return crew__fp_is(crew__fp_get(), crew__fp_default());
}

#else

#include <fenv.h>

/* C knows the rounding mode only. */
struct crew__fp {
    int rounding;
};

static inline struct crew__fp crew__fp_get(void)
{
    struct crew__fp fp = {fegetround()};
    return fp;
}

static inline bool crew__fp_is(struct crew__fp a, struct crew__fp b)
{
    return a.rounding == b.rounding;
}

static inline void crew__fp_set(struct crew__fp fp)
{
    fesetround(fp.rounding);
}

static inline struct crew__fp crew__fp_default(void)
{
    struct crew__fp fp = {FE_TONEAREST};
    return fp;
}

static inline bool crew__fp_is_default(void)
{
    return crew__fp_is(crew__fp_get(), crew__fp_default());
}

#endif

/* Makes `fp` the calling thread's environment and says what it was. */
static inline struct crew__fp crew__fp_enter(struct crew__fp fp)
{
    struct crew__fp before = crew__fp_get();
    if (!crew__fp_is(before, fp))
        crew__fp_set(fp);
    return before;
}

/* `before` is what crew__fp_enter said. */
static inline void crew__fp_leave(struct crew__fp before)
{
    if (!crew__fp_is(crew__fp_get(), before))
        crew__fp_set(before);
}

/* Typed functions compute in the default environment, whatever the program has set: they begin with crew__fp_begin and
   end with crew__fp_end. What computes stands in functions that the compiler does not inline between the two, since it
   takes no notice of the environment; CREW__FP_HOLD keeps a value that was computed there from being computed later. */
struct crew__fp_saved {
    bool changed;
    struct crew__fp before;
};

static inline struct crew__fp_saved crew__fp_begin(void)
{
    struct crew__fp_saved saved;
    saved.changed = !crew__fp_is_default();
    if (saved.changed) {
        saved.before = crew__fp_get();
        crew__fp_set(crew__fp_default());
    }
    return saved;
}

static inline void crew__fp_end(const struct crew__fp_saved *saved)
{
    if (saved->changed)
        crew__fp_set(saved->before);
}

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__SSE2__))
#define CREW__FP_HOLD(x) __asm__ volatile("" : "+x"(x))
#elif defined(__GNUC__) && defined(__aarch64__)
#define CREW__FP_HOLD(x) __asm__ volatile("" : "+w"(x))
#else
#define CREW__FP_HOLD(x) ((void)0)
#endif

#endif
