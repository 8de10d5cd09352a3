/* What the suites over ranks share: every rank has the whole input, so the call on one machine is the oracle. Check is
   not used, because it forks, which MPI does not allow everywhere. */
#ifndef TESTS_MPI_TEST_H
#define TESTS_MPI_TEST_H

#include <crew/crew.h>
#include <crew/mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern crew_mpi *group;
extern int rank, ranks;

/* Set by a case, on all ranks, that is not for so many of them. */
extern bool skipped;

/* Counts a failure and says where, on the rank that sees it. */
void expect(bool ok, const char *what, const char *file, int line);
#define EXPECT(condition) expect(condition, #condition, __FILE__, __LINE__)

struct mpi_case {
    const char *name;
    void (*run)(void);
};

/* Runs all cases on all ranks; rank 0 prints a line for each. Returns what main should. */
int run_cases(const char *suite, const struct mpi_case *cases, size_t count);

/* How n items may lie: even, all on the first, a middle, the last rank, falling sizes, random with empty parts. */
enum { LAYOUTS = 6 };

/* The first item of rank r's part, n for r == ranks. */
size_t part_begin(int layout, size_t n, int r);

/* A number by i alone. */
uint64_t number(uint64_t i);

/* Elements all[0 .. n-1] in parts by layout. */
crew_dist *distribute(int layout, const void *all, size_t n, size_t size);

/* True where d has n elements and this rank's part of them is that of all. */
bool holds(const crew_dist *d, const void *all, size_t n, size_t size);

/* On rank 0: messages of the group that it no longer waits for. */
void receive_what_is_left(const crew_mpi *m);

#endif
