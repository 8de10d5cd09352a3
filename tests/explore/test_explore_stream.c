/* Streams through their interleavings: workers that take items from the source, carry them through gates, and sleep. */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include "../../lib/core/task/stream.c"
#include "../../lib/core/task/stream_work.c"

enum { MOST_ITEMS = 3, MOST_STAGES = 2, NOT_TAKEN = -1 };

static _Alignas(64) char memory[4096];
static struct crew__stream stream;
static int taken[MOST_STAGES + 2]; /* calls of the source, of each stage and of the sink */
static int next[MOST_STAGES + 2];  /* the item whose turn it is */
static int order[MOST_ITEMS];      /* in which items came to the sink */
static int state[MOST_STAGES + 2]; /* plain data of what takes one item at a time */
static size_t items;               /* that the source has */
static int skipped;                /* the first stage drops this item; NOT_TAKEN: none */
static int failing;                /* and fails there */

/* What is not tried here. */
_Thread_local int crew__worker;
_Thread_local struct crew__progress_call *crew__progress_now;
atomic_int crew__trace_on;

int crew__env_progress(void)
{
    return 0;
}

void crew_progress_bar(size_t done, size_t total, void *ctx)
{
    (void)done;
    (void)total;
    (void)ctx;
}

double crew__ticks_per_ns(void)
{
    return 1e6; /* no round is over early */
}

int crew__resolve_threads(int threads)
{
    return threads;
}

bool crew_cancel_requested(const crew_cancel *cancel)
{
    return cancel != NULL;
}

void *crew__alloc(size_t size)
{
    explorer_check(size <= sizeof memory, "too little memory");
    return memory;
}

void crew__free(void *p)
{
    (void)p;
}

struct crew__team crew__team_acquire(int want)
{
    return (struct crew__team){CREW__TEAM_NONE, want};
}

void crew__team_run(const struct crew__team *team, crew__worker_fn *fn, void *arg)
{
    (void)team;
    fn(0, arg);
}

void crew__team_release(const struct crew__team *team)
{
    (void)team;
}

void crew__trace_open_call(struct crew__trace_call *call, const char *name, const char *what, size_t n)
{
    (void)call;
    (void)name;
    (void)what;
    (void)n;
}

void crew__trace_end(struct crew__trace_call *call)
{
    (void)call;
}

struct crew__trace_worker crew__trace_enter(void)
{
    return (struct crew__trace_worker){0};
}

void crew__trace_leave(struct crew__trace_call *call, struct crew__trace_worker worker)
{
    (void)call;
    (void)worker;
}

int64_t crew__trace_block_begin(int64_t *busy_before)
{
    return *busy_before = 0;
}

void crew__trace_block_end(struct crew__trace_call *call, int64_t start, int64_t busy_before, const char *label,
                           size_t begin, size_t end)
{
    (void)call;
    (void)start;
    (void)busy_before;
    (void)label;
    (void)begin;
    (void)end;
}

void crew__trace_slice(const char *name, int64_t start)
{
    (void)name;
    (void)start;
}

static int source(void *item, size_t index, void *ctx)
{
    (void)ctx;
    CREW__WRITES(&state[0]);
    taken[0]++;
    explorer_check(index == (size_t)next[0]++, "the source's items are not in order");
    if (index == items)
        return CREW_STREAM_END;
    CREW__WRITES(item);
    *(size_t *)item = index;
    return 0;
}

static int pass(int where, void *item, size_t index)
{
    CREW__WRITES(item);
    explorer_check(*(size_t *)item == index, "another item's buffer");
    taken[where]++;
    if (where == 1 && (int)index == skipped)
        return CREW_STREAM_SKIP;
    return where == 1 && (int)index == failing ? 7 : 0;
}

static int first(void *item, size_t index, void *ctx)
{
    (void)ctx;
    return pass(1, item, index);
}

static int second(void *item, size_t index, void *ctx)
{
    (void)ctx;
    return pass(2, item, index);
}

/* One item at a time, so it may write to what all of its calls share. */
static int first_alone(void *item, size_t index, void *ctx)
{
    CREW__WRITES(&state[1]);
    return first(item, index, ctx);
}

static int first_in_order(void *item, size_t index, void *ctx)
{
    explorer_check(index == (size_t)next[1]++, "a stage's items are not in order");
    return first_alone(item, index, ctx);
}

static int sink(void *item, size_t index, void *ctx)
{
    (void)ctx;
    CREW__WRITES(&state[3]);
    order[taken[3]] = (int)index;
    return pass(3, item, index);
}

static void begin_with(const crew_pipeline *p)
{
    void *unused;
    memset(taken, 0, sizeof taken);
    memset(next, 0, sizeof next);
    skipped = failing = NOT_TAKEN;
    items = 2;
    stream = (struct crew__stream){.p = p, .in_flight = p->in_flight};
    explorer_check(set_up_memory(&stream, &unused) == 0, "no memory");
    set_up(&stream);
    stream.helpers = 1;
    stream.round_began = crew__ticks();
}

static void begin_plain(void)
{
    static const crew_stage stages[] = {{first, CREW_STAGE_PARALLEL}};
    static const crew_pipeline p = {
        .item_size = sizeof(size_t), .source = source, .stages = stages, .nstages = 1, .sink = sink, .in_flight = 2};
    begin_with(&p);
}

static void begin_gates(void)
{
    static const crew_stage stages[] = {{first_in_order, CREW_STAGE_IN_ORDER}, {second, CREW_STAGE_PARALLEL}};
    static const crew_pipeline p = {
        .item_size = sizeof(size_t), .source = source, .stages = stages, .nstages = 2, .sink = sink, .in_flight = 2};
    begin_with(&p);
}

static void begin_unordered(void)
{
    static const crew_stage stages[] = {{first_alone, CREW_STAGE_ONE_AT_A_TIME}};
    static const crew_pipeline p = {.item_size = sizeof(size_t),
                                    .source = source,
                                    .stages = stages,
                                    .nstages = 1,
                                    .sink = sink,
                                    .unordered = true,
                                    .in_flight = 2};
    begin_with(&p);
    items = 3; /* the third is in whatever buffer comes back first */
}

/* The source waits for room. */
static void begin_one_slot(void)
{
    static const crew_pipeline p = {.item_size = sizeof(size_t), .source = source, .sink = sink, .in_flight = 1};
    begin_with(&p);
}

static void begin_leaving(void)
{
    begin_plain();
    stream.leaves = true;
}

static void begin_skipping(void)
{
    begin_plain();
    skipped = 0;
}

static void begin_failing(void)
{
    begin_gates();
    failing = 1;
}

static void work_here(void)
{
    crew__stream_work(explorer_running(), &stream);
}

static void end_with(int sunk)
{
    explorer_check(crew__stream_ended(&stream), "not at its end");
    explorer_check(CREW__LOAD(&stream.sleeping, relaxed) == 0, "somebody still counts as asleep");
    explorer_check(taken[3] == sunk && stream.left == (size_t)sunk, "an item comes to the sink twice, or never");
}

static void end_all(void)
{
    end_with((int)items);
    explorer_check(taken[0] == (int)items + 1, "an item is taken twice, or never");
}

static void end_in_order(void)
{
    end_all();
    for (int i = 0; i < (int)items; i++)
        explorer_check(order[i] == i, "the sink's items are not in order");
}

static void end_skipping(void)
{
    end_with((int)items - 1);
    explorer_check(order[0] == 1, "another item was dropped");
}

static void end_failing(void)
{
    end_with(1);
    explorer_check(CREW__LOAD(&stream.end_at, relaxed) == 1 && stream.code == 7, "another failure");
    explorer_check(order[0] == 0, "an item behind the failure");
}

static const struct protocol protocols[] = {
    {"one slot", begin_one_slot, {work_here, work_here, NULL}, end_in_order},
    {"sink in order", begin_plain, {work_here, work_here, NULL}, end_in_order},
    {"gates", begin_gates, {work_here, work_here, NULL}, end_in_order},
    {"failure", begin_failing, {work_here, work_here, NULL}, end_failing},
    {"unordered", begin_unordered, {work_here, work_here, NULL}, end_all},
    {"helpers leave", begin_leaving, {work_here, work_here, NULL}, end_in_order},
    {"skip", begin_skipping, {work_here, work_here, NULL}, end_skipping},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols, TRIED = 4 };

START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){2, 0}));
        ck_assert(holds(&protocols[i], (struct effort){1, 1}));
    }
}
END_TEST

/* Not noticed are loads, since reads are never late here; the store of `closed` and that of a gate's next turn, behind
   which the source or the gate is let go of; and what sleepers say of themselves, which takes more interruptions:
   mutants.sh tries that. */
START_TEST(orders)
{
    static const char *const files[] = {"stream_work.c", NULL};
    const struct protocol *all[PROTOCOLS];
    for (int i = 0; i < TRIED; i++) {
        all[i] = &protocols[i];
        explore(all[i], (struct effort){2, 0}, AS_WRITTEN);
    }
    ck_assert_int_eq(orders_not_needed_in(files, all, TRIED, (struct effort){1, 1}), 15);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
    tcase_add_test(tc, orders);
}

int main(void)
{
    return run_explorer("explore_stream", add);
}
