/* Values of environment variables, good and bad, and what is said of them. */
#define _GNU_SOURCE
#include <check.h>
#include <crew/crew.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/core/base/threads.h"
#include "../support/environment.h"

static const char *const bad_values[] = {
    "",      " ",     "many", "0",   "-1",  "-2",   "+4",          "0x4",        "4x",
    "4 2",   "4,2",   "4,",   ",4",  "1e3", "3.5",  "99999999999", "4294967295", "18446744073709551618",
    "65536", "65537", "-0",   "- 1", "--1", "-1,2",
};

enum { BAD_VALUES = sizeof bad_values / sizeof bad_values[0] };

static void use_everything(void)
{
    char text[512];
    for (int i = 0; i < 3; i++) {
        crew_num_threads();
        crew_explain_threads(text, sizeof text);
        crew__cpu_count();
        crew__stack_size();
        crew__env_progress();
        crew__env_verbose();
        crew__resolve_threads(i - 1);
    }
}

START_TEST(omp_list_is_checked_to_its_end)
{
    setenv("OMP_NUM_THREADS", "7,x", 1);
    catch_stderr();
    int n = crew_num_threads();
    ck_assert_int_eq(count_lines(caught_text()), 1);
    ck_assert_int_eq(n, crew__cpu_count());
}
END_TEST

static bool is_digits(const char *s)
{
    return *s && s[strspn(s, "0123456789")] == '\0';
}

/* What the variable is worth with the bad value: what the documentation says, not how it is computed. */
START_TEST(bad_value_is_reported_once)
{
    const char *name = variables[_i / BAD_VALUES], *value = bad_values[_i % BAD_VALUES];
    bool threads = strstr(name, "_NUM_THREADS") != NULL, flag = strncmp(name, "CREW_", 5) == 0 && !threads;
    bool good = (strcmp(name, "OMP_NUM_THREADS") == 0 && strcmp(value, "4,2") == 0) ||
                (flag && (strcmp(value, "0") == 0)) ||
                (strcmp(name, "CREW_NUM_THREADS") == 0 && (strcmp(value, "-1") == 0 || strcmp(value, "-2") == 0)) ||
                (strstr(name, "STACKSIZE") != NULL && (strcmp(value, "65536") == 0 || strcmp(value, "65537") == 0));
    bool too_large = is_digits(value) && strcmp(value, "0") != 0,
         beyond_reason = too_large && strcmp(value, "65536") != 0;

    setenv(name, value, 1);
    catch_stderr();
    use_everything();
    const char *text = caught_text();
    if (good) {
        ck_assert_str_eq(text, "");
        return;
    }
    ck_assert_msg(count_lines(text) == 1, "%s=\"%s\" gave \"%s\"", name, value, text);
    char part[128];
    snprintf(part, sizeof part, "crew: %s=\"%s\" ", name, value);
    ck_assert_msg(strncmp(text, part, strlen(part)) == 0, "\"%s\" does not begin with \"%s\"", text, part);

    int cpus = crew__cpu_count();
    if (threads) {
        int n = too_large && !beyond_reason ? 1024 : cpus;
        ck_assert_int_eq(crew_num_threads(), n);
        snprintf(part, sizeof part, "; using %d thread%s\n", n, n == 1 ? "" : "s");
    } else if (strcmp(name, "OMP_THREAD_LIMIT") == 0) {
        ck_assert_int_eq(crew_num_threads(), cpus);
        ck_assert_int_eq(crew__resolve_threads(5000), 1024);
        snprintf(part, sizeof part, "; using %s\n", too_large && !beyond_reason ? "1024" : "no limit");
    } else if (flag) {
        int on = strcmp(value, "") != 0 && strcmp(value, " ") != 0;
        int is = strcmp(name, "CREW_PROGRESS") == 0 ? crew__env_progress() : crew__env_verbose();
        ck_assert_int_eq(is, on);
        snprintf(part, sizeof part, "; using %d\n", on);
    } else {
        unsigned long long kib = too_large && strlen(value) < 15 ? strtoull(value, NULL, 10) : 0;
        ck_assert_uint_eq(crew__stack_size(), kib * 1024);
        if (kib > 0)
            snprintf(part, sizeof part, "; using %llu bytes\n", kib * 1024);
        else
            snprintf(part, sizeof part, "; using the system's default\n");
    }
    ck_assert_msg(strstr(text, part) != NULL, "\"%s\" does not say \"%s\"", text, part);
}
END_TEST

START_TEST(negative_counts_as_in_options)
{
    setenv("CREW_NUM_THREADS", _i == 0 ? "-1" : _i == 1 ? " -2 " : "-5000", 1);
    catch_stderr();
    int cpus = crew__cpu_count(), want = _i == 0 ? cpus : _i == 1 && cpus > 2 ? cpus - 1 : 1;
    ck_assert_int_eq(crew_num_threads(), want);
    ck_assert_str_eq(caught_text(), "");
}
END_TEST

START_TEST(unknown_names_are_reported_once)
{
    setenv("CREW_NUM_THREAD", "4", 1);
    setenv("CREW_", "", 1);
    setenv("CREW_NUM_THREADSS", "4", 1);
    setenv("CREWS", "1", 1);
    setenv("CREW_TRACE", "file", 1);
    setenv("CREW_TEST_ANYTHING", "1", 1);
    catch_stderr();
    use_everything();
    const char *text = caught_text();
    ck_assert_int_eq(count_lines(text), 3);
    ck_assert_ptr_nonnull(strstr(text, "crew: CREW_NUM_THREAD is no variable"));
    ck_assert_ptr_nonnull(strstr(text, "crew: CREW_ is no variable"));
    ck_assert_ptr_nonnull(strstr(text, "crew: CREW_NUM_THREADSS is no variable"));
}
END_TEST

START_TEST(one_thread_is_singular)
{
    setenv("CREW_NUM_THREADS", "many", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
    catch_stderr();
    ck_assert_int_eq(crew_num_threads(), 1);
    const char *text = caught_text();
    ck_assert_int_eq(count_lines(text), 1);
    ck_assert_ptr_nonnull(strstr(text, "using 1 thread\n"));
}
END_TEST

START_TEST(no_environment_at_all)
{
    clearenv();
    catch_stderr();
    use_everything();
    ck_assert_str_eq(caught_text(), "");
    ck_assert_int_ge(crew_num_threads(), 1);
}
END_TEST

START_TEST(all_bad_at_once)
{
    for (int i = 0; i < VARIABLES; i++)
        setenv(variables[i], "0x4", 1);
    catch_stderr();
    use_everything();
    const char *text = caught_text();
    ck_assert_int_eq(count_lines(text), VARIABLES);
    for (int i = 0; i < VARIABLES; i++)
        ck_assert_ptr_nonnull(strstr(text, variables[i]));
}
END_TEST

START_TEST(report_is_one_clean_line)
{
    char value[3000];
    memset(value, 'z', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    memcpy(value, "\033[2J\n\177\t\377", 8);
    setenv("CREW_NUM_THREADS", value, 1);
    catch_stderr();
    use_everything();
    const char *text = caught_text();
    ck_assert_int_eq(count_lines(text), 1);
    ck_assert_uint_lt(strlen(text), 200);
    ck_assert_ptr_null(strchr(text, '\033'));
    ck_assert_ptr_null(strchr(text, '\377'));
    ck_assert_ptr_null(strchr(text, '\177'));
    ck_assert_ptr_nonnull(strstr(text, "...\""));
}
END_TEST

static const struct {
    const char *omp, *gomp;
    unsigned long long bytes;
    int reports;
} stacks[] = {
    {"128", NULL, 131072, 0},     {"65536B", NULL, 65536, 0},  {"128K", NULL, 131072, 0},
    {" 2 m ", NULL, 2097152, 0},  {"1G", NULL, 1073741824, 0}, {NULL, "64k", 65536, 0},
    {"1M", "64k", 1048576, 0},    {"x", "64k", 65536, 1},      {"x", "y", 0, 2},
    {"1M", "y", 1048576, 0},      {"4", NULL, 0, 1},           {"4", "64k", 0, 1},
    {"16K", NULL, 16384, 0},      {"1T", NULL, 0, 1},          {"K", NULL, 0, 1},
    {"17179869184G", NULL, 0, 1},
};

START_TEST(stack_sizes)
{
    if (stacks[_i].omp)
        setenv("OMP_STACKSIZE", stacks[_i].omp, 1);
    if (stacks[_i].gomp)
        setenv("GOMP_STACKSIZE", stacks[_i].gomp, 1);
    catch_stderr();
    unsigned long long bytes = crew__stack_size();
    ck_assert_int_eq(count_lines(caught_text()), stacks[_i].reports);
    ck_assert_uint_eq(bytes, stacks[_i].bytes);
}
END_TEST

START_TEST(flags)
{
    setenv("CREW_PROGRESS", "1", 1);
    setenv("CREW_VERBOSE", " 0 ", 1);
    catch_stderr();
    ck_assert_int_eq(crew__env_progress(), 1);
    ck_assert_int_eq(crew__env_verbose(), 0);
    ck_assert_str_eq(caught_text(), "");
}
END_TEST

START_TEST(verbose_says_the_count_once)
{
    setenv("CREW_VERBOSE", _i ? "1" : "0", 1);
    setenv("CREW_NUM_THREADS", "5", 1);
    catch_stderr();
    use_everything();
    ck_assert_str_eq(caught_text(), "");
    ck_assert_int_eq(verbose_lines, _i);
    if (_i == 0)
        return;
    ck_assert_ptr_eq(strstr(verbose_text, "crew uses 5 threads: CREW_NUM_THREADS decides. Version " CREW_VERSION),
                     verbose_text);
    ck_assert_ptr_nonnull(strstr(verbose_text, crew_backend()));
}
END_TEST

START_TEST(flags_are_off_when_unset)
{
    ck_assert_int_eq(crew__env_progress(), 0);
    ck_assert_int_eq(crew__env_verbose(), 0);
    ck_assert_uint_eq(crew__stack_size(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("env");
    TCase *environment = tcase_create("environment");
    tcase_add_checked_fixture(environment, clean_environment, NULL);
    tcase_add_test(environment, omp_list_is_checked_to_its_end);
    tcase_add_loop_test(environment, bad_value_is_reported_once, 0, VARIABLES * BAD_VALUES);
    tcase_add_loop_test(environment, negative_counts_as_in_options, 0, 3);
    tcase_add_test(environment, unknown_names_are_reported_once);
    tcase_add_test(environment, one_thread_is_singular);
    tcase_add_test(environment, no_environment_at_all);
    tcase_add_test(environment, all_bad_at_once);
    tcase_add_test(environment, report_is_one_clean_line);
    tcase_add_loop_test(environment, stack_sizes, 0, sizeof stacks / sizeof stacks[0]);
    tcase_add_test(environment, flags);
    tcase_add_loop_test(environment, verbose_says_the_count_once, 0, 2);
    tcase_add_test(environment, flags_are_off_when_unset);
    suite_add_tcase(suite, environment);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
