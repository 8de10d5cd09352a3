/* The limits together: affinity masks, trees that are missing, malformed or large, and the count that follows. */
#define _GNU_SOURCE
#include "../support/tree.h"

#include <unistd.h>

#include "../../lib/core/base/settings.h"

START_TEST(missing_files)
{
    check_quota(0, "");
    put("/proc/self/cgroup", "0::/a\n");
    check_quota(0, "");
    put("/proc/self/mountinfo", V2_MOUNT);
    check_quota(0, "");
    put("/sys/fs/cgroup/a/cpu.max/is_a_directory", "");
    check_quota(0, "");
}
END_TEST

START_TEST(malformed_files)
{
    static const char *const groups[] = {
        "",           "\n\n",   "0::",     "0:/a",
        "0",          ":::",    "0::a\n",  "::/a\n",
        "0::/a",      ":",      "0:::",    "garbage\n0::/a\n",
        "4:cpu\n",    "4:cpu:", "4::/a\n", "0::/a\n0::/b\n",
        "\xFF\xFE\n",
    };
    static const char *const mounts[] = {
        "",
        "\n",
        " \n - \n",
        "30 23 0:26 /",
        "30 23 0:26 / /sys/fs/cgroup",
        "30 23 0:26 / /sys/fs/cgroup rw - cgroup2",
        "30 23 0:26 / /sys/fs/cgroup rw -",
        "30 23 0:26 / /sys/fs/cgroup rw cgroup2 cgroup2 rw\n",
        "30 23 0:26   rw - cgroup2 cgroup2 rw\n",
        "30 23 0:26 / relative rw - cgroup2 cgroup2 rw\n",
        "30 23 0:26 \\ \\0 rw - cgroup2 cgroup2 rw\n",
        "- - - - - - - - - -\n",
        "30 23 0:26 / /sys/fs/cgroup rw - cgroup cgroup ,,cpux,xcpu,\n",
        "\xFF\n30 23 0:26 / /nowhere rw - cgroup2 c rw\n",
    };
    put("/sys/fs/cgroup/a/cpu.max", "100000 100000\n");
    put("/sys/fs/cgroup/a/cpu.cfs_quota_us", "100000\n");
    put("/sys/fs/cgroup/a/cpu.cfs_period_us", "100000\n");
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        for (size_t j = 0; j < sizeof mounts / sizeof mounts[0]; j++) {
            put("/proc/self/cgroup", groups[i]);
            put("/proc/self/mountinfo", mounts[j]);
            check_quota(0, "");
        }
}
END_TEST

START_TEST(zero_bytes_and_random_bytes)
{
    char bytes[4096];
    unsigned seed = 12345;
    put("/sys/fs/cgroup/cpu.max", "100000 100000\n");
    for (int round = 0; round < 200; round++) {
        /* Text that resembles the real one, with bytes replaced at random. */
        int n = snprintf(bytes, sizeof bytes, "0::/a/b\n4:cpu:/c\n" V2_MOUNT V1_MOUNT);
        for (int i = 0; i < 1 + round % 20; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[(seed >> 8) % (unsigned)n] = (char)(seed >> 24);
        }
        put_bytes("/proc/self/cgroup", bytes, 17);
        put_bytes("/proc/self/mountinfo", bytes + 17, (size_t)n - 17);
        struct crew__limits limits = find();
        ck_assert_msg(limits.quota == 0 || limits.quota == 1, "seed 12345, round %d", round);
    }
}
END_TEST

START_TEST(long_lines_and_deep_paths)
{
    const size_t size = 1 << 20;
    char *line = malloc(size + 16);
    ck_assert_ptr_nonnull(line);
    put("/proc/self/mountinfo", V2_MOUNT);
    put("/sys/fs/cgroup/cpu.max", "300000 100000\n");
    /* One name that is too long, and half a million levels. */
    memset(line, 'x', size);
    memcpy(line, "0::/", 4);
    put_bytes("/proc/self/cgroup", line, size);
    check_quota(3, "/sys/fs/cgroup/cpu.max");
    for (size_t i = 4; i < size; i += 2)
        line[i] = '/';
    put_bytes("/proc/self/cgroup", line, size);
    check_quota(3, "/sys/fs/cgroup/cpu.max");
    memset(line + 4, '/', size - 4);
    put_bytes("/proc/self/cgroup", line, size);
    check_quota(3, "/sys/fs/cgroup/cpu.max");
    free(line);
}
END_TEST

START_TEST(long_name_of_the_quota_file)
{
    char name[201], path[600], text[700];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(path, sizeof path, "/%s/%s", name, name);
    put_v2(path);
    snprintf(text, sizeof text, "/sys/fs/cgroup%s/cpu.max", path);
    put(text, "200000 100000\n");
    struct crew__limits limits = find();
    ck_assert_int_eq(limits.quota, 2);
    ck_assert_uint_eq(strlen(limits.quota_file), sizeof limits.quota_file - 1);
    ck_assert_mem_eq(limits.quota_file, text, sizeof limits.quota_file - 1);
}
END_TEST

START_TEST(many_mounts)
{
    const int mounts = 20000;
    char *table = malloc((size_t)mounts * 64 + sizeof V2_MOUNT), *s = table;
    ck_assert_ptr_nonnull(table);
    for (int i = 0; i < mounts; i++)
        s += sprintf(s, "%d 1 0:%d / /mnt/%d rw - tmpfs none rw\n", i, i, i);
    strcpy(s, V2_MOUNT);
    put("/proc/self/cgroup", "0::/a\n");
    put("/proc/self/mountinfo", table);
    put("/sys/fs/cgroup/a/cpu.max", "200000 100000\n");
    check_quota(2, "/sys/fs/cgroup/a/cpu.max");
    free(table);
}
END_TEST

START_TEST(limits_join_affinity_and_quota)
{
    struct crew__limits limits;
    put_v2("/a");
    crew__limits_read(&limits, root);
    ck_assert_int_ge(limits.affinity, 1);
    ck_assert_int_eq(limits.quota, 0);
    ck_assert_int_eq(crew__limits_cpus(&limits), limits.affinity);
    put("/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
    crew__limits_read(&limits, root);
    ck_assert_int_eq(limits.quota, 1);
    ck_assert_int_eq(crew__limits_cpus(&limits), 1);
    limits.affinity = 4;
    limits.quota = 5;
    ck_assert_int_eq(crew__limits_cpus(&limits), 4);
}
END_TEST

START_TEST(quota_reaches_the_thread_count)
{
    static const char *const names[] = {"CREW_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT"};
    for (int i = 0; i < 3; i++)
        unsetenv(names[i]);
    put_v2("/a");
    put("/sys/fs/cgroup/cpu.max", "10000 100000\n");
    struct crew__settings settings;
    crew__settings_read(&settings, root, false);
    ck_assert_int_eq(crew__settings_threads(&settings, 0), 1);
    ck_assert_int_eq(crew__settings_threads(&settings, -1), 1);
    ck_assert_int_eq(crew__settings_threads(&settings, 7), 7);
    settings.limits.affinity = 8;
    char text[512];
    crew__settings_explain(&settings, 0, text, sizeof text);
    ck_assert_str_eq(text,
                     "crew uses 1 thread: the CPU quota in /sys/fs/cgroup/cpu.max (the affinity mask has 8) decides.");
}
END_TEST

/* A kernel with masks of 5000 CPUs, of which three are allowed. */
static int large_machine(size_t size, void *mask)
{
    if (size < 5000 / 8)
        return EINVAL;
    unsigned char *bits = mask;
    bits[0] = 1;
    bits[5000 / 8 - 1] = 0x81;
    return 0;
}

static int without_masks(size_t size, void *mask)
{
    (void)size;
    (void)mask;
    return ENOSYS;
}

static int never_large_enough(size_t size, void *mask)
{
    (void)size;
    (void)mask;
    return EINVAL;
}

static int empty_mask(size_t size, void *mask)
{
    (void)size;
    (void)mask;
    return 0;
}

START_TEST(affinity_masks)
{
    int online = (int)sysconf(_SC_NPROCESSORS_ONLN);
    ck_assert_int_eq(crew__affinity_cpus(large_machine), 3);
    ck_assert_int_eq(crew__affinity_cpus(without_masks), online);
    ck_assert_int_eq(crew__affinity_cpus(never_large_enough), online);
    ck_assert_int_eq(crew__affinity_cpus(empty_mask), online);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limits");
    TCase *trees = tcase_create("trees");
    tcase_add_checked_fixture(trees, make_root, remove_root);
    tcase_set_timeout(trees, 30);
    tcase_add_test(trees, missing_files);
    tcase_add_test(trees, malformed_files);
    tcase_add_test(trees, zero_bytes_and_random_bytes);
    tcase_add_test(trees, long_lines_and_deep_paths);
    tcase_add_test(trees, long_name_of_the_quota_file);
    tcase_add_test(trees, many_mounts);
    tcase_add_test(trees, limits_join_affinity_and_quota);
    tcase_add_test(trees, quota_reaches_the_thread_count);
    suite_add_tcase(suite, trees);
    TCase *affinity = tcase_create("affinity");
    tcase_add_test(affinity, affinity_masks);
    suite_add_tcase(suite, affinity);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
