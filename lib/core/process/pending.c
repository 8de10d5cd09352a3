/* The stack of ranges that have not been handed to anybody. */
#include "pending.h"
#include <stdlib.h>

bool crew__pending_put(struct crew__pending *p, size_t begin, size_t count)
{
    if (count == 0)
        return true;
    if (p->count == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        void *more = realloc(p->ranges, room * sizeof *p->ranges);
        if (!more)
            return false;
        p->ranges = more;
        p->room = room;
    }
    p->ranges[p->count++] = (struct crew__pending_range){begin, begin + count};
    p->total += count;
    return true;
}

size_t crew__pending_take(struct crew__pending *p, size_t most, size_t *begin)
{
    if (p->count == 0 || most == 0)
        return 0;
    struct crew__pending_range *range = &p->ranges[p->count - 1];
    size_t size = range->end - range->begin, take = size < most ? size : most;
    *begin = range->begin;
    range->begin += take;
    if (take == size)
        p->count--;
    p->total -= take;
    return take;
}

size_t crew__pending_drop(struct crew__pending *p, size_t from)
{
    size_t dropped = 0, kept = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct crew__pending_range range = p->ranges[i];
        size_t end = range.end < from ? range.end : from > range.begin ? from : range.begin;
        dropped += range.end - end;
        range.end = end;
        if (range.begin < range.end)
            p->ranges[kept++] = range;
    }
    p->count = kept;
    p->total -= dropped;
    return dropped;
}

void crew__pending_free(struct crew__pending *p)
{
    free(p->ranges);
    *p = (struct crew__pending){.count = 0};
}
