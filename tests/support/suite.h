/* The main of a suite, and the fixture that makes crew open a team for every loop. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include "../../lib/core/loop/runner.h"
#include "oracle.h"
#include <check.h>
#include <stdlib.h>

/* Where Check says that a test crashed. Each assertion that holds writes its line to a file, which takes longer than
   what it asserts where a loop does so for each item: three quarters of the time of several suites. The lines of one
   loop are written once; what a crash comes after is then one of the last sixteen places. */
static inline void mark_line(const char *file, int line)
{
    enum { LAST = 16 };
    static _Thread_local int last[LAST], oldest;
    for (int i = 0; i < LAST; i++)
        if (line == last[i])
            return;
    last[oldest] = line;
    oldest = (oldest + 1) % LAST;
    _mark_point(file, line);
}
#define _mark_point(file, line) mark_line(file, line)

/* Runs in the forked test, as crew must not be called before the fork. */
static inline void open_always(void)
{
    crew__tuning.always_open = 1;
}

/* A case whose tests run with open_always. Race detectors make everything many times slower. */
static inline TCase *parallel_case(Suite *suite, const char *name)
{
    TCase *tc = tcase_create(name);
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, open_always, NULL);
    suite_add_tcase(suite, tc);
    return tc;
}

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline int suite_add_items(size_t begin, size_t end, void *acc, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        *(double *)acc += ((const double *)ctx)[i];
    return 0;
}

static inline void suite_add(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

/* A sum whose rounding shows any difference in the bracketing; core alone has it. */
static inline int reduced_sum(const double *x, size_t n, double *sum)
{
    const crew_reducer adder = {sizeof *sum, NULL, suite_add_items, suite_add, NULL};
    return crew_reduce(n, &adder, (void *)(uintptr_t)x, sum, NULL);
}

/* In a loop test over ORACLE_THREADS: the count of this round, set for the process too. */
static inline int use_threads(int round)
{
    int threads = oracle_threads[round];
    ck_assert_int_eq(crew_set_num_threads(threads), 0);
    return threads;
}

#endif
