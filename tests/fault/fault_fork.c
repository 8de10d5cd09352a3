/* fork(): a child's calls end, with right results, whatever ran in the parent before. */
#define _POSIX_C_SOURCE 200809L
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/executor.h>
#include <crew/graph.h>
#include <crew/task.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

enum { N = 5000 };

static int mark(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)ctx)[i]++;
    return 0;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(size_t *)acc += i;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(const size_t *)right;
}

/* 0 where all three loops are right. */
static int use_crew(void)
{
    static unsigned char counts[N];
    const crew_reducer sum = {sizeof(size_t), NULL, fold, merge, NULL};
    for (int i = 0; i < N; i++)
        counts[i] = 0;
    if (crew_for(N, mark, counts, NULL) != 0)
        return 1;
    CREW_FOR (i, N)
        counts[i]++;
    for (int i = 0; i < N; i++)
        if (counts[i] != 2)
            return 2;
    size_t total = 0;
    if (crew_reduce(N, &sum, NULL, &total, NULL) != 0 || total != (size_t)N * (N - 1) / 2)
        return 3;
    return crew_worker() == -1 ? 0 : 4;
}

/* A child that hangs ends by the signal, and not by Check's handler, which would end the whole test. */
static void end_by_alarm(void)
{
    signal(SIGALRM, SIG_DFL);
    alarm(20);
}

static int in_child(int (*fn)(void))
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        end_by_alarm();
        _exit(fn());
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

START_TEST(child_of_a_caller)
{
    use_threads(_i);
    for (int round = 0; round < 20; round++) {
        ck_assert_int_eq(use_crew(), 0);
        ck_assert_int_eq(in_child(use_crew), 0);
    }
    ck_assert_int_eq(use_crew(), 0); /* the parent's team still works */
}
END_TEST

static int child_has_children(void)
{
    int wrong = use_crew();
    for (int round = 0; round < 3 && !wrong; round++) {
        wrong = in_child(use_crew);
        if (!wrong)
            wrong = use_crew();
    }
    return wrong;
}

START_TEST(grandchildren)
{
    use_threads(_i);
    ck_assert_int_eq(use_crew(), 0);
    ck_assert_int_eq(in_child(child_has_children), 0);
    ck_assert_int_eq(use_crew(), 0);
}
END_TEST

static int loop_alone(void)
{
    static unsigned char counts[N];
    unsigned char before = counts[0];
    CREW_FOR (i, N)
        counts[i]++;
    for (int i = 0; i < N; i++)
        if (counts[i] != before + 1)
            return 1;
    return crew_loop_threads() >= 1 ? 0 : 2;
}

START_TEST(child_that_begins_with_a_pragma)
{
    use_threads(_i);
    ck_assert_int_eq(loop_alone(), 0);
    ck_assert_int_eq(in_child(loop_alone), 0);
}
END_TEST

/* The parent ran OpenMP of its own and never crew: crew has to know that too. */
START_TEST(child_of_a_program_with_regions)
{
#ifdef _OPENMP
    int width = 0;
#pragma omp parallel num_threads(3) reduction(+ : width)
    width += 1;
    ck_assert_int_eq(width, 3);
#endif
    crew__tuning.always_open = 1;
    ck_assert_int_eq(in_child(use_crew), 0);
    use_threads(_i);
    ck_assert_int_eq(in_child(use_crew), 0);
    ck_assert_int_eq(use_crew(), 0);
}
END_TEST

static int fork_inside(size_t begin, size_t end, void *ctx)
{
    atomic_int *wrong = ctx;
    (void)end;
    if (begin % 16 == 0) {
        pid_t pid = fork();
        if (pid == 0) {
            end_by_alarm();
            static unsigned char counts[N];
            _exit(crew_for(N, mark, counts, NULL) == 0 && counts[0] == 1 && counts[N - 1] == 1 ? 0 : 1);
        }
        int status = 1;
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
            atomic_store(wrong, 1);
    }
    return 0;
}

START_TEST(child_of_a_worker)
{
    use_threads(_i);
    atomic_int wrong = 0;
    size_t failed;
    ck_assert_int_eq(crew_for(200, fork_inside, &wrong, &(crew_options){.failed = &failed}), 0);
    ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(children_at_once)
{
    use_threads(_i);
    ck_assert_int_eq(use_crew(), 0);
    enum { CHILDREN = 16 };
    pid_t child[CHILDREN];
    for (int k = 0; k < CHILDREN; k++) {
        child[k] = fork();
        ck_assert_int_ge(child[k], 0);
        if (child[k] == 0) {
            end_by_alarm();
            _exit(use_crew());
        }
    }
    for (int k = 0; k < CHILDREN; k++) {
        int status = 1;
        ck_assert_int_eq(waitpid(child[k], &status, 0), child[k]);
        ck_assert_int_eq(status, 0);
    }
}
END_TEST

static int seven(void *unused)
{
    (void)unused;
    return 7;
}

static int use_executor(void)
{
    for (int i = 0; i < 5; i++) {
        int value = 0;
        crew_future *f = crew_submit(NULL, seven, NULL);
        if (!f || crew_future_result(f, &value) != 0 || value != 7)
            return 5;
        crew_future_release(f);
    }
    return 0;
}

static atomic_int enough;

static void *open_and_close(void *unused)
{
    while (!atomic_load(&enough)) {
        use_executor();
        crew_executor_shutdown(NULL, 0);
    }
    return unused;
}

/* The lock of the default executor belongs, in the child, to a thread that it does not have. */
START_TEST(default_executor_of_another_thread)
{
    pthread_t thread;
    /* libomp's own start, while another thread forks, leaves its locks held in the child. */
    if (strstr(crew_backend(), "libomp"))
        ck_assert_int_eq(use_executor(), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, open_and_close, NULL), 0);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(in_child(use_executor), 0);
    atomic_store(&enough, 1);
    pthread_join(thread, NULL);
}
END_TEST

static crew_executor *of_parent;

static int use_parents_executor(void)
{
    errno = 0;
    crew_future *f = crew_submit(of_parent, seven, NULL);
    return f || errno != ECANCELED ? 1 : use_executor();
}

/* Another thread of the parent may be in the middle of it, in either build. */
START_TEST(executors_from_before_are_closed)
{
    of_parent = crew_executor_open(&(crew_executor_options){.threads = _i + 1});
    crew_future_release(crew_submit(of_parent, seven, NULL));
    ck_assert_int_eq(in_child(use_parents_executor), 0);
    crew_future *f = crew_submit(of_parent, seven, NULL);
    ck_assert_int_eq(crew_future_wait(f, -1), 0);
    crew_future_release(f);
    ck_assert_int_eq(crew_executor_shutdown(of_parent, 0), 0);
}
END_TEST

static int write_byte(void *arg)
{
    return write(*(int *)arg, "x", 1) != 1;
}

static int use_both(void)
{
    int wrong = use_crew();
    return wrong ? wrong : use_executor();
}

static int fork_and_wait(void *unused)
{
    (void)unused;
    oracle_sleep_us(20000);
    return in_child(use_executor);
}

/* The child waits for a future of its own: the parent's queue, of which it has a copy, is not its to serve. */
START_TEST(a_child_leaves_the_parents_queue_alone)
{
    enum { TASKS = 50 };
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = _i + 1});
    crew_future *f = crew_submit(ex, fork_and_wait, NULL);
    for (int i = 0; i < TASKS; i++)
        ck_assert_int_eq(crew_submit_with(ex, write_byte, &ends[1], NULL, NULL), 0);
    int value = -1;
    ck_assert_int_eq(crew_future_result(f, &value), 0);
    ck_assert_int_eq(value, 0);
    crew_future_release(f);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    close(ends[1]);
    char bytes[4 * TASKS];
    ssize_t n, all = 0;
    while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
        all += n;
    ck_assert_int_eq(all, TASKS);
}
END_TEST

/* What forks, and where the child returns to. */
static struct {
    pid_t parent;
    atomic_int child; /* its process, 0: not yet */
} forked;

/* Once, on whatever thread comes first; the child goes on as if nothing had happened. */
static void fork_once(void)
{
    int none = 0;
    if (!atomic_compare_exchange_strong(&forked.child, &none, -1))
        return;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        end_by_alarm();
    else
        atomic_store(&forked.child, pid);
}

static int fork_in_block(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    oracle_sleep_us(200);
    fork_once();
    return 0;
}

static int fork_in_task(void *unused)
{
    (void)unused;
    oracle_sleep_us(200);
    fork_once();
    return 0;
}

static int root_of_forks(void *unused)
{
    crew_task task[20];
    (void)unused;
    for (int i = 0; i < 20; i++)
        crew_fork(&task[i], fork_in_task, NULL);
    for (int i = 20; i-- > 0;)
        crew_join(&task[i]);
    return 0;
}

enum { RETURN_KINDS = 5 };

static void return_from(int kind, int threads)
{
    const crew_options opt = {.threads = threads};
    crew_executor *ex;
    crew_graph *g;
    switch (kind) {
    case 0:
        crew_for(200, fork_in_block, NULL, &opt);
        break;
    case 1:
        crew_run(root_of_forks, NULL, &opt);
        break;
    case 2:
        g = crew_graph_open();
        for (int i = 0; i < 50; i++)
            crew_graph_add(g, fork_in_task, NULL, NULL);
        crew_graph_run(g, &opt);
        crew_graph_close(g);
        break;
    default:
        ex = crew_executor_open(&(crew_executor_options){.threads = threads});
        for (int i = 0; i < 50; i++)
            if (kind == 3)
                crew_submit_with(ex, fork_in_task, NULL, NULL, NULL);
            else
                crew_future_release(crew_submit(ex, fork_in_task, NULL));
        crew_executor_shutdown(ex, 0);
        break;
    }
}

/* A child that returns from the callback in which it was forked cannot end the team; it ends at once, as a failure, and
   does not hang. Where there was no team it goes on, as in any program. */
START_TEST(a_child_that_returns_ends)
{
    forked.parent = getpid();
    return_from(_i / 3, _i % 3 + 1);
    if (getpid() != forked.parent)
        _exit(42);
    int status = 0;
    pid_t child = atomic_load(&forked.child);
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "the child ended by signal %d", WTERMSIG(status));
    int code = WEXITSTATUS(status);
    ck_assert_msg(code == EXIT_FAILURE || code == 42, "the child ended with %d", code);
}
END_TEST

START_TEST(a_child_of_a_task_may_use_crew)
{
    ck_assert_int_eq(in_child(use_both), 0);
    crew_future *f = crew_submit(NULL, fork_and_wait, NULL);
    int value = -1;
    ck_assert_int_eq(crew_future_result(f, &value), 0);
    ck_assert_int_eq(value, 0);
    crew_future_release(f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fork");
    TCase *tc = parallel_case(suite, "fork");
    /* 64 threads in every child would only measure how long they take to start */
    enum { ROUNDS = ORACLE_THREADS - 1 };
    tcase_add_loop_test(tc, child_of_a_caller, 0, ROUNDS);
    tcase_add_loop_test(tc, grandchildren, 0, ROUNDS);
    tcase_add_loop_test(tc, child_that_begins_with_a_pragma, 0, ROUNDS);
    tcase_add_loop_test(tc, child_of_a_program_with_regions, 0, ROUNDS);
    tcase_add_loop_test(tc, child_of_a_worker, 0, ROUNDS);
    tcase_add_loop_test(tc, children_at_once, 0, ROUNDS);
    if (TESTS_MEMORY)
        puts("SKIP default_executor_of_another_thread: the sanitizer's allocator does not keep its locks over a fork");
    else
        tcase_add_test(tc, default_executor_of_another_thread);
    tcase_add_loop_test(tc, executors_from_before_are_closed, 0, 3);
    tcase_add_loop_test(tc, a_child_leaves_the_parents_queue_alone, 0, 3);
    tcase_add_loop_test(tc, a_child_that_returns_ends, 0, 3 * RETURN_KINDS);
    tcase_add_test(tc, a_child_of_a_task_may_use_crew);
    return run_suite(suite);
}
