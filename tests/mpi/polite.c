/* For more ranks than processors: waiting gives the processor away. Open MPI does so by itself where it is asked to,
   MPICH spins until its time slice ends, hundreds of times longer than the tests take. Through the profiling interface,
   so neither crew nor MPI knows. What goes by is counted, and where a suite asks for it, a call says that it has
   failed. */
#define _POSIX_C_SOURCE 200809L
#include "polite.h"
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

struct message_counts message_counts;
long collectives_before_failure = -1, messages_before_failure = -1;

static int fail_at(long *left, int code)
{
    return *left >= 0 && (*left)-- == 0 ? MPI_ERR_OTHER : code;
}

/* A collective call that has begun. */
static int join(int code, MPI_Request *request)
{
    return fail_at(&collectives_before_failure, await(code, request, MPI_STATUS_IGNORE));
}

static size_t bytes_of(int count, MPI_Datatype type)
{
    int size = 0;
    PMPI_Type_size(type, &size);
    return (size_t)count * (size_t)size;
}

static void count_send(int count, MPI_Datatype type)
{
    message_counts.sends++;
    message_counts.send_bytes += bytes_of(count, type);
}

static void count_receive(void)
{
    message_counts.receives++;
}

/* bytes: what a rank receives of it in the end. */
static void count_collective(size_t bytes)
{
    message_counts.collectives++;
    message_counts.collective_bytes += bytes;
}

static size_t size_of(MPI_Comm comm)
{
    int size = 1;
    PMPI_Comm_size(comm, &size);
    return (size_t)size;
}

int MPI_Wait(MPI_Request *request, MPI_Status *status)
{
    return fail_at(&messages_before_failure, await(MPI_SUCCESS, request, status));
}

int MPI_Send(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    MPI_Request request;
    count_send(count, type);
    int code = await(PMPI_Isend(data, count, type, to, tag, comm, &request), &request, MPI_STATUS_IGNORE);
    return fail_at(&messages_before_failure, code);
}

int MPI_Recv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status *status)
{
    MPI_Request request;
    count_receive();
    int code = await(PMPI_Irecv(data, count, type, from, tag, comm, &request), &request, status);
    return fail_at(&messages_before_failure, code);
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
    count_collective(bytes_of(count, type));
    return join(PMPI_Ibcast(data, count, type, root, comm, &request), &request);
}

int MPI_Barrier(MPI_Comm comm)
{
    MPI_Request request;
    count_collective(0);
    return join(PMPI_Ibarrier(comm, &request), &request);
}

int MPI_Allreduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    MPI_Request request;
    count_collective(bytes_of(count, type));
    return join(PMPI_Iallreduce(in, out, count, type, op, comm, &request), &request);
}

int MPI_Allgather(const void *in, int count, MPI_Datatype type, void *out, int out_count, MPI_Datatype out_type,
                  MPI_Comm comm)
{
    MPI_Request request;
    count_collective(size_of(comm) * bytes_of(out_count, out_type));
    return join(PMPI_Iallgather(in, count, type, out, out_count, out_type, comm, &request), &request);
}

int MPI_Allgatherv(const void *in, int count, MPI_Datatype type, void *out, const int *counts, const int *places,
                   MPI_Datatype out_type, MPI_Comm comm)
{
    MPI_Request request;
    for (size_t r = 0, ranks = size_of(comm); r < ranks; r++)
        message_counts.collective_bytes += bytes_of(counts[r], out_type);
    count_collective(0);
    return join(PMPI_Iallgatherv(in, count, type, out, counts, places, out_type, comm, &request), &request);
}

int MPI_Alltoall(const void *in, int count, MPI_Datatype type, void *out, int out_count, MPI_Datatype out_type,
                 MPI_Comm comm)
{
    MPI_Request request;
    message_counts.all_to_all++;
    count_collective(size_of(comm) * bytes_of(out_count, out_type));
    return join(PMPI_Ialltoall(in, count, type, out, out_count, out_type, comm, &request), &request);
}

int MPI_Isend(const void *data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request *request)
{
    count_send(count, type);
    return fail_at(&messages_before_failure, PMPI_Isend(data, count, type, to, tag, comm, request));
}

int MPI_Irecv(void *data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Request *request)
{
    count_receive();
    return fail_at(&messages_before_failure, PMPI_Irecv(data, count, type, from, tag, comm, request));
}

/* These are not waited for politely: a suite has few of them. */
int MPI_Gather(const void *in, int count, MPI_Datatype type, void *out, int out_count, MPI_Datatype out_type, int root,
               MPI_Comm comm)
{
    int code = PMPI_Gather(in, count, type, out, out_count, out_type, root, comm);
    return fail_at(&collectives_before_failure, code);
}

int MPI_Comm_split_type(MPI_Comm comm, int type, int key, MPI_Info info, MPI_Comm *made)
{
    int code = PMPI_Comm_split_type(comm, type, key, info, made);
    if (code == MPI_SUCCESS && collectives_before_failure == 0)
        PMPI_Comm_free(made);
    return fail_at(&collectives_before_failure, code);
}
