/* Items that have not been handed to anybody: ranges, the one to be served next last. */
#ifndef CREW_PROCESS_PENDING_H
#define CREW_PROCESS_PENDING_H

#include <stdbool.h>
#include <stddef.h>

struct crew__pending {
    struct crew__pending_range {
        size_t begin, end;
    } * ranges;
    size_t count, room;
    size_t total; /* items in all of them */
};

/* Puts [begin, begin + count) in front of the others. False without memory. */
bool crew__pending_put(struct crew__pending *p, size_t begin, size_t count);

/* Takes up to `most` items that follow each other; 0: there are none. */
size_t crew__pending_take(struct crew__pending *p, size_t most, size_t *begin);

/* Drops the items from `from` on, and returns how many. */
size_t crew__pending_drop(struct crew__pending *p, size_t from);

void crew__pending_free(struct crew__pending *p);

#endif
