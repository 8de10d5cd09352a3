/* The scheduler's protocols through their interleavings, and with every order weakened. */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include "../../lib/core/task/deque.h"
#include "../../lib/core/task/sleep.h"
#include <crew/task.h>

enum { TASKS = 3 };

/* The deque: an owner and two thieves. */
static struct crew__deque deque;
static struct crew_task tasks[TASKS], *slots[TASKS];
static atomic_int ran[TASKS];
static int payload[TASKS];
static int takers[TASKS];

static void begin_deque(void)
{
    crew__deque_init(&deque, slots, TASKS);
    for (int i = 0; i < TASKS; i++) {
        CREW__STORE(&ran[i], 0, relaxed);
        takers[i] = 0;
    }
}

static void take(int i)
{
    takers[i]++;
    CREW__READS(&payload[i]);
}

static void fork_task(int i, bool publish)
{
    CREW__WRITES(&payload[i]);
    CREW__WRITES(deque.top.head);
    *deque.top.head++ = &tasks[i];
    if (publish)
        crew__deque_publish(&deque);
}

static void join_task(int i)
{
    if (deque.top.head > deque.top.floor || crew__deque_reclaim(&deque)) {
        deque.top.head--;
        explorer_check(*deque.top.head == &tasks[i], "the owner takes another task than it joins");
        take(i);
        return;
    }
    while (CREW__LOAD(&ran[i], acquire) == 0)
        explorer_park(&ran[i], sizeof ran[i], 0, false);
    CREW__WRITES(&payload[i]); /* the frame is the owner's again */
    crew__deque_drop(&deque);
}

static void own(void)
{
    fork_task(0, true);
    fork_task(1, true);
    join_task(1);
    join_task(0);
    fork_task(2, true); /* in the slot of the first */
    join_task(2);
}

static void steal_one(void)
{
    struct crew_task *task = crew__deque_steal(&deque, 0);
    if (!task)
        return;
    int i = (int)(task - tasks);
    take(i);
    CREW__STORE(&ran[i], 1, release);
    explorer_unpark(&ran[i], 1);
}

static void end_deque(void)
{
    for (int i = 0; i < TASKS; i++)
        explorer_check(takers[i] == 1, "a task is taken twice, or never");
    explorer_check(deque.top.head == slots, "the deque is not empty in the end");
}

static const struct protocol stealing = {"deque", begin_deque, {own, steal_one, steal_one}, end_deque};

/* Sleep: one thread makes work, two look for it and go to sleep. */
static struct crew__sleepers sleepers;
static atomic_int work;
static int done, rechecks = 1;

static void begin_sleep(void)
{
    sleepers = (struct crew__sleepers){0};
    CREW__STORE(&work, 0, relaxed);
    done = 0;
}

static void notify(void)
{
    if (crew__choose_sleeper(&sleepers)) {
        crew__give_permit(&sleepers);
        explorer_unpark(&sleepers.permits, 1);
    }
}

static void make_work(void)
{
    CREW__ADD(&work, 1, seq_cst);
    notify();
}

static bool take_work(void)
{
    int left = CREW__LOAD(&work, seq_cst);
    return left > 0 && CREW__CAS(&work, &left, left - 1, seq_cst);
}

/* Until it has found one piece of work. */
static void look(void)
{
    crew__search_begin(&sleepers);
    while (!take_work()) {
        crew__sleep_begin(&sleepers);
        if (rechecks && CREW__LOAD(&work, seq_cst) > 0 && crew__sleep_undo(&sleepers))
            continue;
        while (!crew__take_permit(&sleepers))
            explorer_park(&sleepers.permits, sizeof sleepers.permits, 0, false);
    }
    done++;
    if (crew__search_end(&sleepers))
        notify();
}

static void make_two(void)
{
    make_work();
    make_work();
}

static void end_sleep(void)
{
    explorer_check(done == 1, "the work was not done");
    explorer_check(CREW__LOAD(&sleepers.searching, relaxed) == 0, "somebody still counts as searching");
}

static void end_two(void)
{
    explorer_check(done == 2, "the work was not done");
}

static const struct protocol sleeping = {"sleep", begin_sleep, {make_work, look, NULL}, end_sleep};
static const struct protocol two_sleeping = {"sleep, two", begin_sleep, {make_two, look, look}, end_two};

static const struct effort once = {1, 2}, twice = {2, 2}, thrice = {3, 2};

START_TEST(deque_and_thieves)
{
    ck_assert(holds(&stealing, twice));
    ck_assert_int_eq(orders_not_needed((const struct protocol *[]){&stealing}, 1, twice), 0);
}
END_TEST

/* What keeps a wake-up from being lost is that two counts are written before two others are read: work before sleepers,
   sleepers before work. The model delays writes, not reads, so those two are what it can notice. */
START_TEST(sleep_and_wake)
{
    ck_assert(holds(&sleeping, thrice));
    ck_assert_int_le(orders_not_needed((const struct protocol *[]){&sleeping}, 1, thrice), explorer_sites() - 2);
    rechecks = 0;
    ck_assert_ptr_nonnull(explore(&sleeping, thrice, AS_WRITTEN).failure);
    rechecks = 1;
    ck_assert(holds(&two_sleeping, once));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, deque_and_thieves);
    tcase_add_test(tc, sleep_and_wake);
}

int main(void)
{
    return run_explorer("explore", add);
}
