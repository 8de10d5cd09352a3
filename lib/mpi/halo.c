/* What lies beside a rank's part of an array. */
#include "../core/base/memory.h"
#include "agree.h"
#include "dist.h"
#include "transfer.h"
#include <errno.h>
#include <string.h>

/* Items from .. from + width - 1 of the array, taken round its ends, that go to `buffer`. */
struct window {
    char *buffer;
    size_t from, width;
};

/* Calls for every piece of a window that lies in one part: its rank, first item, number of items, place in the window.
   Without wrap a window says where it is cut. */
struct piece {
    int rank;
    size_t item, count, place;
};

static bool next_piece(const crew_dist *d, const struct window *w, struct piece *p)
{
    p->place += p->count;
    if (p->place == w->width)
        return false;
    p->item = w->from + p->place < d->n ? w->from + p->place : w->from + p->place - d->n;
    p->rank = crew__dist_find(d, p->item);
    size_t left = w->width - p->place, there = d->offsets[p->rank + 1] - p->item;
    p->count = left < there ? left : there;
    return true;
}

/* The windows of rank r. Without wrap what lies outside is cut off. */
static void windows_of(const crew_dist *d, int r, size_t width, bool wrap, char *before, char *after,
                       struct window windows[2])
{
    const size_t begin = d->offsets[r], end = d->offsets[r + 1], size = d->size;
    windows[0] = windows[1] = (struct window){NULL, 0, 0};
    if (begin == end)
        return;
    if (wrap) {
        windows[0] = (struct window){before, begin >= width ? begin - width : begin + d->n - width, width};
        windows[1] = (struct window){after, end < d->n ? end : 0, width};
        return;
    }
    size_t below = begin < width ? begin : width, above = d->n - end < width ? d->n - end : width;
    windows[0] = (struct window){before ? before + (width - below) * size : NULL, begin - below, below};
    windows[1] = (struct window){after, end, above};
}

/* Goes through all pieces that rank r wants; those of this rank are sent, or with r this rank, received. Returns the
   messages that takes; t NULL: only counts. sides: bit 0 for before, bit 1 for after. */
static size_t exchange(const crew_dist *d, int r, const struct window windows[2], int sides, struct crew__transfer *t)
{
    const int own = d->m->rank;
    size_t messages = 0;
    for (int side = 0; side < 2; side++) {
        struct piece p = {0, 0, 0, 0};
        while ((sides >> side & 1) && next_piece(d, &windows[side], &p)) {
            const char *here = p.rank == own ? d->items + (p.item - d->begin) * d->size : NULL;
            char *to = r == own ? windows[side].buffer + p.place * d->size : NULL;
            if (here && to) {
                if (t)
                    memcpy(to, here, p.count * d->size);
                continue;
            }
            messages += here || to ? crew__messages(p.count * d->size) : 0;
            if (t && here)
                crew__transfer_send(t, here, p.count * d->size, r);
            else if (t && to)
                crew__transfer_receive(t, to, p.count * d->size, p.rank);
        }
    }
    return messages;
}

/* A rank whose halo may reach into part r. Ranks further away than that are not looked at, so that a call does not take
   time in proportion to their number. */
static bool near_enough(const crew_dist *d, int r, size_t width)
{
    const size_t begin = d->offsets[r], end = d->offsets[r + 1];
    size_t gap = begin >= d->end ? begin - d->end : d->begin >= end ? d->begin - end : 0;
    return gap < width || d->n - gap < 2 * width + (end - begin) + (d->end - d->begin);
}

/* Every rank sends and receives two messages at most, so none needs memory: all know that of all. */
static bool no_rank_can_fail(const crew_dist *d, size_t width)
{
    size_t bytes;
    if (!crew__mul(width, d->size, &bytes) || bytes > crew__mpi_most)
        return false;
    for (int r = 0; r < d->m->ranks; r++)
        if (d->offsets[r + 1] - d->offsets[r] < width)
            return false;
    return true;
}

int crew_dist_halo(const crew_dist *d, size_t width, bool wrap, void *before, void *after)
{
    int code = d ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    if (wrap && width > d->n)
        return -EINVAL;
    if (width == 0 || d->n == 0)
        return 0;
    const int sides = (before != NULL) | (after != NULL) << 1;
    const crew_mpi *m = d->m;
    size_t messages = 0;
    struct window windows[2];
    for (int r = 0; r < m->ranks; r++)
        if (near_enough(d, r, width)) {
            windows_of(d, r, width, wrap, before, after, windows);
            messages += exchange(d, r, windows, sides, NULL);
        }
    struct crew__transfer t;
    code = crew__transfer_open(&t, m, messages) ? 0 : -ENOMEM;
    if (!no_rank_can_fail(d, width))
        code = crew__agree_on(m->comm, code);
    for (int r = 0; code == 0 && r < m->ranks; r++)
        if (near_enough(d, r, width)) {
            windows_of(d, r, width, wrap, before, after, windows);
            exchange(d, r, windows, sides, &t);
        }
    int closed = crew__transfer_close(&t);
    return code ? code : closed;
}
