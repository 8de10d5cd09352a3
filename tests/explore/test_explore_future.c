/* A future's life through its interleavings: claim against cancel, end against waits, registration and the last
 * release. */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include "no_inline.h"
#include <errno.h>
#include <string.h>
#define malloc(size) explorer_alloc(size)
#define free(p) explorer_free(p)
#include "../../lib/core/task/future.c"
#include "../../lib/core/task/future_run.c"
#include "../../lib/core/task/wait.c"
#undef malloc
#undef free

/* Where a future calls what is not tried here: there is no team, and the graph of waits has a lock of its own. */
CREW__THREAD_LOCAL struct crew__member *crew__self;

bool crew__member_help(struct crew__member *w)
{
    (void)w;
    return false;
}

crew_executor *crew__executor_of_thread(void)
{
    return NULL;
}

CREW__THREAD_LOCAL struct crew__waiter *crew__waiter;

void crew__waiter_set(enum crew__waits kind, void *what, bool stuck)
{
    (void)kind;
    (void)what;
    (void)stuck;
}

bool crew__wait_cycle_closes_quickly(crew_future *f)
{
    return f == NULL;
}

bool crew__wait_cycle_closes(void)
{
    return false;
}

void crew__wait_cycle_note_ready(crew_future *f)
{
    (void)f;
}

enum crew__search_end crew__wait_cycle_claim(enum crew__waits kind, void *what, const crew_executor *ex,
                                             crew_future **found)
{
    (void)kind;
    (void)what;
    (void)ex;
    *found = NULL;
    return CREW__SEARCH_ALIVE;
}

crew_future *crew__wait_cycle_take_ready(void)
{
    return NULL;
}

void crew__queue_wait(struct crew__queue *q, double seconds)
{
    (void)q;
    (void)seconds;
}

enum { CALLS = 3, VALUE = 7 };

static crew_future *future;
static int ran, payload, reason; /* reason: plain data of who cancels */
static bool canceled;
static int said[CALLS]; /* plain data that a callback reads */
static int called[CALLS], sequence[CALLS], ncalled;

static int work(void *arg)
{
    CREW__READS(arg);
    CREW__WRITES(&payload);
    ran++;
    return VALUE;
}

static void begin(void)
{
    ran = ncalled = 0;
    canceled = false;
    memset(called, 0, sizeof called);
    explorer_local((void **)&telling);
    future = crew__future_new(NULL, work, &said[0], 0, NULL, EXPLORER_THREADS);
}

/* Everybody has one reference, and has looked into the future by then. */
static void let_go(void)
{
    CREW__READS(&future->fn);
    crew_future_release(future);
}

/* As the executor's run_item. */
static void be_worker(void)
{
    if (crew__future_claim(future, CREW_FUTURE_RUNNING))
        crew__future_run(future);
    let_go();
}

static void look_at_end(void)
{
    int state = crew__future_state(future);
    explorer_check(state == CREW_FUTURE_DONE || state == CREW_FUTURE_CANCELED, "woken before the end");
    if (state == CREW_FUTURE_DONE) {
        CREW__READS(&payload);
        explorer_check(crew__future_code(future) == VALUE, "another result");
    } else {
        CREW__READS(&reason);
        explorer_check(crew__future_code(future) == -ECANCELED, "another code");
    }
    explorer_check(crew_future_cancel(future) == (state == CREW_FUTURE_CANCELED), "an end that changes");
}

/* As a dependency that fails: it says why, then cancels. */
static void be_failure(void)
{
    CREW__WRITES(&reason);
    canceled = crew__future_drop(future);
    let_go();
}

static void be_canceler(void)
{
    if (crew_future_cancel(future)) {
        canceled = true;
        look_at_end();
    }
    let_go();
}

/* As crew__wait does after its looks. */
static void be_waiter(void)
{
    while (!has_ended(future))
        sleep_on_future(future, -1);
    look_at_end();
    let_go();
}

static void be_hasty_waiter(void)
{
    sleep_on_future(future, 0.001);
    if (has_ended(future))
        look_at_end();
    let_go();
}

/* The worker of a task that waits for the future runs it itself, when it finds it not begun. */
static void be_helper(void)
{
    if (crew__future_claim(future, CREW_FUTURE_RUNNING))
        crew__future_run(future);
    be_waiter();
}

static void note_call(crew_future *f, void *ctx)
{
    int k = (int)((int *)ctx - said);
    /* At once, without asking for the state, which would order it. */
    CREW__READS(ctx);
    CREW__READS(&payload);
    CREW__READS(&reason);
    explorer_check(crew__future_state(f) >= CREW_FUTURE_DONE, "called before the end");
    called[k]++;
    sequence[k] = ncalled++;
}

static void tell_at_end(int k)
{
    CREW__WRITES(&said[k]);
    explorer_check(crew_future_on_done(future, note_call, &said[k]) == 0, "no callback");
}

static void be_registrar(void)
{
    tell_at_end(1);
    let_go();
}

static void be_other_registrar(void)
{
    tell_at_end(2);
    let_go();
}

static void be_twofold_registrar(void)
{
    tell_at_end(1);
    tell_at_end(2);
    let_go();
}

static void end_any(void)
{
    explorer_check(ran + canceled == 1, "run and cancelled, or neither");
    explorer_check(explorer_leaks() == 0, "a leak");
}

static void end_run(void)
{
    explorer_check(ran == 1, "not run once");
    explorer_check(explorer_leaks() == 0, "a leak");
}

static void end_both_called(void)
{
    end_any();
    explorer_check(called[1] == 1 && called[2] == 1, "not called once");
}

static void end_one_called(void)
{
    end_any();
    explorer_check(called[1] == 1, "not called once");
}

/* Two registrations before the end are called in their order. One that finds the end is called at once, while who ends
   it may not have come to the first yet. */
static void begin_registered(void)
{
    begin();
    crew_future_on_done(future, note_call, &said[1]);
    crew_future_on_done(future, note_call, &said[2]);
}

static void end_in_order(void)
{
    end_both_called();
    explorer_check(sequence[1] < sequence[2], "called in another order");
}

static const struct protocol protocols[] = {
    {"claim, cancel, wait", begin, {be_worker, be_canceler, be_waiter}, end_any},
    {"cancel twice", begin, {be_worker, be_canceler, be_canceler}, end_any},
    {"cancel for a reason", begin, {be_worker, be_failure, be_waiter}, end_any},
    {"wait twice", begin, {be_worker, be_waiter, be_waiter}, end_run},
    {"wait for a time", begin, {be_worker, be_hasty_waiter, be_waiter}, end_run},
    {"claim twice", begin, {be_worker, be_helper, be_hasty_waiter}, end_run},
    {"register twice", begin, {be_worker, be_registrar, be_other_registrar}, end_both_called},
    {"register and cancel", begin, {be_worker, be_canceler, be_registrar}, end_one_called},
    {"register in order", begin, {be_worker, be_twofold_registrar, be_waiter}, end_both_called},
    {"called in order", begin_registered, {be_worker, be_canceler, be_waiter}, end_in_order},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

/* Nothing here needs a write to be seen before a later read (no two threads write and then look for each other), so
   late writes add little. */
START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){4, 0}));
        ck_assert(holds(&protocols[i], (struct effort){1, 1}));
    }
}
END_TEST

/* Four are stronger than they need be:
   - sleep_on_future's look at the state: who is woken looks again, with acquire;
   - claim's acquire half: that the submitter's writes are seen is the queue's doing, and a helper has the future from
   who made it;
   - the same of end's swap of the state: who ends it has claimed it;
   - the same of add's exchange: who calls the list has acquired its newest node, whose exchange goes on with the older
   ones' releases. */
START_TEST(orders)
{
    const struct protocol *all[PROTOCOLS];
    for (int i = 0; i < PROTOCOLS; i++) {
        all[i] = &protocols[i];
        explore(all[i], (struct effort){1, 0}, AS_WRITTEN);
    }
    ck_assert_int_eq(orders_not_needed(all, PROTOCOLS, (struct effort){2, 0}), 4);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
    tcase_add_test(tc, orders);
}

int main(void)
{
    return run_explorer("explore_future", add);
}
