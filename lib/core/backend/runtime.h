/* The OpenMP runtime that the program is linked with, and what its threads need. */
#ifndef CREW_BACKEND_RUNTIME_H
#define CREW_BACKEND_RUNTIME_H

#include "../base/limits.h"
#include <stdbool.h>
#include <stddef.h>

/* True where libomp runs crew's regions: what is linked decides, not the compiler, and both may be linked. O(1) after
   the first call. */
bool crew__runtime_is_libomp(void);

/* False where the runtime cannot be asked anything now: libomp ends the process where its first call finds no
   descriptor free. */
bool crew__runtime_usable(void);

/* CPUs that the runtime may use, where it binds threads to them; 0: it binds none. A crew__bound_cpus_fn. */
int crew__runtime_bound_cpus(struct crew__cpu_mask *mask, int *places);

/* The environment asks the runtime to bind threads. */
bool crew__runtime_binds(void);

/* Bytes of stack for a thread that stands for one of the runtime's; 0: the system's default. */
unsigned long long crew__runtime_stack_size(void);

/* Memory that the runtime is about to ask for when it makes `threads` threads, asked for by somebody who survives a
   refusal. */
bool crew__runtime_memory(int threads);

/* To be called before a thread is made. Threads must be able to end: glibc ends the process where it cannot load
   libgcc_s at the end of a thread; false where no descriptors are left for it. And their code must stay: what crew was
   linked into may be a plugin that is unloaded while they stand in it. O(1) after the first call. */
bool crew__runtime_prepare_threads(void);

#endif
