/* How many threads: the precedence of options, program, environment and limits. Knows nothing of threads themselves. */
#ifndef CREW_BASE_THREADS_H
#define CREW_BASE_THREADS_H

#include <crew/compiler.h>
#include <stdatomic.h>
#include <stddef.h>

enum { CREW__MAX_THREADS = 1024 };

/* The n_jobs rule: 0 is crew_num_threads(), n > 0 is n, -1 all CPUs, -2 all but one, CREW_PHYSICAL the
   physical cores, and as 0 where they are not known; in 1 .. CREW__MAX_THREADS. */
int crew__resolve_threads(int threads);

/* From now on this process uses one thread, whatever is asked for: it is a process worker. */
void crew__threads_alone(void);

/* CPUs that this process may use at the same time: affinity and cgroup quotas, at least 1. O(1) after the first call.
 */
CREW_API int crew__cpu_count(void);

/* The MPI layer, a library of its own, says that so many threads are this rank's share of what `ranks` ranks of the
   node have. Counts where neither the program nor the environment says how many. */
CREW_API void crew__threads_share(int threads, int ranks);

/* The sentence of crew_explain_threads, and its length. */
int crew__threads_explain(char *text, size_t size);

/* Reads the affinity mask again where that was some time ago: a program may change it, and so may others. */
void crew__threads_refresh(void);

/* Bytes of stack that an OpenMP worker gets by OMP_STACKSIZE (or GOMP_STACKSIZE); 0: the system's default. */
unsigned long long crew__stack_size(void);

/* CREW_PROGRESS and CREW_VERBOSE are set to something other than 0. */
int crew__env_progress(void);
int crew__env_verbose(void);

/* How CREW_VERBOSE names what stands above this folder: each is set at load by who knows it; NULL: nobody does. */
typedef const char *crew__name_fn(void);
extern _Atomic(crew__name_fn *) crew__back_end, crew__instruction_set;

/* CREW_BIND is not 0: crew may keep waking threads off the processor of their waker. */
int crew__env_bind(void);

#endif
