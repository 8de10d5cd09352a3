/* CPU quotas of well-formed cgroup trees: v1, v2, both, nested. */
#define _GNU_SOURCE
#include "../support/tree.h"
#include <unistd.h>

static void put_v1(const char *path)
{
    char lines[512];
    snprintf(lines, sizeof lines, "5:cpuset:/elsewhere\n4:cpu,cpuacct:%s\n1:name=systemd:/x:y\n", path);
    put("/proc/self/cgroup", lines);
    put("/proc/self/mountinfo", OTHERS V1_CPUSET V1_MOUNT);
}

static void put_v1_quota(const char *directory, const char *quota, const char *period)
{
    char path[512];
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpu,cpuacct%s/cpu.cfs_quota_us", directory);
    put(path, quota);
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpu,cpuacct%s/cpu.cfs_period_us", directory);
    put(path, period);
}

START_TEST(v2_quota)
{
    put_v2("/user.slice/job");
    put("/sys/fs/cgroup/user.slice/job/cpu.max", "300000 100000\n");
    check_quota(3, "/sys/fs/cgroup/user.slice/job/cpu.max");
}
END_TEST

static const struct {
    const char *text;
    int quota;
} cpu_max[] = {
    {"100000 100000\n", 1},
    {"100001 100000\n", 2},
    {"150000 100000\n", 2},
    {"200000 100000", 2},
    {"1000 100000\n", 1},
    {"1 1000000\n", 1},
    {"350000\n", 4},
    {"40000 10000\n", 4},
    {"max 100000\n", 0},
    {"max\n", 0},
    {"", 0},
    {"\n", 0},
    {"0 100000\n", 0},
    {"100000 0\n", 0},
    {"-1 100000\n", 0},
    {"0x10 100000\n", 0},
    {"200000x 100000\n", 0},
    {"200000 x\n", 0},
    {"200000 100000 7\n", 0},
    {"99999999999999999999999 1\n", INT_MAX},
    {"18446744073709551615 18446744073709551615\n", 1},
    {"18446744073709551615 18446744073709551614\n", 2},
};

START_TEST(v2_texts)
{
    put_v2("/a");
    put("/sys/fs/cgroup/a/cpu.max", cpu_max[_i].text);
    check_quota(cpu_max[_i].quota, cpu_max[_i].quota ? "/sys/fs/cgroup/a/cpu.max" : "");
}
END_TEST

static const struct {
    const char *quota, *period;
    int cpus;
} cfs[] = {
    {"250000\n", "100000\n", 3}, {"-1\n", "100000\n", 0}, {"0\n", "100000\n", 0}, {"100000\n", "0\n", 0},
    {"100000\n", "-5\n", 0},     {"text", "100000\n", 0}, {"100000\n", "", 0},    {"", "100000\n", 0},
    {"5000\n", "100000\n", 1},   {"800000", "100000", 8}, {"2 2\n", "1\n", 0},
};

START_TEST(v1_texts)
{
    put_v1("/a");
    put_v1_quota("/a", cfs[_i].quota, cfs[_i].period);
    check_quota(cfs[_i].cpus, cfs[_i].cpus ? "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us" : "");
}
END_TEST

START_TEST(v1_needs_both_files)
{
    put_v1("/a");
    put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "200000\n");
    check_quota(0, "");
}
END_TEST

START_TEST(v1_leaves_cpuset_alone)
{
    put("/proc/self/cgroup", "5:cpuset:/a\n4:cpuacct:/a\n");
    put("/proc/self/mountinfo", V1_CPUSET V1_MOUNT);
    put_v1_quota("/a", "100000\n", "100000\n");
    check_quota(0, "");
}
END_TEST

START_TEST(v2_parent_is_tighter)
{
    put_v2("/a/b/c");
    put("/sys/fs/cgroup/a/cpu.max", "200000 100000\n");
    put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    put("/sys/fs/cgroup/a/b/c/cpu.max", "800000 100000\n");
    check_quota(2, "/sys/fs/cgroup/a/cpu.max");
    put("/sys/fs/cgroup/cpu.max", "100000 100000\n");
    check_quota(1, "/sys/fs/cgroup/cpu.max");
}
END_TEST

START_TEST(v2_child_is_tighter)
{
    put_v2("/a/b");
    put("/sys/fs/cgroup/a/cpu.max", "400000 100000\n");
    put("/sys/fs/cgroup/a/b/cpu.max", "300000 100000\n");
    put("/sys/fs/cgroup/a/bystander/cpu.max", "100000 100000\n");
    check_quota(3, "/sys/fs/cgroup/a/b/cpu.max");
}
END_TEST

START_TEST(v1_parent_is_tighter)
{
    put_v1("/a/b");
    put_v1_quota("", "-1\n", "100000\n");
    put_v1_quota("/a", "150000\n", "50000\n");
    put_v1_quota("/a/b", "800000\n", "100000\n");
    check_quota(3, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
}
END_TEST

START_TEST(hybrid_takes_the_smaller)
{
    put("/proc/self/cgroup", "4:cpu,cpuacct:/a\n0::/b\n");
    put("/proc/self/mountinfo",
        OTHERS V1_MOUNT "36 25 0:33 / /sys/fs/cgroup/unified rw shared:5 - cgroup2 cgroup2 rw\n");
    put_v1_quota("/a", "500000\n", "100000\n");
    check_quota(5, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
    put("/sys/fs/cgroup/unified/b/cpu.max", "400000 100000\n");
    check_quota(4, "/sys/fs/cgroup/unified/b/cpu.max");
    put_v1_quota("/a", "100000\n", "100000\n");
    check_quota(1, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
}
END_TEST

START_TEST(mounted_part_of_the_tree)
{
    put("/proc/self/cgroup", "0::/docker/abc/inner\n");
    put("/proc/self/mountinfo", "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
    put("/sys/fs/cgroup/cpu.max", "300000 100000\n");
    check_quota(3, "/sys/fs/cgroup/cpu.max");
    put("/sys/fs/cgroup/inner/cpu.max", "200000 100000\n");
    check_quota(2, "/sys/fs/cgroup/inner/cpu.max");
}
END_TEST

START_TEST(mount_of_another_cgroup)
{
    put("/proc/self/cgroup", "0::/docker/abcdef\n");
    put("/proc/self/mountinfo", "30 23 0:26 /docker/abc /other rw - cgroup2 cgroup rw\n");
    put("/other/cpu.max", "100000 100000\n");
    put("/otherdef/cpu.max", "100000 100000\n");
    check_quota(0, "");
}
END_TEST

START_TEST(namespace_shows_parents)
{
    put("/proc/self/cgroup", "0::/\n");
    put("/proc/self/mountinfo", "30 23 0:26 /../.. /sys/fs/cgroup rw - cgroup2 cgroup rw\n");
    put("/sys/fs/cgroup/cpu.max", "300000 100000\n");
    check_quota(3, "/sys/fs/cgroup/cpu.max");
    put("/proc/self/mountinfo", "30 23 0:26 /../sibling /sys/fs/cgroup rw - cgroup2 cgroup rw\n");
    check_quota(0, "");
}
END_TEST

START_TEST(path_does_not_climb_out)
{
    put_v2("/../../outside");
    put("/sys/fs/cgroup/cpu.max", "300000 100000\n");
    put("/sys/outside/cpu.max", "100000 100000\n");
    put("/outside/cpu.max", "100000 100000\n");
    check_quota(3, "/sys/fs/cgroup/cpu.max");
}
END_TEST

START_TEST(mount_point_with_escapes)
{
    put("/proc/self/cgroup", "0::/sl ice/a b\n");
    put("/proc/self/mountinfo", "30 23 0:26 /sl\\040ice /my\\040c\\134g\\011roup\\04 rw - cgroup2 none rw\n");
    put("/my c\\g\troup\\04/a b/cpu.max", "200000 100000\n");
    check_quota(2, "/my c\\g\troup\\04/a b/cpu.max");
    /* what is no escape stays as it is */
    put("/proc/self/mountinfo", "30 23 0:26 / /no\\/\\4\\08\\081\\008 rw - cgroup2 none rw\n");
    put("/proc/self/cgroup", "0::/.x/..y/z\n");
    put("/no\\/\\4\\08\\081\\008/.x/..y/z/cpu.max", "300000 100000\n");
    check_quota(3, "/no\\/\\4\\08\\081\\008/.x/..y/z/cpu.max");
}
END_TEST

START_TEST(optional_fields)
{
    put("/proc/self/cgroup", "0::/a\n");
    put("/sys/fs/cgroup/a/cpu.max", "200000 100000\n");
    put("/proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    check_quota(2, "/sys/fs/cgroup/a/cpu.max");
    put("/proc/self/mountinfo",
        "30 23 0:26 / /sys/fs/cgroup rw shared:1 master:2 propagate_from:3 unbindable - cgroup2 cgroup2 rw");
    check_quota(2, "/sys/fs/cgroup/a/cpu.max");
}
END_TEST

START_TEST(removed_cgroup)
{
    put_v2("/gone/deeper (deleted)");
    put("/sys/fs/cgroup/cpu.max", "200000 100000\n");
    check_quota(2, "/sys/fs/cgroup/cpu.max");
}
END_TEST

/* Of the line that is v2's by its number, what v1 would have is not it; and a digit that is not octal ends an escape.
 */
START_TEST(lines_that_are_nearly_right)
{
    put("/proc/self/cgroup", "0:cpu:/v1\n0::/a\n0::/b\n");
    put("/proc/self/mountinfo", V2_MOUNT "31 23 0:27 /a /x\\1/5 rw - cgroup2 none rw\n"
                                         "32 23 0:28 /ab /y rw - cgroup2 none rw\n");
    put("/sys/fs/cgroup/a/cpu.max", "400000 100000\n");
    put("/y/cpu.max", "100000 100000\n"); /* of /ab, which is not above /a */
    check_quota(4, "/sys/fs/cgroup/a/cpu.max");
    put("/x\\1/5/cpu.max", "200000 100000\n");
    check_quota(2, "/x\\1/5/cpu.max");
}
END_TEST

START_TEST(v1_without_quota)
{
    put_v1("/a");
    put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
    check_quota(0, "");
    put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "200000\n");
    check_quota(2, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
}
END_TEST

/* A table of mounts without an end is left alone; the bound is 64 MB. */
START_TEST(endless_table)
{
    char path[PATH_MAX];
    put_v2("/a");
    put("/sys/fs/cgroup/a/cpu.max", "300000 100000\n");
    check_quota(3, "/sys/fs/cgroup/a/cpu.max");
    snprintf(path, sizeof path, "%s/proc/self/mountinfo", root);
    ck_assert_int_eq(truncate(path, 33 << 20), 0);
    check_quota(0, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cgroup");
    TCase *trees = tcase_create("trees");
    tcase_add_checked_fixture(trees, make_root, remove_root);
    tcase_add_test(trees, v2_quota);
    tcase_add_loop_test(trees, v2_texts, 0, sizeof cpu_max / sizeof cpu_max[0]);
    tcase_add_loop_test(trees, v1_texts, 0, sizeof cfs / sizeof cfs[0]);
    tcase_add_test(trees, v1_needs_both_files);
    tcase_add_test(trees, v1_leaves_cpuset_alone);
    tcase_add_test(trees, v2_parent_is_tighter);
    tcase_add_test(trees, v2_child_is_tighter);
    tcase_add_test(trees, v1_parent_is_tighter);
    tcase_add_test(trees, hybrid_takes_the_smaller);
    tcase_add_test(trees, mounted_part_of_the_tree);
    tcase_add_test(trees, mount_of_another_cgroup);
    tcase_add_test(trees, namespace_shows_parents);
    tcase_add_test(trees, path_does_not_climb_out);
    tcase_add_test(trees, mount_point_with_escapes);
    tcase_add_test(trees, optional_fields);
    tcase_add_test(trees, removed_cgroup);
    tcase_add_test(trees, lines_that_are_nearly_right);
    tcase_add_test(trees, v1_without_quota);
    tcase_add_test(trees, endless_table);
    suite_add_tcase(suite, trees);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
