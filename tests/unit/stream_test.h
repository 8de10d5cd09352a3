/* What the suites of streams share: a stream that checks itself, and the loop that it equals. */
#ifndef TESTS_STREAM_TEST_H
#define TESTS_STREAM_TEST_H

#include "../support/suite.h"
#include <crew/stream.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

enum { STAGES = 4, MOST = 4096 };

struct item {
    size_t index;
    uint64_t value;
    uint64_t used; /* how often this buffer was filled before */
};

/* What happens to an item: in the source (0), a stage (1 .. nstages) or the sink (nstages + 1). */
struct event {
    size_t where, index;
    int code;
};

struct run {
    size_t n, nstages, in_flight;
    bool unordered;
    crew_stage stages[STAGES];
    struct event events[3];
    size_t nevents;
    /* what was seen */
    size_t out[MOST], nout;
    uint64_t values[MOST];
    size_t next[STAGES + 2]; /* of places that go in order */
    atomic_int inside[STAGES + 2], alive, most_alive, opened, calls[STAGES + 2];
    atomic_bool broken;
};

static inline int event_of(const struct run *r, size_t where, size_t index)
{
    for (size_t e = 0; e < r->nevents; e++)
        if (r->events[e].where == where && r->events[e].index == index)
            return r->events[e].code;
    return 0;
}

static inline void note(struct run *r, bool fine)
{
    if (!fine)
        atomic_store(&r->broken, true);
}

static inline int fill(void *item, size_t index, void *ctx)
{
    struct run *r = ctx;
    struct item *it = item;
    note(r, atomic_fetch_add(&r->inside[0], 1) == 0 && index == r->next[0]++);
    note(r, it->used == 0 ? it->value == 0 : it->value != 0);
    note(r, (uintptr_t)item % 64 == 0);
    int code = index == r->n ? CREW_STREAM_END : event_of(r, 0, index);
    if (code == 0) {
        int alive = atomic_fetch_add(&r->alive, 1) + 1, most = atomic_load(&r->most_alive);
        while (alive > most && !atomic_compare_exchange_weak(&r->most_alive, &most, alive))
            ;
        it->index = index;
        it->value = index * 2 + 1;
        it->used++;
    }
    atomic_fetch_add(&r->calls[0], 1);
    atomic_fetch_sub(&r->inside[0], 1);
    return code;
}

static inline int pass(size_t where, void *item, size_t index, struct run *r)
{
    struct item *it = item;
    bool sink = where == r->nstages + 1;
    crew_stage_kind kind =
        sink ? (r->unordered ? CREW_STAGE_ONE_AT_A_TIME : CREW_STAGE_IN_ORDER) : r->stages[where - 1].kind;
    note(r, it->index == index);
    note(r, atomic_fetch_add(&r->inside[where], 1) == 0 || kind == CREW_STAGE_PARALLEL);
    if (kind == CREW_STAGE_IN_ORDER) { /* skipped items leave gaps */
        note(r, index >= r->next[where]);
        r->next[where] = index + 1;
    }
    it->value = it->value * 6364136223846793005u + where;
    if ((index + where) % 7 == 0)
        for (volatile int spin = 0; spin < 300; spin = spin + 1)
            ;
    atomic_fetch_add(&r->calls[where], 1);
    int code = event_of(r, where, index);
    if (code == 0 && sink) {
        r->out[r->nout] = index;
        r->values[r->nout++] = it->value;
    }
    if (code != 0 || sink)
        atomic_fetch_sub(&r->alive, 1);
    atomic_fetch_sub(&r->inside[where], 1);
    return code;
}

static inline int stage_1(void *item, size_t index, void *ctx)
{
    return pass(1, item, index, ctx);
}

static inline int stage_2(void *item, size_t index, void *ctx)
{
    return pass(2, item, index, ctx);
}

static inline int stage_3(void *item, size_t index, void *ctx)
{
    return pass(3, item, index, ctx);
}

static inline int stage_4(void *item, size_t index, void *ctx)
{
    return pass(4, item, index, ctx);
}

static inline int drain(void *item, size_t index, void *ctx)
{
    struct run *r = ctx;
    return pass(r->nstages + 1, item, index, r);
}

static inline int open_item(void *item, void *ctx)
{
    struct run *r = ctx;
    note(r, ((struct item *)item)->used == 0);
    atomic_fetch_add(&r->opened, 1);
    return 0;
}

static inline void close_item(void *item, void *ctx)
{
    struct run *r = ctx;
    (void)item;
    atomic_fetch_sub(&r->opened, 1);
}

static crew_stream_fn *const stage_fns[STAGES] = {stage_1, stage_2, stage_3, stage_4};

static inline struct run *new_run(size_t n, const char *kinds, size_t in_flight)
{
    struct run *r = calloc(1, sizeof *r);
    ck_assert_ptr_nonnull(r);
    r->n = n;
    r->in_flight = in_flight;
    r->nstages = strlen(kinds);
    for (size_t i = 0; i < r->nstages; i++)
        r->stages[i] = (crew_stage){stage_fns[i], kinds[i] == 'p'   ? CREW_STAGE_PARALLEL
                                                  : kinds[i] == 'o' ? CREW_STAGE_IN_ORDER
                                                                    : CREW_STAGE_ONE_AT_A_TIME};
    return r;
}

static inline crew_pipeline pipeline_of(const struct run *r)
{
    return (crew_pipeline){.item_size = sizeof(struct item),
                           .source = fill,
                           .stages = r->stages,
                           .nstages = r->nstages,
                           .sink = drain,
                           .unordered = r->unordered,
                           .in_flight = r->in_flight,
                           .open = open_item,
                           .close = close_item};
}

/* The loop of the header. */
static inline int oracle_stream(struct run *r, size_t *failed)
{
    struct item *item = calloc(1, 2 * sizeof *item + 64);
    ck_assert_ptr_nonnull(item);
    struct item *at = (struct item *)(((uintptr_t)item + 63) / 64 * 64);
    int code = 0;
    for (size_t i = 0;; i++) {
        if ((code = fill(at, i, r)) == 0)
            for (size_t s = 0; s < r->nstages && code == 0; s++)
                code = r->stages[s].fn(at, i, r);
        if (code == 0)
            code = drain(at, i, r);
        if (code != 0 && code != CREW_STREAM_SKIP) {
            *failed = i;
            free(item);
            return code == CREW_STREAM_END ? 0 : code;
        }
    }
}

/* Runs r and the loop; what went into the sink must be the same where that is in order. */
static inline void check_run(struct run *r, const crew_options *given)
{
    struct run *expected = malloc(sizeof *expected);
    ck_assert_ptr_nonnull(expected);
    memcpy(expected, r, sizeof *r);
    size_t expected_failed = 0, failed = SIZE_MAX;
    int expected_code = oracle_stream(expected, &expected_failed);
    crew_options opt = given ? *given : (crew_options){0};
    opt.failed = &failed;
    crew_pipeline p = pipeline_of(r);
    int code = crew_stream(&p, r, &opt);
    ck_assert_int_eq(code, expected_code);
    ck_assert_uint_eq(failed, code ? expected_failed : SIZE_MAX);
    ck_assert(!r->broken);
    ck_assert_int_eq(r->opened, 0);
    size_t bound = r->in_flight ? r->in_flight : 4 * MOST;
    ck_assert_uint_le((size_t)r->most_alive, bound);
    if (!r->unordered) {
        ck_assert_uint_eq(r->nout, expected->nout);
        ck_assert_mem_eq(r->out, expected->out, r->nout * sizeof *r->out);
        ck_assert_mem_eq(r->values, expected->values, r->nout * sizeof *r->values);
    } else {
        bool *seen = calloc(MOST, 1);
        ck_assert_ptr_nonnull(seen);
        for (size_t i = 0; i < r->nout; i++) {
            ck_assert(!seen[r->out[i]]);
            seen[r->out[i]] = true;
        }
        for (size_t i = 0; i < expected->nout; i++)
            ck_assert(seen[expected->out[i]]);
        if (r->nevents == 0)
            ck_assert_uint_eq(r->nout, expected->nout);
        free(seen);
    }
    free(expected);
    free(r);
}

static const char *const shapes[] = {"", "p", "o", "a", "pp", "po", "op", "pop", "oo", "paop", "oppo"};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static inline int count_source(void *item, size_t index, void *ctx)
{
    if (item)
        return 1;
    return index == *(size_t *)ctx ? CREW_STREAM_END : 0;
}

#endif
