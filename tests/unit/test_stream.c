/* crew_stream against the loop that it equals: order, bounds, failures, early ends. */
#include "stream_test.h"
#include <errno.h>
#include <math.h>

START_TEST(equals_the_loop)
{
    use_threads(_i);
    int runs = 0;
    const size_t ns[] = {0, 1, 2, 7, 8, 9, TESTS_VALGRIND ? 20 : 1000}, flights[] = {0, 1, 2, 3, 8, 100};
    for (size_t shape = 0; shape < SHAPES; shape++)
        for (size_t k = 0; k < sizeof ns / sizeof *ns; k++)
            for (size_t f = 0; f < sizeof flights / sizeof *flights; f++)
                for (int unordered = 0; unordered < 2; unordered++) {
                    if (TESTS_VALGRIND && runs++ % 13)
                        continue;
                    struct run *r = new_run(ns[k], shapes[shape], flights[f]);
                    r->unordered = unordered;
                    check_run(r, NULL);
                }
}
END_TEST

START_TEST(failures_and_ends)
{
    use_threads(_i);
    int runs = 0;
    const int codes[] = {71, -EIO, CREW_STREAM_END, CREW_STREAM_SKIP};
    const size_t n = TESTS_VALGRIND ? 20 : 200, places[] = {0, 1, n / 2 - 1, n - 1};
    for (size_t shape = 0; shape < SHAPES; shape++)
        for (size_t where = 0; where < strlen(shapes[shape]) + 2; where++)
            for (size_t c = 0; c < sizeof codes / sizeof *codes; c++)
                for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
                    if (TESTS_VALGRIND && runs++ % 13)
                        continue;
                    struct run *r = new_run(n, shapes[shape], 1 + (c * 5 + k) % 11);
                    r->unordered = (where + c + k) % 3 == 0;
                    r->events[0] = (struct event){where, places[k], codes[c]};
                    r->nevents = 1;
                    check_run(r, NULL);
                }
}
END_TEST

/* Of several that fail the lowest decides, wherever it fails. */
START_TEST(lowest_failure)
{
    use_threads(_i);
    uint64_t seed = oracle_seed();
    for (int round = 0; round < (TESTS_VALGRIND ? 20 : 200); round++) {
        const char *kinds = shapes[oracle_random(&seed) % SHAPES];
        struct run *r = new_run(300, kinds, 1 + oracle_random(&seed) % 40);
        r->nevents = 3;
        for (size_t e = 0; e < 3; e++) {
            size_t where = oracle_random(&seed) % (strlen(kinds) + 2);
            int code = oracle_random(&seed) % 4 == 0 ? CREW_STREAM_END : (int)(100 * (e + 1) + where);
            r->events[e] = (struct event){where, oracle_random(&seed) % 300, code};
        }
        check_run(r, NULL);
    }
}
END_TEST

START_TEST(nothing_but_a_source)
{
    use_threads(_i);
    size_t n = 1000;
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = count_source}, &n, NULL), 0);
    n = 0;
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = count_source}, &n, NULL), 0);
}
END_TEST

START_TEST(bad_arguments)
{
    size_t n = 3;
    crew_stage stage = {NULL, CREW_STAGE_PARALLEL};
    crew_pipeline p = {.source = count_source, .stages = &stage, .nstages = 1};
    ck_assert_int_eq(crew_stream(NULL, &n, NULL), -EINVAL);
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EINVAL);
    stage = (crew_stage){count_source, (crew_stage_kind)3};
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EINVAL);
    p = (crew_pipeline){.source = count_source, .nstages = 1};
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EINVAL);
    p = (crew_pipeline){.item_size = 1};
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EINVAL);
    p = (crew_pipeline){.source = count_source};
    ck_assert_int_eq(crew_stream(&p, &n, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(crew_stream(&p, &n, &(crew_options){.timeout = (double)NAN}), -EINVAL);
    p.item_size = SIZE_MAX;
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EOVERFLOW);
    p.item_size = 1000;
    p.in_flight = SIZE_MAX / 1000;
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EOVERFLOW);
    p.in_flight = SIZE_MAX;
    ck_assert_int_eq(crew_stream(&p, &n, NULL), -EOVERFLOW);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream");
    TCase *tc = parallel_case(suite, "stream");
    tcase_add_loop_test(tc, equals_the_loop, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, nothing_but_a_source, 0, ORACLE_THREADS);
    tcase_add_test(tc, bad_arguments);
    TCase *failures = parallel_case(suite, "failures");
    tcase_add_loop_test(failures, failures_and_ends, 0, ORACLE_THREADS);
    tcase_add_loop_test(failures, lowest_failure, 0, ORACLE_THREADS);
    return run_suite(suite);
}
