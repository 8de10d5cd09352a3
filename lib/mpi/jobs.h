/* What was submitted to a group and has not ended. */
#ifndef CREW_MPI_JOBS_H
#define CREW_MPI_JOBS_H

#include "world.h"

/* Waits until all of it has: whoever uses the ranks that serve for something else begins so. Returns 0, -ENOMEM or
   -EIO. */
int crew__jobs_finish(crew_mpi *m);

/* Likewise, and frees what the group has for it; futures stay. */
int crew__jobs_close(crew_mpi *m);

#endif
