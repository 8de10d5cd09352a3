#define _POSIX_C_SOURCE 200809L
/* find_first and its like: blocks are handed out in order, so that all threads work just above what is searched
 * already. */
#include "../../core/base/clock.h"
#include "../../core/base/memory.h"
#include "../../core/loop/runner.h"
#include "../filter/filter_engine.h"
#include "../filter/pack_kernel.h"
#include <crew/find.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

/* Items asked about at once: few at the start, where the hit may be. */
enum { FIRST_ITEMS = 64 };

/* Time after which one thread no longer goes on alone. */
static const double ALONE_NS = 2000;

struct search {
    crew_predicate *pred;
    void *ctx;
    size_t n;
    int stop_at; /* flag (0 or 1) of the item that ends the search */
    bool single; /* one item a call, to know which failed */
    atomic_size_t taken;
    atomic_size_t end; /* lowest index that ended the search; n so far */
    atomic_flag lock;
    int code; /* the predicate's value at end, 0 where it was a hit; under lock */
};

/* Ends the search at `index`, where nothing below did. */
static void end_search(struct search *s, size_t index, int code)
{
    while (atomic_flag_test_and_set_explicit(&s->lock, memory_order_acquire))
        ;
    if (index < atomic_load_explicit(&s->end, memory_order_relaxed)) {
        atomic_store_explicit(&s->end, index, memory_order_relaxed);
        s->code = code;
    }
    atomic_flag_clear_explicit(&s->lock, memory_order_release);
}

static bool search_block(struct search *s, size_t begin, size_t end)
{
    unsigned char flags[CREW__FLAGS];
    int code = s->pred(begin, end, flags, s->ctx);
    if (code) {
        end_search(s, begin, code);
        return true;
    }
    size_t n = end - begin, count = crew__pack_kernels()->count(flags, n);
    if (count == (s->stop_at ? 0 : n))
        return false;
    size_t i = 0;
    while ((flags[i] != 0) != s->stop_at)
        i++;
    end_search(s, begin + i, 0);
    return true;
}

static int search_items(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct search *s = ctx;
    size_t item = atomic_fetch_add_explicit(&s->taken, end - begin, memory_order_relaxed);
    const size_t last = item + (end - begin);
    for (size_t next; item < last; item = next) {
        size_t step = item < CREW__FLAGS ? item : CREW__FLAGS;
        step = s->single ? 1 : step < FIRST_ITEMS ? FIRST_ITEMS : step;
        next = last - item < step ? last : item + step;
        if (item >= atomic_load_explicit(&s->end, memory_order_relaxed) || search_block(s, item, next)) {
            /* Items below are with other threads already, so the runner need not start another block. */
            *failed = 0;
            return 1;
        }
    }
    return 0;
}

/* Asks from the start on, in blocks that grow, until the end of the search or until the items have taken so long that
   the rest may be worth a team. *end becomes where that was. True: the search is over. */
static bool search_alone(struct search *s, size_t *end)
{
    const size_t n = s->n;
    size_t item = 0, next;
    const bool timed = n > 2 * FIRST_ITEMS;
    int64_t begun = timed ? crew__ticks() : 0;
    for (; item < n; item = next) {
        next = n - item < FIRST_ITEMS ? n : item == 0 ? FIRST_ITEMS : n - item < 15 * item ? n : 16 * item;
        next = next - item < CREW__FLAGS ? next : item + CREW__FLAGS;
        if (search_block(s, item, next))
            return true;
        if (timed && next < n && (double)(crew__ticks() - begun) > ALONE_NS * crew__ticks_per_ns()) {
            *end = next;
            return false;
        }
    }
    return true;
}

static int search(size_t n, crew_predicate *pred, void *ctx, int stop_at, size_t *index, const crew_options *opt)
{
    if (!pred)
        return -EINVAL;
    struct search s = {.pred = pred, .ctx = ctx, .n = n, .stop_at = stop_at, .lock = ATOMIC_FLAG_INIT};
    size_t begin = 0;
    int code = 0;
    bool over = false;
    atomic_store_explicit(&s.end, n, memory_order_relaxed);
    if (crew__unwatched(opt)) {
        int outer = crew__worker;
        if (outer < 0)
            crew__worker = 0;
        over = search_alone(&s, &begin);
        crew__worker = outer;
    }
    if (!over) {
        crew_options own = opt ? *opt : (crew_options){0};
        s.single = own.failed != NULL;
        own.failed = NULL;
        if (own.grain == 0)
            own.grain = n < FIRST_ITEMS ? 1 : FIRST_ITEMS;
        atomic_store_explicit(&s.taken, begin, memory_order_relaxed);
        struct crew__loop loop = {.n = n - begin, .fn = search_items, .ctx = &s, .opt = &own};
        loop.max_block = 16 * CREW__FLAGS; /* a hit above may be known meanwhile */
        code = crew__run(&loop);
    }
    size_t end = atomic_load_explicit(&s.end, memory_order_relaxed);
    if (end < n) {
        code = s.code;
        if (code && opt && opt->failed)
            *opt->failed = end;
    }
    if (code == 0)
        *index = end;
    return code;
}

int crew_find_first(size_t n, crew_predicate *pred, void *ctx, size_t *index, const crew_options *opt)
{
    return index ? search(n, pred, ctx, 1, index, opt) : -EINVAL;
}

int crew_any(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt)
{
    size_t index;
    int code = result ? search(n, pred, ctx, 1, &index, opt) : -EINVAL;
    if (code == 0)
        *result = index < n;
    return code;
}

int crew_all(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt)
{
    size_t index;
    int code = result ? search(n, pred, ctx, 0, &index, opt) : -EINVAL;
    if (code == 0)
        *result = index == n;
    return code;
}

int crew_none(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt)
{
    size_t index;
    int code = result ? search(n, pred, ctx, 1, &index, opt) : -EINVAL;
    if (code == 0)
        *result = index == n;
    return code;
}
