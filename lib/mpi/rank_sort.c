/* Sample sort. Elements are ordered by key, rank and place there, so none are equal: splitting by that makes the sort
   stable and parts even however many keys are equal. Samples stand at fixed distances in each sorted part: of n
   elements on p ranks every g-th, with g = n / (10 p (p + 1)), so that the number of elements below a sample is known
   within p g, a tenth of a part (Li et al., regular sampling, doi:10.1016/0167-8191(93)90019-H). */
#include "rank_sort.h"
#include "agree.h"
#include "transfer.h"
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct splitter {
    const char *key;
    int rank;
    size_t place;
};

/* Elements of this rank that are not ordered behind the splitter. */
static size_t count_before(const crew_dist *d, const struct crew__order *order, const struct splitter *s)
{
    size_t low = 0, high = d->end - d->begin;
    if (s->rank == d->m->rank)
        return s->place + 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = order->cmp(d->items + middle * d->size, s->key, order->ctx);
        if (c < 0 || (c == 0 && d->m->rank < s->rank))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* cuts[r]: where what goes to rank r begins in this rank's sorted part. all: the samples of all ranks, one rank after
   the other; sorted: their order. */
static void cut(const crew_dist *d, const struct crew__order *order, const crew_dist *samples, const char *all,
                const size_t *sorted, size_t distance, size_t *cuts)
{
    const int ranks = d->m->ranks;
    cuts[0] = 0;
    cuts[ranks] = d->end - d->begin;
    for (int r = 1; r < ranks; r++) {
        /* Between two samples of each rank lie distance - 1 elements; half of them are taken to be below. */
        const size_t below = crew__even_begin(d->n, ranks, r), unseen = (size_t)ranks * (distance - 1) / 2;
        const size_t target = below < unseen ? 0 : (below - unseen) / distance;
        cuts[r] = cuts[r - 1];
        if (target == 0)
            continue;
        const size_t at = sorted[(target < samples->n ? target : samples->n) - 1];
        struct splitter s = {all + at * d->size, crew__dist_find(samples, at), 0};
        s.place = (at - samples->offsets[s.rank] + 1) * distance - 1;
        cuts[r] = count_before(d, order, &s);
    }
}

static int find_cuts(const crew_dist *d, const struct crew__order *order, size_t *cuts)
{
    crew_mpi *m = d->m;
    const size_t ranks = (size_t)m->ranks, far = d->n / (10 * ranks * (ranks + 1)), distance = far > 0 ? far : 1;
    const size_t count = (d->end - d->begin) / distance;
    char *own = crew_alloc(count, d->size);
    int code = crew__agree_on(m->comm, own ? 0 : -ENOMEM);
    for (size_t i = 0; code == 0 && i < count; i++)
        memcpy(own + i * d->size, d->items + ((i + 1) * distance - 1) * d->size, d->size);
    crew_dist *samples = code == 0 ? crew_dist_from(m, own, count, d->size) : NULL;
    crew_free(own);
    if (!samples)
        return code ? code : -errno;
    char *all = crew_alloc(samples->n, d->size);
    size_t *sorted = malloc((samples->n + 1) * sizeof *sorted);
    code = crew__agree_on(m->comm, all && sorted ? 0 : -ENOMEM);
    if (code == 0)
        code = crew_dist_gather(samples, all, -1);
    if (code == 0)
        code = crew__agree_on(m->comm, crew_argsort(all, samples->n, d->size, sorted, order->cmp, order->ctx, NULL));
    if (code == 0)
        cut(d, order, samples, all, sorted, distance, cuts);
    crew_free(all);
    free(sorted);
    crew_dist_close(samples);
    return code;
}

/* Merges the sorted runs that begin at starts[0 .. runs-1] and end at starts[runs], pairs of neighbours, until there is
   one. *items and *other are two buffers; the result is in *items. */
static int merge_runs(char **items, char **other, size_t *starts, size_t runs, size_t size,
                      const struct crew__order *order)
{
    int code = 0;
    while (runs > 1 && code == 0) {
        size_t left = 0;
        for (size_t k = 0; k < runs && code == 0; k += 2) {
            const size_t a = starts[k], b = starts[k + 1], end = k + 1 < runs ? starts[k + 2] : b;
            if (b == end)
                memcpy(*other + a * size, *items + a * size, (b - a) * size);
            else
                code =
                    order->merge(*items + a * size, b - a, *items + b * size, end - b, size, *other + a * size, order);
            starts[left++] = a;
        }
        starts[left] = starts[runs];
        runs = left;
        char *swap = *items;
        *items = *other;
        *other = swap;
    }
    return code;
}

/* The new parts, from what goes where. starts: where what each rank sends begins in this rank's new part. */
static int exchange(crew_dist *d, const struct crew__order *order, const size_t *cuts, size_t *starts, size_t *counts)
{
    crew_mpi *m = d->m;
    const size_t size = d->size;
    size_t messages = 0;
    for (int r = 0; r < m->ranks; r++)
        counts[r] = cuts[r + 1] - cuts[r];
    int code =
        crew__mpi_code(MPI_Alltoall(counts, sizeof *counts, MPI_BYTE, starts + 1, sizeof *starts, MPI_BYTE, m->comm));
    if (code)
        return code;
    starts[0] = 0;
    for (int r = 0; r < m->ranks; r++) {
        messages += crew__messages(starts[r + 1] * size) + crew__messages(counts[r] * size);
        starts[r + 1] += starts[r];
    }
    const size_t count = starts[m->ranks];
    char *items = crew_alloc(count, size), *other = crew_alloc(count, size);
    struct crew__transfer t;
    bool room = crew__transfer_open(&t, m, messages);
    code = crew__agree_on(m->comm, room && items && other ? 0 : -ENOMEM);
    for (int k = 0; code == 0 && k < m->ranks; k++) {
        /* Each begins with its neighbour, so that not all send to rank 0 first. */
        const int from = (m->rank + m->ranks - k) % m->ranks, to = (m->rank + k) % m->ranks;
        if (k == 0) {
            memcpy(items + starts[to] * size, d->items + cuts[to] * size, counts[to] * size);
            continue;
        }
        crew__transfer_receive(&t, items + starts[from] * size, (starts[from + 1] - starts[from]) * size, from);
        crew__transfer_send(&t, d->items + cuts[to] * size, counts[to] * size, to);
    }
    int closed = crew__transfer_close(&t);
    code = code ? code : closed;
    if (code == 0)
        code = crew__agree_on(m->comm, merge_runs(&items, &other, starts, (size_t)m->ranks, size, order));
    if (code == 0)
        code = crew__mpi_allgather_size(m, count, counts);
    if (code == 0) {
        char *old = d->items;
        d->items = items;
        items = old;
        for (int r = 0; r < m->ranks; r++)
            d->offsets[r + 1] = d->offsets[r] + counts[r];
        d->begin = d->offsets[m->rank];
        d->end = d->offsets[m->rank + 1];
    }
    crew_free(items);
    crew_free(other);
    return code;
}

static int sort_any(void *items, size_t n, size_t size, const struct crew__order *order)
{
    return crew_sort(items, n, size, order->cmp, order->ctx, order->opt);
}

static int merge_any(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                     const struct crew__order *order)
{
    return crew_merge(a, na, b, nb, size, out, order->cmp, order->ctx, NULL);
}

struct crew__order crew__order_by(crew_compare *cmp, void *ctx, const crew_options *opt)
{
    return (struct crew__order){cmp, ctx, sort_any, merge_any, opt};
}

int crew__rank_sort(crew_dist *d, const struct crew__order *order)
{
    crew_mpi *m = d->m;
    int code = crew__agree_on(m->comm, order->sort(d->items, d->end - d->begin, d->size, order));
    if (code || m->ranks == 1 || d->n == 0)
        return code;
    const size_t places = (size_t)m->ranks + 1;
    size_t *memory = malloc(3 * places * sizeof *memory);
    code = crew__agree_on(m->comm, memory ? 0 : -ENOMEM);
    if (code == 0)
        code = find_cuts(d, order, memory);
    if (code == 0)
        code = exchange(d, order, memory, memory + places, memory + 2 * places);
    free(memory);
    return code;
}
