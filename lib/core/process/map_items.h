/* A running crew_process_map, and where its items are. */
#ifndef CREW_PROCESS_MAP_ITEMS_H
#define CREW_PROCESS_MAP_ITEMS_H

#include "../loop/watch.h"
#include "journal.h"
#include "map_slot.h"
#include "pending.h"
#include <crew/process.h>

struct crew__map_given {
    size_t begin, count; /* what is left of a batch that was handed out, as far as its results have not been taken */
};

struct crew__map_worker {
    bool lives; /* wanted, and its end has not been seen */
    bool leaves;
    bool timed_out;
    unsigned given, taken; /* batches of this worker */
    struct crew__map_given batch[2];
    size_t items;         /* handed to it */
    size_t last;          /* size of its last batch */
    uint64_t step, fatal; /* as last seen; when it was killed */
    double since;         /* when that was seen first */
    double retry_at;      /* when a fork that failed is tried again */
};

struct crew__map_try {
    size_t item;
    int count;
};

struct crew__map_run {
    struct crew__map map;
    crew_process_options options;
    size_t left; /* items without a status */
    struct crew__pending pending;
    struct crew__map_worker *workers;
    int active; /* slots in use, from the first; falls when memory is short */
    struct crew__watch watch;
    struct crew__journal *journal; /* NULL: none */
    size_t stop_from;              /* items from here on are dropped: a callback has failed; SIZE_MAX: none has */
    double item_ns;                /* what an item takes; 0: not known yet */
    int stop;                      /* why no item begins any longer: -ECANCELED, -ETIMEDOUT; 0: they do */
    double kill_at;                /* then, when items that run are killed */
    int error;                     /* what ends the call at once; 0: nothing does */
    struct crew__map_try *tries;
    size_t tried, tries_room;
    int deaths, idle_deaths, forks_failed; /* since the last finished item */
};

/* Items to be handed to somebody. */
void crew__map_put(struct crew__map_run *r, size_t begin, size_t count);

/* An item gets a status that is not 0; with `stops` those behind it are not wanted. */
void crew__map_fail(struct crew__map_run *r, size_t item, int status, bool stops);

/* Takes the batches that worker i has finished; false: none. */
bool crew__map_take_finished(struct crew__map_run *r, int i);

/* Worker i has ended: takes what it had done, and puts back the rest of what it was given. True where an item ran,
   which is *item, and out has what stood there before it. */
bool crew__map_take_rest(struct crew__map_run *r, int i, size_t *item);

/* Takes back what worker i has not begun: all of it, or the back half for another. Returns how many. */
size_t crew__map_take_back_from(struct crew__map_run *r, int i, bool all);

#endif
