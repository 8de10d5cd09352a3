/* A result for each key, of elements in the order of their keys over ranks. Each rank folds the runs that begin in its
   part. Where a key goes on from one part to the next, what is known of it goes to the next rank, which goes on there:
   no element travels, and runs are folded and merged in the order of one machine. */
#include "key_runs.h"
#include "../core/base/memory.h"
#include "../core/loop/cut.h"
#include "agree.h"
#include "transfer.h"
#include <crew/for.h>
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES = 512, ALIGN = 64 };

/* What ranks know of each other's parts. */
struct ends {
    uint64_t first_key, last_key, first_place, last_place;
};

struct reduction {
    const struct crew__key_runs *k;
    size_t begin, n;         /* this rank's positions */
    int before, behind;      /* ranks whose parts the first and the last key go beyond into; -1: none */
    bool goes_on;            /* the first run does */
    struct crew__cut pieces; /* of the positions: a piece does the runs that begin in it */
    size_t first_end;        /* where the first run ends if `before` has begun the key, else 0 */
    size_t runs;             /* that begin behind */
    size_t *piece_runs;      /* of each piece; then the first of them */
    size_t *places;          /* where they begin */
    char *accs;              /* of them */
};

static uint64_t key_at(const struct crew__key_runs *k, size_t p)
{
    uint32_t narrow;
    uint64_t wide;
    if (k->key_size == sizeof narrow) {
        memcpy(&narrow, k->keys + p * sizeof narrow, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, k->keys + p * sizeof wide, sizeof wide);
    return wide;
}

/* What runs are cut by. */
static size_t place_at(const struct reduction *d, size_t p)
{
    return d->k->by_number && d->k->numbers ? d->k->numbers[p] : d->begin + p;
}

static bool run_begins(const struct reduction *d, size_t p)
{
    return key_at(d->k, p) != key_at(d->k, p - 1) || place_at(d, p) / d->k->chunk != place_at(d, p - 1) / d->k->chunk;
}

static size_t run_end(const struct reduction *d, size_t p)
{
    const uint64_t key = key_at(d->k, p);
    const size_t place = place_at(d, p), chunk = d->k->chunk, left = chunk - place % chunk;
    const size_t limit = left > SIZE_MAX - place ? SIZE_MAX : place + left;
    size_t end = p + 1;
    while (end < d->n && key_at(d->k, end) == key && place_at(d, end) < limit)
        end++;
    return end;
}

/* The first run that begins in the piece; its end where none does. */
static size_t first_run(const struct reduction *d, size_t piece)
{
    size_t p = crew__cut_begin(&d->pieces, piece);
    const size_t end = crew__cut_end(&d->pieces, piece);
    p = p < d->first_end ? d->first_end : p;
    while (p > 0 && p < end && !run_begins(d, p))
        p++;
    return p;
}

static int count_runs(size_t begin, size_t end, void *ctx)
{
    const struct reduction *d = ctx;
    for (size_t piece = begin; piece < end; piece++) {
        size_t runs = 0;
        for (size_t p = first_run(d, piece); p < crew__cut_end(&d->pieces, piece); p = run_end(d, p))
            runs++;
        d->piece_runs[piece] = runs;
    }
    return 0;
}

static void set_up(const crew_array_reducer *r, void *acc)
{
    if (r->identity)
        memcpy(acc, r->identity, r->size);
    else
        memset(acc, 0, r->size);
}

static int fold(const struct reduction *d, size_t begin, size_t end, void *acc)
{
    const struct crew__key_runs *k = d->k;
    for (size_t p = begin, next; p < end; p = next) {
        const size_t number = k->numbers ? k->numbers[p] : d->begin + p;
        next = end;
        if (k->numbers && !k->together)
            for (next = p + 1; next < end && k->numbers[next] == number + (next - p); next++)
                ;
        int code = k->r->fold(number, number + (next - p), k->values + p * k->value_size, acc, k->ctx);
        if (code)
            return code;
    }
    return 0;
}

static int fold_runs(size_t begin, size_t end, void *ctx)
{
    const struct reduction *d = ctx;
    for (size_t piece = begin; piece < end; piece++) {
        size_t run = d->piece_runs[piece];
        for (size_t p = first_run(d, piece), next; p < crew__cut_end(&d->pieces, piece); p = next, run++) {
            next = run_end(d, p);
            d->places[run] = p;
            set_up(d->k->r, d->accs + run * d->k->r->size);
            int code = fold(d, p, next, d->accs + run * d->k->r->size);
            if (code)
                return crew_fail_at(piece, code);
        }
    }
    return 0;
}

/* A key that is being done: its run, and what the runs before it have come to. */
struct state {
    const crew_array_reducer *r;
    void *ctx;
    char *run, *merged;
    unsigned char *has_merged; /* behind them, so that all travels together */
    size_t bytes;
};

static void end_run(const struct state *s)
{
    if (*s->has_merged)
        s->r->merge(s->merged, s->run, s->ctx);
    else
        memcpy(s->merged, s->run, s->r->size);
    *s->has_merged = 1;
}

static void end_key(const struct reduction *d, const struct state *s, size_t p, struct crew__key_groups *g)
{
    const size_t key_size = d->k->key_size;
    end_run(s);
    memcpy(g->keys + g->count * key_size, d->k->keys + p * key_size, key_size);
    memcpy(g->results + g->count * s->r->size, s->merged, s->r->size);
    g->count++;
}

/* The runs first .. end-1 after what s has; p is a position of its key. Returns a position of the key that s has then.
 */
static size_t take_runs(const struct reduction *d, const struct state *s, size_t first, size_t end, size_t p,
                        struct crew__key_groups *g)
{
    for (size_t run = first; run < end; run++) {
        const size_t next = d->places[run];
        if (key_at(d->k, next) == key_at(d->k, p)) {
            end_run(s);
        } else {
            end_key(d, s, p, g);
            *s->has_merged = 0;
        }
        memcpy(s->run, d->accs + run * s->r->size, s->r->size);
        p = next;
    }
    return p;
}

/* What is known of this rank's last key goes on, or is all. */
static int pass_on(const struct reduction *d, const struct state *s, size_t p, struct crew__key_groups *g)
{
    if (d->behind >= 0)
        return crew__mpi_send(d->k->m, s->run, s->bytes, d->behind);
    end_key(d, s, p, g);
    return 0;
}

/* The first key, which an earlier rank has begun: what that knows of it, and the runs here up to `end`. */
static int take_over(const struct reduction *d, const struct state *s, size_t end, struct crew__key_groups *g,
                     int *failed)
{
    int code = crew__mpi_receive(d->k->m, s->run, s->bytes, d->before);
    if (code)
        return code;
    if (!d->goes_on) {
        end_run(s);
        set_up(s->r, s->run);
    }
    *failed = fold(d, 0, d->first_end, s->run);
    take_runs(d, s, 0, end, 0, g);
    return 0;
}

/* Keys that begin here come first, so that the next rank waits for this one's last key and not for the first. */
static int join(const struct reduction *d, const struct state *s, struct crew__key_groups *g, int *failed)
{
    size_t begun = 0;
    *failed = 0;
    if (d->n == 0)
        return 0;
    while (d->before >= 0 && begun < d->runs && key_at(d->k, d->places[begun]) == key_at(d->k, 0))
        begun++;
    if (begun == d->runs) {
        int code = take_over(d, s, begun, g, failed);
        return code ? code : pass_on(d, s, 0, g);
    }
    /* The first key's place in the output stays free. */
    g->count = d->before >= 0;
    const size_t p = d->places[begun];
    *s->has_merged = 0;
    memcpy(s->run, d->accs + begun * s->r->size, s->r->size);
    int code = pass_on(d, s, take_runs(d, s, begun + 1, d->runs, p, g), g);
    if (code || d->before < 0)
        return code;
    struct crew__key_groups first = {0, g->keys, g->results};
    code = take_over(d, s, begun, &first, failed);
    if (code == 0)
        end_key(d, s, 0, &first);
    return code;
}

/* The neighbours with elements, and whether keys go on there. */
static int look_around(struct reduction *d)
{
    const struct crew__key_runs *k = d->k;
    const crew_mpi *m = k->m;
    struct ends own = {0, 0, 0, 0}, *all = malloc((size_t)m->ranks * sizeof *all);
    int code = crew__agree_on(m->comm, all ? 0 : -ENOMEM);
    if (d->n > 0)
        own = (struct ends){key_at(k, 0), key_at(k, d->n - 1), place_at(d, 0), place_at(d, d->n - 1)};
    if (code == 0)
        code = crew__mpi_code(MPI_Allgather(&own, (int)sizeof own, MPI_BYTE, all, (int)sizeof own, MPI_BYTE, m->comm));
    d->before = m->rank - 1;
    d->behind = m->rank + 1;
    while (d->before >= 0 && k->offsets[d->before] == k->offsets[d->before + 1])
        d->before--;
    while (d->behind < m->ranks && k->offsets[d->behind] == k->offsets[d->behind + 1])
        d->behind++;
    if (code || d->n == 0 || d->before < 0 || all[d->before].last_key != own.first_key)
        d->before = -1;
    if (code || d->n == 0 || d->behind == m->ranks || all[d->behind].first_key != own.last_key)
        d->behind = -1;
    d->goes_on = d->before >= 0 && all[d->before].last_place / k->chunk == own.first_place / k->chunk;
    free(all);
    return code;
}

/* Failures of runs that others have begun are not known yet: of all, that of the lowest key counts. */
static int find_failure(const struct reduction *d, int code, size_t failed, void *acc)
{
    size_t lowest = failed;
    int agreed = crew__agree_on_item(d->k->m->comm, code, &lowest);
    if (agreed == 0 || lowest == SIZE_MAX)
        return agreed;
    set_up(d->k->r, acc);
    const int first = d->first_end > 0 ? fold(d, 0, d->first_end, acc) : 0;
    lowest = first ? d->begin : failed;
    return crew__agree_on_item(d->k->m->comm, first ? first : code, &lowest);
}

static int run(struct reduction *d, const struct state *s, struct crew__key_groups *g)
{
    const crew_mpi *m = d->k->m;
    size_t failed = SIZE_MAX, bytes;
    crew_options own = d->k->opt ? *d->k->opt : (crew_options){0};
    own.failed = &failed;
    own.grain = 0;
    crew_for(d->pieces.count, count_runs, d, NULL);
    for (size_t piece = 0; piece < d->pieces.count; piece++) {
        const size_t here = d->piece_runs[piece];
        d->piece_runs[piece] = d->runs;
        d->runs += here;
    }
    if (crew__mul(d->runs + 1, d->k->r->size, &bytes)) {
        d->places = crew_alloc(d->runs, sizeof *d->places);
        d->accs = crew_alloc(d->runs, d->k->r->size);
        g->keys = crew_alloc(d->runs + 1, d->k->key_size);
        g->results = crew_alloc(d->runs + 1, d->k->r->size);
    }
    int code = crew__agree_on(m->comm, d->places && d->accs && g->keys && g->results ? 0 : -ENOMEM);
    if (code)
        return code;
    code = crew_for(d->pieces.count, fold_runs, d, &own);
    failed = failed == SIZE_MAX ? SIZE_MAX : d->begin + crew__cut_begin(&d->pieces, failed);
    code = find_failure(d, code, failed, s->run);
    if (code)
        return code;
    int first_failed;
    code = join(d, s, g, &first_failed);
    failed = first_failed ? d->begin : SIZE_MAX;
    return crew__agree_on_item(m->comm, code ? code : first_failed, &failed);
}

int crew__key_runs_reduce(const struct crew__key_runs *k, struct crew__key_groups *g)
{
    const crew_mpi *m = k->m;
    struct reduction d = {.k = k, .begin = k->offsets[m->rank]};
    d.n = k->offsets[m->rank + 1] - d.begin;
    d.pieces = crew__cut_into(d.n, PIECES);
    *g = (struct crew__key_groups){0, NULL, NULL};
    struct state s = {.r = k->r, .ctx = k->ctx};
    const size_t stride = k->r->size + (ALIGN - k->r->size % ALIGN) % ALIGN;
    if (stride >= k->r->size && stride < SIZE_MAX / 4) {
        s.bytes = 2 * stride + 1;
        s.run = crew_alloc(s.bytes, 1);
        d.piece_runs = malloc((d.pieces.count + 1) * sizeof *d.piece_runs);
    }
    int code = crew__agree_on(m->comm, s.run && d.piece_runs ? 0 : -ENOMEM);
    if (code == 0)
        code = look_around(&d);
    if (code == 0) {
        memset(s.run, 0, s.bytes);
        s.merged = s.run + stride;
        s.has_merged = (unsigned char *)s.merged + stride;
        d.first_end = d.before >= 0 ? run_end(&d, 0) : 0;
        code = run(&d, &s, g);
    }
    if (code) {
        crew_free(g->keys);
        crew_free(g->results);
        *g = (struct crew__key_groups){0, NULL, NULL};
    }
    free(d.piece_runs);
    crew_free(d.places);
    crew_free(d.accs);
    crew_free(s.run);
    return code;
}
