/* Bytes between ranks, in messages of at most crew__mpi_most bytes: MPI counts with int, and not every MPI has calls
   that count further. Any amount takes this one path. */
#ifndef CREW_MPI_TRANSFER_H
#define CREW_MPI_TRANSFER_H

#include "world.h"

/* Most bytes in a message. Fixed for users; tests make it small. */
extern size_t crew__mpi_most;

/* Messages that are under way together. Both sides know how many bytes go, so none tells the other. */
enum { CREW__FEW_MESSAGES = 4 };
struct crew__transfer {
    MPI_Comm comm;
    MPI_Request few[CREW__FEW_MESSAGES], *many; /* many NULL: there are few */
    size_t count, room;
    int code;
};

/* How many messages that many bytes take. */
size_t crew__messages(size_t bytes);

/* Room for so many messages; false where there is no memory, before anything was sent. CREW__FEW_MESSAGES need none. */
bool crew__transfer_open(struct crew__transfer *t, const crew_mpi *m, size_t messages);

void crew__transfer_send(struct crew__transfer *t, const void *bytes, size_t size, int to);
void crew__transfer_receive(struct crew__transfer *t, void *bytes, size_t size, int from);

/* Waits for all and frees the room. Returns 0 or -EIO. */
int crew__transfer_close(struct crew__transfer *t);

int crew__mpi_send(const crew_mpi *m, const void *bytes, size_t size, int to);
int crew__mpi_receive(const crew_mpi *m, void *bytes, size_t size, int from);
int crew__mpi_bcast(const crew_mpi *m, void *bytes, size_t size, int root);

/* all[r] becomes rank r's. */
int crew__mpi_allgather_size(const crew_mpi *m, size_t own, size_t *all);

/* Items of `size` bytes at `items`, of which rank r has firsts[r] .. firsts[r + 1] - 1: all ranks get all. Below 2^31
   of them. Collective; -ENOMEM, the same on all ranks. */
int crew__mpi_allgather_items(const crew_mpi *m, const size_t *firsts, void *items, size_t size);

#endif
