/* Physical cores, NUMA nodes and places behind the processors that this process may use. */
#ifndef CREW_BASE_TOPOLOGY_H
#define CREW_BASE_TOPOLOGY_H

#include <stdatomic.h>

#include "limits.h"

/* What nobody has asked for yet: the files of many processors take milliseconds to read. */
enum { CREW__CORES_UNREAD = -1 };

struct crew__topology {
    atomic_int cores; /* that have an allowed processor; 0 where the system does not say */
    atomic_int nodes; /* likewise; 0 where the system does not say */
    atomic_int places;
    atomic_uint mask_hash; /* of the processors that were allowed */
};

/* Fills *topology for the CPUs of the mask. The files are looked for under the directory `root`. */
void crew__topology_of(struct crew__topology *topology, const char *root, const struct crew__cpu_mask *mask);

/* Does so for the CPUs that this process may use. Thread safe: each thread writes the same. */
void crew__topology_read(struct crew__topology *topology, const char *root);

/* The same, where it was read before for other CPUs. */
void crew__topology_refresh(struct crew__topology *topology, const char *root);

#endif
