/* Leaves taken in order, each by the worker that is free: the prefix goes from leaf to leaf like a baton (chained scan;
   Yan, Long and Zhang, StreamScan, doi:10.1145/2442516.2442539). A worker that finds its leaf's prefix there scans at once;
   one that does not, first adds up its leaf, which leaves it in the cache, passes the prefix on and scans then. Memory is
   so read once, and the last leaf but one is not added up where one thread is alone.

   Leaves are taken from a counter by workers that run, never given out beforehand: whoever waits for a prefix waits for a
   worker that has begun, and that waits for nothing but leaves before its own. */
#define _POSIX_C_SOURCE 200809L
#include "../base/compiler.h"
#include "../loop/runner.h"
#include "scan_typed.h"
#include <sched.h>
#include <stdatomic.h>

enum { BATONS = 16, SPINS = 2000 };

/* Only decides how much is worth a thread. */
static const double bytes_per_ns = 10;

struct baton {
    _Alignas(CREW__CACHE_LINE) atomic_size_t leaf; /* the leaf that `prefix` is for, once it is there */
    union crew__scalar prefix;
};

struct chain {
    const struct crew__scan *s;
    _Alignas(CREW__CACHE_LINE) atomic_size_t next;
    /* Leaf k's prefix comes in batons[k % BATONS]. Whoever writes there has had the prefix of leaf k - 1, which was written
       by one who had that of k - 2, and so on: leaf k - BATONS has read its own long since. */
    struct baton batons[BATONS];
};

static void scan_leaf(const struct crew__scan *s, size_t first, size_t n, union crew__scalar *prefix)
{
    if (s->flags)
        crew__scan_segments(s, first, n, prefix);
    else
        s->kernel->scan[s->exclusive]((const char *)s->x + first * s->size, (char *)s->out + first * s->size, n, prefix);
}

static void pass_on(struct chain *c, size_t leaf, union crew__scalar prefix)
{
    struct baton *b = &c->batons[leaf % BATONS];
    b->prefix = prefix;
    atomic_store_explicit(&b->leaf, leaf, memory_order_release);
}

static void do_leaf(struct chain *c, size_t leaf)
{
    const struct crew__scan *s = c->s;
    struct baton *b = &c->batons[leaf % BATONS];
    size_t first = leaf * CREW__SCAN_LEAF, n = s->n - first < CREW__SCAN_LEAF ? s->n - first : CREW__SCAN_LEAF;
    union crew__scalar prefix;
    if (atomic_load_explicit(&b->leaf, memory_order_acquire) == leaf) {
        prefix = b->prefix;
        scan_leaf(s, first, n, &prefix);
        pass_on(c, leaf + 1, prefix);
        return;
    }
    union crew__scalar total;
    int reset = 0;
    if (s->flags)
        crew__scan_segments_total(s, first, n, &total, &reset);
    else
        s->kernel->total((const char *)s->x + first * s->size, n, &total);
    for (int spins = 0; atomic_load_explicit(&b->leaf, memory_order_acquire) != leaf; spins++)
        if (spins >= SPINS)
            sched_yield(); /* the worker it waits for may want this processor */
    prefix = b->prefix;
    union crew__scalar after = prefix;
    if (reset)
        after = total;
    else
        s->kernel->join(&after, &total);
    pass_on(c, leaf + 1, after);
    scan_leaf(s, first, n, &prefix);
}

static int run_leaves(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct chain *c = ctx;
    (void)failed;
    for (size_t k = begin; k < end; k++)
        do_leaf(c, atomic_fetch_add_explicit(&c->next, 1, memory_order_relaxed));
    return 0;
}

static CREW__NOINLINE union crew__scalar scan_leaves(const struct crew__scan *s, size_t leaves)
{
    struct chain c = {.s = s};
    for (size_t i = 0; i < BATONS; i++)
        atomic_init(&c.batons[i].leaf, SIZE_MAX);
    atomic_init(&c.next, 0);
    pass_on(&c, 0, s->start);
    struct crew__loop loop = {
        .n = leaves,
        .fn = run_leaves,
        .ctx = &c,
        .item_ns = (double)CREW__SCAN_LEAF * (double)s->size / bytes_per_ns,
    };
    (void)crew__run(&loop); /* cannot fail: run_leaves does not, and there are no options */
    return c.batons[leaves % BATONS].prefix;
}

union crew__scalar crew__scan_typed(const struct crew__scan *s)
{
    union crew__scalar prefix = s->start;
    if (s->n > CREW__SCAN_LEAF)
        return scan_leaves(s, (s->n - 1) / CREW__SCAN_LEAF + 1);
    if (s->n > 0)
        scan_leaf(s, 0, s->n, &prefix);
    return prefix;
}
