/* What the process may use is known as it was before the OpenMP runtime bound its threads, and when the mask changes.

   The runtime reads its environment when it is loaded, so each case is a program of its own: this one, called again. */
#define _GNU_SOURCE
#include "../../lib/core/base/threads.h"
#include <check.h>
#include <crew/for.h>
#include <crew/options.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int cpus_in_mask(void)
{
    cpu_set_t mask;
    ck_assert_int_eq(sched_getaffinity(0, sizeof mask, &mask), 0);
    return CPU_COUNT(&mask);
}

static int first_cpu(void)
{
    cpu_set_t mask;
    ck_assert_int_eq(sched_getaffinity(0, sizeof mask, &mask), 0);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &mask))
        cpu++;
    return cpu;
}

/* What a program that was started with `environment` in front says of its threads. */
static int count_with(const char *environment, char *sentence, size_t size)
{
    char self[4000], command[5000];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    ck_assert_int_gt(length, 0);
    self[length] = '\0';
    snprintf(command, sizeof command, "%s '%s' count", environment, self);
    FILE *out = popen(command, "r");
    ck_assert_ptr_nonnull(out);
    int count = -1;
    ck_assert_int_eq(fscanf(out, "%d ", &count), 1);
    ck_assert_ptr_nonnull(fgets(sentence, (int)size, out));
    ck_assert_int_eq(pclose(out), 0);
    return count;
}

static const char *const bindings[] = {
    "OMP_PROC_BIND=true",
    "OMP_PROC_BIND=close",
    "OMP_PROC_BIND=spread",
    "OMP_PROC_BIND=false",
    "OMP_PLACES=threads",
    "KMP_AFFINITY=compact",
    "OMP_PLACES=cores OMP_PROC_BIND=close",
};

START_TEST(bound_threads_do_not_hide_processors)
{
    char sentence[600];
    ck_assert_int_eq(count_with(bindings[_i], sentence, sizeof sentence), cpus_in_mask());
}
END_TEST

START_TEST(one_place_is_one_processor)
{
    char environment[100], sentence[600];
    snprintf(environment, sizeof environment, "OMP_PLACES='{%d}' OMP_PROC_BIND=true", first_cpu());
    int want = strncmp(crew_backend(), "openmp", 6) == 0 ? 1 : cpus_in_mask();
    ck_assert_int_eq(count_with(environment, sentence, sizeof sentence), want);
}
END_TEST

START_TEST(a_mask_of_one_counts_bound_or_not)
{
    char environment[100], sentence[600];
    snprintf(environment, sizeof environment, "%s taskset -c %d", _i ? "OMP_PROC_BIND=true" : "OMP_PROC_BIND=false",
             first_cpu());
    ck_assert_int_eq(count_with(environment, sentence, sizeof sentence), 1);
}
END_TEST

START_TEST(mpirun_is_named_where_it_binds)
{
    char environment[100], sentence[600];
    snprintf(environment, sizeof environment, "OMPI_COMM_WORLD_SIZE=2 taskset -c %d", first_cpu());
    ck_assert_int_eq(count_with(environment, sentence, sizeof sentence), 1);
    ck_assert_ptr_nonnull(strstr(sentence, "--bind-to none"));
}
END_TEST

static int nothing(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    return 0;
}

START_TEST(the_mask_may_change)
{
    int before = cpus_in_mask();
    ck_assert_int_eq(crew_num_threads(), before);
    cpu_set_t all, one;
    ck_assert_int_eq(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    CPU_SET(first_cpu(), &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    nanosleep(&(struct timespec){0, 150000000}, NULL);
    ck_assert_int_eq(crew_num_threads(), 1);
    ck_assert_int_eq(crew_for(100, nothing, NULL, NULL), 0);
    ck_assert_int_eq(sched_setaffinity(0, sizeof all, &all), 0);
    nanosleep(&(struct timespec){0, 150000000}, NULL);
    ck_assert_int_eq(crew_num_threads(), before);
    ck_assert_int_eq(crew__cpu_count(), before);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "count") == 0) {
        char text[600];
        crew_explain_threads(text, sizeof text);
        printf("%d %s\n", crew_num_threads(), text);
        return 0;
    }
    static const char *const names[] = {"CREW_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
    Suite *suite = suite_create("places");
    TCase *tc = tcase_create("places");
    tcase_add_loop_test(tc, bound_threads_do_not_hide_processors, 0, sizeof bindings / sizeof bindings[0]);
    tcase_add_test(tc, one_place_is_one_processor);
    tcase_add_loop_test(tc, a_mask_of_one_counts_bound_or_not, 0, 2);
    tcase_add_test(tc, mpirun_is_named_where_it_binds);
    tcase_add_test(tc, the_mask_may_change);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
