/* fork(): a child's calls end, with right results, whatever ran in the parent before. */
#define _POSIX_C_SOURCE 200809L
#include "../support/suite.h"
#include <signal.h>
#include <stdatomic.h>
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
    return run_suite(suite);
}
