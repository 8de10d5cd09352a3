/* Functions by name, and the ranks that serve: crew_mpi_register, crew_mpi_serve, crew_mpi_release. */
#include "serve.h"
#include "transfer.h"
#include <crew/map.h>
#include <crew/move.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 256 };

static struct entry {
    char name[CREW__NAME_BYTES];
    crew_map_fn *fn;
    void *ctx;
} entries[MOST_NAMES];
static size_t entry_count;

static struct entry *find(const char *name)
{
    for (size_t i = 0; i < entry_count; i++)
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    return NULL;
}

int crew_mpi_register(const char *name, crew_map_fn *fn, void *ctx)
{
    if (!name || !fn || name[0] == '\0' || strlen(name) >= CREW__NAME_BYTES)
        return -EINVAL;
    struct entry *e = find(name);
    if (!e && entry_count == MOST_NAMES)
        return -ENOMEM;
    if (!e)
        e = &entries[entry_count++];
    strcpy(e->name, name);
    e->fn = fn;
    e->ctx = ctx;
    return 0;
}

struct crew__result crew__batch_run(const struct crew__batch *batch, const void *in, void *out, const crew_options *opt)
{
    struct crew__result r = {.first = batch->first, .count = batch->count, .failed = batch->first};
    const struct entry *e = find(batch->name);
    size_t failed = 0;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    double start = MPI_Wtime();
    r.code = e ? crew_map(in, (size_t)batch->in_size, out, (size_t)batch->out_size, (size_t)batch->count, e->fn, e->ctx,
                          &own)
               : -ENOENT;
    r.seconds = MPI_Wtime() - start;
    r.failed += failed;
    return r;
}

/* What has been sent cannot be refused, and who sent it waits: without memory the job ends. */
static void end_without_memory(const crew_mpi *m, size_t bytes)
{
    fprintf(stderr, "crew: rank %d has no memory for a batch of %zu bytes; the job is ended\n", m->rank, bytes);
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
}

static int serve_batch(crew_mpi *m, const struct crew__batch *batch)
{
    const size_t in_bytes = (size_t)(batch->count * batch->in_size);
    const size_t out_bytes = (size_t)(batch->count * batch->out_size);
    char *in = crew_alloc(in_bytes, 1), *out = crew_alloc(out_bytes, 1);
    if (!in || !out)
        end_without_memory(m, in_bytes + out_bytes);
    int code = crew__mpi_receive(m, in, in_bytes, 0);
    if (code == 0) {
        const struct crew__result r = crew__batch_run(batch, in, out, NULL);
        code = crew__mpi_code(MPI_Send(&r, sizeof r, MPI_BYTE, 0, CREW__RESULT_TAG, m->comm));
        if (code == 0 && r.code == 0)
            code = crew__mpi_send(m, out, out_bytes, 0);
    }
    crew_free(in);
    crew_free(out);
    return code;
}

int crew_mpi_serve(crew_mpi *m)
{
    int code = m ? crew__mpi_check(m) : -EINVAL;
    while (code == 0 && m->rank > 0) {
        struct crew__batch batch;
        code = crew__mpi_code(MPI_Recv(&batch, sizeof batch, MPI_BYTE, 0, CREW__BATCH_TAG, m->comm, MPI_STATUS_IGNORE));
        if (code == 0 && batch.name[0] == '\0')
            break;
        if (code == 0)
            code = serve_batch(m, &batch);
    }
    return code;
}

int crew_mpi_release(crew_mpi *m)
{
    int code = m && m->rank == 0 ? crew__mpi_check(m) : -EINVAL;
    const struct crew__batch last = {.name = ""};
    for (int r = 1; code == 0 && r < m->ranks; r++)
        code = crew__mpi_code(MPI_Send(&last, sizeof last, MPI_BYTE, r, CREW__BATCH_TAG, m->comm));
    return code;
}
