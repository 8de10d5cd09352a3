/* The queue through its interleavings, and the lock in it: several who submit and take, segments that are used again,
   batches that others take from, a full queue, closing, and who goes to sleep. */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include <errno.h>
#define malloc(size) explorer_alloc(size)
#define free(p) explorer_free(p)
#include "../../lib/core/backend/lock.c"
#include "../../lib/core/task/queue.c"
#undef malloc
#undef free
#include "../../lib/core/task/sleep.h"

enum { ITEMS = 6 };

static struct crew__queue queue;
static struct crew__batch batch;
static struct crew__sleepers sleepers;
static atomic_int counted, finished;
static int payload[ITEMS], accepted[ITEMS], taken[ITEMS];
static int order[ITEMS], norder; /* as one taker sees it */
static int shared, entries;      /* plain data under a lock */
static struct crew__lock lock;

/* Items 0 .. n-1 wait already. */
static void begin_with(size_t limit, int n)
{
    crew__queue_init(&queue, limit);
    batch = (struct crew__batch){.word = 0};
    sleepers = (struct crew__sleepers){.searching = 0};
    lock = (struct crew__lock){.word = 0};
    CREW__STORE(&counted, 0, relaxed);
    CREW__STORE(&finished, 0, relaxed);
    norder = entries = 0;
    memset(accepted, 0, sizeof accepted);
    memset(taken, 0, sizeof taken);
    for (int i = 0; i < n; i++) {
        struct crew__item item = {NULL, &payload[i]};
        accepted[i] = crew__queue_push(&queue, &item, CREW_PRIORITY_NORMAL, false) == 0;
    }
}

static int push_number(int i, crew_priority priority, enum crew__push how)
{
    struct crew__item item = {NULL, &payload[i]};
    CREW__WRITES(&payload[i]);
    int error = crew__queue_push(&queue, &item, priority, how);
    accepted[i] = error == 0;
    if (error)
        CREW__WRITES(&payload[i]); /* still the caller's */
    return error;
}

static void submit(int i)
{
    push_number(i, CREW_PRIORITY_NORMAL, CREW__PUSH_NEW);
}

/* As crew_submit outside a task. */
static int submit_and_wait(int i)
{
    int error;
    while ((error = push_number(i, CREW_PRIORITY_NORMAL, CREW__PUSH_NEW)) == -EAGAIN)
        crew__queue_wait(&queue, -1);
    return error;
}

static void got(const struct crew__item *item)
{
    int i = (int)((int *)item->arg - payload);
    explorer_check(i >= 0 && i < ITEMS, "something that nobody has submitted");
    CREW__WRITES(&payload[i]); /* runs */
    taken[i]++;
    order[norder++ % ITEMS] = i;
}

static bool take_one(void)
{
    struct crew__item item;
    bool found = crew__queue_pop(&queue, &item, NULL, 1);
    if (found)
        got(&item);
    return found;
}

static bool steal_one(void)
{
    struct crew__item item;
    bool found = crew__batch_take(&batch, &item);
    if (found)
        got(&item);
    return found;
}

/* As an executor's worker that is alone: what is left goes into the batch. */
static bool work_one(void)
{
    struct crew__item item;
    bool found = crew__batch_take(&batch, &item) || crew__queue_pop(&queue, &item, &batch, 1);
    if (found)
        got(&item);
    return found;
}

static void take_number(int n)
{
    for (int i = 0; i < n; i++)
        while (!take_one())
            explorer_pause();
}

static void end_accounts(void)
{
    for (int i = 0; i < ITEMS; i++)
        explorer_check(taken[i] == accepted[i], "taken twice or never, or taken and refused");
    explorer_check(!crew__queue_has(&queue) && !crew__batch_has(&batch), "something that nobody can take");
    explorer_check(CREW__LOAD(&queue.count, relaxed) == 0, "a full queue that is empty");
    explorer_check(CREW__LOAD(&queue.waiting, relaxed) == 0, "somebody still counts as waiting");
    crew__queue_free(&queue);
    explorer_check(explorer_leaks() == 0, "a leak");
}

static void end_rest(void)
{
    while (work_one())
        ;
    end_accounts();
}

/* The lock. */
static void begin_empty(void)
{
    begin_with(0, 0);
}

static void enter_once(void)
{
    crew__lock_take(&lock);
    CREW__WRITES(&shared);
    entries++;
    crew__lock_give(&lock);
}

static void enter_twice(void)
{
    enter_once();
    enter_once();
}

static void end_lock(void)
{
    explorer_check(entries == 5, "not entered as often as asked");
    explorer_check(CREW__LOAD(&lock.word, relaxed) == 0, "held in the end");
}

/* Two who submit and one who takes, in a new segment from some item on. */
static void submit_first_two(void)
{
    submit(0);
    submit(1);
}

static void submit_third(void)
{
    submit(2);
}

static void take_three(void)
{
    take_number(3);
}

static void end_in_order(void)
{
    for (int i = 0, last = -1; i < norder; i++) {
        explorer_check(order[i] == 2 || order[i] > last, "not in the order of submission");
        last = order[i] == 2 ? last : order[i];
    }
    end_accounts();
}

/* A segment is written to again as soon as all have left it. */
static void begin_segments(void)
{
    begin_with(0, 3);
    take_one();
}

static void submit_last_two(void)
{
    submit(3);
    submit(4);
}

static void try_twice(void)
{
    take_one();
    take_one();
}

/* Batches. */
static void begin_batch(void)
{
    begin_with(0, 4);
}

static void work_often(void)
{
    for (int i = 0; i < 4; i++)
        work_one();
}

static void steal_twice(void)
{
    steal_one();
    steal_one();
}

static void submit_fifth(void)
{
    submit(4);
}

/* Who takes from another's batch is slow: that is filled again meanwhile, with as many. */
static void begin_refill(void)
{
    begin_with(0, 6);
}

/* What has left the lane is in the batch, for who looks there afterwards. */
static void begin_move(void)
{
    begin_with(0, 2);
}

static void look_everywhere(void)
{
    explorer_check(crew__queue_has(&queue) || crew__batch_has(&batch), "a task that cannot be seen");
}

static void work_once(void)
{
    work_one();
}

/* Room for one. */
static void begin_full(void)
{
    begin_with(1, 0);
}

static void wait_for_room(void)
{
    explorer_check(submit_and_wait(0) == 0, "refused");
}

static void wait_for_room_too(void)
{
    explorer_check(submit_and_wait(1) == 0, "refused");
}

static void take_two(void)
{
    take_number(2);
}

static void begin_one_waits(void)
{
    begin_with(1, 1);
}

static void wait_or_be_refused(void)
{
    int error = submit_and_wait(1);
    explorer_check(error == 0 || error == -ECANCELED, "another error");
}

static void wait_or_be_refused_too(void)
{
    int error = submit_and_wait(2);
    explorer_check(error == 0 || error == -ECANCELED, "another error");
}

/* What is accepted has been put in before this takes the last one. */
static void close_and_take_all(void)
{
    crew__queue_close(&queue);
    while (take_one())
        ;
}

static void close_and_take_one(void)
{
    crew__queue_close(&queue);
    take_one();
}

static void submit_low(void)
{
    push_number(2, CREW_PRIORITY_LOW, CREW__PUSH_NEW);
    explorer_check(!crew__queue_closed(&queue) || push_number(3, CREW_PRIORITY_HIGH, CREW__PUSH_NEW) == -ECANCELED,
                   "accepted though it is closed");
}

/* Sleep: as the scheduler and an executor do it. */
static void notify(void)
{
    if (crew__choose_sleeper(&sleepers)) {
        crew__give_permit(&sleepers);
        explorer_unpark(&sleepers.permits, 1);
    }
}

static void submit_to_sleepers(void)
{
    submit(0);
    notify();
}

static void submit_two_to_sleepers(void)
{
    submit(0);
    notify();
    submit(1);
    notify();
}

static bool is_ready(void)
{
    return crew__queue_has_surely(&queue) || crew__batch_has(&batch);
}

/* Until it has run one. */
static void look(void)
{
    crew__search_begin(&sleepers);
    while (!take_one()) {
        crew__sleep_begin(&sleepers);
        if (is_ready() && crew__sleep_undo(&sleepers))
            continue;
        while (!crew__take_permit(&sleepers))
            explorer_park(&sleepers.permits, sizeof sleepers.permits, 0, false);
    }
    if (crew__search_end(&sleepers))
        notify();
}

/* What is counted is waited for by who closes, and may still be put in. */
static void count_and_push(int i)
{
    if (!crew__queue_add_unless_closed(&queue, &counted))
        return;
    explorer_check(push_number(i, CREW_PRIORITY_NORMAL, CREW__PUSH_READY) == 0, "refused though it was counted");
    CREW__READS(&shared);
    if (CREW__SUB(&counted, 1, release) == 1)
        explorer_unpark(&counted, CREW__ALL);
}

static void count_first(void)
{
    count_and_push(0);
}

static void count_second(void)
{
    count_and_push(1);
}

static void close_and_wait(void)
{
    crew__queue_close(&queue);
    for (int now; (now = CREW__LOAD(&counted, acquire)) != 0;)
        explorer_park(&counted, sizeof counted, (unsigned)now, false);
    CREW__WRITES(&shared); /* as who frees what they use */
    while (take_one())
        ;
}

static const struct protocol protocols[] = {
    {"lock", begin_empty, {enter_twice, enter_twice, enter_once}, end_lock},
    {"two submitters", begin_empty, {submit_first_two, submit_third, take_three}, end_in_order},
    {"segments", begin_segments, {submit_last_two, try_twice, try_twice}, end_rest},
    {"batch", begin_batch, {work_often, steal_twice, submit_fifth}, end_rest},
    {"refill", begin_refill, {work_often, steal_twice, NULL}, end_rest},
    {"move", begin_move, {work_once, look_everywhere, NULL}, end_rest},
    {"full", begin_full, {wait_for_room, wait_for_room_too, take_two}, end_accounts},
    {"full and close", begin_one_waits, {wait_or_be_refused, wait_or_be_refused_too, close_and_take_all}, end_accounts},
    {"close while waiting",
     begin_one_waits,
     {wait_or_be_refused, wait_or_be_refused_too, close_and_take_one},
     end_rest},
    {"close", begin_empty, {submit_first_two, submit_low, close_and_take_all}, end_accounts},
    {"count and close", begin_empty, {count_first, count_second, close_and_wait}, end_accounts},
    {"sleep", begin_empty, {submit_to_sleepers, look, NULL}, end_accounts},
    {"sleep, two", begin_empty, {submit_two_to_sleepers, look, look}, end_accounts},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols, FULL = 6, SLEEPING = 11 };

START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){2, 0}));
        ck_assert(holds(&protocols[i], (struct effort){1, 1}));
    }
}
END_TEST

static int not_needed(int first, int end, struct effort effort)
{
    const struct protocol *some[PROTOCOLS];
    explorer_forget_sites();
    for (int i = first; i < end; i++) {
        some[i - first] = &protocols[i];
        explore(some[i - first], (struct effort){1, 0}, AS_WRITTEN);
    }
    return orders_not_needed(some, end - first, effort);
}

/* Eight are not noticed, all about batches, whose items are atomic and relaxed:
   - lane_has's look at head and lane_pop's store of it, batch_take's two looks at the word and both halves of its
   exchange order the reading of the lane, the word and the items. Here nobody reads anything old, so only real
   processors can show the want of that;
   - batch_has's look: who goes on to take looks again. */
START_TEST(orders)
{
    ck_assert_int_eq(not_needed(0, SLEEPING, (struct effort){1, 0}), 8);
}
END_TEST

/* Of the eight that are sequentially consistent none is needed alone:
   - free_room's change of count and that of space come before the look at who waits, and one barrier is enough;
   mutants.sh drops both;
   - queue_wait's change of waiting, after which a futex compares space, and has a barrier of its own;
   - the three looks that follow those changes: they are never late here;
   - take_room's exchange and close's change of space, which go before no look.
   The other three are orders that these few protocols do not ask for. */
START_TEST(barriers)
{
    ck_assert_int_eq(not_needed(FULL, SLEEPING, (struct effort){1, 1}), 11);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
    tcase_add_test(tc, orders);
    tcase_add_test(tc, barriers);
}

int main(void)
{
    return run_explorer("explore_queue", add);
}
