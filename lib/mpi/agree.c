/* One error for all ranks. */
#include "agree.h"
#include <errno.h>
#include <stdint.h>

/* Signed, and no item is so far: Open MPI 4.1 compares unsigned numbers as signed ones where it uses AVX. */
static const int64_t none = INT64_MAX, without_item = INT64_MAX - 1;

int crew__agree_on_item(MPI_Comm comm, int code, size_t *index)
{
    int64_t own = code == 0 ? none : *index < (size_t)INT64_MAX - 1 ? (int64_t)*index : without_item, lowest;
    if (MPI_Allreduce(&own, &lowest, 1, MPI_INT64_T, MPI_MIN, comm) != MPI_SUCCESS)
        return -EIO;
    if (lowest == none)
        return 0;
    /* An index belongs to one rank; of several errors without one the smallest counts. 0 is no error. */
    int64_t mine = own == lowest ? code : INT64_MAX, agreed;
    if (MPI_Allreduce(&mine, &agreed, 1, MPI_INT64_T, MPI_MIN, comm) != MPI_SUCCESS)
        return -EIO;
    *index = lowest == without_item ? SIZE_MAX : (size_t)lowest;
    return (int)agreed;
}
