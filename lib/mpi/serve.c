/* Functions by name, and the ranks that serve: crew_mpi_register, crew_mpi_processes,
   crew_mpi_serve, crew_mpi_release. */
#include "serve.h"
#include "jobs.h"
#include "transfer.h"
#include <crew/executor.h>
#include <crew/for.h>
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
    bool in_processes; /* the worker processes know it */
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
    e->in_processes = false;
    return 0;
}

static crew_executor *processes;

/* Of processes before crew knows how many ranks are on the node: what launchers say, else 1. */
static int guess_node_ranks(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "SLURM_NTASKS_PER_NODE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        const long ranks = value ? strtol(value, NULL, 10) : 0;
        if (ranks > 0 && ranks < INT32_MAX)
            return (int)ranks;
    }
    return 1;
}

int crew_mpi_processes(int count, const crew_process_options *options)
{
    int initialized = 0;
    MPI_Initialized(&initialized);
    if (initialized || crew_in_team())
        return -EPERM;
    if (processes)
        return -EALREADY;
    const int share = crew_num_threads() / guess_node_ranks();
    processes = crew_executor_open(&(crew_executor_options){.processes = count != 0  ? count
                                                                         : share < 1 ? 1
                                                                                     : share,
                                                            .process_options = options});
    if (!processes)
        return -errno;
    for (size_t i = 0; i < entry_count; i++)
        entries[i].in_processes = true;
    return 0;
}

void crew__processes_close(void)
{
    if (processes)
        crew_executor_shutdown(processes, 0);
    processes = NULL;
    for (size_t i = 0; i < entry_count; i++)
        entries[i].in_processes = false;
}

struct items {
    const struct entry *e;
    const struct crew__batch *batch;
    const char *in;
    char *out;
    int32_t *codes;
};

static int run_each(size_t begin, size_t end, void *ctx)
{
    const struct items *items = ctx;
    for (size_t i = begin; i < end; i++)
        items->codes[i] =
            items->e->fn(items->in + i * items->batch->in_size, items->out + i * items->batch->out_size, items->e->ctx);
    return 0;
}

/* The result's place: a worker process knows nothing of it, so it is no part of ctx. */
static struct items here;

static int run_in_process(size_t index, const void *in, void *out, void *ctx)
{
    (void)index;
    const struct entry *e = ctx;
    return e->fn(in, out, e->ctx);
}

static int store(size_t index, const void *out, void *ctx)
{
    (void)ctx;
    if (here.batch->out_size > 0)
        memcpy(here.out + index * here.batch->out_size, out, here.batch->out_size);
    return 0;
}

static int run_items(const struct items *items, crew_options *opt)
{
    const struct crew__batch *b = items->batch;
    if (items->e->in_processes) {
        here = *items;
        return crew_executor_map_with(
            processes, b->in_size > 0 ? items->in : NULL, b->in_size, b->out_size, b->count, run_in_process, store,
            (void *)items->e,
            &(crew_executor_map_options){
                .run_all = items->codes != NULL, .status = items->codes, .failed = opt->failed, .cancel = opt->cancel});
    }
    if (items->codes)
        return crew_for(b->count, run_each, (void *)items, opt);
    return crew_map(items->in, b->in_size, items->out, b->out_size, b->count, items->e->fn, items->e->ctx, opt);
}

/* The first item's value that is not 0. Where the batch failed as a whole, no item has one, and each gets `code`. */
static int first_code(int32_t *codes, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i] != 0)
            return codes[i];
    for (size_t i = 0; i < count; i++)
        codes[i] = code;
    return code;
}

struct crew__result crew__batch_run(const struct crew__batch *batch, const void *in, void *out, int32_t *codes,
                                    const crew_options *opt)
{
    struct crew__result r = {.first = batch->first, .count = batch->count, .failed = batch->first, .code = -ENOENT};
    const struct items items = {find(batch->name), batch, in, out, codes};
    size_t failed = 0;
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    double start = MPI_Wtime();
    if (items.e)
        r.code = run_items(&items, &own);
    if (codes)
        r.code = first_code(codes, (size_t)batch->count, (int)r.code);
    r.seconds = MPI_Wtime() - start;
    r.failed += failed;
    r.threads = items.e && items.e->in_processes ? crew_executor_threads(processes) : crew_num_threads();
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
    int32_t *codes = batch->each ? calloc((size_t)batch->count, sizeof *codes) : NULL;
    if (!in || !out || (batch->each && !codes))
        end_without_memory(m, in_bytes + out_bytes);
    int code = crew__mpi_receive(m, in, in_bytes, 0);
    if (code == 0) {
        const struct crew__result r = crew__batch_run(batch, in, out, codes, NULL);
        code = crew__mpi_code(MPI_Send(&r, sizeof r, MPI_BYTE, 0, CREW__RESULT_TAG, m->comm));
        if (code == 0 && codes && r.code != 0)
            code = crew__mpi_send(m, codes, (size_t)batch->count * sizeof *codes, 0);
        if (code == 0)
            code = crew__mpi_send(m, out, codes ? out_bytes : crew__result_count(&r) * (size_t)batch->out_size, 0);
    }
    free(codes);
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
    if (code)
        return code;
    code = crew__jobs_finish(m);
    const struct crew__batch last = {.name = ""};
    for (int r = 1; (code == 0 || code == -EIO) && r < m->ranks; r++) {
        const int sent = crew__mpi_code(MPI_Send(&last, sizeof last, MPI_BYTE, r, CREW__BATCH_TAG, m->comm));
        code = code ? code : sent;
    }
    return code;
}
