/* The typed scans, whatever the type. Leaves are taken in order, each by the worker that is free, and the prefix goes
   from leaf to leaf (chained scan; Yan, Long and Zhang, StreamScan, doi:10.1145/2442516.2442539). A worker that finds
   its leaf's prefix there scans at once; one that does not, first adds up its leaf, which leaves it in the cache,
   passes the prefix on and scans then. Memory is so read once, and the last leaf but one is not added up where one
   thread is alone.

   Leaves are taken from a counter by workers that run, at most one leaf ahead and in order: whoever waits for a prefix
   waits for a worker that has begun, and that waits for nothing but leaves before its own. More workers than processors
   would only wait for each other, each hand-over being a change of thread. */
#define _POSIX_C_SOURCE 200809L
#include "../../core/base/clock.h"
#include "../../core/base/compiler.h"
#include "../../core/base/threads.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "scan_stream.h"
#include "scan_typed.h"
#include <crew/options.h>
#include <sched.h>
#include <stdatomic.h>

enum { SLOTS = 16, SPINS = 256, PIECE_BYTES = 1024 };

/* How long a prefix is waited for before the processor is offered to others. */
static const double PATIENCE_NS = 50000;

size_t crew__scan_past_bytes = (size_t)64 << 20;
size_t crew__scan_crowd = 1;

/* Only decides how much is worth a thread. */
static const double bytes_per_ns = 10;

struct prefix_slot {
    _Alignas(CREW__CACHE_LINE) atomic_size_t leaf; /* the leaf that `prefix` is for, once it is there */
    union crew__scalar prefix;
};

struct chain {
    const struct crew__scan *s;
    struct crew__cut leaves;
    int past; /* write past the caches */
    _Alignas(CREW__CACHE_LINE) atomic_size_t next;
    /* Leaf k's prefix comes in slots[k % SLOTS]. Whoever writes there has had the prefix of leaf k - 1, which was
       written by one who had that of k - 2, and so on: leaf k - SLOTS has read its own long since. */
    struct prefix_slot slots[SLOTS];
};

static size_t leaf_items(const struct chain *c, size_t leaf)
{
    return crew__cut_end(&c->leaves, leaf) - crew__cut_begin(&c->leaves, leaf);
}

static void prefetch(const char *p, size_t size)
{
    for (size_t i = 0; i < size; i += CREW__CACHE_LINE)
        crew__prefetch(p + i);
}

/* Through a buffer in the first cache to memory, past the caches: a line that is written whole need not be read first.
 */
static void scan_leaf_past(const struct crew__scan *s, const char *x, char *out, size_t n, struct crew__scan_state *at,
                           const char *next, size_t next_size)
{
    _Alignas(CREW__CACHE_LINE) char buffer[PIECE_BYTES];
    const size_t piece = PIECE_BYTES / s->size;
    for (size_t i = 0, count; i < n; i += count) {
        count = n - i < piece ? n - i : piece;
        size_t done = i * s->size;
        if (done < next_size)
            prefetch(next + done, next_size - done < PIECE_BYTES ? next_size - done : PIECE_BYTES);
        s->kernel->scan[s->exclusive](x + done, buffer, count, at);
        crew__stream(out + done, buffer, count * s->size);
    }
    crew__stream_end();
}

static void scan_leaf(const struct chain *c, size_t leaf, size_t next, union crew__scalar *prefix)
{
    const struct crew__scan *s = c->s;
    size_t first = leaf * CREW__SCAN_LEAF, n = leaf_items(c, leaf);
    if (s->flags) {
        crew__scan_segments(s, first, n, prefix);
        return;
    }
    struct crew__scan_state at = {*prefix, s->start};
    const char *x = (const char *)s->x + first * s->size;
    char *out = (char *)s->out + first * s->size;
    if (c->past)
        scan_leaf_past(s, x, out, n, &at, (const char *)s->x + next * CREW__SCAN_LEAF * s->size,
                       next < c->leaves.count ? leaf_items(c, next) * s->size : 0);
    else
        s->kernel->scan[s->exclusive](x, out, n, &at);
    s->kernel->join(&at.prefix, &at.rows);
    *prefix = at.prefix;
}

static void pass_on(struct chain *c, size_t leaf, union crew__scalar prefix)
{
    struct prefix_slot *slot = &c->slots[leaf % SLOTS];
    slot->prefix = prefix;
    atomic_store_explicit(&slot->leaf, leaf, memory_order_release);
}

/* A leaf takes microseconds, so a worker that runs passes its prefix on soon. One that does not may want this
   processor. To yield at once would give the rest of a time slice to any other program that has work: milliseconds for
   each leaf. */
static void await(const struct prefix_slot *slot, size_t leaf)
{
    int64_t until = 0;
    for (int spins = 1; atomic_load_explicit(&slot->leaf, memory_order_acquire) != leaf; spins++) {
        if (spins % SPINS != 0)
            continue;
        int64_t now = crew__ticks();
        if (until == 0)
            until = now + (int64_t)(PATIENCE_NS * crew__ticks_per_ns());
        else if (now > until)
            sched_yield();
    }
}

/* next: the leaf that this worker takes after, where it has one already. The worker that scans before it passes the
   prefix on saves adding up, but makes the others wait: with `past` the leaf is in the cache already, so adding it up
   is cheaper than their wait, except where nobody else has taken a leaf meanwhile. */
static void do_leaf(struct chain *c, size_t leaf, size_t next)
{
    const struct crew__scan *s = c->s;
    struct prefix_slot *slot = &c->slots[leaf % SLOTS];
    union crew__scalar prefix;
    int direct = !c->past || next == leaf + 1;
    if (direct && atomic_load_explicit(&slot->leaf, memory_order_acquire) == leaf) {
        prefix = slot->prefix;
        scan_leaf(c, leaf, next, &prefix);
        pass_on(c, leaf + 1, prefix);
        return;
    }
    size_t first = leaf * CREW__SCAN_LEAF, n = leaf_items(c, leaf);
    union crew__scalar total;
    int reset = 0;
    if (s->flags)
        crew__scan_segments_total(s, first, n, &total, &reset);
    else
        s->kernel->total((const char *)s->x + first * s->size, n, &total);
    await(slot, leaf);
    prefix = slot->prefix;
    union crew__scalar after = prefix;
    if (reset)
        after = total;
    else
        s->kernel->join(&after, &total);
    pass_on(c, leaf + 1, after);
    scan_leaf(c, leaf, next, &prefix);
}

static size_t take(struct chain *c)
{
    return atomic_fetch_add_explicit(&c->next, 1, memory_order_relaxed);
}

/* An item is a worker, not a leaf: it takes leaves while there are any. Where memory is what it waits for, it takes
   each one leaf ahead, to fetch it in time. */
static void run_workers(size_t begin, size_t end, void *ctx)
{
    struct chain *c = ctx;
    for (size_t k = begin; k < end; k++)
        for (size_t leaf = take(c), next; leaf < c->leaves.count; leaf = next) {
            next = c->past ? take(c) : SIZE_MAX;
            do_leaf(c, leaf, next);
            next = c->past ? next : take(c);
        }
}

static CREW__NOINLINE union crew__scalar scan_leaves(const struct crew__scan *s)
{
    struct chain c = {.s = s, .leaves = crew__cut_by(s->n, CREW__SCAN_LEAF)};
    c.past = s->x != s->out && !s->flags && s->n >= crew__scan_past_bytes / s->size;
    for (size_t i = 0; i < SLOTS; i++)
        atomic_init(&c.slots[i].leaf, SIZE_MAX);
    atomic_init(&c.next, 0);
    pass_on(&c, 0, s->before ? *s->before : s->start);
    size_t workers = (size_t)crew_num_threads();
    size_t useful = (size_t)crew__cpu_count() * crew__scan_crowd;
    workers = workers < useful ? workers : useful;
    workers = workers < c.leaves.count ? workers : c.leaves.count;
    crew__each(workers, run_workers, &c, (double)s->n * (double)s->size / bytes_per_ns / (double)workers);
    return c.slots[c.leaves.count % SLOTS].prefix;
}

union crew__scalar crew__scan_typed(const struct crew__scan *s)
{
    if (s->n > CREW__SCAN_LEAF)
        return scan_leaves(s);
    struct crew__scan_state at = {s->before ? *s->before : s->start, s->start};
    if (s->n == 0)
        return at.prefix;
    if (s->flags) {
        crew__scan_segments(s, 0, s->n, &at.prefix);
    } else {
        s->kernel->scan[s->exclusive](s->x, s->out, s->n, &at);
        s->kernel->join(&at.prefix, &at.rows);
    }
    return at.prefix;
}
