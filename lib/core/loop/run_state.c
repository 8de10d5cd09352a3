/* Blocks that take long, and blocks of a traced call. */
#define _POSIX_C_SOURCE 200809L
#include "run_state.h"
#include "../base/clock.h"

/* A block of a loop with more than 2^32 items has a great many, and may take seconds: it is done in pieces of less than
   a millisecond, so that a stop is seen. */
bool crew__do_long_block(struct crew__run_state *r, size_t begin, size_t end)
{
    const int64_t brief = (int64_t)(2.5e5 * r->per_ns);
    size_t most = r->loop->max_block ? r->loop->max_block : end - begin, size = 1;
    int64_t then = crew__ticks();
    for (size_t next; begin < end; begin = next) {
        next = end - begin < size ? end : begin + size;
        if (!crew__do_piece(r, begin, next))
            return false;
        int64_t now = crew__ticks(), spent = now - then;
        then = now;
        if (spent < brief)
            size = size <= most / 2 ? size * 2 : most;
        else if (spent > 4 * brief && size > 1)
            size /= 2;
    }
    return true;
}

int crew__traced_call(struct crew__run_state *r, size_t begin, size_t end, size_t *failed)
{
    int64_t busy, start = crew__trace_block_begin(&busy);
    int code = crew__loop_call(r->loop, begin, end, failed);
    crew__trace_block_end(&r->trace, start, busy, NULL, begin, end);
    return code;
}
