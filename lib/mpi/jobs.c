/* crew_mpi_submit: jobs one by one, handed out in batches of neighbours that call the same function with as many bytes.
   Messages are sent and received inside the calls of this file alone, since no other thread may call MPI. */
#define _POSIX_C_SOURCE 200809L
#include "jobs.h"
#include "../core/base/memory.h"
#include "batch.h"
#include "job.h"
#include "transfer.h"
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A batch that a rank has. Its messages may still be under way. */
struct slot {
    struct crew__batch batch;
    MPI_Request header;
    struct crew__transfer items;
    struct crew__job_list jobs;
    char *packed; /* inputs side by side, and later results; NULL where one job's own memory does */
    int32_t *codes;
};

struct crew__jobs {
    struct crew__job_list waits, ended;
    size_t waiting, under_way;
    int broken; /* by this error of MPI, or 0 */
    char measured[CREW__NAME_BYTES];
    double item_seconds; /* of that function; 0: not known */
    struct slot *slots;  /* CREW__AHEAD for each rank, the older one first */
    int *held;
};

static void free_job(crew_mpi_future *f)
{
    crew_free(f->in);
    crew_free(f->out);
    free(f);
}

static void end_job(struct crew__jobs *j, crew_mpi_future *f, int code)
{
    f->code = code;
    f->state = CREW__JOB_ENDED;
    crew_free(f->in);
    f->in = NULL;
    if (f->released)
        free_job(f);
    else
        crew__job_append(&j->ended, f);
}

/* How many jobs at the head of the queue, of `most` at most, may go together. */
static size_t count_alike(const struct crew__jobs *j, size_t most)
{
    const crew_mpi_future *first = j->waits.first, *f = first->next;
    size_t count = 1;
    for (; f && count < most && f->in_size == first->in_size && f->out_size == first->out_size &&
           strcmp(f->name, first->name) == 0;
         f = f->next)
        count++;
    return count;
}

/* A batch of what waits first. Returns 0 or -ENOMEM, and then nothing has changed. */
static int fill(crew_mpi *m, struct slot *s, int rank, int held)
{
    struct crew__jobs *j = m->jobs;
    const crew_mpi_future *first = j->waits.first;
    const size_t bytes = crew__larger(first->in_size, first->out_size);
    const double seconds = strcmp(j->measured, first->name) == 0 ? j->item_seconds : 0;
    const size_t count = count_alike(j, crew__batch_size(m, rank, held, j->waiting, seconds, bytes));
    *s = (struct slot){.batch = {.count = count, .in_size = first->in_size, .out_size = first->out_size, .each = 1},
                       .header = MPI_REQUEST_NULL};
    strcpy(s->batch.name, first->name);
    s->codes = calloc(count, sizeof *s->codes);
    if (count > 1)
        s->packed = crew_alloc(count, crew__larger(bytes, 1));
    if (!s->codes || (count > 1 && !s->packed) ||
        !crew__transfer_open(&s->items, m, crew__messages(count * first->in_size))) {
        free(s->codes);
        crew_free(s->packed);
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        crew_mpi_future *f = j->waits.first;
        crew__job_unlink(&j->waits, f);
        crew__job_append(&s->jobs, f);
        f->state = CREW__JOB_RUNS;
        if (s->packed && f->in_size > 0)
            memcpy(s->packed + i * f->in_size, f->in, f->in_size);
    }
    j->waiting -= count;
    return 0;
}

static char *results_of(const struct slot *s)
{
    return s->packed ? s->packed : s->jobs.first->out;
}

static const char *inputs_of(const struct slot *s)
{
    return s->packed ? s->packed : s->jobs.first->in;
}

static void end_batch(crew_mpi *m, struct slot *s, const struct crew__result *r)
{
    struct crew__jobs *j = m->jobs;
    if (strcmp(j->measured, s->batch.name) != 0) {
        strcpy(j->measured, s->batch.name);
        j->item_seconds = 0;
    }
    j->item_seconds = crew__batch_measure(j->item_seconds, r->seconds, (size_t)r->count);
    for (size_t i = 0; s->jobs.first; i++) {
        crew_mpi_future *f = s->jobs.first;
        crew__job_unlink(&s->jobs, f);
        if (s->packed && f->out_size > 0)
            memcpy(f->out, s->packed + i * f->out_size, f->out_size);
        end_job(j, f, s->codes[i]);
    }
    free(s->codes);
    crew_free(s->packed);
}

static int send_batch(crew_mpi *m, int rank)
{
    struct crew__jobs *j = m->jobs;
    struct slot *s = &j->slots[rank * CREW__AHEAD + j->held[rank]];
    int code = fill(m, s, rank, j->held[rank]);
    if (code)
        return code;
    j->held[rank]++;
    j->under_way++;
    code = crew__mpi_code(MPI_Isend(&s->batch, sizeof s->batch, MPI_BYTE, rank, CREW__BATCH_TAG, m->comm, &s->header));
    crew__transfer_send(&s->items, inputs_of(s), (size_t)(s->batch.count * s->batch.in_size), rank);
    return code;
}

static int receive_batch(crew_mpi *m)
{
    struct crew__jobs *j = m->jobs;
    struct crew__result r;
    MPI_Status status;
    int code = crew__mpi_code(MPI_Recv(&r, sizeof r, MPI_BYTE, MPI_ANY_SOURCE, CREW__RESULT_TAG, m->comm, &status));
    if (code)
        return code;
    const int rank = status.MPI_SOURCE;
    struct slot *s = &j->slots[rank * CREW__AHEAD];
    code = crew__mpi_code(MPI_Wait(&s[0].header, MPI_STATUS_IGNORE));
    const int closed = crew__transfer_close(&s[0].items);
    code = code ? code : closed;
    if (code == 0 && r.code != 0)
        code = crew__mpi_receive(m, s[0].codes, (size_t)r.count * sizeof *s[0].codes, rank);
    if (code == 0)
        code = crew__mpi_receive(m, results_of(s), (size_t)(r.count * s[0].batch.out_size), rank);
    if (code)
        return code;
    end_batch(m, &s[0], &r);
    /* Only a slot whose header has arrived may move. */
    if (j->held[rank] > 1) {
        code = crew__mpi_code(MPI_Wait(&s[1].header, MPI_STATUS_IGNORE));
        s[0] = s[1];
    }
    m->threads[rank] = (int)r.threads;
    j->held[rank]--;
    j->under_way--;
    return code;
}

/* Hands out what can go. Without memory for a batch this waits for one that ends. Behind a batch that a rank has, few
   short jobs stay here for a while: more may be submitted, unless the program waits. */
static int hand_out(crew_mpi *m, bool wait)
{
    struct crew__jobs *j = m->jobs;
    int code = 0;
    for (int ahead = 0; ahead < CREW__AHEAD; ahead++)
        for (int r = 1; r < m->ranks && code == 0 && j->waiting > 0; r++)
            if (j->held[r] <= ahead && (wait || j->held[r] == 0 || j->waiting >= crew__batch_least(j->item_seconds)))
                code = send_batch(m, r);
    return code == -ENOMEM && j->under_way > 0 ? 0 : code;
}

static void end_all(struct crew__jobs *j, struct crew__job_list *list)
{
    while (list->first) {
        crew_mpi_future *f = list->first;
        crew__job_unlink(list, f);
        f->in = NULL; /* MPI may read it still */
        end_job(j, f, j->broken);
    }
}

/* After an error of MPI nothing can be waited for: a message may have come in part. All jobs end with the error. */
static int give_up(crew_mpi *m, int code)
{
    struct crew__jobs *j = m->jobs;
    j->broken = code;
    for (int r = 1; r < m->ranks; r++)
        for (; j->held[r] > 0; j->held[r]--)
            end_all(j, &j->slots[r * CREW__AHEAD + j->held[r] - 1].jobs);
    end_all(j, &j->waits);
    j->waiting = j->under_way = 0;
    return code;
}

static int run_here(crew_mpi *m)
{
    struct slot s;
    int code = fill(m, &s, 0, 0);
    if (code)
        return code;
    const struct crew__result r = crew__batch_run(&s.batch, inputs_of(&s), results_of(&s), s.codes, NULL);
    code = crew__transfer_close(&s.items);
    end_batch(m, &s, &r);
    return code;
}

/* One step: takes results in, hands jobs out. wait: for a batch to end, where one is under way. */
static int advance(crew_mpi *m, bool wait)
{
    struct crew__jobs *j = m->jobs;
    if (m->ranks == 1)
        return j->waiting > 0 ? run_here(m) : 0;
    const bool waits = wait;
    int code = j->broken ? j->broken : hand_out(m, waits), there = 1;
    while (code == 0 && j->under_way > 0) {
        if (!wait)
            code = crew__mpi_code(MPI_Iprobe(MPI_ANY_SOURCE, CREW__RESULT_TAG, m->comm, &there, MPI_STATUS_IGNORE));
        if (code || !there)
            break;
        code = receive_batch(m);
        if (code == 0)
            code = hand_out(m, waits);
        wait = false;
    }
    return code == -EIO && !j->broken ? give_up(m, code) : code;
}

int crew__jobs_finish(crew_mpi *m)
{
    int code = m->jobs ? m->jobs->broken : 0;
    while (code == 0 && m->jobs && (m->jobs->waiting > 0 || m->jobs->under_way > 0))
        code = advance(m, true);
    return code;
}

int crew__jobs_close(crew_mpi *m)
{
    int code = crew__jobs_finish(m);
    if (!m->jobs || (code && !m->jobs->broken))
        return code;
    while (m->jobs->ended.first) {
        crew_mpi_future *f = m->jobs->ended.first;
        crew__job_unlink(&m->jobs->ended, f);
        f->m = NULL;
    }
    free(m->jobs->slots);
    free(m->jobs->held);
    free(m->jobs);
    m->jobs = NULL;
    return 0;
}

static bool open_jobs(crew_mpi *m)
{
    struct crew__jobs *j = m->jobs ? m->jobs : calloc(1, sizeof *j);
    if (!j || m->jobs)
        return j != NULL;
    j->slots = calloc((size_t)m->ranks * CREW__AHEAD, sizeof *j->slots);
    j->held = calloc((size_t)m->ranks, sizeof *j->held);
    if (j->slots && j->held) {
        m->jobs = j;
        return true;
    }
    free(j->slots);
    free(j->held);
    free(j);
    return false;
}

static int submit(crew_mpi *m, const char *name, const void *in, size_t in_size, size_t out_size,
                  crew_mpi_future **made)
{
    int code = m && name && m->rank == 0 ? crew__mpi_check(m) : -EINVAL;
    if (code)
        return code;
    if (name[0] == '\0' || strlen(name) >= CREW__NAME_BYTES || (in_size > 0 && !in))
        return -EINVAL;
    if (m->jobs && m->jobs->broken)
        return m->jobs->broken;
    crew_mpi_future *f = open_jobs(m) ? calloc(1, sizeof *f) : NULL;
    if (!f)
        return -ENOMEM;
    f->in = crew_alloc(crew__larger(in_size, 1), 1);
    f->out = crew_alloc(crew__larger(out_size, 1), 1);
    if (!f->in || !f->out) {
        free_job(f);
        return -ENOMEM;
    }
    if (in_size > 0)
        memcpy(f->in, in, in_size);
    f->m = m;
    f->in_size = in_size;
    f->out_size = out_size;
    strcpy(f->name, name);
    crew__job_append(&m->jobs->waits, f);
    m->jobs->waiting++;
    *made = f;
    return 0;
}

crew_mpi_future *crew_mpi_submit(crew_mpi *m, const char *name, const void *in, size_t in_size, size_t out_size,
                                 void *tag)
{
    crew_mpi_future *f = NULL;
    int code = submit(m, name, in, in_size, out_size, &f);
    if (code) {
        errno = -code;
        return NULL;
    }
    f->tag = tag;
    /* What goes wrong here is said where the job is waited for; alone, it runs there too. */
    if (m->ranks > 1)
        advance(m, false);
    return f;
}

int crew_mpi_future_wait(crew_mpi_future *f, double seconds)
{
    if (!f || !(seconds == seconds))
        return -EINVAL;
    int code = f->state != CREW__JOB_ENDED ? crew__mpi_check(f->m) : 0;
    const double until = f->state != CREW__JOB_ENDED && seconds > 0 ? MPI_Wtime() + seconds : 0;
    while (code == 0 && f->state != CREW__JOB_ENDED) {
        code = advance(f->m, seconds < 0);
        if (f->state == CREW__JOB_ENDED)
            return 0;
        if (code == 0 && f->state != CREW__JOB_ENDED && seconds >= 0 && (until == 0 || MPI_Wtime() >= until))
            return -ETIMEDOUT;
        if (code == 0 && f->state != CREW__JOB_ENDED && seconds > 0)
            nanosleep(&(struct timespec){0, 20000}, NULL);
    }
    return code;
}

int crew_mpi_future_result(crew_mpi_future *f, void *out)
{
    int code = crew_mpi_future_wait(f, -1);
    if (code)
        return code;
    if (f->code == 0 && out && f->out_size > 0)
        memcpy(out, f->out, f->out_size);
    return f->code;
}

void *crew_mpi_future_tag(const crew_mpi_future *f)
{
    return f ? f->tag : NULL;
}

bool crew_mpi_future_cancel(crew_mpi_future *f)
{
    if (!f || f->state == CREW__JOB_RUNS)
        return false;
    if (f->state == CREW__JOB_ENDED)
        return f->code == -ECANCELED;
    crew__job_unlink(&f->m->jobs->waits, f);
    f->m->jobs->waiting--;
    end_job(f->m->jobs, f, -ECANCELED);
    return true;
}

void crew_mpi_future_release(crew_mpi_future *f)
{
    if (!f)
        return;
    f->released = true;
    if (f->state != CREW__JOB_ENDED)
        return;
    if (f->listed)
        crew__job_unlink(&f->m->jobs->ended, f);
    free_job(f);
}

crew_mpi_future *crew_mpi_next_done(crew_mpi *m)
{
    int code = m && m->rank == 0 ? crew__mpi_check(m) : -EINVAL;
    while (code == 0 && m->jobs && !m->jobs->ended.first && (m->jobs->waiting > 0 || m->jobs->under_way > 0))
        code = advance(m, true);
    crew_mpi_future *f = code == 0 && m->jobs ? m->jobs->ended.first : NULL;
    if (f)
        crew__job_unlink(&m->jobs->ended, f);
    errno = -code;
    return f;
}
