/* Who takes part in the array workloads: each where its driver has the kernel. */
#ifndef BENCH_ARRAY_SYSTEMS_H
#define BENCH_ARRAY_SYSTEMS_H

struct array_system {
    const char *name; /* the driver's name of the variant too */
    const char *driver;
    int serial; /* one thread */
};

/* The first row is what the ratios refer to. */
static const struct array_system systems[] = {
    {"crew", "array_crew", 0},
    {"crew-clones", "array_crew", 0},    /* the caller's predicate compiled for AVX2 too, as filter.h advises */
    {"crew-predicate", "array_crew", 0}, /* the generic search in place of the typed one */
    {"crew-copy", "array_crew", 0},
    {"plain", "array_plain", 1},
    {"plain-branchfree", "array_plain", 1},
    {"plain-tiles", "array_plain", 1},
    {"plain-edges", "array_plain", 1},
    {"plain-table", "array_plain", 1},
    {"plain-blocks", "array_plain", 1},
    {"memcpy", "array_plain", 1},
    {"std", "array_std", 1},
    {"vqsort", "array_vqsort", 1},
    {"libgomp", "array_libgomp", 0},
    {"libgomp-inscan", "array_libgomp", 0},
    {"libgomp-four", "array_libgomp", 0},
    {"copy", "array_libgomp", 0},
    {"pass", "array_libgomp", 0},
    {"tbb", "array_tbb", 0},
    {"gnu-parallel", "array_gnu", 0},
    {"rayon", "array_rayon", 0},
};

enum { SYSTEMS = sizeof systems / sizeof *systems };

#endif
