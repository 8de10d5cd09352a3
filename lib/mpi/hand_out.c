/* crew_mpi_map: rank 0 hands items out in order, two batches ahead for each rank, and takes results in. */
#include "../core/base/memory.h"
#include "batch.h"
#include "jobs.h"
#include "serve.h"
#include "transfer.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A batch that a rank has. Its messages may still be under way. */
struct slot {
    struct crew__batch batch;
    MPI_Request header;
    struct crew__transfer items;
};

struct hand_out {
    crew_mpi *m;
    const char *name, *in;
    char *out;
    size_t in_size, out_size, n;
    crew_mpi_ready *ready;
    void *ready_ctx;
    const crew_options *opt;
    double start, item_seconds; /* the time of an item, 0 until one has ended */
    size_t next, ready_below;
    unsigned char *ended; /* one for each item */
    struct slot *slots;   /* CREW__AHEAD for each rank, the older one first */
    int *held;            /* how many a rank has */
    size_t under_way;
    size_t failed; /* the lowest item that failed; SIZE_MAX: none */
    int code;
};

/* 0, or why no more items go out. */
static int stopped(const struct hand_out *h)
{
    if (h->opt && crew_cancel_requested(h->opt->cancel))
        return -ECANCELED;
    if (h->opt && h->opt->timeout > 0 && MPI_Wtime() - h->start > h->opt->timeout)
        return -ETIMEDOUT;
    return 0;
}

static struct crew__batch next_batch(struct hand_out *h, int rank, int held)
{
    const size_t bytes = h->in_size > h->out_size ? h->in_size : h->out_size;
    struct crew__batch b = {.first = h->next, .in_size = h->in_size, .out_size = h->out_size};
    b.count = crew__batch_size(h->m, rank, held, h->n - h->next, h->item_seconds, bytes);
    strcpy(b.name, h->name);
    h->next += (size_t)b.count;
    return b;
}

/* Nothing above a failure goes out; what is below has gone out before it. */
static bool any_left(const struct hand_out *h)
{
    return h->code == 0 && h->next < h->n;
}

static int send_batch(struct hand_out *h, int rank)
{
    struct slot *s = &h->slots[rank * CREW__AHEAD + h->held[rank]];
    const size_t next = h->next;
    s->batch = next_batch(h, rank, h->held[rank]);
    const size_t bytes = (size_t)s->batch.count * h->in_size;
    if (!crew__transfer_open(&s->items, h->m, crew__messages(bytes))) {
        h->next = next;
        return -ENOMEM;
    }
    h->held[rank]++;
    h->under_way++;
    int code =
        crew__mpi_code(MPI_Isend(&s->batch, sizeof s->batch, MPI_BYTE, rank, CREW__BATCH_TAG, h->m->comm, &s->header));
    crew__transfer_send(&s->items, h->in + (size_t)s->batch.first * h->in_size, bytes, rank);
    return code;
}

static void take_result(struct hand_out *h, const struct crew__result *r)
{
    if (r->code == 0)
        h->item_seconds = crew__batch_measure(h->item_seconds, r->seconds, (size_t)r->count);
    else if ((size_t)r->failed < h->failed || h->failed == SIZE_MAX) {
        h->failed = (size_t)r->failed;
        h->code = (int)r->code;
    }
    memset(h->ended + r->first, 1, crew__result_count(r));
    const size_t begin = h->ready_below;
    while (h->ready_below < h->n && h->ended[h->ready_below])
        h->ready_below++;
    if (h->ready && h->ready_below > begin)
        h->ready(begin, h->ready_below, h->ready_ctx);
}

static int receive_result(struct hand_out *h)
{
    struct crew__result r;
    MPI_Status status;
    int code = crew__mpi_code(MPI_Recv(&r, sizeof r, MPI_BYTE, MPI_ANY_SOURCE, CREW__RESULT_TAG, h->m->comm, &status));
    const int rank = code == 0 ? status.MPI_SOURCE : 0;
    if (code == 0)
        code =
            crew__mpi_receive(h->m, h->out + (size_t)r.first * h->out_size, crew__result_count(&r) * h->out_size, rank);
    if (code)
        return code;
    /* The rank has answered, so these have arrived. Requests are moved, not the buffers that they read: the header's
       message of the other slot may be under way, so slots swap only once it is complete. */
    struct slot *s = &h->slots[rank * CREW__AHEAD];
    code = crew__mpi_code(MPI_Wait(&s[0].header, MPI_STATUS_IGNORE));
    int closed = crew__transfer_close(&s[0].items);
    if (h->held[rank] > 1) {
        if (code == 0)
            code = crew__mpi_code(MPI_Wait(&s[1].header, MPI_STATUS_IGNORE));
        s[0] = s[1];
        s[0].header = MPI_REQUEST_NULL;
    }
    h->held[rank]--;
    h->under_way--;
    h->m->threads[rank] = (int)r.threads;
    take_result(h, &r);
    return code ? code : closed;
}

/* Every batch that is out comes back, whatever has failed: the ranks then wait for the next one. */
static int run(struct hand_out *h)
{
    int code = 0, halted = 0;
    while (code == 0 && (h->under_way > 0 || (any_left(h) && halted == 0))) {
        for (int ahead = 0; ahead < CREW__AHEAD; ahead++)
            for (int r = 1; r < h->m->ranks && halted == 0 && any_left(h) && code == 0; r++)
                if (h->held[r] <= ahead && (halted = stopped(h)) == 0)
                    halted = send_batch(h, r);
        if (halted == -EIO)
            code = halted;
        if (code == 0 && h->under_way > 0)
            code = receive_result(h);
    }
    return code ? code : h->code ? h->code : halted;
}

/* Without other ranks: the same batches here. */
static int run_alone(struct hand_out *h)
{
    int halted = 0;
    while (any_left(h) && (halted = stopped(h)) == 0) {
        const struct crew__batch b = next_batch(h, 0, 0);
        crew_options own = h->opt ? *h->opt : (crew_options){0};
        own.timeout = 0;
        own.progress = NULL;
        const struct crew__result r = crew__batch_run(&b, h->in + (size_t)b.first * h->in_size,
                                                      h->out + (size_t)b.first * h->out_size, NULL, &own);
        take_result(h, &r);
    }
    return h->code ? h->code : halted;
}

int crew_mpi_map(crew_mpi *m, const char *name, const void *in, size_t in_size, void *out, size_t out_size, size_t n,
                 crew_mpi_ready *ready, void *ready_ctx, const crew_options *opt)
{
    size_t in_bytes, out_bytes;
    int code = m && name && m->rank == 0 ? crew__mpi_check(m) : -EINVAL;
    if (code)
        return code;
    if (name[0] == '\0' || strlen(name) >= CREW__NAME_BYTES || in_size == 0 || out_size == 0 ||
        (n > 0 && (!in || !out)) || (opt && !(opt->timeout >= 0)))
        return -EINVAL;
    if (!crew__mul(n, in_size, &in_bytes) || !crew__mul(n, out_size, &out_bytes))
        return -EOVERFLOW;
    if (crew__overlap(in, in_bytes, out, out_bytes))
        return -EINVAL;
    code = crew__jobs_finish(m);
    if (code)
        return code;
    struct hand_out h = {.m = m,
                         .name = name,
                         .in = in,
                         .out = out,
                         .in_size = in_size,
                         .out_size = out_size,
                         .n = n,
                         .ready = ready,
                         .ready_ctx = ready_ctx,
                         .opt = opt,
                         .start = MPI_Wtime(),
                         .failed = SIZE_MAX};
    h.ended = calloc(n + 1, 1);
    h.slots = calloc((size_t)m->ranks * CREW__AHEAD, sizeof *h.slots);
    h.held = calloc((size_t)m->ranks, sizeof *h.held);
    code = h.ended && h.slots && h.held ? 0 : -ENOMEM;
    if (code == 0)
        code = m->ranks > 1 ? run(&h) : run_alone(&h);
    if (h.failed != SIZE_MAX && code == h.code && opt && opt->failed)
        *opt->failed = h.failed;
    free(h.ended);
    free(h.slots);
    free(h.held);
    return code;
}
