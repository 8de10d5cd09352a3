/* Tells the ThreadSanitizer of a program what crew orders, where crew itself is built without it: else it reports
   a race on everything that a task or a loop hands on. Weak: without ThreadSanitizer there is nobody to tell, and a
   test of an address that the linker knows is left: 1.6 % of a submit where atomic operations that hand nothing on
   tell nothing, 5 % where all did. A crew that is built with it is not told anything, so that its own suites see what
   the atomic operations say. */
#ifndef CREW_BASE_RACE_DETECTOR_H
#define CREW_BASE_RACE_DETECTOR_H

#include "compiler.h"

#if defined(__GNUC__) && defined(__ELF__) && !defined(CREW__RACES_SEEN) && !defined(CREW__EXPLORER)

extern void crew__race_acquire(void *address) __asm__("__tsan_acquire") CREW__WEAK CREW__COLD;
extern void crew__race_release(void *address) __asm__("__tsan_release") CREW__WEAK CREW__COLD;

/* What threads wrote before they said `release` of an address is seen after `acquire` of it. */
static inline void crew__tell_acquire(const volatile void *address)
{
    if (CREW__UNLIKELY(crew__race_acquire != 0))
        crew__race_acquire((void *)(unsigned long)address);
}

static inline void crew__tell_release(const volatile void *address)
{
    if (CREW__UNLIKELY(crew__race_release != 0))
        crew__race_release((void *)(unsigned long)address);
}

#else

static inline void crew__tell_acquire(const volatile void *address)
{
    (void)address;
}

static inline void crew__tell_release(const volatile void *address)
{
    (void)address;
}

#endif
#endif
