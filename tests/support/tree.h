/* Fake trees of the files that the limits are read from. */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../lib/core/base/limits.h"

#define V2_MOUNT "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_CPUSET "33 25 0:30 / /sys/fs/cgroup/cpuset rw shared:9 - cgroup cgroup rw,cpuset\n"
#define V1_MOUNT "34 25 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct\n"
#define OTHERS "23 1 8:1 / / rw - ext4 /dev/sda1 rw\n24 23 0:22 / /proc rw - proc proc rw\n"

static char root[64];

static inline void make_root(void)
{
    snprintf(root, sizeof root, "/tmp/crew_limits_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static inline int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void remove_root(void)
{
    nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes size bytes to root/path and makes the directories that it needs. */
static inline void put_bytes(const char *path, const void *bytes, size_t size)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *s = full + strlen(root) + 1; (s = strchr(s, '/')) != NULL; s++) {
        *s = '\0';
        ck_assert(mkdir(full, 0700) == 0 || errno == EEXIST);
        *s = '/';
    }
    FILE *file = fopen(full, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static inline void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static inline struct crew__limits find(void)
{
    struct crew__limits limits = {.affinity = 64, .quota = -1};
    crew__cgroup_quota(&limits, root);
    return limits;
}

static inline void check_quota(int quota, const char *file)
{
    struct crew__limits limits = find();
    ck_assert_int_eq(limits.quota, quota);
    ck_assert_str_eq(limits.quota_file, file);
}

static inline void put_v2(const char *path)
{
    char line[1024];
    snprintf(line, sizeof line, "0::%s\n", path);
    put("/proc/self/cgroup", line);
    put("/proc/self/mountinfo", OTHERS V2_MOUNT);
}

#endif
