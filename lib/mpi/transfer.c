/* Bytes between ranks, in messages that MPI can count. */
#include "transfer.h"
#include <errno.h>
#include <stdlib.h>

size_t crew__mpi_most = (size_t)1 << 30;

enum { TAG = 1 };

size_t crew__messages(size_t bytes)
{
    return bytes / crew__mpi_most + (bytes % crew__mpi_most != 0);
}

static int next_message(size_t left)
{
    return (int)(left < crew__mpi_most ? left : crew__mpi_most);
}

bool crew__transfer_open(struct crew__transfer *t, const crew_mpi *m, size_t messages)
{
    *t = (struct crew__transfer){.comm = m->comm, .room = messages};
    t->requests = calloc(messages + 1, sizeof *t->requests);
    return t->requests != NULL;
}

void crew__transfer_send(struct crew__transfer *t, const void *bytes, size_t size, int to)
{
    for (size_t at = 0; at < size && t->code == 0; at += (size_t)next_message(size - at))
        t->code = crew__mpi_code(MPI_Isend((const char *)bytes + at, next_message(size - at), MPI_BYTE, to, TAG,
                                           t->comm, &t->requests[t->count++]));
}

void crew__transfer_receive(struct crew__transfer *t, void *bytes, size_t size, int from)
{
    for (size_t at = 0; at < size && t->code == 0; at += (size_t)next_message(size - at))
        t->code = crew__mpi_code(MPI_Irecv((char *)bytes + at, next_message(size - at), MPI_BYTE, from, TAG, t->comm,
                                           &t->requests[t->count++]));
}

int crew__transfer_close(struct crew__transfer *t)
{
    for (size_t i = 0; i < t->count && t->code == 0; i++)
        t->code = crew__mpi_code(MPI_Wait(&t->requests[i], MPI_STATUS_IGNORE));
    free(t->requests);
    return t->code;
}

int crew__mpi_send(const crew_mpi *m, const void *bytes, size_t size, int to)
{
    int code = 0;
    for (size_t at = 0; at < size && code == 0; at += (size_t)next_message(size - at))
        code = crew__mpi_code(MPI_Send((const char *)bytes + at, next_message(size - at), MPI_BYTE, to, TAG, m->comm));
    return code;
}

int crew__mpi_receive(const crew_mpi *m, void *bytes, size_t size, int from)
{
    int code = 0;
    for (size_t at = 0; at < size && code == 0; at += (size_t)next_message(size - at))
        code = crew__mpi_code(
            MPI_Recv((char *)bytes + at, next_message(size - at), MPI_BYTE, from, TAG, m->comm, MPI_STATUS_IGNORE));
    return code;
}

int crew__mpi_bcast(const crew_mpi *m, void *bytes, size_t size, int root)
{
    int code = 0;
    for (size_t at = 0; at < size && code == 0; at += (size_t)next_message(size - at))
        code = crew__mpi_code(MPI_Bcast((char *)bytes + at, next_message(size - at), MPI_BYTE, root, m->comm));
    return code;
}

int crew__mpi_allgather_size(const crew_mpi *m, size_t own, size_t *all)
{
    return crew__mpi_code(MPI_Allgather(&own, (int)sizeof own, MPI_BYTE, all, (int)sizeof own, MPI_BYTE, m->comm));
}
