/* Thread counts: precedence, limits, explanation. The environment is read once in a process, so each test sets its own
   before the first call; Check runs each in a child. */
#define _GNU_SOURCE
#include <check.h>
#include <crew/options.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/core/base/settings.h"
#include "../../lib/core/base/threads.h"
#include "../support/environment.h"

static int affinity_count(void)
{
    cpu_set_t set;
    ck_assert_int_eq(sched_getaffinity(0, sizeof set, &set), 0);
    return CPU_COUNT(&set);
}

static void pin_to_one_cpu(void)
{
    cpu_set_t set, one;
    ck_assert_int_eq(sched_getaffinity(0, sizeof set, &set), 0);
    size_t cpu = 0;
    while (!CPU_ISSET(cpu, &set))
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
}

static void check_explained(const char *part)
{
    char text[512];
    int length = crew_explain_threads(text, sizeof text);
    ck_assert_int_eq(length, (int)strlen(text));
    ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not say \"%s\"", text, part);
    char count[32];
    snprintf(count, sizeof count, "uses %d thread", crew_num_threads());
    ck_assert_msg(strstr(text, count) != NULL, "\"%s\" does not say \"%s\"", text, count);
}

START_TEST(default_is_within_affinity)
{
    catch_stderr();
    int n = crew_num_threads();
    ck_assert_str_eq(caught_text(), "");
    ck_assert_int_ge(n, 1);
    ck_assert_int_le(n, affinity_count());
    ck_assert_int_eq(n, crew__cpu_count());
    ck_assert_int_eq(n, crew__resolve_threads(0));
}
END_TEST

START_TEST(affinity_mask_counts)
{
    pin_to_one_cpu();
    ck_assert_int_eq(crew_num_threads(), 1);
    ck_assert_int_eq(crew__cpu_count(), 1);
    check_explained("affinity mask");
}
END_TEST

START_TEST(omp_num_threads_counts)
{
    setenv("OMP_NUM_THREADS", "7", 1);
    ck_assert_int_eq(crew_num_threads(), 7);
    check_explained("OMP_NUM_THREADS");
}
END_TEST

START_TEST(omp_num_threads_takes_a_list)
{
    setenv("OMP_NUM_THREADS", " 4 , 2,1 ", 1);
    catch_stderr();
    int n = crew_num_threads();
    ck_assert_str_eq(caught_text(), "");
    ck_assert_int_eq(n, 4);
}
END_TEST

START_TEST(crew_comes_before_omp)
{
    setenv("OMP_NUM_THREADS", "7", 1);
    setenv("CREW_NUM_THREADS", "5", 1);
    ck_assert_int_eq(crew_num_threads(), 5);
    check_explained("CREW_NUM_THREADS");
}
END_TEST

START_TEST(program_comes_before_environment)
{
    setenv("OMP_NUM_THREADS", "7", 1);
    setenv("CREW_NUM_THREADS", "5", 1);
    ck_assert_int_eq(crew_set_num_threads(3), 0);
    ck_assert_int_eq(crew_num_threads(), 3);
    check_explained("crew_set_num_threads(3)");
    ck_assert_int_eq(crew_set_num_threads(0), 0);
    ck_assert_int_eq(crew_num_threads(), 5);
    check_explained("CREW_NUM_THREADS");
}
END_TEST

START_TEST(options_come_before_program)
{
    setenv("CREW_NUM_THREADS", "5", 1);
    crew_set_num_threads(3);
    ck_assert_int_eq(crew__resolve_threads(9), 9);
    ck_assert_int_eq(crew__resolve_threads(0), 3);
    ck_assert_int_eq(crew__resolve_threads(-1), crew__cpu_count());
}
END_TEST

START_TEST(bad_crew_falls_back_on_omp)
{
    setenv("CREW_NUM_THREADS", "0x4", 1);
    setenv("OMP_NUM_THREADS", "6", 1);
    catch_stderr();
    int n = crew_num_threads();
    const char *text = caught_text();
    ck_assert_int_eq(n, 6);
    ck_assert_int_eq(count_lines(text), 1);
    ck_assert_ptr_nonnull(strstr(text, "CREW_NUM_THREADS=\"0x4\""));
    ck_assert_ptr_nonnull(strstr(text, "using 6 threads\n"));
}
END_TEST

START_TEST(environment_is_read_once)
{
    setenv("CREW_NUM_THREADS", "5", 1);
    ck_assert_int_eq(crew_num_threads(), 5);
    setenv("CREW_NUM_THREADS", "6", 1);
    ck_assert_int_eq(crew_num_threads(), 5);
}
END_TEST

START_TEST(n_jobs_rule)
{
    int cpus = crew__cpu_count();
    ck_assert_int_eq(crew__resolve_threads(-1), cpus);
    ck_assert_int_eq(crew__resolve_threads(-2), cpus > 1 ? cpus - 1 : 1);
    ck_assert_int_eq(crew__resolve_threads(-cpus), 1);
    ck_assert_int_eq(crew__resolve_threads(-cpus - 1), 1);
    ck_assert_int_eq(crew__resolve_threads(INT_MIN), 1);
    crew_set_num_threads(-1);
    ck_assert_int_eq(crew_num_threads(), cpus);
    check_explained("crew_set_num_threads(-1)");
    crew_set_num_threads(INT_MIN);
    ck_assert_int_eq(crew_num_threads(), 1);
}
END_TEST

START_TEST(counts_are_clamped)
{
    const int large[] = {1024, 1025, 1000000, INT_MAX};
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        ck_assert_int_eq(crew__resolve_threads(large[i]), 1024);
        ck_assert_int_eq(crew_set_num_threads(large[i]), 0);
        ck_assert_int_eq(crew_num_threads(), 1024);
    }
    ck_assert_int_eq(crew__resolve_threads(1023), 1023);
}
END_TEST

START_TEST(largest_count_is_good)
{
    setenv("CREW_NUM_THREADS", "1024", 1);
    catch_stderr();
    int n = crew_num_threads();
    ck_assert_str_eq(caught_text(), "");
    ck_assert_int_eq(n, 1024);
}
END_TEST

START_TEST(thread_limit_caps_every_answer)
{
    setenv("OMP_THREAD_LIMIT", "3", 1);
    setenv("CREW_NUM_THREADS", "5", 1);
    ck_assert_int_eq(crew_num_threads(), 3);
    check_explained("OMP_THREAD_LIMIT decides, below the 5 of CREW_NUM_THREADS");
    ck_assert_int_eq(crew__resolve_threads(64), 3);
    ck_assert_int_eq(crew__resolve_threads(2), 2);
    crew_set_num_threads(64);
    ck_assert_int_eq(crew_num_threads(), 3);
    crew_set_num_threads(2);
    ck_assert_int_eq(crew_num_threads(), 2);
    check_explained("crew_set_num_threads(2)");
}
END_TEST

START_TEST(thread_limit_caps_the_default)
{
    setenv("OMP_THREAD_LIMIT", "1", 1);
    ck_assert_int_eq(crew_num_threads(), 1);
    ck_assert_int_eq(crew__resolve_threads(-1), 1);
    check_explained(affinity_count() > 1 && crew__cpu_count() > 1 ? "OMP_THREAD_LIMIT" : "decides");
}
END_TEST

static atomic_int gate;
static int seen[16];

static void *race(void *arg)
{
    while (!atomic_load(&gate))
        ;
    *(int *)arg = crew_num_threads();
    return NULL;
}

START_TEST(first_calls_at_the_same_time)
{
    enum { THREADS = sizeof seen / sizeof seen[0] };
    setenv("CREW_NUM_THREADS", "5000", 1);
    setenv("OMP_NUM_THREADS", "none", 1);
    catch_stderr();
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, race, &seen[i]), 0);
    /* This thread races too: with few CPUs it may be the only one that runs beside another. */
    atomic_store(&gate, 1);
    int mine = crew_num_threads();
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    ck_assert_int_eq(count_lines(caught_text()), 2);
    ck_assert_int_eq(mine, 1024);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(seen[i], 1024);
}
END_TEST

START_TEST(child_does_not_report_again)
{
    setenv("CREW_NUM_THREADS", "many", 1);
    catch_stderr();
    int n = crew_num_threads();
    pid_t child = fork();
    if (child == 0)
        _exit(crew_num_threads() == n ? 0 : 1);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(count_lines(caught_text()), 1);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(explanation_is_cut_to_fit)
{
    char whole[512], text[512];
    int length = crew_explain_threads(whole, sizeof whole);
    ck_assert_int_gt(length, 10);
    ck_assert_int_eq((int)strlen(whole), length);
    ck_assert_int_eq(whole[length - 1], '.');
    ck_assert_int_eq(crew_explain_threads(NULL, 0), length);
    ck_assert_int_eq(crew_explain_threads(NULL, 1), -EINVAL);
    for (size_t size = 0; size <= (size_t)length + 2; size++) {
        memset(text, '#', sizeof text);
        ck_assert_int_eq(crew_explain_threads(text, size), length);
        size_t kept = size == 0 ? 0 : size <= (size_t)length ? size - 1 : (size_t)length;
        ck_assert_mem_eq(text, whole, kept);
        if (size > 0)
            ck_assert_int_eq(text[kept], '\0');
        ck_assert_int_eq(text[size > kept ? size : kept + 1], '#');
    }
}
END_TEST

static const struct {
    struct crew__settings settings;
    int asked, threads;
    const char *sentence;
} explained[] = {
    {{.limits = {8, 0, "", false}}, 0, 8, "crew uses 8 threads: the affinity mask decides."},
    {{.limits = {8, 3, "/g/cpu.max", false}},
     0,
     3,
     "crew uses 3 threads: the CPU quota in /g/cpu.max (the affinity mask has 8) decides."},
    {{.limits = {8, 8, "/g/cpu.max", false}}, 0, 8, "crew uses 8 threads: the affinity mask decides."},
    {{.limits = {8, 9, "/g/cpu.max", false}}, 0, 8, "crew uses 8 threads: the affinity mask decides."},
    {{.limits = {8, 3, "/g/cpu.max", false}, .thread_limit = 2},
     0,
     2,
     "crew uses 2 threads: OMP_THREAD_LIMIT decides, below the 3 of the CPU quota in /g/cpu.max (the affinity mask "
     "has 8)."},
    {{.limits = {8, 0, "", false}, .thread_limit = 9}, 0, 8, "crew uses 8 threads: the affinity mask decides."},
    {{.limits = {2048, 0, "", false}},
     0,
     1024,
     "crew uses 1024 threads: crew's own limit decides, below the 2048 of the affinity mask."},
    {{.limits = {8, 0, "", false}, .omp_threads = 1}, 0, 1, "crew uses 1 thread: OMP_NUM_THREADS decides."},
    {{.limits = {8, 3, "/g/cpu.max", false}}, -2, 2, "crew uses 2 threads: crew_set_num_threads(-2) decides."},
    {{.limits = {8, 0, "", false}, .crew_threads = 5, .omp_threads = 6, .thread_limit = 7},
     0,
     5,
     "crew uses 5 threads: CREW_NUM_THREADS decides."},
};

START_TEST(explanation_names_the_limit)
{
    char text[512];
    int length = crew__settings_explain(&explained[_i].settings, explained[_i].asked, text, sizeof text);
    ck_assert_str_eq(text, explained[_i].sentence);
    ck_assert_int_eq(length, (int)strlen(text));
    ck_assert_int_eq(crew__settings_threads(&explained[_i].settings, explained[_i].asked), explained[_i].threads);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("options");
    TCase *threads = tcase_create("threads");
    tcase_add_checked_fixture(threads, clean_environment, NULL);
    tcase_add_test(threads, default_is_within_affinity);
    tcase_add_test(threads, affinity_mask_counts);
    tcase_add_test(threads, omp_num_threads_counts);
    tcase_add_test(threads, omp_num_threads_takes_a_list);
    tcase_add_test(threads, crew_comes_before_omp);
    tcase_add_test(threads, program_comes_before_environment);
    tcase_add_test(threads, options_come_before_program);
    tcase_add_test(threads, bad_crew_falls_back_on_omp);
    tcase_add_test(threads, environment_is_read_once);
    tcase_add_test(threads, n_jobs_rule);
    tcase_add_test(threads, counts_are_clamped);
    tcase_add_test(threads, largest_count_is_good);
    tcase_add_test(threads, thread_limit_caps_every_answer);
    tcase_add_test(threads, thread_limit_caps_the_default);
    tcase_add_loop_test(threads, first_calls_at_the_same_time, 0, 20);
    tcase_add_test(threads, child_does_not_report_again);
    tcase_add_test(threads, explanation_is_cut_to_fit);
    tcase_add_loop_test(threads, explanation_names_the_limit, 0, sizeof explained / sizeof explained[0]);
    suite_add_tcase(suite, threads);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
