/* Which instruction set the vector kernels may use. Asked at run time, so that a build for the baseline is as fast as
   one for the machine that it runs on. */
#ifndef CREW_TYPED_ISA_H
#define CREW_TYPED_ISA_H

#if defined(__x86_64__) && defined(__GNUC__)
#define CREW__ISA_X86 1
#endif

/* Each level includes those before it. */
enum crew__isa { CREW__ISA_PLAIN, CREW__ISA_SSE2, CREW__ISA_AVX2, CREW__ISA_AVX512, CREW__ISA_LEVELS };

/* The highest level that processor, system and limit allow. Thread safe, O(1). */
enum crew__isa crew__isa(void);

/* Forbids levels above `level`; CREW__ISA_AVX512 forbids none. For tests; not while other threads compute. */
void crew__isa_limit(enum crew__isa level);

#endif
