/* For more ranks than processors: waiting gives the processor away. Open MPI does so by itself where it is asked to,
   MPICH spins until its time slice ends, hundreds of times longer than the tests take. Through the profiling interface,
   so neither crew nor MPI knows. */
#define _POSIX_C_SOURCE 200809L
#include <mpi.h>
#include <time.h>

/* Yielding is not enough: where others compute, each of them has its whole time slice first. */
static void rest(void)
{
    nanosleep(&(struct timespec){0, 20000}, NULL);
}

static int await(int code, MPI_Request *request, MPI_Status *status)
{
    int done = 0;
    while (code == MPI_SUCCESS && !done) {
        code = PMPI_Test(request, &done, status);
        if (!done)
            rest();
    }
    return code;
}

int MPI_Wait(MPI_Request *request, MPI_Status *status)
{
    return await(MPI_SUCCESS, request, status);
}

int MPI_Send(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    MPI_Request request;
    return await(PMPI_Isend(data, count, type, to, tag, comm, &request), &request, MPI_STATUS_IGNORE);
}

int MPI_Recv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status *status)
{
    MPI_Request request;
    return await(PMPI_Irecv(data, count, type, from, tag, comm, &request), &request, status);
}

int MPI_Probe(int from, int tag, MPI_Comm comm, MPI_Status *status)
{
    int there = 0, code = MPI_SUCCESS;
    while (code == MPI_SUCCESS && !there) {
        code = PMPI_Iprobe(from, tag, comm, &there, status);
        if (!there)
            rest();
    }
    return code;
}

int MPI_Bcast(void *data, int count, MPI_Datatype type, int root, MPI_Comm comm)
{
    MPI_Request request;
    return await(PMPI_Ibcast(data, count, type, root, comm, &request), &request, MPI_STATUS_IGNORE);
}

int MPI_Barrier(MPI_Comm comm)
{
    MPI_Request request;
    return await(PMPI_Ibarrier(comm, &request), &request, MPI_STATUS_IGNORE);
}

int MPI_Allreduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    MPI_Request request;
    return await(PMPI_Iallreduce(in, out, count, type, op, comm, &request), &request, MPI_STATUS_IGNORE);
}

int MPI_Allgather(const void *in, int count, MPI_Datatype type, void *out, int out_count, MPI_Datatype out_type,
                  MPI_Comm comm)
{
    MPI_Request request;
    return await(PMPI_Iallgather(in, count, type, out, out_count, out_type, comm, &request), &request,
                 MPI_STATUS_IGNORE);
}

int MPI_Allgatherv(const void *in, int count, MPI_Datatype type, void *out, const int *counts, const int *places,
                   MPI_Datatype out_type, MPI_Comm comm)
{
    MPI_Request request;
    return await(PMPI_Iallgatherv(in, count, type, out, counts, places, out_type, comm, &request), &request,
                 MPI_STATUS_IGNORE);
}
