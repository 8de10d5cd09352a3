/* Distributed arrays in .npy files: each rank reads and writes its own part. MPI's own files are not used: their
   implementations differ in what they get wrong, and pread and pwrite of parts that do not overlap need nothing of
   them. */
#include "agree.h"
#include "dist.h"
#include "transfer.h"
#include <crew/array.h>
#include <errno.h>
#include <stdlib.h>

crew_dist *crew_dist_load(crew_mpi *m, const char *path, crew_array_info *info)
{
    int code = m ? crew__mpi_check(m) : -EINVAL;
    if (code) {
        errno = -code;
        return NULL;
    }
    crew_array *a = path ? crew_array_open(path, CREW_ARRAY_READ) : NULL;
    code = crew__agree_on(m->comm, a ? 0 : path ? -errno : -EINVAL);
    /* A file that changes between two ranks' looks must not become two shapes. */
    size_t what[2] = {0};
    if (code == 0) {
        const crew_array_info *found = crew_array_get_info(a);
        what[0] = found->rows;
        what[1] = found->row_size;
        code = crew__mpi_bcast(m, what, sizeof what, 0);
        code = crew__agree_on(m->comm, code                                                   ? code
                                       : what[0] == found->rows && what[1] == found->row_size ? 0
                                                                                              : -ENODATA);
    }
    size_t *offsets = code == 0 ? malloc(((size_t)m->ranks + 1) * sizeof *offsets) : NULL;
    crew_dist *d = NULL;
    if (code == 0) {
        /* Rows without items still have a size in the file: none. An element has one byte at least. */
        for (int r = 0; offsets && r <= m->ranks; r++)
            offsets[r] = what[1] > 0 ? crew__even_begin(what[0], m->ranks, r) : 0;
        d = crew__dist_make(m, offsets, what[1] > 0 ? what[1] : 1, offsets ? 0 : -ENOMEM);
        code = d ? 0 : -errno;
    }
    if (code == 0) {
        code = d->end > d->begin ? crew_array_read(a, d->begin, d->end, d->items) : 0;
        code = crew__agree_on(m->comm, code);
    }
    if (code == 0 && info)
        *info = *crew_array_get_info(a);
    crew_array_close(a);
    free(offsets);
    if (code) {
        crew_dist_close(d);
        errno = -code;
        return NULL;
    }
    return d;
}

static int write_part(const crew_dist *d, const char *path)
{
    if (d->begin == d->end)
        return 0;
    crew_array *a = crew_array_open(path, CREW_ARRAY_APPEND);
    if (!a)
        return -errno;
    int code = crew_array_write(a, d->begin, d->end, d->items), closed = crew_array_close(a);
    return code ? code : closed;
}

int crew_dist_save(const crew_dist *d, const char *path, crew_type type)
{
    int code = d && path ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    const size_t item = crew_type_size(type);
    if (item == 0 || d->size % item != 0)
        return -EINVAL;
    const crew_mpi *m = d->m;
    if (m->rank == 0) {
        const size_t shape[2] = {d->n, d->size / item};
        crew_array *a = crew_array_create(path, type, shape, shape[1] > 1 ? 2 : 1);
        code = a ? crew_array_close(a) : -errno;
    }
    code = crew__agree_on(m->comm, code);
    return code ? code : crew__agree_on(m->comm, write_part(d, path));
}
