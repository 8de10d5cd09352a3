/* The lanes of an executor's queue and the batches of its workers. */
#include "queue.h"
#include "../backend/park.h"
#include <errno.h>
#include <stdlib.h>

enum { HIGH, NORMAL, LOW };

void crew__queue_init(struct crew__queue *q, size_t limit)
{
    *q = (struct crew__queue){.limit = limit};
}

void crew__queue_free(struct crew__queue *q)
{
    for (int i = 0; i < CREW__PRIORITIES; i++) {
        struct crew__segment *last = q->lanes[i].last;
        while (last) {
            struct crew__segment *next = CREW__LOAD(&last->next, relaxed);
            CREW__STORE(&last->next, CREW__LOAD(&next->next, relaxed), relaxed);
            if (next == last)
                last = NULL;
            free(next);
        }
    }
}

/* The next segment to be written to: one whose tasks have all left, or a new one between the last and the first. */
static bool next_segment(struct crew__lane *lane)
{
    struct crew__segment *last = lane->last, *next = last ? CREW__LOAD(&last->next, relaxed) : NULL;
    /* Acquire: who moved `first` on has read what it left behind. */
    if (!next || next == CREW__LOAD(&lane->first, acquire)) {
        struct crew__segment *more = malloc(sizeof *more);
        if (!more)
            return false;
        /* Seen by who takes with the tail that counts the first task in it. */
        CREW__STORE(&more->next, next ? next : more, relaxed);
        if (last)
            CREW__STORE(&last->next, more, relaxed);
        else
            CREW__STORE(&lane->first, more, relaxed);
        next = more;
    }
    lane->last = next;
    lane->at = 0;
    return true;
}

static int lane_put(struct crew__lane *lane, const struct crew__item *item, enum crew__push how)
{
    CREW__READS(&lane->closed);
    if (how != CREW__PUSH_READY && lane->closed)
        return -ECANCELED;
    CREW__WRITES(&lane->last);
    if ((!lane->last || lane->at == CREW__SEGMENT) && !next_segment(lane))
        return -ENOMEM;
    CREW__WRITES(&lane->last->items[lane->at]);
    lane->last->items[lane->at++] = *item;
    crew__tell_release(lane);
    CREW__STORE(&lane->tail, CREW__LOAD(&lane->tail, relaxed) + 1, release);
    return 0;
}

static struct crew__lane *lane_of(struct crew__queue *q, crew_priority priority)
{
    return &q->lanes[priority == CREW_PRIORITY_NORMAL ? NORMAL : priority > 0 ? HIGH : LOW];
}

static void free_room(struct crew__queue *q)
{
    CREW__SUB(&q->count, 1, seq_cst);
    /* The change comes before the look at who waits, and who waits says so before it looks at the change. */
    CREW__ADD(&q->space, 1, seq_cst);
    if (CREW__LOAD(&q->waiting, seq_cst) > 0)
        crew__unpark(&q->space, 1);
}

static bool take_room(struct crew__queue *q, enum crew__push how)
{
    size_t count = CREW__LOAD(&q->count, relaxed);
    do {
        if (count >= q->limit && how == CREW__PUSH_NEW)
            return false;
    } while (!CREW__CAS(&q->count, &count, count + 1, seq_cst));
    return true;
}

int crew__queue_push(struct crew__queue *q, const struct crew__item *item, crew_priority priority, enum crew__push how)
{
    struct crew__lane *lane = lane_of(q, priority);
    if (q->limit && !take_room(q, how))
        return crew__queue_closed(q) ? -ECANCELED : -EAGAIN;
    crew__lock_take(&lane->in);
    int error = lane_put(lane, item, how);
    crew__lock_give(&lane->in);
    if (error && q->limit)
        free_room(q);
    return error;
}

static struct crew__item lane_take(struct crew__lane *lane)
{
    struct crew__segment *first = CREW__LOAD(&lane->first, relaxed);
    if (lane->from == CREW__SEGMENT) {
        first = CREW__LOAD(&first->next, relaxed);
        CREW__STORE(&lane->first, first, release); /* after it, what was read in the one before it stays read */
        lane->from = 0;
    }
    CREW__WRITES(&lane->from);
    CREW__READS(&first->items[lane->from]);
    return first->items[lane->from++];
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

static void batch_fill(struct crew__batch *b, struct crew__lane *lane, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct crew__item item = lane_take(lane);
        CREW__STORE(&b->items[i].fn, item.fn, relaxed);
        CREW__STORE(&b->items[i].arg, item.arg, relaxed);
    }
    /* Release: who sees the word sees the items. The count of refills makes an old word never valid again. */
    uint64_t refills = CREW__LOAD(&b->word, relaxed) >> REFILL;
    crew__tell_release(b);
    CREW__STORE(&b->word, (refills + 1) << REFILL | count, release);
}

bool crew__batch_has(struct crew__batch *b)
{
    uint64_t word = CREW__LOAD(&b->word, acquire);
    return batch_next(word) < batch_end(word);
}

size_t crew__batch_length(struct crew__batch *b)
{
    uint64_t word = CREW__LOAD(&b->word, relaxed);
    return batch_next(word) < batch_end(word) ? batch_end(word) - batch_next(word) : 0;
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
        uint64_t seen = word;
        if (CREW__CAS(&b->word, &word, word + ((uint64_t)1 << NEXT), acq_rel)) {
            crew__tell_acquire(b);
            return true;
        }
        if (word == seen)
            continue;
        word = CREW__LOAD(&b->word, acquire);
    }
    return false;
}

static bool lane_pop(struct crew__lane *lane, struct crew__item *item, struct crew__batch *batch, int workers)
{
    /* Acquire: the tasks that are counted have been written. */
    size_t head = CREW__LOAD(&lane->head, relaxed), count = CREW__LOAD(&lane->tail, acquire) - head;
    if (count == 0)
        return false;
    crew__tell_acquire(lane);
    *item = lane_take(lane);
    size_t more = batch ? (count - 1) / (size_t)workers : 0;
    more = more < CREW__BATCH ? more : CREW__BATCH;
    if (more > 0)
        batch_fill(batch, lane, more);
    CREW__STORE(&lane->head, head + 1 + more, release);
    return true;
}

bool crew__queue_pop(struct crew__queue *q, struct crew__item *item, struct crew__batch *batch, int workers)
{
    for (int i = HIGH; i <= LOW; i++) {
        struct crew__lane *lane = &q->lanes[i];
        if (!crew__lane_has(lane))
            continue;
        crew__lock_take(&lane->out);
        /* A limit counts what waits, wherever, and what is urgent is not put behind what a worker has already: no
         * batches. */
        bool popped = lane_pop(lane, item, q->limit || i == HIGH ? NULL : batch, workers);
        crew__lock_give(&lane->out);
        if (popped && q->limit)
            free_room(q);
        if (popped)
            return true;
    }
    return false;
}

bool crew__queue_has_surely(struct crew__queue *q)
{
    bool has = false;
    for (int i = HIGH; i <= LOW; i++) {
        struct crew__lane *lane = &q->lanes[i];
        crew__lock_take(&lane->in);
        has |= crew__lane_has(lane);
        crew__lock_give(&lane->in);
    }
    return has;
}

size_t crew__queue_length(struct crew__queue *q)
{
    size_t length = 0;
    for (int i = HIGH; i <= LOW; i++) {
        /* Head first: it never overtakes the tail. */
        size_t head = CREW__LOAD(&q->lanes[i].head, acquire);
        length += CREW__LOAD(&q->lanes[i].tail, relaxed) - head;
    }
    return length;
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
    for (int i = HIGH; i <= LOW; i++) {
        crew__lock_take(&q->lanes[i].in);
        CREW__WRITES(&q->lanes[i].closed);
        q->lanes[i].closed = true;
        crew__lock_give(&q->lanes[i].in);
    }
    CREW__ADD(&q->space, 1, seq_cst);
    crew__unpark(&q->space, CREW__ALL);
}

bool crew__queue_add_unless_closed(struct crew__queue *q, atomic_int *counter)
{
    crew__lock_take(&q->lanes[NORMAL].in);
    CREW__READS(&q->lanes[NORMAL].closed);
    bool closed = q->lanes[NORMAL].closed;
    if (!closed)
        CREW__ADD(counter, 1, relaxed);
    crew__lock_give(&q->lanes[NORMAL].in);
    return !closed;
}

bool crew__queue_closed(struct crew__queue *q)
{
    crew__lock_take(&q->lanes[NORMAL].in);
    CREW__READS(&q->lanes[NORMAL].closed);
    bool closed = q->lanes[NORMAL].closed;
    crew__lock_give(&q->lanes[NORMAL].in);
    return closed;
}
