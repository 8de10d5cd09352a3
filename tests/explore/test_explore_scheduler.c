/* The scheduler itself through its interleavings: a full deque that is compacted, joins that help, serving and closing.
 */
#define CREW__EXPLORER
#define _DEFAULT_SOURCE
#include "try.h"

#include "../../lib/core/task/fork_join.c"
#include "../../lib/core/task/scheduler.c"

void crew__run_progress_count(struct crew__run_progress *p)
{
    (void)p;
}

int crew__loop_part(void *part)
{
    return part == NULL;
}

/* Where the scheduler calls what is not tried here. No member is a worker of an executor. */
CREW__THREAD_LOCAL struct crew__waiter *crew__waiter;

void crew__waiter_set(enum crew__waits kind, void *what, bool stuck)
{
    (void)kind;
    (void)what;
    (void)stuck;
}

int crew__cpu_count(void)
{
    return 1;
}

void *crew__alloc(size_t size)
{
    return malloc(size);
}

void crew__free(void *p)
{
    free(p);
}

void *crew__scratch_take(size_t size)
{
    return malloc(size);
}

void crew__scratch_give(void *p)
{
    free(p);
}

bool crew_cancel_requested(const crew_cancel *cancel)
{
    return cancel != NULL;
}

enum { MEMBERS = EXPLORER_THREADS, TASKS = 4, ROOM = 2, SUB = 10 };

static struct crew__scheduler scheduler;
static struct crew__member members[MEMBERS];
static struct crew_task tasks[TASKS], subtasks[TASKS], *slots[MEMBERS][ROOM];
static int numbers[TASKS], runs[TASKS], subruns[TASKS];
static int in[TASKS], out[TASKS], subout[TASKS]; /* plain data that tasks read and write */
static int joining[MEMBERS];                     /* the task that the member joins from outside all tasks; -1: none */

static void begin(void)
{
    scheduler = (struct crew__scheduler){.members = members, .width = MEMBERS};
    for (int i = 0; i < MEMBERS; i++) {
        members[i] = (struct crew__member){.scheduler = &scheduler, .id = i, .random = (uint32_t)i + 1};
        crew__deque_init(&members[i].deque, slots[i], ROOM);
        joining[i] = -1;
    }
    for (int i = 0; i < TASKS; i++) {
        numbers[i] = i;
        runs[i] = subruns[i] = 0;
        tasks[i] = subtasks[i] = (struct crew_task){0};
    }
}

static struct crew__member *self(void)
{
    return &members[explorer_running()];
}

/* As crew_fork and crew_join, which find the member in a variable of the thread. */
static void fork_one(struct crew_task *task, crew_task_fn *fn, int *number)
{
    struct crew__member *w = self();
    struct crew__deque *d = &w->deque;
    *task = (struct crew_task){.fn = fn, .arg = number, .worker = w, .at = d->top.head};
    if (d->top.head < d->top.limit && CREW__LOAD(crew__deque_asked(d), relaxed) == 0) {
        CREW__WRITES(d->top.head);
        *d->top.head++ = task;
    } else {
        crew__fork_slowly(w, task);
    }
}

static int join_one(struct crew_task *task)
{
    return task->worker ? crew__join_slowly(task->worker, task->at) : task->result;
}

/* Who joins runs nothing but parts of what it joins. */
static void check_related(int i)
{
    int joined = joining[explorer_running()];
    explorer_check(joined < 0 || joined == i, "an unrelated task runs inside a join");
}

static int run_sub(void *arg)
{
    int i = *(int *)arg;
    check_related(i);
    subruns[i]++;
    CREW__READS(&in[i]);
    CREW__WRITES(&subout[i]);
    return SUB + i;
}

static int run_plain(void *arg)
{
    int i = *(int *)arg;
    check_related(i);
    runs[i]++;
    CREW__READS(&in[i]);
    CREW__WRITES(&out[i]);
    return i + 1;
}

static int run_with_sub(void *arg)
{
    int i = *(int *)arg;
    fork_one(&subtasks[i], run_sub, arg);
    explorer_check(join_one(&subtasks[i]) == SUB + i, "another result of a part");
    CREW__READS(&subout[i]);
    return run_plain(arg);
}

static void fork_number(int i, crew_task_fn *fn)
{
    CREW__WRITES(&in[i]);
    fork_one(&tasks[i], fn, &numbers[i]);
}

static void join_number(int i)
{
    joining[explorer_running()] = i;
    explorer_check(join_one(&tasks[i]) == i + 1, "another result");
    joining[explorer_running()] = -1;
    CREW__READS(&out[i]);
    CREW__WRITES(&in[i]); /* the frame is the owner's again */
}

/* More than the deque has room for: where all is stolen, what has run makes room, and else the fork runs inline. */
static void own_many(void)
{
    for (int i = 0; i < TASKS; i++)
        fork_number(i, run_plain);
    /* not in order: the newer ones are joined on the way */
    CREW__READS(&in[0]);
    for (int i = TASKS; i-- > 0;)
        join_number(i);
}

static void help_twice(void)
{
    crew__member_help(self());
    crew__member_help(self());
}

static void end_many(void)
{
    for (int i = 0; i < TASKS; i++)
        explorer_check(runs[i] == 1, "a task runs twice, or never");
    explorer_check(members[0].deque.top.head == slots[0], "the deque is not empty in the end");
}

static void own_first(void)
{
    fork_number(0, run_with_sub);
    join_number(0);
}

static void own_second(void)
{
    fork_number(1, run_with_sub);
    join_number(1);
}

static void end_two(void)
{
    for (int i = 0; i < 2; i++) {
        explorer_check(runs[i] == 1, "a task runs twice, or never");
        explorer_check(subruns[i] == 1, "a part runs twice, or never");
    }
}

/* Tasks that nobody joins, as a graph's: their number says when all have run. */
static atomic_int left;

static int run_counted(void *arg)
{
    run_plain(arg);
    if (CREW__SUB(&left, 1, release) == 1)
        explorer_unpark(&left, 1);
    return 0;
}

static void push_number(int i)
{
    CREW__WRITES(&in[i]);
    if (!crew__fork_unjoined(self(), &tasks[i], run_counted, &numbers[i]))
        run_counted(&numbers[i]);
}

static void pop_all(void)
{
    for (const crew_task *task; (task = crew__take_back(self()));)
        task->fn(task->arg);
}

static void own_pushed(void)
{
    push_number(0);
    push_number(1);
    pop_all();
    push_number(2); /* into the slot of the first */
    pop_all();
    for (int now; (now = CREW__LOAD(&left, acquire)) > 0;)
        explorer_park(&left, sizeof left, (unsigned)now, false);
    for (int i = 0; i < 3; i++)
        CREW__READS(&out[i]);
}

static void begin_pushed(void)
{
    begin();
    CREW__STORE(&left, 3, relaxed);
}

static void end_pushed(void)
{
    for (int i = 0; i < 3; i++)
        explorer_check(runs[i] == 1, "a task runs twice, or never");
    explorer_check(members[0].deque.top.head == slots[0], "the deque is not empty in the end");
}

/* As crew_run: one root, and members that serve until it closes. */
static void be_root(void)
{
    fork_number(0, run_plain);
    fork_number(1, run_plain);
    join_number(1);
    join_number(0);
    crew__scheduler_close(&scheduler);
}

static void serve(void)
{
    crew__member_serve(self());
}

static void end_served(void)
{
    explorer_check(runs[0] == 1 && runs[1] == 1, "a task runs twice, or never");
    explorer_check(CREW__LOAD(&scheduler.sleepers.searching, relaxed) == 0, "somebody still counts as searching");
    explorer_check(CREW__LOAD(&scheduler.sleepers.permits, relaxed) == 0, "a permit is left");
}

static const struct protocol protocols[] = {
    {"compact", begin, {own_many, help_twice, help_twice}, end_many},
    {"help the thief", begin, {own_first, help_twice, own_second}, end_two},
    {"push and pop", begin_pushed, {own_pushed, help_twice, help_twice}, end_pushed},
    {"serve and close", begin, {be_root, serve, NULL}, end_served},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){3, 0}));
        ck_assert(holds(&protocols[i], (struct effort){1, 1}));
    }
}
END_TEST

/* Five are stronger than they need be:
   - crew__task_end's swap, whose acquire half nobody uses;
   - help_thief's look whether the thief is still at the task, which the steal before it has ordered;
   - the two that give permits and the one that takes them: who wakes looks for work, and is ordered by what it finds.
 */
START_TEST(orders)
{
    const struct protocol *all[PROTOCOLS];
    for (int i = 0; i < PROTOCOLS; i++) {
        all[i] = &protocols[i];
        explore(all[i], (struct effort){2, 0}, AS_WRITTEN);
    }
    ck_assert_int_eq(orders_not_needed(all, PROTOCOLS, (struct effort){3, 0}), 5);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
    tcase_add_test(tc, orders);
}

int main(void)
{
    return run_explorer("explore_scheduler", add);
}
