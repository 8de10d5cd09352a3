/* What this rank has asked of MPI: messages from one rank to another, and calls of all ranks together. */
#ifndef TESTS_MPI_POLITE_H
#define TESTS_MPI_POLITE_H

#include <stddef.h>

struct message_counts {
    size_t sends, send_bytes, receives, collectives, collective_bytes, all_to_all;
};

/* Those of this rank since it was set to zero. */
extern struct message_counts message_counts;

/* How many collective calls, and how many calls for messages between two ranks, go well before one says that it has
   failed; negative: all go well. That one is carried out nevertheless, so that no other rank waits for it. */
extern long collectives_before_failure, messages_before_failure;

#endif
