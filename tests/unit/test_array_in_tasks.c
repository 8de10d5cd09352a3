/* Array algorithms inside tasks, of crew_run and of an executor, give the bits that they give outside. */
#define _GNU_SOURCE
#include "executor_test.h"

enum { LENGTH = 20000, PARTS = 6, ALL = LENGTH * PARTS };

static int sum_a_part(void *arg)
{
    double *y = arg;
    y[0] = crew_sum_f64(y, LENGTH);
    return 0;
}

static int sum_parts_and_sort(void *arg)
{
    double *y = arg;
    crew_task tasks[PARTS];
    for (int i = 0; i < PARTS; i++)
        crew_fork(&tasks[i], sum_a_part, y + i * LENGTH);
    for (int i = PARTS; i-- > 0;)
        ck_assert_int_eq(crew_join(&tasks[i]), 0);
    return crew_sort_f64(y, ALL);
}

static void fill(double *y, uint64_t seed)
{
    for (size_t i = 0; i < ALL; i++)
        y[i] = (double)oracle_random(&seed) / 3;
}

START_TEST(in_tasks)
{
    double *want = malloc(ALL * sizeof *want), *y = malloc(ALL * sizeof *y);
    ck_assert(want && y);
    uint64_t seed = oracle_seed();
    fill(want, seed);
    use_threads(0);
    for (int i = 0; i < PARTS; i++)
        want[i * LENGTH] = crew_sum_f64(want + i * LENGTH, LENGTH);
    ck_assert_int_eq(crew_sort_f64(want, ALL), 0);
    for (int round = 0; round < ORACLE_THREADS; round++) {
        fill(y, seed);
        crew_executor *ex = _i ? open_with(oracle_threads[round]) : NULL;
        use_threads(round);
        ck_assert_int_eq(_i ? result_of(crew_submit(ex, sum_parts_and_sort, y)) : crew_run(sum_parts_and_sort, y, NULL),
                         0);
        ck_assert_int_eq(memcmp(y, want, ALL * sizeof *y), 0);
        if (_i)
            ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    free(want);
    free(y);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("array_in_tasks");
    TCase *tc = parallel_case(suite, "array_in_tasks");
    tcase_add_loop_test(tc, in_tasks, 0, 2);
    return run_suite(suite);
}
