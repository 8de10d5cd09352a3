/* What a group of ranks is inside the MPI layer, and what each call that several ranks make together begins with. */
#ifndef CREW_MPI_WORLD_H
#define CREW_MPI_WORLD_H

#include <crew/mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crew_mpi {
    MPI_Comm comm; /* a duplicate of the program's, whose errors come back as values */
    int rank, ranks;
    int node_rank, node_ranks; /* on this machine */
    int node_processors, processors;
    int level; /* of thread support */
    bool initialized;
    int *threads;            /* what each rank may use, as rank 0 knows it; of use there alone */
    struct crew__jobs *jobs; /* what was submitted; NULL: nothing ever */
};

/* 0 where the calling thread may call MPI: -EPERM inside a callback of crew, and on another thread than MPI's where its
   level asks for that one. */
int crew__mpi_check(const crew_mpi *m);

/* An MPI function's value as one of crew's: 0 or -EIO. */
int crew__mpi_code(int error);

static inline size_t crew__larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static inline size_t crew__smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

#endif
