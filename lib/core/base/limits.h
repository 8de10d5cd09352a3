/* What the system lets this process use at the same time: the affinity mask and the CPU quotas of its cgroups. */
#ifndef CREW_BASE_LIMITS_H
#define CREW_BASE_LIMITS_H

#include <crew/compiler.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* CPUs by their numbers in the system, as far as it has room. */
enum { CREW__MASK_CPUS = 8192, CREW__MASK_BITS = (int)(8 * sizeof(unsigned long)) };
struct crew__cpu_mask {
    unsigned long words[CREW__MASK_CPUS / CREW__MASK_BITS];
};

static inline bool crew__mask_has(const struct crew__cpu_mask *mask, size_t cpu)
{
    return cpu < CREW__MASK_CPUS && (mask->words[cpu / CREW__MASK_BITS] >> cpu % CREW__MASK_BITS & 1);
}

static inline void crew__mask_add(struct crew__cpu_mask *mask, size_t cpu)
{
    if (cpu < CREW__MASK_CPUS)
        mask->words[cpu / CREW__MASK_BITS] |= 1UL << cpu % CREW__MASK_BITS;
}

struct crew__limits {
    atomic_int affinity;  /* CPUs in the affinity mask, at least 1; read again now and then */
    int quota;            /* the smallest quota in CPUs, rounded up; 0: none */
    char quota_file[256]; /* the file that says so, cut off to fit; "" where there is none */
    atomic_bool bound;    /* the threading runtime binds threads to CPUs: affinity counts those that it found */
};

/* Fills *limits. The files are looked for under the directory `root`, "" for those of the system. */
void crew__limits_read(struct crew__limits *limits, const char *root);

/* The affinity part of it, read again. */
void crew__limits_read_affinity(struct crew__limits *limits);

/* CPUs that the threading runtime may use, where it binds threads to them; 0 where it binds none. A runtime that binds
   the first thread when it is loaded leaves a mask of one CPU to be found. Set by the backend when it is loaded. They
   are added to *mask and *places becomes how many places it has; both may be NULL. */
typedef int crew__bound_cpus_fn(struct crew__cpu_mask *mask, int *places);
extern _Atomic(crew__bound_cpus_fn *) crew__bound_cpus;

/* The CPUs that are allowed, and the places of the runtime that binds threads, else 0. False where the system does not
   say. For the MPI layer too, which is a library of its own. */
CREW_API bool crew__limits_mask(struct crew__cpu_mask *mask, int *places);

/* CPUs that both limits leave; at least 1. */
int crew__limits_cpus(const struct crew__limits *limits);

/* Fills a mask of `size` bytes and returns 0, EINVAL where the mask is too small, or another errno value. */
typedef int crew__affinity_fn(size_t size, void *mask);

/* CPUs in the mask that `get` gives, which is asked with larger and larger ones; the CPUs that are online where it
   gives none. */
int crew__affinity_cpus(crew__affinity_fn *get);

/* The quota part of crew__limits_read. Every level from the process's cgroup up to the mount point counts, in each
   hierarchy that controls CPU time, v1 and v2. A level whose files are missing or malformed sets no limit. */
void crew__cgroup_quota(struct crew__limits *limits, const char *root);

#endif
