/* Callbacks of loops, tasks, executors and graphs that are left by longjmp, pthread_exit, cancel or an exception. */
#define _GNU_SOURCE
#include "leave.h"
#include <crew/for.h>
#include <crew/graph.h>
#include <crew/map.h>
#include <crew/reduce.h>

static const crew_options two = {.threads = 2};

static int leaving_body(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    leave_or_wait();
    return 0;
}

static int leaving_map(const void *in, void *out, void *ctx)
{
    (void)ctx;
    leave_or_wait();
    *(int *)out = *(const int *)in;
    return 0;
}

static int fold_quietly(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += end - begin;
    return 0;
}

static int leaving_fold(size_t begin, size_t end, void *acc, void *ctx)
{
    leave_or_wait();
    return fold_quietly(begin, end, acc, ctx);
}

static void merge_quietly(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(const size_t *)right;
}

static void leaving_merge(void *acc, const void *right, void *ctx)
{
    leave();
    merge_quietly(acc, right, ctx);
}

static int leaving_task(void *arg)
{
    (void)arg;
    leave();
    return 0;
}

static int quiet_task(void *arg)
{
    (void)arg;
    return 0;
}

static void loop_few(void)
{
    crew_for(4, leaving_body, NULL, NULL);
}

static void loop_many(void)
{
    crew_for(64, leaving_body, NULL, &two);
}

static void map_items(void)
{
    int in[64] = {0}, out[64];
    crew_map(in, sizeof *in, out, sizeof *out, 64, leaving_map, NULL, &two);
}

static void reduce_with(int (*fold)(size_t, size_t, void *, void *), void (*merge)(void *, const void *, void *))
{
    const crew_reducer sum = {sizeof(size_t), NULL, fold, merge, NULL};
    size_t total;
    crew_reduce(1000, &sum, NULL, &total, &two);
}

static void reduce_fold(void)
{
    reduce_with(leaving_fold, merge_quietly);
}

static void reduce_merge(void)
{
    reduce_with(fold_quietly, leaving_merge);
}

static void leaving_progress(size_t done, size_t total, void *ctx)
{
    (void)done;
    (void)total;
    (void)ctx;
    leave();
}

static int nothing(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    return 0;
}

static void progress(void)
{
    crew_for(64, nothing, NULL, &(crew_options){.progress = leaving_progress});
}

static void root(void)
{
    crew_run(leaving_task, NULL, &two);
}

static int fork_leaving(void *arg)
{
    crew_task task;
    crew_fork(&task, leaving_task, arg);
    return crew_join(&task);
}

static void forked(void)
{
    crew_run(fork_leaving, NULL, &(crew_options){.threads = 1});
}

#ifdef _OPENMP
/* Until a thief has come. */
static int fork_until_left(void *arg)
{
    for (int i = 0; i < 2000 && !atomic_load(&leave_left); i++) {
        crew_task tasks[4];
        for (int k = 0; k < 4; k++)
            crew_fork(&tasks[k], leaving_task, arg);
        usleep(1000);
        for (int k = 4; k-- > 0;)
            crew_join(&tasks[k]);
    }
    return 0;
}

static void stolen(void)
{
    crew_run(fork_until_left, NULL, &two);
}
#endif

static int run_in_task(void *arg)
{
    if (leave_way == THROW)
        leave_catch(root);
    else
        crew_run(leaving_task, arg, NULL);
    return 0;
}

static void run_in_run(void)
{
    crew_run(run_in_task, NULL, &two);
}

static void task_of_executor(void)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 2});
    crew_future *f = crew_submit(ex, leaving_task, NULL);
    crew_future_result(f, NULL);
    crew_future_release(f);
    crew_executor_shutdown(ex, 0);
}

static void detached_task(void)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 2});
    crew_submit_with(ex, leaving_task, NULL, NULL, NULL);
    crew_executor_shutdown(ex, 0);
}

static void told(crew_future *f, void *ctx)
{
    (void)f;
    (void)ctx;
    leave();
}

static atomic_bool held;

static int hold(void *arg)
{
    while (atomic_load(&held))
        usleep(1000);
    return arg != NULL;
}

/* Told on the caller's thread, since that cancels. In the sequential build the task has run by then, and it is told at
   once. */
static void on_done(void)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 1});
    atomic_store(&held, crew_executor_threads(ex) > 0 && LEAVE_HAS_WORKERS);
    crew_future *first = crew_submit(ex, hold, NULL), *f = crew_submit(ex, quiet_task, NULL);
    crew_future_on_done(f, told, NULL);
    crew_future_cancel(f);
    atomic_store(&held, false);
    crew_future_release(first);
    crew_future_release(f);
    crew_executor_shutdown(ex, 0);
}

static void graph_with(crew_task_fn *fn)
{
    crew_graph *g = crew_graph_open();
    for (int i = 0; i < 8; i++)
        crew_graph_add(g, fn, NULL, NULL);
    crew_graph_run(g, &two);
    crew_graph_close(g);
}

static void graph(void)
{
    graph_with(leaving_task);
}

static int graph_in_task(void *arg)
{
    (void)arg;
    if (leave_way == THROW)
        leave_catch(graph);
    else
        graph();
    return 0;
}

static void graph_in_run(void)
{
    crew_run(graph_in_task, NULL, &two);
}

#ifdef _OPENMP
static void in_region(void)
{
#pragma omp parallel num_threads(2)
#pragma omp master
    crew_for(64, leaving_body, NULL, &two);
}
#endif

/* EITHER where nothing is left half done: the caller alone, without a team. */
static const struct place places[] = {
    {"a loop of few items", loop_few, EITHER, ENDS, false, false},
    {"a loop", loop_many, LEAVE_TEAM, ENDS, false, true},
    {"crew_map", map_items, LEAVE_TEAM, ENDS, false, true},
    {"a fold", reduce_fold, LEAVE_TEAM, ENDS, false, true},
    {"a merge", reduce_merge, EITHER, ENDS, false, true},
    {"progress", progress, EITHER, ENDS, false, false},
    {"a root", root, LEAVE_SEEN, ENDS, false, false},
    {"a forked task", forked, LEAVE_SEEN, ENDS, false, false},
    {"a run in a run", run_in_run, LEAVE_SEEN, ENDS, false, false},
    {"a node", graph, LEAVE_SEEN, ENDS, false, false},
    {"a node of a graph in a task", graph_in_run, LEAVE_SEEN, ENDS, false, false},
    {"on_done", on_done, LEAVE_HAS_WORKERS ? LEAVE_SEEN : EITHER, LEAVE_HAS_WORKERS ? ENDS : EITHER, false, false},
#ifdef _OPENMP
    {"a worker's block", loop_many, ENDS, ENDS, true, true},
    {"a worker's fold", reduce_fold, ENDS, ENDS, true, true},
    {"a stolen task", stolen, ENDS, ENDS, true, true},
    {"a task of an executor", task_of_executor, ENDS, ENDS, true, false},
    {"a detached task", detached_task, ENDS, ENDS, true, false},
#else
    {"a task of an executor", task_of_executor, LEAVE_SEEN, ENDS, false, false},
    {"a detached task", detached_task, LEAVE_SEEN, ENDS, false, false},
#endif
};

enum { PLACES = sizeof places / sizeof *places };

START_TEST(a_callback_is_left)
{
    leave_each_way(&places[_i]);
}
END_TEST

#ifdef _OPENMP
/* Without the exception: it would meet OpenMP's own functions first. */
START_TEST(inside_a_region)
{
    const struct place place = {"a loop in a region", in_region, LEAVE_SEEN, ENDS, false, true};
    for (enum way way = JUMP; way < THROW; way++)
        leave_try(&place, way);
}
END_TEST
#endif

/* What stays inside a callback is nobody's business. */
static int jump_inside(size_t begin, size_t end, void *ctx)
{
    jmp_buf here;
    (void)begin;
    (void)end;
    (void)ctx;
    if (setjmp(here) == 0)
        longjmp(here, 1);
    return leave_by_throw ? leave_catch(leave_by_throw) - 1 : 0;
}

START_TEST(inside_a_callback)
{
    ck_assert_int_eq(crew_for(64, jump_inside, NULL, &two), 0);
}
END_TEST

/* A thread that is to be canceled is not while crew itself waits or holds a lock. */
static void *wait_canceled(void *unused)
{
    (void)unused;
    leave_is_caller = true;
    pthread_cancel(pthread_self());
    if (!leave_all_right())
        _exit(3);
    return NULL;
}

START_TEST(canceled_elsewhere)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGALRM, SIG_DFL);
        alarm(30);
        crew__tuning.always_open = 1;
        pthread_t thread;
        void *value = NULL;
        if (pthread_create(&thread, NULL, wait_canceled, NULL) != 0 || pthread_join(thread, &value) != 0)
            _exit(4);
        _exit(value == NULL && leave_all_right() ? 0 : 3);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("leave");
    TCase *tc = tcase_create("leave");
    tcase_set_timeout(tc, 200);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, a_callback_is_left, 0, PLACES);
#ifdef _OPENMP
    tcase_add_test(tc, inside_a_region);
#endif
    TCase *inside = parallel_case(suite, "inside");
    tcase_add_test(inside, inside_a_callback);
    tcase_add_test(inside, canceled_elsewhere);
    return run_suite(suite);
}
