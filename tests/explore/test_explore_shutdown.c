/* The executor itself, from submit through the workers to its end, through its interleavings: what was accepted runs
   once before it closes, what was refused never does. */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include "mutex.h"
#include "no_inline.h"
#include <errno.h>
#define malloc(size) explorer_alloc(size)
#define free(p) explorer_free(p)
#include "../../lib/core/backend/lock.c"
#include "../../lib/core/task/executor.c"
#include "../../lib/core/task/executor_default.c"
#include "../../lib/core/task/executor_worker.c"
#include "../../lib/core/task/future.c"
#include "../../lib/core/task/future_run.c"
#include "../../lib/core/task/queue.c"
#include "../../lib/core/task/scheduler.c"
#include "../../lib/core/task/submit.c"
#include "../../lib/core/task/waiter.c"
#undef malloc
#undef free

enum { TASKS = 3, ROOM = 4 };

static crew_executor *executor;
static struct crew__host {
    atomic_int busy;         /* threads that shutdown waits for before it frees */
    void (*last)(void *arg); /* nobody waits: the last one calls it */
} host;
static struct crew_task *slots[EXPLORER_THREADS][ROOM];
static int nslots;
static int payload[TASKS], accepted[TASKS], ran[TASKS], canceled[TASKS];

/* What is not tried here. */
_Thread_local int crew__worker;

bool crew__ship_open(crew_executor *ex, int *threads)
{
    (void)ex;
    (void)threads;
    return false;
}

void crew__ship_close(crew_executor *ex)
{
    (void)ex;
}

struct crew__shipped *crew__ship(crew_executor *ex, crew_task_fn *fn, void *arg, size_t size, size_t *bytes)
{
    (void)ex;
    (void)fn;
    (void)arg;
    (void)size;
    (void)bytes;
    return NULL;
}

int crew__shipped_run(void *shipped)
{
    (void)shipped;
    return 0;
}

int crew__executor_map_item(void *slot)
{
    (void)slot;
    return 0;
}

int crew__cpu_count(void)
{
    return 0; /* fewer than workers: few looks before a sleep */
}

int crew__resolve_threads(int threads)
{
    return threads;
}

/* No time passes: nobody gathers. */
double crew__ticks_per_ns(void)
{
    return 0;
}

void *crew__alloc(size_t size)
{
    return explorer_alloc(size);
}

void crew__free(void *p)
{
    explorer_free(p);
}

/* Deques are of ROOM; other memory is watched for uses after its end. */
void *crew__scratch_take(size_t size)
{
    return size == CREW__DEQUE_ROOM * sizeof(void *) ? (void *)slots[nslots++] : explorer_alloc(size);
}

void crew__scratch_give(void *p)
{
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (p == slots[i])
            return;
    explorer_free(p);
}

void crew__run_progress_count(struct crew__run_progress *p)
{
    (void)p;
}

int crew__loop_part(void *part)
{
    return part == NULL;
}

bool crew_cancel_requested(const crew_cancel *cancel)
{
    return cancel != NULL;
}

void crew__task_set_up_nesting(void)
{
}

void crew__wait_cycle_note_ready(crew_future *f)
{
    (void)f;
}

bool crew__wait_help(bool *deep)
{
    return *deep = false;
}

bool crew__wait_for_room(crew_executor *ex)
{
    return ex != NULL;
}

bool crew__host_possible(void)
{
    return true;
}

bool crew__host_prefers_single(void)
{
    return false;
}

struct crew__host *crew__host_open(int want, int *width)
{
    *width = want;
    return &host;
}

void crew__host_start(struct crew__host *h, crew__worker_fn *fn, void *arg)
{
    (void)h;
    (void)fn;
    (void)arg;
}

void crew__host_close(struct crew__host *h)
{
    for (int now; (now = CREW__LOAD(&h->busy, acquire)) != 0;)
        explorer_park(&h->busy, sizeof h->busy, (unsigned)now, false);
}

struct crew__host *crew__host_open_single(int most)
{
    (void)most;
    return NULL;
}

bool crew__host_add(struct crew__host *h, int id)
{
    (void)h;
    (void)id;
    return false;
}

bool crew__host_replace(struct crew__host *h, int id, bool (*prepare)(int id, void *arg))
{
    (void)h;
    (void)id;
    (void)prepare;
    return false;
}

void crew__host_leave(struct crew__host *h, void (*last)(void *arg), void *arg)
{
    (void)arg;
    h->last = last;
}

const char *crew__trace_name(const char *name, const char *other)
{
    (void)name;
    return other;
}

void crew__trace_queue(const char *name, size_t tasks)
{
    (void)name;
    (void)tasks;
}

struct crew__thread_name crew__thread_name_set(const char *name)
{
    (void)name;
    return (struct crew__thread_name){""};
}

void crew__thread_name_restore(const struct crew__thread_name *before)
{
    (void)before;
}

static void leave_host(void)
{
    if (CREW__SUB(&host.busy, 1, acq_rel) != 1)
        return;
    if (host.last)
        host.last(executor);
    else
        explorer_unpark(&host.busy, CREW__ALL);
}

static void work_as(int id)
{
    crew__executor_run_worker(id, executor);
    leave_host();
}

static void be_worker(void)
{
    work_as(0);
}

static void be_other_worker(void)
{
    work_as(1);
}

/* As crew_executor_open, but for starting the workers and waiting for them. */
static void begin_with(int width, int busy)
{
    explorer_local((void **)&crew__self);
    explorer_local((void **)&crew__waiter);
    explorer_local((void **)&telling);
    lock.word = 0;
    nslots = 0;
    memset(ran, 0, sizeof ran);
    memset(accepted, 0, sizeof accepted);
    memset(canceled, 0, sizeof canceled);
    CREW__STORE(&host.busy, busy, relaxed);
    host.last = NULL;
    executor = crew__alloc(sizeof *executor);
    *executor = (crew_executor){.host = &host};
    crew__queue_init(&executor->queue, 0);
    explorer_check(make_workers(executor, width), "no memory");
    for (int i = 0; i < width; i++)
        executor->scheduler.members[i].deque.end = executor->scheduler.members[i].deque.slots + ROOM;
}

static void begin_two(void)
{
    begin_with(2, 2);
}

/* No thread may use an executor after its shutdown, but submit and shutdown may be at work at the same time: one is
   waited for before the memory goes. */
static void begin_outside(void)
{
    begin_with(1, 2);
}

static int run_number(void *arg)
{
    int i = (int)((int *)arg - payload);
    CREW__READS(arg);
    ran[i]++;
    return 0;
}

static void submit_number(int i, crew_task_fn *fn)
{
    CREW__WRITES(&payload[i]);
    int error = crew_submit_with(executor, fn, &payload[i], NULL, NULL);
    explorer_check(error == 0 || error == -ECANCELED, "another error");
    accepted[i] = error == 0;
}

static void shut_down(void)
{
    explorer_check(crew_executor_shutdown(executor, 0) == 0, "no shutdown");
}

static void leave_unattended(void)
{
    explorer_check(crew_executor_shutdown(executor, CREW_NO_WAIT) == 0, "no shutdown");
}

static void submit_and_leave(void)
{
    submit_number(0, run_number);
    leave_unattended();
}

static void submit_and_shut_down(void)
{
    submit_number(0, run_number);
    submit_number(1, run_number);
    shut_down();
}

static void submit_two(void)
{
    submit_number(0, run_number);
    submit_number(1, run_number);
    leave_host();
}

/* A task that submits. */
static int run_and_submit(void *arg)
{
    run_number(arg);
    submit_number(1, run_number);
    return 0;
}

static void submit_nested_and_shut_down(void)
{
    submit_number(0, run_and_submit);
    shut_down();
}

/* The second after the first. */
static void note_end(crew_future *f, void *ctx)
{
    int i = (int)((int *)ctx - payload);
    canceled[i] += crew__future_state(f) == CREW_FUTURE_CANCELED;
}

static void submit_chain(void)
{
    crew_future *first = NULL, *second = NULL;
    CREW__WRITES(&payload[0]);
    CREW__WRITES(&payload[1]);
    accepted[0] = crew_submit_with(executor, run_number, &payload[0], &first, NULL) == 0;
    if (!first)
        return;
    accepted[1] = crew_submit_with(executor, run_number, &payload[1], &second,
                                   &(crew_submit_options){.deps = &first, .ndeps = 1}) == 0;
    crew_future_on_done(first, note_end, &payload[0]);
    if (second)
        crew_future_on_done(second, note_end, &payload[1]);
    crew_future_release(first);
    crew_future_release(second);
}

static void submit_chain_and_shut_down(void)
{
    submit_chain();
    shut_down();
}

static void submit_chain_outside(void)
{
    submit_chain();
    leave_host();
}

static void submit_chain_and_cancel(void)
{
    submit_chain();
    explorer_check(crew_executor_shutdown(executor, CREW_CANCEL_PENDING) == 0, "no shutdown");
}

/* A task waits for a future that is not this executor's, and whoever ends that is not waited for by shutdown but
 * through it. */
static crew_future *elsewhere;

static void begin_elsewhere(void)
{
    begin_with(1, 1);
    elsewhere = crew__future_new(NULL, run_number, &payload[0], 0, NULL, 1);
    accepted[0] = 1;
    accepted[1] = crew_submit_with(executor, run_number, &payload[1], NULL,
                                   &(crew_submit_options){.deps = &elsewhere, .ndeps = 1}) == 0;
}

static void end_elsewhere(void)
{
    CREW__WRITES(&payload[1]);
    if (crew__future_claim(elsewhere, CREW_FUTURE_RUNNING))
        crew__future_run(elsewhere);
    crew_future_release(elsewhere);
}

static void end(void)
{
    for (int i = 0; i < TASKS; i++)
        explorer_check(ran[i] + canceled[i] == accepted[i], "run twice or never, or run and refused");
    explorer_check(explorer_leaks() == 0, "a leak");
}

static void end_all_run(void)
{
    end();
    explorer_check(canceled[0] + canceled[1] == 0, "cancelled, and nobody asked");
}

/* Two close the default executor: one of them is told that it is the one. */
static int closers;

static void begin_default(void)
{
    begin_two();
    closers = 0;
    CREW__STORE(&default_executor, executor, relaxed);
}

static void close_default(void)
{
    closers += crew__executor_default_drop(executor);
}

static void end_default(void)
{
    explorer_check(closers == 1, "the default executor is closed twice, or never");
    explorer_check(!CREW__LOAD(&default_executor, relaxed), "it is the default still");
}

static const struct protocol protocols[] = {
    {"close the default", begin_default, {close_default, close_default, NULL}, end_default},
    {"submit, then shut down", begin_two, {submit_and_shut_down, be_worker, be_other_worker}, end_all_run},
    {"submit and shut down", begin_outside, {submit_two, be_worker, shut_down}, end_all_run},
    {"submit inside", begin_two, {submit_nested_and_shut_down, be_worker, be_other_worker}, end_all_run},
    {"one after the other", begin_two, {submit_chain_and_shut_down, be_worker, be_other_worker}, end_all_run},
    {"count and shut down", begin_outside, {submit_chain_outside, be_worker, shut_down}, end_all_run},
    {"dependency elsewhere", begin_elsewhere, {end_elsewhere, be_worker, shut_down}, end_all_run},
    {"submit, then leave", begin_two, {submit_and_leave, be_worker, be_other_worker}, end_all_run},
    {"dependency elsewhere, and leave", begin_elsewhere, {end_elsewhere, be_worker, leave_unattended}, end_all_run},
    {"cancel pending", begin_two, {submit_chain_and_cancel, be_worker, be_other_worker}, end},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

/* The protocols with one worker are short enough for more. */
static bool is_short(const struct protocol *p)
{
    return p->begin != begin_two;
}

START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){is_short(&protocols[i]) ? 2 : 1, 0}));
        ck_assert(holds(&protocols[i], (struct effort){is_short(&protocols[i]), 1}));
    }
}
END_TEST

/* Seven are not noticed:
   - the three of run_worker's count of workers that open: crew_executor_open waits for it, and is not run here;
   - the three of submit's count of dependencies: what it orders is the fields of a future, which are not watched;
   - the acquire half of the count of what is blocked: only who sees 0 goes on to anything, and that is a look of its
   own. */
START_TEST(orders)
{
    static const char *const files[] = {"executor.c", "executor_worker.c", "submit.c", "test_explore_shutdown.c", NULL};
    const struct protocol *some[PROTOCOLS];
    int n = 0;
    for (int i = 0; i < PROTOCOLS; i++)
        if (is_short(&protocols[i]))
            some[n++] = &protocols[i];
    for (int i = 0; i < n; i++)
        explore(some[i], (struct effort){1, 0}, AS_WRITTEN);
    ck_assert_int_eq(orders_not_needed_in(files, some, n, (struct effort){1, 0}), 7);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
    tcase_add_test(tc, orders);
}

int main(void)
{
    return run_explorer("explore_shutdown", add);
}
