/* Blocks that lie across the border between two ranks. */
#include "border.h"
#include "agree.h"
#include "transfer.h"
#include <crew/move.h>
#include <errno.h>
#include <string.h>

/* All ranks know all parts, so they agree without a word whether anything travels. */
static bool any_across(const crew_dist *d, size_t size)
{
    for (int r = 1; r < d->m->ranks; r++)
        if (d->offsets[r] % size != 0 && d->offsets[r] < d->n)
            return true;
    return false;
}

/* The end of the block that item i, below n, is in. */
static size_t block_end(const crew_dist *d, size_t i, size_t size)
{
    size_t begin = i - i % size;
    return d->n - begin < size ? d->n : begin + size;
}

int crew__blocks_open(struct crew__blocks *b, const crew_dist *d, size_t size)
{
    const crew_mpi *m = d->m;
    *b = (struct crew__blocks){size, crew__blocks_below(d->begin, size), crew__blocks_below(d->end, size), NULL};
    if (!any_across(d, size))
        return 0;
    /* What this rank lacks of its last block, and what it has of one that begins before its part. */
    const bool own = b->end > b->first;
    const size_t start = own ? (b->end - 1) * size : 0, end = own ? block_end(d, start, size) : 0;
    const bool lacks = own && end > d->end;
    const bool gives = d->begin < d->end && d->begin % size != 0;
    const size_t given = gives ? crew__smaller(block_end(d, d->begin, size), d->end) - d->begin : 0;
    size_t messages = crew__messages(given * d->size);
    for (int r = m->rank + 1; lacks && r < m->ranks && d->offsets[r] < end; r++)
        messages += crew__messages((crew__smaller(end, d->offsets[r + 1]) - d->offsets[r]) * d->size);
    struct crew__transfer t;
    int code = crew__transfer_open(&t, m, messages) ? 0 : -ENOMEM;
    if (lacks && !(b->last = crew_alloc(end - start, d->size)))
        code = -ENOMEM;
    code = crew__agree_on(m->comm, code);
    if (code == 0 && lacks)
        memcpy(b->last, d->items + (start - d->begin) * d->size, (d->end - start) * d->size);
    for (int r = m->rank + 1; code == 0 && lacks && r < m->ranks && d->offsets[r] < end; r++)
        crew__transfer_receive(&t, b->last + (d->offsets[r] - start) * d->size,
                               (crew__smaller(end, d->offsets[r + 1]) - d->offsets[r]) * d->size, r);
    if (code == 0 && gives)
        crew__transfer_send(&t, d->items, given * d->size, crew__dist_find(d, d->begin - d->begin % size));
    int closed = crew__transfer_close(&t);
    code = code ? code : closed;
    if (code)
        crew__blocks_close(b);
    return code;
}

void crew__blocks_close(struct crew__blocks *b)
{
    crew_free(b->last);
    b->last = NULL;
}

const char *crew__block_at(const struct crew__blocks *b, const crew_dist *d, size_t k, size_t *count)
{
    const size_t start = k * b->size;
    *count = block_end(d, start, b->size) - start;
    return b->last && k + 1 == b->end ? b->last : d->items + (start - d->begin) * d->size;
}

int crew__head_open(const crew_dist *d, size_t size, char **head, size_t *count)
{
    const crew_mpi *m = d->m;
    *head = NULL;
    *count = 0;
    if (!any_across(d, size))
        return 0;
    const bool some = d->begin < d->end;
    const size_t start = d->begin - d->begin % size, lacks = some ? d->begin - start : 0;
    /* Ranks behind this one whose part begins in this one's last block. */
    const size_t last = some ? block_end(d, d->end - 1, size) : 0,
                 last_start = some ? d->end - 1 - (d->end - 1) % size : 0;
    const size_t from = last_start > d->begin ? last_start : d->begin, given = d->end - from;
    size_t messages = 0;
    for (int r = 0; some && r < m->ranks; r++) {
        const size_t begin = d->offsets[r], end = d->offsets[r + 1];
        if (r < m->rank && end > start && begin < end)
            messages += crew__messages((end - (begin > start ? begin : start)) * d->size);
        else if (r > m->rank && begin < last && begin < end)
            messages += crew__messages(given * d->size);
    }
    struct crew__transfer t;
    int code = crew__transfer_open(&t, m, messages) ? 0 : -ENOMEM;
    if (lacks > 0 && !(*head = crew_alloc(lacks, d->size)))
        code = -ENOMEM;
    code = crew__agree_on(m->comm, code);
    for (int r = 0; code == 0 && some && r < m->ranks; r++) {
        const size_t begin = d->offsets[r], end = d->offsets[r + 1];
        const size_t piece = begin > start ? begin : start;
        if (r < m->rank && end > start && begin < end)
            crew__transfer_receive(&t, *head + (piece - start) * d->size, (end - piece) * d->size, r);
        else if (r > m->rank && begin < last && begin < end)
            crew__transfer_send(&t, d->items + (from - d->begin) * d->size, given * d->size, r);
    }
    int closed = crew__transfer_close(&t);
    code = code ? code : closed;
    if (code) {
        crew_free(*head);
        *head = NULL;
        return code;
    }
    *count = lacks;
    return 0;
}
