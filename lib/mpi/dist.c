/* Distributed arrays: making them, who has what, moving elements, gathering them. */
#include "dist.h"
#include "../core/base/memory.h"
#include "agree.h"
#include "transfer.h"
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A multiple of the leaves of typed sums and scans: no leaf then lies across a border. */
enum { BORDER = 16384 };

static const size_t large_part = (size_t)64 * BORDER;

size_t crew__even_begin(size_t n, int ranks, int r)
{
    const size_t p = (size_t)ranks, at = (size_t)r, each = n / p, more = n % p;
    size_t begin = at * each + (at < more ? at : more);
    return r == ranks || each < large_part ? begin : begin - begin % BORDER;
}

crew_dist *crew__dist_make(crew_mpi *m, const size_t *offsets, size_t size, int code)
{
    crew_dist *d = NULL;
    size_t bytes;
    if (code == 0 && !crew__mul(offsets[m->ranks], size, &bytes))
        code = -EOVERFLOW;
    if (code == 0) {
        const size_t places = ((size_t)m->ranks + 1) * sizeof *offsets;
        const size_t begin = offsets[m->rank], end = offsets[m->rank + 1];
        d = calloc(1, sizeof *d);
        if (d)
            *d = (crew_dist){m, offsets[m->ranks], size, malloc(places), begin, end, crew_alloc(end - begin, size)};
        if (d && d->offsets && d->items) {
            memcpy(d->offsets, offsets, places);
        } else {
            crew_dist_close(d);
            d = NULL;
            code = -ENOMEM;
        }
    }
    code = crew__agree_on(m->comm, code);
    if (code == 0)
        return d;
    crew_dist_close(d);
    errno = -code;
    return NULL;
}

static crew_dist *make_even(crew_mpi *m, size_t n, size_t size)
{
    size_t *offsets = malloc(((size_t)m->ranks + 1) * sizeof *offsets);
    int code = offsets ? 0 : -ENOMEM;
    for (int r = 0; code == 0 && r <= m->ranks; r++)
        offsets[r] = crew__even_begin(n, m->ranks, r);
    crew_dist *d = crew__dist_make(m, offsets, size, code);
    free(offsets);
    return d;
}

static int check(const crew_mpi *m, size_t size)
{
    int code = m && size > 0 ? crew__mpi_check(m) : -EINVAL;
    if (code)
        errno = -code;
    return code;
}

crew_dist *crew_dist_open(crew_mpi *m, size_t n, size_t size)
{
    if (check(m, size))
        return NULL;
    crew_dist *d = make_even(m, n, size);
    if (d)
        memset(d->items, 0, (d->end - d->begin) * size);
    return d;
}

crew_dist *crew_dist_like(const crew_dist *like, size_t size)
{
    if (check(like ? like->m : NULL, size))
        return NULL;
    crew_dist *d = crew__dist_make(like->m, like->offsets, size, 0);
    if (d)
        memset(d->items, 0, (d->end - d->begin) * size);
    return d;
}

crew_dist *crew_dist_from(crew_mpi *m, const void *part, size_t count, size_t size)
{
    if (check(m, size))
        return NULL;
    size_t *offsets = malloc(((size_t)m->ranks + 1) * sizeof *offsets);
    int code = crew__agree_on(m->comm, !offsets ? -ENOMEM : !part && count > 0 ? -EINVAL : 0);
    if (code == 0)
        code = crew__mpi_allgather_size(m, count, offsets + 1);
    if (code) {
        free(offsets);
        errno = -code;
        return NULL;
    }
    offsets[0] = 0;
    for (int r = 0; r < m->ranks; r++) {
        if (offsets[r + 1] > SIZE_MAX - offsets[r])
            code = -EOVERFLOW;
        offsets[r + 1] += offsets[r];
    }
    crew_dist *d = crew__dist_make(m, offsets, size, code);
    free(offsets);
    if (d && count > 0)
        memcpy(d->items, part, count * size);
    return d;
}

void crew_dist_close(crew_dist *d)
{
    if (!d)
        return;
    crew_free(d->items);
    free(d->offsets);
    free(d);
}

size_t crew_dist_n(const crew_dist *d)
{
    return d->n;
}

size_t crew_dist_begin(const crew_dist *d)
{
    return d->begin;
}

size_t crew_dist_count(const crew_dist *d)
{
    return d->end - d->begin;
}

void *crew_dist_items(const crew_dist *d)
{
    return d->items;
}

int crew__dist_find(const crew_dist *d, size_t i)
{
    int low = 0, high = d->m->ranks - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (d->offsets[middle + 1] > i)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int crew_dist_owner(const crew_dist *d, size_t i)
{
    return i < d->n ? crew__dist_find(d, i) : -1;
}

bool crew__dist_alike(const crew_dist *a, const crew_dist *b)
{
    return a->m == b->m && memcmp(a->offsets, b->offsets, ((size_t)a->m->ranks + 1) * sizeof *a->offsets) == 0;
}

int crew__dist_move(const crew_dist *from, crew_dist *to)
{
    const crew_mpi *m = from->m;
    const size_t size = from->size;
    size_t messages = 0;
    for (int r = 0; r < m->ranks; r++) {
        size_t out = crew__larger(from->begin, to->offsets[r]), out_end = crew__smaller(from->end, to->offsets[r + 1]);
        size_t in = crew__larger(to->begin, from->offsets[r]), in_end = crew__smaller(to->end, from->offsets[r + 1]);
        messages += out < out_end ? crew__messages((out_end - out) * size) : 0;
        messages += in < in_end ? crew__messages((in_end - in) * size) : 0;
    }
    struct crew__transfer t;
    int code = crew__agree_on(m->comm, crew__transfer_open(&t, m, messages) ? 0 : -ENOMEM);
    for (int r = 0; code == 0 && r < m->ranks; r++) {
        size_t out = crew__larger(from->begin, to->offsets[r]), out_end = crew__smaller(from->end, to->offsets[r + 1]);
        size_t in = crew__larger(to->begin, from->offsets[r]), in_end = crew__smaller(to->end, from->offsets[r + 1]);
        if (r == m->rank && out < out_end) {
            memcpy(to->items + (out - to->begin) * size, from->items + (out - from->begin) * size,
                   (out_end - out) * size);
            continue;
        }
        if (in < in_end)
            crew__transfer_receive(&t, to->items + (in - to->begin) * size, (in_end - in) * size, r);
        if (out < out_end)
            crew__transfer_send(&t, from->items + (out - from->begin) * size, (out_end - out) * size, r);
    }
    int closed = crew__transfer_close(&t);
    return code ? code : closed;
}

int crew_dist_balance(crew_dist *d)
{
    int code = d ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    crew_dist *even = make_even(d->m, d->n, d->size);
    if (!even)
        return -errno;
    code = crew__dist_move(d, even);
    if (code == 0) {
        const crew_dist old = *d;
        *d = *even;
        *even = old;
    }
    crew_dist_close(even);
    return code;
}

static size_t part_bytes(const crew_dist *d, int r)
{
    return (d->offsets[r + 1] - d->offsets[r]) * d->size;
}

/* To all: along a tree to rank 0, which receives log2 ranks messages, and from there to everybody. */
static int gather_to_all(const crew_dist *d, char *all)
{
    const crew_mpi *m = d->m;
    const size_t *offsets = d->offsets;
    int code = 0;
    if (d->end > d->begin)
        memcpy(all + d->begin * d->size, d->items, (d->end - d->begin) * d->size);
    for (int step = 1; step < m->ranks && code == 0; step *= 2) {
        const int other = m->rank + step, end = other + step < m->ranks ? other + step : m->ranks;
        if (m->rank & step) {
            code = crew__mpi_send(m, all + d->begin * d->size,
                                  (offsets[other < m->ranks ? other : m->ranks] - d->begin) * d->size, m->rank - step);
            break;
        }
        if (other < m->ranks)
            code =
                crew__mpi_receive(m, all + offsets[other] * d->size, (offsets[end] - offsets[other]) * d->size, other);
    }
    int sent = crew__mpi_bcast(m, all, d->n * d->size, 0);
    return code ? code : sent;
}

static int gather_to_one(const crew_dist *d, char *all, int root)
{
    const crew_mpi *m = d->m;
    const bool receives = root == m->rank;
    size_t messages = crew__messages(part_bytes(d, m->rank));
    for (int r = 0; receives && r < m->ranks; r++)
        messages += crew__messages(part_bytes(d, r));
    struct crew__transfer t;
    int code = crew__agree_on(m->comm, crew__transfer_open(&t, m, messages) ? 0 : -ENOMEM);
    for (int r = 0; code == 0 && receives && r < m->ranks && d->n > 0; r++) {
        char *to = all + d->offsets[r] * d->size;
        if (r != m->rank)
            crew__transfer_receive(&t, to, part_bytes(d, r), r);
        else if (part_bytes(d, r) > 0)
            memcpy(to, d->items, part_bytes(d, r));
    }
    if (code == 0 && !receives)
        crew__transfer_send(&t, d->items, part_bytes(d, m->rank), root);
    int closed = crew__transfer_close(&t);
    return code ? code : closed;
}

int crew_dist_gather(const crew_dist *d, void *all, int root)
{
    int code = d ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    if (root < -1 || root >= d->m->ranks)
        return -EINVAL;
    const bool receives = root == -1 || root == d->m->rank;
    code = crew__agree_on(d->m->comm, receives && !all && d->n > 0 ? -EINVAL : 0);
    if (code || d->n == 0)
        return code;
    return root == -1 ? gather_to_all(d, all) : gather_to_one(d, all, root);
}
