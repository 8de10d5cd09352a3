/* What loops.c, arrays.c and tasks.c have in common, the main of each first of all. bench.c implements it:

       PROGRAM DRIVER_DIR THREADS QUICK [WORKLOAD ...]

   A round asks every system once, in an order that is drawn anew each time, so that whatever disturbs the machine for a
   while meets all of them and nobody always follows the same neighbour. median_ns is the median over the rounds; ratio
   is the median over the rounds of (the system's time / crew's time in the same round), which such disturbances move
   less than they move a quotient of medians. With CREW_BENCH_BEST=1 both are of the shortest round. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_ROUNDS = 101 };

struct bench {
    const char *directory; /* of the drivers */
    int threads;
    bool quick, best;
    int failures; /* the exit status is 1 where there are any */
};
extern struct bench bench;

/* A program implements these two. */

/* The k-th case; false where there are no more. */
bool bench_case(int k, const char **workload, const char **label);

/* Measures what bench_wanted says. 0, or an exit status. */
int bench_run(void);

/* Whether the arguments name the workload, its label or the first parts of its label, or nothing at all. */
bool bench_wanted(const char *workload, const char *label);

/* Free memory, SIZE_MAX where the system does not say. */
size_t bench_available_bytes(void);

/* Memory that drivers map too, by its descriptor. NULL and a message where there is none. */
void *bench_memory(size_t bytes, int *fd);

void bench_shuffle(int *order, int count, unsigned *state);

/* Names a system that drops out, in a comment line. */
void bench_fail(const char *label, const char *system, size_t n, const char *what);

struct bench_result {
    const char *label, *system;
    size_t n;
    int threads;
    const double *ns, *base; /* of the rounds of the system, and of crew */
    int rounds, base_rounds;
    double least; /* less counts as this much: a crew that takes next to nothing would make ratios infinite */
    bool median;  /* whatever CREW_BENCH_BEST says */
};

/* One line, or none where there was no round. */
void bench_report(const struct bench_result *result);

#endif
