/* What the programs of this folder share: the random numbers of the NAS specification, memory, the clock, the verdict.

   Each program is one file that builds twice: on crew, and with -DNAS_PRAGMAS on OpenMP pragmas alone. Between #ifdef
   NAS_PRAGMAS, #else and #endif stands what differs; run.sh counts these lines. */
#ifndef NAS_H
#define NAS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef NAS_PRAGMAS
#include <omp.h>
#else
#include <crew/crew.h>
#endif

/* x[k + 1] = 5^13 x[k] mod 2^46, and x[k] / 2^46 is uniform in (0, 1). The seed x[0] itself is not used. */
#define NAS_FACTOR UINT64_C(1220703125)
#define NAS_MASK ((UINT64_C(1) << 46) - 1)
enum { NAS_SEED = 314159265 };

static inline double nas_uniform(uint64_t *x)
{
    *x = *x * NAS_FACTOR & NAS_MASK;
    return (double)(int64_t)*x * 0x1p-46;
}

/* x after k numbers: each thread starts where its part of the sequence does. */
static inline uint64_t nas_skip(uint64_t x, uint64_t k)
{
    for (uint64_t factor = NAS_FACTOR; k > 0; k /= 2, factor = factor * factor & NAS_MASK)
        if (k % 2 == 1)
            x = x * factor & NAS_MASK;
    return x;
}

/* A result of crew that is an error, or NULL from malloc, ends the program. */
static inline void nas_must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "%s failed\n", what);
        exit(2);
    }
}

static inline void *nas_alloc(size_t n, size_t size)
{
#ifdef NAS_PRAGMAS
    void *p = malloc(n * size);
#else
    void *p = crew_alloc(n, size);
#endif
    nas_must(p != NULL, "allocation");
    return p;
}

static inline void nas_free(void *p)
{
#ifdef NAS_PRAGMAS
    free(p);
#else
    crew_free(p);
#endif
}

static inline double nas_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The class that the arguments name, S where there are none: 0, 1 or 2 for S, W or A. */
static inline size_t nas_class(int argc, char **argv)
{
    const char *found = argc == 1 ? "SWA" : argc == 2 && strlen(argv[1]) == 1 ? strchr("SWA", argv[1][0]) : NULL;
    if (found == NULL) {
        fprintf(stderr, "usage: %s [S | W | A]\n", argv[0]);
        exit(2);
    }
    return (size_t)(strlen("SWA") - strlen(found));
}

static inline bool nas_near(double value, double expected, double tolerance)
{
    return fabs(value - expected) <= tolerance * fabs(expected);
}

/* The verdict and the speed; returns the exit status. */
static inline int nas_report(const char *name, size_t class, bool right, double seconds, double operations)
{
    printf("%s class %c: VERIFICATION %s\n", name, "SWA"[class], right ? "SUCCESSFUL" : "FAILED");
#ifdef NAS_PRAGMAS
    int threads = omp_get_max_threads();
    const char *backend = "pragmas";
#else
    int threads = crew_num_threads();
    const char *backend = crew_backend();
#endif
    printf("time  %.6f s, %.1f Mop/s, %d threads, %s\n", seconds, 1e-6 * operations / seconds, threads, backend);
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
