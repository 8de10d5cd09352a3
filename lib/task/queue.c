#include "queue.h"
#include "../backend/park.h"
#include "../base/memory.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum { NORMAL, HIGH, LOW };

void crew__queue_init(struct crew__queue *q, size_t limit)
{
    *q = (struct crew__queue){.limit = limit};
}

void crew__queue_free(struct crew__queue *q)
{
    for (int i = 0; i < CREW__PRIORITIES; i++)
        free(q->rings[i].items);
}

static bool grow(struct crew__ring *r)
{
    size_t room = r->room ? r->room * 2 : 64, bytes;
    struct crew__item *items = crew__mul(room, sizeof *items, &bytes) ? malloc(bytes) : NULL;
    if (!items)
        return false;
    for (size_t i = 0; i < r->count; i++)
        items[i] = r->items[(r->head + i) & (r->room - 1)];
    free(r->items);
    r->items = items;
    r->room = room;
    r->head = 0;
    return true;
}

static int push(struct crew__queue *q, const struct crew__item *item, crew_priority priority, bool ready)
{
    struct crew__ring *r = &q->rings[priority == CREW_PRIORITY_NORMAL ? NORMAL : priority > 0 ? HIGH : LOW];
    if (!ready && q->closed)
        return -ECANCELED;
    if (!ready && q->limit && CREW__LOAD(&q->count, relaxed) >= q->limit)
        return -EAGAIN;
    if (r->count == r->room && !grow(r))
        return -ENOMEM;
    r->items[(r->head + r->count++) & (r->room - 1)] = *item;
    if (priority == CREW_PRIORITY_HIGH)
        CREW__STORE(&q->high, r->count, relaxed);
    /* Sequentially consistent: who pushes then looks for sleepers, who sleeps has counted itself first (sleep.h). */
    CREW__ADD(&q->count, 1, seq_cst);
    return 0;
}

int crew__queue_push(struct crew__queue *q, const struct crew__item *item, crew_priority priority, bool ready)
{
    crew__lock_take(&q->lock);
    int error = push(q, item, priority, ready);
    crew__lock_give(&q->lock);
    return error;
}

static struct crew__item take_first(struct crew__ring *r)
{
    struct crew__item item = r->items[r->head];
    r->head = (r->head + 1) & (r->room - 1);
    r->count--;
    return item;
}

enum { NEXT = 16, REFILL = 32 }; /* where the fields of a batch's word begin */

static uint64_t batch_next(uint64_t word)
{
    return word >> NEXT & 0xffff;
}

static uint64_t batch_end(uint64_t word)
{
    return word & 0xffff;
}

static void fill(struct crew__batch *b, struct crew__ring *r, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct crew__item item = take_first(r);
        CREW__STORE(&b->items[i].fn, item.fn, relaxed);
        CREW__STORE(&b->items[i].arg, item.arg, relaxed);
        CREW__STORE(&b->items[i].future, item.future, relaxed);
    }
    /* Release: who sees the word sees the items. The count of refills makes an old word never valid again. */
    uint64_t refills = CREW__LOAD(&b->word, relaxed) >> REFILL;
    CREW__STORE(&b->word, (refills + 1) << REFILL | count, release);
}

bool crew__batch_has(struct crew__batch *b)
{
    uint64_t word = CREW__LOAD(&b->word, seq_cst);
    return batch_next(word) < batch_end(word);
}

bool crew__batch_take(struct crew__batch *b, struct crew__item *item)
{
    uint64_t word = CREW__LOAD(&b->word, acquire);
    while (batch_next(word) < batch_end(word)) {
        uint64_t at = batch_next(word);
        /* Read before the word is won, since the owner may refill right after; what was read then counts only if the
           word is still the same. */
        item->fn = CREW__LOAD(&b->items[at].fn, relaxed);
        item->arg = CREW__LOAD(&b->items[at].arg, relaxed);
        item->future = CREW__LOAD(&b->items[at].future, relaxed);
        uint64_t seen = word;
        if (CREW__CAS(&b->word, &word, word + ((uint64_t)1 << NEXT), acq_rel))
            return true;
        if (word == seen)
            continue;
        word = CREW__LOAD(&b->word, acquire);
    }
    return false;
}

static bool pop(struct crew__queue *q, struct crew__item *item, struct crew__batch *batch, int workers)
{
    struct crew__ring *r = &q->rings[NORMAL];
    bool high = CREW__LOAD(&q->high, relaxed) > 0;
    if (high)
        r = &q->rings[HIGH];
    else if (r->count == 0)
        r = &q->rings[LOW];
    if (r->count == 0)
        return false;
    *item = take_first(r);
    /* A limit counts what waits, wherever: no batches. */
    size_t more = q->limit || !batch ? 0 : r->count / (size_t)workers;
    more = more < CREW__BATCH ? more : CREW__BATCH;
    if (high) {
        more = 0;
        CREW__STORE(&q->high, r->count, relaxed);
    }
    if (more > 0)
        fill(batch, r, more);
    CREW__SUB(&q->count, 1 + more, seq_cst);
    return true;
}

bool crew__queue_pop(struct crew__queue *q, struct crew__item *item, struct crew__batch *batch, int workers)
{
    if (CREW__LOAD(&q->count, relaxed) == 0)
        return false;
    crew__lock_take(&q->lock);
    bool popped = pop(q, item, batch, workers);
    crew__lock_give(&q->lock);
    if (popped && q->limit) {
        /* The change comes before the look at who waits, and who waits says so before it looks at the change. */
        CREW__ADD(&q->space, 1, seq_cst);
        if (CREW__LOAD(&q->waiting, seq_cst) > 0)
            crew__unpark(&q->space, 1);
    }
    return popped;
}

void crew__queue_wait(struct crew__queue *q, double seconds)
{
    CREW__ADD(&q->waiting, 1, seq_cst);
    int space = CREW__LOAD(&q->space, seq_cst);
    if (CREW__LOAD(&q->count, seq_cst) >= q->limit)
        crew__park(&q->space, space, seconds);
    CREW__SUB(&q->waiting, 1, relaxed);
}

void crew__queue_close(struct crew__queue *q)
{
    crew__lock_take(&q->lock);
    q->closed = true;
    crew__lock_give(&q->lock);
    CREW__ADD(&q->space, 1, seq_cst);
    crew__unpark(&q->space, CREW__ALL);
}
