/* Bytes between ranks, in messages that MPI can count. */
#include "transfer.h"
#include "agree.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
    if (messages <= CREW__FEW_MESSAGES)
        return true;
    t->many = calloc(messages, sizeof *t->many);
    return t->many != NULL;
}

static MPI_Request *request_at(struct crew__transfer *t, size_t i)
{
    return (t->many ? t->many : t->few) + i;
}

void crew__transfer_send(struct crew__transfer *t, const void *bytes, size_t size, int to)
{
    for (size_t at = 0; at < size && t->code == 0; at += (size_t)next_message(size - at))
        t->code = crew__mpi_code(MPI_Isend((const char *)bytes + at, next_message(size - at), MPI_BYTE, to, TAG,
                                           t->comm, request_at(t, t->count++)));
}

void crew__transfer_receive(struct crew__transfer *t, void *bytes, size_t size, int from)
{
    for (size_t at = 0; at < size && t->code == 0; at += (size_t)next_message(size - at))
        t->code = crew__mpi_code(MPI_Irecv((char *)bytes + at, next_message(size - at), MPI_BYTE, from, TAG, t->comm,
                                           request_at(t, t->count++)));
}

int crew__transfer_close(struct crew__transfer *t)
{
    for (size_t i = 0; i < t->count && t->code == 0; i++)
        t->code = crew__mpi_code(MPI_Wait(request_at(t, i), MPI_STATUS_IGNORE));
    free(t->many);
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

/* In slices of each item, so that all of them together are what MPI can count. */
int crew__mpi_allgather_items(const crew_mpi *m, const size_t *firsts, void *items, size_t size)
{
    const size_t count = firsts[m->ranks], first = firsts[m->rank], end = firsts[m->rank + 1];
    size_t most = count > 0 ? crew__mpi_most / count : size;
    most = most < 1 ? 1 : most < size ? most : size;
    char *slices = malloc(count * most + 1);
    int *counts = malloc(2 * (size_t)m->ranks * sizeof *counts), *places = counts ? counts + m->ranks : NULL;
    int code = crew__agree_on(m->comm, slices && counts ? 0 : -ENOMEM);
    for (size_t at = 0, bytes; at < size && count > 0 && code == 0; at += bytes) {
        bytes = size - at < most ? size - at : most;
        for (int r = 0; r < m->ranks; r++) {
            places[r] = (int)(firsts[r] * bytes);
            counts[r] = (int)((firsts[r + 1] - firsts[r]) * bytes);
        }
        for (size_t i = first; i < end; i++)
            memcpy(slices + i * bytes, (char *)items + i * size + at, bytes);
        code = crew__mpi_code(MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_BYTE, slices, counts, places, MPI_BYTE, m->comm));
        for (size_t i = 0; i < count; i++)
            memcpy((char *)items + i * size + at, slices + i * bytes, bytes);
    }
    free(slices);
    free(counts);
    return code;
}
