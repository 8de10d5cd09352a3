/* Asks the processor, once, which instruction sets kernels may use. */
#include "isa.h"
#include "../../core/base/compiler.h"
#include "../../core/base/threads.h"
#include <stdatomic.h>

/* One more than the level that is used; 0: not yet asked. Threads that ask at the same time store the same value. */
static atomic_int chosen;

static enum crew__isa supported(void)
{
#ifdef CREW__ISA_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return CREW__ISA_AVX512;
    if (__builtin_cpu_supports("avx2"))
        return CREW__ISA_AVX2;
    return CREW__ISA_SSE2;
#else
    return CREW__ISA_PLAIN;
#endif
}

enum crew__isa crew__isa(void)
{
    int level = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (level == 0) {
        level = (int)supported() + 1;
        atomic_store_explicit(&chosen, level, memory_order_relaxed);
    }
    return (enum crew__isa)(level - 1);
}

void crew__isa_limit(enum crew__isa level)
{
    enum crew__isa highest = supported();
    atomic_store_explicit(&chosen, (int)(level < highest ? level : highest) + 1, memory_order_relaxed);
}

static const char *name(void)
{
    static const char *const names[] = {"plain", "SSE2", "AVX2", "AVX-512"};
    return names[crew__isa()];
}

CREW__AT_LOAD static void name_instruction_set(void)
{
    atomic_store(&crew__instruction_set, name);
}
