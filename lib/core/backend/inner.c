/* The limit on inner threads: the runtime's own settings of a task for OpenMP, OpenBLAS's function for its pthreads. */
#define _GNU_SOURCE
#include "inner.h"
#include "../base/threads.h"
#include <crew/options.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#ifdef _OPENMP
#include "runtime.h"
#include <omp.h>
#endif

atomic_int crew__inner_limit;

#if defined(__GNUC__) && defined(__unix__)
#include <dlfcn.h>

/* As in runtime.c, a program may be without it. */
extern void *dlsym(void *handle, const char *name) CREW__WEAK;

/* True where the program has a function of that name: *fn becomes it. */
static bool find(const char *name, void *fn)
{
    void *symbol = dlsym ? dlsym(RTLD_DEFAULT, name) : NULL;
    memcpy(fn, &symbol, sizeof symbol);
    return symbol != NULL;
}

/* OpenBLAS on pthreads has one count for the process, which no setting of OpenMP reaches. Asked for by name: the
   program has it or has it not, and may load it late. */
static void limit_blas(int threads)
{
    static atomic_int before; /* the count without a limit; 0: it was not changed */
    enum { PTHREADS = 1 };    /* where it stands on OpenMP its function sets the caller's OpenMP */
    void (*set)(int);
    int (*get)(void), (*get_parallel)(void);
    if (!find("openblas_set_num_threads", &set) || !find("openblas_get_num_threads", &get) ||
        !find("openblas_get_parallel", &get_parallel) || get_parallel() != PTHREADS)
        return;
    int none = 0;
    if (threads > 0)
        atomic_compare_exchange_strong(&before, &none, get());
    else
        threads = atomic_exchange(&before, 0);
    if (threads > 0)
        set(threads);
}
#else
static void limit_blas(int threads)
{
    (void)threads;
}
#endif

int crew_limit_inner(int threads)
{
    if (threads < 0)
        return -EINVAL;
    atomic_store_explicit(&crew__inner_limit, threads < CREW__MAX_THREADS ? threads : CREW__MAX_THREADS,
                          memory_order_relaxed);
    limit_blas(threads);
    return 0;
}

#ifdef _OPENMP

struct crew__inner crew__inner_set(void)
{
    int limit = atomic_load_explicit(&crew__inner_limit, memory_order_relaxed);
    if (limit == 0 || !crew__runtime_usable())
        return (struct crew__inner){0, 0};
    struct crew__inner before = {omp_get_max_threads(), omp_get_max_active_levels()};
    int active = omp_get_active_level();
    omp_set_num_threads(limit);
    if (limit > 1 && before.levels <= active) /* a region in a region has one thread otherwise */
        omp_set_max_active_levels(active + 1);
    return before;
}

void crew__inner_back(struct crew__inner before)
{
    omp_set_num_threads(before.threads);
    omp_set_max_active_levels(before.levels);
}

#else

struct crew__inner crew__inner_set(void)
{
    return (struct crew__inner){0, 0};
}

void crew__inner_back(struct crew__inner before)
{
    (void)before;
}

#endif
