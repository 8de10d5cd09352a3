/* What the caller of crew_process_map and one worker share: two batches, so that the worker begins the second while the
   caller takes the results of the first. Each word has one writer, but for a batch's range, from which the worker takes
   items at the front and the caller takes back at the end.

   Results stand in the slot until the caller copies them. Where out is memory that the workers share they are written
   there, and the slot has what stood there before the items that the worker has taken last: an item that ends without
   success gets it back, from the worker if that lives and else from the caller. */
#ifndef CREW_PROCESS_MAP_SLOT_H
#define CREW_PROCESS_MAP_SLOT_H

#include "helper.h"
#include <crew/map_fn.h>

/* The caller's; workers see it as it was at the fork. */
struct crew__map {
    const char *in;
    char *out;
    size_t in_size, out_size;
    crew_map_fn *fn;
    void *ctx;
    int (*initializer)(void *ctx);
    bool stops;                     /* a value other than 0 ends the batch */
    bool in_place;                  /* results are written to out */
    size_t room;                    /* items that a batch may have */
    size_t saved_room;              /* in place: items that a worker may take at once */
    size_t codes_at[2], results_at; /* in a slot; results of the second batch follow those of the first */
    size_t results_bytes;           /* with the guard after them */
    struct crew__helper helper;
};

struct crew__map_batch {
    _Atomic uint64_t range; /* next in the upper half, end in the lower, counted from `begin` */
    size_t begin;
    uint32_t chunk;  /* items to be taken at once */
    uint32_t done;   /* the worker's: items that have ended, once the batch is finished */
    uint32_t failed; /* the worker's: of these, with another code than 0 */
    uint64_t ns;     /* the worker's: what it took */
};

struct crew__map_slot {
    /* step: the batch's number in the upper half, twice the items that have ended in the lower, odd while one runs */
    struct crew__slot head;
    uint32_t saved_from;               /* in place: the item whose bytes are the first in `results`; the worker's */
    _Alignas(64) atomic_uint finished; /* batches, from 1; the worker's */
    atomic_int sleeps;                 /* the worker waits for `given` */
    atomic_int failed;                 /* what the initializer returned */
    _Alignas(64) atomic_uint given;    /* batches; the caller's */
    struct crew__map_batch batch[2];   /* that with number k is [k & 1] */
};

static inline struct crew__map_slot *crew__map_slot(const struct crew__map *m, int i)
{
    return (struct crew__map_slot *)(void *)crew__helper_slot(&m->helper, i);
}

/* All 0 but for items that have ended with another code. */
static inline int *crew__map_codes(const struct crew__map *m, int i, unsigned batch)
{
    return (int *)(void *)(crew__helper_slot(&m->helper, i) + m->codes_at[batch & 1]);
}

/* In place: what stood in out, the same for both batches. */
static inline char *crew__map_results(const struct crew__map *m, int i, unsigned batch)
{
    return crew__helper_slot(&m->helper, i) + m->results_at + (m->in_place ? 0 : (batch & 1) * m->results_bytes);
}

/* Lays out slots for batches of `room` items and maps them for `count` workers. As crew__helper_map. */
int crew__map_layout(struct crew__map *m, size_t room, int count);

/* In place: item `at` of a batch, the program's item `item`, gets back what its worker has saved. */
void crew__map_restore(const struct crew__map *m, int i, size_t at, size_t item);

/* The slot as a new worker needs it. */
void crew__map_slot_reset(const struct crew__map *m, int i);

/* Hands a batch to the worker. */
void crew__map_give(const struct crew__map *m, int i, size_t begin, size_t count, uint32_t chunk);

/* Takes back up to half of the items of a batch that have not begun, at least one, or all. Returns how many; they were
   its last ones. */
size_t crew__map_take_back(struct crew__map_batch *batch, bool all);

/* Items of a batch that have not begun. */
size_t crew__map_unbegun(const struct crew__map_batch *batch);

/* Lets the worker end after its item, or where it waits; a second call may be needed for one that is about to wait. */
void crew__map_retire(const struct crew__map *m, int i);

/* crew__helper.serve of a struct crew__map. */
void crew__map_serve(void *map, int id);

#endif
