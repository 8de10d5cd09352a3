/* Finds out which OpenMP runtime there is and what it needs. */
#define _GNU_SOURCE
#ifdef _OPENMP

#include "runtime.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "../base/env.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include "host.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libomp adds some kilobytes to the stacks that it was told to make, more for each further thread. */
enum { LIBOMP_STACK_MORE = 256 * 1024, LIBOMP_DEFAULT_STACK = 8 * 1024 * 1024 };

#if defined(__GNUC__)
/* Only libomp has this function, and objects that gcc made run on libomp too. */
extern int kmp_get_blocktime(void) CREW__WEAK;
#if defined(__clang__)
/* What this compiler opens regions with. */
extern void __kmpc_fork_call(void) CREW__WEAK;
#define FORK_CALL __kmpc_fork_call
#else
extern void GOMP_parallel(void (*fn)(void *), void *data, unsigned threads, unsigned flags) CREW__WEAK;
#define FORK_CALL GOMP_parallel
#endif
/* Before glibc 2.34 these two are in a library of their own, and a static program may have neither. */
extern int dladdr(const void *address, Dl_info *info) CREW__WEAK;
extern void *dlopen(const char *file, int mode) CREW__WEAK;

static bool look_for_libomp(void)
{
    Dl_info info;
    if (!kmp_get_blocktime)
        return false;
    /* The function's address is that of the first runtime in the order of linking, which is the one that is called. */
    if (dladdr && FORK_CALL && dladdr((const void *)(uintptr_t)FORK_CALL, &info) && info.dli_fname &&
        strstr(info.dli_fname, "libgomp"))
        return false;
    return true;
}
#else
static bool look_for_libomp(void)
{
    return false;
}
#endif

bool crew__runtime_is_libomp(void)
{
    enum { UNKNOWN, NO, YES };
    static atomic_int known;
    int is = atomic_load_explicit(&known, memory_order_relaxed);
    if (is == UNKNOWN) {
        is = look_for_libomp() ? YES : NO;
        atomic_store_explicit(&known, is, memory_order_relaxed);
    }
    return is == YES;
}

static bool have_descriptor(void)
{
    int file = open("/", O_RDONLY | O_CLOEXEC);
    if (file >= 0)
        close(file);
    return file >= 0 || (errno != EMFILE && errno != ENFILE);
}

/* A number in the variable is above most. */
static bool names_more(const char *variable, unsigned long long most)
{
    const char *text = getenv(variable);
    while (text && *text) {
        unsigned long long value;
        const char *rest = crew__digits(text, &value);
        if (rest && value > most)
            return true;
        text = rest ? rest : text + 1;
    }
    return false;
}

/* Where libomp has its shared memory. */
static bool have_shared_memory(void)
{
#ifdef __linux__
    return faccessat(AT_FDCWD, "/dev/shm", W_OK, AT_EACCESS) == 0;
#else
    return true;
#endif
}

/* libomp 14 ends the process, or writes over its heap, where OMP_NUM_THREADS is empty or no list of numbers, where
   others hold numbers that do not fit, without memory, descriptors, and without a folder for its shared memory. */
static bool libomp_can_start(void)
{
    enum { TRIAL = 16 }; /* a MiB */
    return crew__env_count("OMP_NUM_THREADS", CREW__MAX_THREADS, true).state != CREW__ENV_BAD &&
           !names_more("OMP_STACKSIZE", ULLONG_MAX - 1) && !names_more("OMP_PROC_BIND", INT_MAX) &&
           !names_more("OMP_PLACES", INT_MAX) && crew__runtime_memory(TRIAL) && have_descriptor() &&
           have_shared_memory();
}

static bool start_runtime(atomic_bool *started)
{
    if (crew__runtime_is_libomp()) {
        int canceling = crew__cancel_off();
        bool may = libomp_can_start();
        if (may)
            omp_get_num_procs(); /* starts it */
        crew__cancel_back(canceling);
        if (!may)
            return false;
    }
    atomic_store_explicit(started, true, memory_order_relaxed);
    return true;
}

bool crew__runtime_usable(void)
{
    static atomic_bool started;
    return CREW__LIKELY(atomic_load_explicit(&started, memory_order_relaxed)) || start_runtime(&started);
}

/* CPUs in at least one place: threads that share a CPU gain nothing. */
static int cpus_in_places(int places, struct crew__cpu_mask *mask)
{
    int count = 0;
    for (int place = 0; place < places; place++) {
        int n = omp_get_place_num_procs(place);
        int *ids = n > 0 ? crew__alloc((size_t)n * sizeof *ids) : NULL;
        if (!ids)
            continue;
        omp_get_place_proc_ids(place, ids);
        for (int i = 0; i < n; i++) {
            size_t id = (size_t)ids[i];
            count += id < CREW__MASK_CPUS && !crew__mask_has(mask, id);
            crew__mask_add(mask, id);
        }
        crew__free(ids);
    }
    return count;
}

/* libomp binds no thread before it starts, and then says what it does not like of the environment: it is not started
   for this where nobody asks for binding. */
bool crew__runtime_binds(void)
{
    enum { UNKNOWN, NO, YES };
    static atomic_int known;
    static const char *const names[] = {"OMP_PROC_BIND", "OMP_PLACES", "KMP_AFFINITY", "GOMP_CPU_AFFINITY"};
    int is = atomic_load_explicit(&known, memory_order_relaxed);
    if (is == UNKNOWN) {
        is = NO;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            is = getenv(names[i]) ? YES : is;
        atomic_store_explicit(&known, is, memory_order_relaxed);
    }
    return is == YES;
}

int crew__runtime_bound_cpus(struct crew__cpu_mask *mask, int *places)
{
    struct crew__cpu_mask own = {0};
    if ((crew__runtime_is_libomp() && !crew__runtime_binds()) || !crew__runtime_usable() ||
        omp_get_proc_bind() == omp_proc_bind_false)
        return 0;
    int count = omp_get_num_places(), cpus = cpus_in_places(count, mask ? mask : &own);
    if (places)
        *places = count;
    return cpus > 0 ? cpus : omp_get_num_procs();
}

unsigned long long crew__runtime_stack_size(void)
{
    unsigned long long size = crew__stack_size();
    if (!crew__runtime_is_libomp())
        return size;
    return (size > LIBOMP_DEFAULT_STACK ? size : LIBOMP_DEFAULT_STACK) + LIBOMP_STACK_MORE;
}

bool crew__runtime_memory(int threads)
{
    size_t each = crew__runtime_is_libomp() ? 65536 : 4096;
    void *trial = crew__alloc((size_t)threads * each);
    crew__free(trial);
    return trial != NULL;
}

#if defined(__GLIBC__) && defined(__GNUC__)

static bool load_what_ends_threads(void)
{
    /* A static program has it inside, and a system without it never loads it: only a lack of descriptors counts. */
    return !dlopen || dlopen("libgcc_s.so.1", RTLD_NOW) || have_descriptor();
}

/* The shared library is linked with -z nodelete; the archive is in whatever file the address is in. */
static void stay_loaded(void)
{
    Dl_info info;
    if (dlopen && dladdr && dladdr(&crew__forks, &info) && info.dli_fname)
        dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

bool crew__runtime_prepare_threads(void)
{
    static atomic_bool prepared;
    if (atomic_load_explicit(&prepared, memory_order_relaxed))
        return true;
    if (!load_what_ends_threads())
        return false;
    stay_loaded();
    atomic_store_explicit(&prepared, true, memory_order_relaxed);
    return true;
}

#else

bool crew__runtime_prepare_threads(void)
{
    return true;
}

#endif

const char *crew__backend_name(void)
{
#if defined(__GNUC__)
    return crew__runtime_is_libomp() ? "openmp (libomp)" : "openmp (libgomp)";
#else
    return "openmp";
#endif
}

#else
typedef int crew__runtime_is_empty; /* ISO C wants a declaration in every file */
#endif
