/* One error for all ranks: what each call says before ranks wait for each other, so that none waits for a rank that has
   left. */
#ifndef CREW_MPI_AGREE_H
#define CREW_MPI_AGREE_H

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

/* code: 0, or this rank's error. index is that of the item that failed, SIZE_MAX where the error has none or there is
   no error. The error of the lowest item is returned, those without an item come last; *index becomes its item. One
   message to and fro in all where nothing has failed. */
int crew__agree_on_item(MPI_Comm comm, int code, size_t *index);

/* The same without items: the smallest of the errors. */
static inline int crew__agree_on(MPI_Comm comm, int code)
{
    size_t index = SIZE_MAX;
    int agreed = crew__agree_on_item(comm, code, &index);
    return code != 0 && agreed == 0 ? code : agreed; /* never so; static analysis cannot know */
}

#endif
