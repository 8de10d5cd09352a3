/* What a walk through a file takes of memory: this program runs itself under limits that the file does not fit into. */
#define _DEFAULT_SOURCE
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/array.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t FILE_BYTES = (size_t)192 << 20, LIMIT = (size_t)100 << 20;
enum { WINDOW_KB = 1024, SLACK_KB = 4096 };

static const char *self;
static char folder[] = "/tmp/crew-memory-XXXXXX";

/* Kilobytes of this process, "VmHWM" being the most that was resident; 0: the system does not say. */
static long kilobytes(const char *what)
{
    char line[256];
    long value = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, what, strlen(what)) == 0)
            value = strtol(line + strlen(what) + 1, NULL, 10);
    if (f)
        fclose(f);
    return value;
}

static int count_zeros(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    (void)ctx;
    const double *x = rows;
    for (size_t i = 0; i < end - begin; i++)
        *(size_t *)acc += x[i] == 0;
    return 0;
}

static void add_counts(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(const size_t *)right;
}

static int nothing(size_t begin, size_t end, const void *rows, void *ctx)
{
    (void)begin;
    (void)end;
    return rows && !ctx ? 0 : 1;
}

static int count_item(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += end - begin;
    return 0;
}

/* 0, or the line that failed. */
static int walk(const char *path, const char *limit)
{
    const struct rlimit most = {(rlim_t)strtoull(limit, NULL, 10), (rlim_t)strtoull(limit, NULL, 10)};
    if (most.rlim_cur > 0 && setrlimit(RLIMIT_AS, &most) != 0)
        return __LINE__;
    const size_t rows = FILE_BYTES / sizeof(double);
    crew_array *a = crew_array_open_raw(path, CREW_F64, 0, &rows, 1, CREW_ARRAY_READ);
    if (!a)
        return __LINE__;
    /* The threads first: what they take is not the walk's. */
    const crew_reducer counter = {sizeof(size_t), NULL, count_item, add_counts, NULL};
    size_t zeros = 0;
    if (crew_reduce(1 << 20, &counter, NULL, &zeros, NULL) != 0)
        return __LINE__;
    long before = kilobytes("VmHWM");
    const crew_array_reducer r = {.size = sizeof zeros, .fold = count_zeros, .merge = add_counts};
    if (crew_array_reduce(a, &r, NULL, &zeros, NULL) != 0 || zeros != rows)
        return __LINE__;
    if (crew_array_for(a, nothing, NULL, NULL) != 0)
        return __LINE__;
    long grown = kilobytes("VmHWM") - before;
    crew_array_close(a);
    if (before > 0 && grown > (long)WINDOW_KB * crew_num_threads() + SLACK_KB) {
        fprintf(stderr, "%ld KiB more at %d threads\n", grown, crew_num_threads());
        return __LINE__;
    }
    return 0;
}

static void make_file(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    FILE *f = fopen("zeros", "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(ftruncate(fileno(f), (off_t)FILE_BYTES), 0);
    fclose(f);
}

static void remove_file(void)
{
    ck_assert_int_eq(unlink("zeros"), 0);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static int run_self(int threads, size_t limit, const char *before)
{
    char command[4700];
    snprintf(command, sizeof command, "%s CREW_NUM_THREADS=%d '%s' --walk zeros %zu", before, threads, self, limit);
    return system(command);
}

START_TEST(windows_are_all)
{
    ck_assert_int_eq(run_self(oracle_threads[_i], 0, ""), 0);
}
END_TEST

START_TEST(address_space)
{
    ck_assert_int_eq(run_self(oracle_threads[_i], LIMIT, ""), 0);
}
END_TEST

/* Version 1 or 2, in the place that is ours. */
static bool make_cgroup(char *path, size_t size)
{
    static const struct {
        const char *folder, *limit;
    } versions[] = {{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, {"/sys/fs/cgroup", "memory.max"}};
    for (int i = 0; i < 2; i++) {
        char file[256];
        snprintf(path, size, "%s/crew-test-%d", versions[i].folder, (int)getpid());
        if (mkdir(path, 0755) != 0)
            continue;
        snprintf(file, sizeof file, "%s/%s", path, versions[i].limit);
        FILE *f = access(file, W_OK) == 0 ? fopen(file, "w") : NULL;
        bool good = f && fputs("33554432\n", f) >= 0;
        good = f && fclose(f) == 0 && good;
        if (good)
            return true;
        rmdir(path);
    }
    return false;
}

START_TEST(control_group)
{
    char path[128], before[512];
    if (!make_cgroup(path, sizeof path)) {
        fprintf(stderr, "SKIP array_memory control_group: no memory control group can be made\n");
        return;
    }
    /* the shell puts itself in, and runs the program */
    snprintf(before, sizeof before, "echo $$ >%s/cgroup.procs || exit 3;", path);
    int status = run_self(oracle_threads[_i], 0, before);
    for (int i = 0; i < 100 && rmdir(path) != 0; i++)
        usleep(10000);
    ck_assert_int_eq(status, 0);
}
END_TEST

int main(int argc, char **argv)
{
    static char path[4096];
    if (argc == 4 && strcmp(argv[1], "--walk") == 0) {
        int line = walk(argv[2], argv[3]);
        if (line)
            fprintf(stderr, "line %d: %s\n", line, strerror(errno));
        return line != 0;
    }
    if (TESTS_SANITIZED) {
        printf("SKIP array_memory: a sanitizer has memory of its own\n");
        return 77;
    }
    self = realpath(argv[0], path);
    Suite *suite = suite_create("array_memory");
    TCase *tc = tcase_create("array_memory");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, make_file, remove_file);
    tcase_add_loop_test(tc, windows_are_all, 0, ORACLE_THREADS - 1);
    tcase_add_loop_test(tc, address_space, 0, 3);
    tcase_add_loop_test(tc, control_group, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
