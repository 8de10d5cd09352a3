/* CREW_FOR and CREW_FOR_2D: every index once, from anywhere, in both builds. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/core/loop/launch.h"
#include "../support/suite.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#ifdef _OPENMP
#include <omp.h>
#endif

static int thread_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

START_TEST(every_index_once)
{
    use_threads(_i);
    const size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 100003};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        atomic_uchar *counts = calloc(n + 1, 1);
        ck_assert_ptr_nonnull(counts);
        CREW_FOR (i, n)
            atomic_fetch_add_explicit(&counts[i], 1, memory_order_relaxed);
        size_t i = 0;
        while (i < n && counts[i] == 1)
            i++;
        ck_assert_uint_eq(i, n);
        ck_assert_uint_eq(counts[n], 0);
        free(counts);
    }
}
END_TEST

START_TEST(every_cell_once)
{
    use_threads(_i);
    const int sizes[] = {0, 1, 2, 31, 64, 200};
    for (int s = 0; s < 36; s++) {
        int rows = sizes[s % 6], cols = sizes[s / 6];
        atomic_uchar *counts = calloc((size_t)(rows * cols) + 1, 1);
        ck_assert_ptr_nonnull(counts);
        CREW_FOR_2D (i, rows, j, cols) {
            size_t cell = i * (size_t)cols + j;
            atomic_fetch_add_explicit(&counts[cell], 1, memory_order_relaxed);
        }
        int k = 0;
        while (k < rows * cols && counts[k] == 1)
            k++;
        ck_assert_int_eq(k, rows * cols);
        ck_assert_uint_eq(counts[k], 0);
        free(counts);
    }
}
END_TEST

START_TEST(the_team_has_crews_width)
{
    int threads = use_threads(_i);
    bool sequential = strcmp(crew_backend(), "sequential") == 0;
    ck_assert_int_eq(crew_loop_threads(), sequential ? 1 : threads);
    atomic_char used[64] = {0};
    CREW_FOR (i, 6400)
        atomic_store(&used[thread_number()], 1);
    int width = 0;
    for (int k = 0; k < 64; k++)
        width += used[k];
    ck_assert_int_eq(width, sequential ? 1 : threads);
}
END_TEST

static int loop_inside(size_t begin, size_t end, void *ctx)
{
    atomic_size_t *sum = ctx;
    for (size_t i = begin; i < end; i++)
        CREW_FOR (j, 50)
            atomic_fetch_add(sum, i * 50 + j);
    return 0;
}

static int add_up(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add((atomic_size_t *)ctx, i);
    return 0;
}

START_TEST(inside_and_around_crew_for)
{
    use_threads(_i);
    atomic_size_t sum = 0;
    ck_assert_int_eq(crew_for(200, loop_inside, &sum, NULL), 0);
    ck_assert_uint_eq(sum, (size_t)10000 * 9999 / 2);

    atomic_size_t around = 0;
    atomic_int errors = 0;
    CREW_FOR (i, 40)
        if (crew_for(500, add_up, &around, NULL) != 0)
            atomic_fetch_add(&errors, 1);
    ck_assert_int_eq(errors, 0);
    ck_assert_uint_eq(around, (size_t)40 * (500 * 499 / 2));
}
END_TEST

START_TEST(after_crew_for_of_another_width)
{
    use_threads(_i);
    for (int round = 0; round < 20; round++) {
        atomic_size_t a = 0, b = 0;
        ck_assert_int_eq(crew_for(500, add_up, &a, &(crew_options){.threads = 1 + round % 5}), 0);
        CREW_FOR (i, 500)
            atomic_fetch_add(&b, i);
        ck_assert_uint_eq(a, 500 * 499 / 2);
        ck_assert_uint_eq(b, a);
    }
}
END_TEST

static void *loop_on_thread(void *arg)
{
    atomic_size_t *sum = arg;
    for (int round = 0; round < 20; round++)
        CREW_FOR (i, 1000)
            atomic_fetch_add_explicit(sum, i, memory_order_relaxed);
    return NULL;
}

START_TEST(callers_at_once)
{
    enum { CALLERS = 16 };
    crew_set_num_threads(4);
    pthread_t thread[CALLERS];
    atomic_size_t sum = 0;
    for (int k = 0; k < CALLERS; k++)
        ck_assert_int_eq(pthread_create(&thread[k], NULL, loop_on_thread, &sum), 0);
    for (int k = 0; k < CALLERS; k++)
        pthread_join(thread[k], NULL);
    ck_assert_uint_eq(sum, (size_t)CALLERS * 20 * (1000 * 999 / 2));
}
END_TEST

/* 200 us of work open a team where teams were fast, and none where one came late again and again. */
START_TEST(statements_know_what_a_team_costs)
{
    ck_assert_int_eq(crew_set_num_threads(2), 0);
    crew__tuning.always_open = 0;
    double item_ns;
    const struct timespec nap = {0, 2000000};
    int64_t ticks;
    do { /* until a nap is no longer than asked for */
        ticks = crew__expression_ticks();
        nanosleep(&nap, NULL);
        ticks = crew__expression_ticks() - ticks;
        (void)crew__expression_team(ticks, 1, 0, &item_ns);
    } while (item_ns > 4e6);
    const int threads = crew_loop_threads();
    ck_assert_int_eq(crew__expression_team(ticks / 10, 1, 1, &item_ns), threads);
    ck_assert(item_ns > 100000);
    for (int k = 0; k < 30; k++)
        crew__expression_closed(crew__expression_ticks() - ticks, 0, 0);
    /* As if the last team ended in the future: soon after it, however long this thread waits for a processor. */
    crew__launch_learn(crew__expression_ticks(), crew__expression_ticks() + 100000 * ticks, ticks);
    ck_assert_int_eq(crew__expression_team(ticks / 10, 1, 1, &item_ns), 1);
    for (int k = 0; k < 30; k++)
        crew__expression_closed(crew__expression_ticks(), 1, 1);
    ck_assert_int_eq(crew__expression_team(ticks / 10, 1, 1, &item_ns), threads);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loop");
    TCase *tc = parallel_case(suite, "loop");
    tcase_add_loop_test(tc, every_index_once, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, every_cell_once, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, the_team_has_crews_width, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_and_around_crew_for, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, after_crew_for_of_another_width, 0, ORACLE_THREADS);
    tcase_add_test(tc, callers_at_once);
    tcase_add_test(tc, statements_know_what_a_team_costs);
    return run_suite(suite);
}
