/* Sets of futures through their interleavings: futures that end on two threads while a third adds them, waits for them
 * and closes. */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include "mutex.h"
#include "no_inline.h"
#include <errno.h>

static void *zeroed(size_t size)
{
    void *p = explorer_alloc(size);
    return p ? memset(p, 0, size) : NULL;
}

#define calloc(n, size) zeroed((n) * (size))
#define malloc(size) explorer_alloc(size)
#define free(p) explorer_free(p)
#include "../../lib/core/task/future.c"
#include "../../lib/core/task/future_run.c"
#include "../../lib/core/task/wait.c"
#include "../../lib/core/task/wait_cycle.c"
#include "../../lib/core/task/wait_set.c"
#include "../../lib/core/task/waiter.c"
#undef calloc
#undef malloc
#undef free

/* Nobody asks for progress. */
int crew__env_progress(void)
{
    return 0;
}

bool crew_cancel_requested(const crew_cancel *cancel)
{
    return cancel != NULL;
}

void crew__counted_begin(struct crew__counted *c, crew_progress *progress, void *ctx, const char *name)
{
    *c = (struct crew__counted){.progress = progress, .ctx = ctx, .call = {.name = name}};
}

void crew__counted_tell(struct crew__counted *c, size_t done, size_t total, bool last)
{
    (void)c;
    (void)done;
    (void)total;
    (void)last;
}

/* There is no team here. */
_Thread_local struct crew__member *crew__self;

bool crew__member_help(struct crew__member *w)
{
    (void)w;
    return false;
}

crew_executor *crew__executor_of_thread(void)
{
    return NULL;
}

void crew__queue_wait(struct crew__queue *q, double seconds)
{
    (void)q;
    (void)seconds;
}

enum { FUTURES = 2, VALUE = 7 };

static crew_future *futures[FUTURES];
static int ran[FUTURES], given[FUTURES], payload[FUTURES], values[FUTURES];

static int work(void *arg)
{
    int i = (int)((int *)arg - payload);
    CREW__WRITES(arg);
    ran[i]++;
    return values[i];
}

/* Everybody has a reference to each. */
static void begin(void)
{
    explorer_local((void **)&telling);
    lock.word = 0;
    for (int i = 0; i < FUTURES; i++) {
        ran[i] = given[i] = 0;
        values[i] = 0;
        futures[i] = crew__future_new(NULL, work, &payload[i], 0, NULL, EXPLORER_THREADS);
    }
}

static void begin_with_values(void)
{
    begin();
    values[0] = values[1] = VALUE;
}

static void let_go(void)
{
    for (int i = 0; i < FUTURES; i++)
        crew_future_release(futures[i]);
}

static void run_number(int i)
{
    if (crew__future_claim(futures[i], CREW_FUTURE_RUNNING))
        crew__future_run(futures[i]);
    let_go();
}

static void run_first(void)
{
    run_number(0);
}

static void run_both(void)
{
    for (int i = 0; i < FUTURES; i++)
        if (crew__future_claim(futures[i], CREW_FUTURE_RUNNING))
            crew__future_run(futures[i]);
    let_go();
}

static void run_second(void)
{
    run_number(1);
}

static void cancel_second(void)
{
    crew_future_cancel(futures[1]);
    let_go();
}

/* What is handed out has ended, and what its task wrote can be read. */
static void look_at(crew_future *f)
{
    int i = f == futures[1];
    explorer_check(f == futures[i], "another future");
    explorer_check(crew__future_state(f) >= CREW_FUTURE_DONE, "handed out before the end");
    given[i]++;
}

static void take_next(crew_completion *set)
{
    crew_future *f = crew_next_done(set);
    explorer_check(f != NULL, "nothing, though some are left");
    if (!f)
        return;
    /* At once: the set alone must have ordered it. */
    CREW__READS(&payload[f == futures[1]]);
    look_at(f);
    crew_future_release(f);
}

static void take_both(void)
{
    crew_completion *set = crew_completion_open(futures, FUTURES);
    take_next(set);
    take_next(set);
    explorer_check(crew_next_done(set) == NULL && errno == 0, "more than were added");
    crew_completion_close(set);
    let_go();
}

/* One at a time. */
static void add_one_by_one(void)
{
    crew_completion *set = crew_completion_open(NULL, 0);
    for (int i = 0; i < FUTURES; i++) {
        explorer_check(crew_completion_add(set, futures[i]) == 0, "not added");
        take_next(set);
    }
    crew_completion_close(set);
    let_go();
}

static void take_one_and_close(void)
{
    crew_completion *set = crew_completion_open(futures, FUTURES);
    take_next(set);
    crew_completion_close(set);
    let_go();
}

static void close_at_once(void)
{
    crew_completion_close(crew_completion_open(futures, FUTURES));
    let_go();
}

static void wait_for_any(void)
{
    explorer_check(crew_wait(futures, FUTURES, CREW_WAIT_ANY, -1) == 0, "no wait");
    explorer_check(crew__future_state(futures[0]) >= CREW_FUTURE_DONE ||
                       crew__future_state(futures[1]) >= CREW_FUTURE_DONE,
                   "none has ended");
    let_go();
}

static void wait_for_failure(void)
{
    explorer_check(crew_wait(futures, FUTURES, CREW_WAIT_FIRST_FAILURE, -1) == 0, "no wait");
    bool failed = false, all = true;
    for (int i = 0; i < FUTURES; i++) {
        bool ended = crew__future_state(futures[i]) >= CREW_FUTURE_DONE;
        failed = failed || (ended && crew__future_code(futures[i]) != 0);
        all = all && ended;
    }
    explorer_check(failed || all, "none has failed");
    let_go();
}

static void end(void)
{
    explorer_check(explorer_leaks() == 0, "a leak");
}

static void end_given(void)
{
    explorer_check(given[0] == 1 && given[1] == 1, "handed out twice, or never");
    end();
}

static void end_one_given(void)
{
    explorer_check(given[0] + given[1] == 1, "handed out twice, or never");
    end();
}

static const struct protocol protocols[] = {
    {"next done", begin, {run_first, run_second, take_both}, end_given},
    {"add", begin, {run_first, cancel_second, add_one_by_one}, end_given},
    {"close", begin, {run_first, cancel_second, take_one_and_close}, end_one_given},
    {"close at once", begin, {run_first, run_second, close_at_once}, end},
    {"any", begin, {run_first, cancel_second, wait_for_any}, end},
    {"first failure", begin_with_values, {run_first, run_second, wait_for_failure}, end},
    {"failure of the second", begin, {run_first, cancel_second, wait_for_failure}, end},
    {"two sets", begin, {run_both, take_one_and_close, take_one_and_close}, end},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){2, 0}));
        ck_assert(holds(&protocols[i], (struct effort){1, 1}));
    }
}
END_TEST

/* Four are not noticed. Two are move_to_ended's change of the word and found_one's look at it: they keep the word
   behind the entry and the look before that at the entries. Here writes are seen in their order and reads are never
   late, so it is so anyway. Two are those of the mark that a set is in use, for threads that use it in turn: here one
   does. */
START_TEST(orders)
{
    static const char *const files[] = {"wait_set.c", NULL};
    const struct protocol *all[PROTOCOLS];
    for (int i = 0; i < PROTOCOLS; i++) {
        all[i] = &protocols[i];
        explore(all[i], (struct effort){1, 0}, AS_WRITTEN);
    }
    ck_assert_int_eq(orders_not_needed_in(files, all, PROTOCOLS, (struct effort){1, 0}), 4);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
    tcase_add_test(tc, orders);
}

int main(void)
{
    return run_explorer("explore_wait_set", add);
}
