/* Fuzz target for what the environment and the files of cgroups say: any text gives a count within its bounds. Byte 0
   says whether the text is a variable or files; files are parted by bytes 0. */
#define _GNU_SOURCE
#include "../../lib/core/base/env.h"
#include "../../lib/core/base/limits.h"
#include "fuzz_array.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void require(int holds)
{
    if (!holds)
        abort();
}

static void check_variable(const char *text)
{
    static const char name[] = "CREW_FUZZ";
    static char variable[5000]; /* setenv would keep every value */
    enum { MOST = 1024 };
    bool negative = false;
    snprintf(variable, sizeof variable, "%s=%s", name, text);
    putenv(variable);
    struct crew__env count = crew__env_count(name, MOST, false), list = crew__env_count(name, MOST, true);
    struct crew__env jobs = crew__env_jobs(name, MOST, &negative), flag = crew__env_flag(name);
    require(count.state != CREW__ENV_UNSET && strcmp(count.text, text) == 0);
    require(count.state != CREW__ENV_GOOD || (count.value >= 1 && count.value <= MOST));
    require(count.value <= MOST && list.value <= MOST && jobs.value <= MOST && flag.value <= 1);
    /* What is a number alone is the first of a list, and a count of jobs that is not negative. */
    if (count.state == CREW__ENV_GOOD)
        require(list.state == CREW__ENV_GOOD && list.value == count.value && jobs.value == count.value && !negative);
    require(list.state != CREW__ENV_GOOD || list.value >= 1);
    crew__env_size(name);
    require(!crew__env_is(name, "physical") || strstr(text, "physical") != NULL);
}

static char root[] = "/tmp/crew-fuzz-XXXXXX";

static void remove_root(void)
{
    static const char *const names[] = {
        "/proc/self/cgroup", "/proc/self/mountinfo", "/sys/cpu.max", "/proc/self", "/proc", "/sys", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", root, names[i]);
        remove(path);
    }
}

static void put(const char *name, const char *text, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s", root, name);
    FILE *file = fopen(path, "w");
    require(file != NULL);
    fwrite(text, 1, size, file);
    fclose(file);
}

static void make_root(void)
{
    char path[128];
    static const char *const folders[] = {"/proc", "/proc/self", "/sys"};
    require(mkdtemp(root) != NULL);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", root, folders[i]);
        mkdir(path, 0700);
    }
    atexit(remove_root);
}

/* With a sound mount and path where byte 1 says so, so that quotas are reached. */
static void check_files(int sound, const char *text, size_t size)
{
    static const char group[] = "0::/\n", mount[] = "30 23 0:26 / /sys rw - cgroup2 cgroup2 rw\n";
    static bool made;
    if (!made)
        make_root();
    made = true;
    size_t first = strnlen(text, size), second = first < size ? strnlen(text + first + 1, size - first - 1) : 0;
    const char *next = first < size ? text + first + 1 : text;
    put("/proc/self/cgroup", sound & 1 ? group : text, sound & 1 ? strlen(group) : first);
    put("/proc/self/mountinfo", sound & 2 ? mount : next, sound & 2 ? strlen(mount) : second);
    put("/sys/cpu.max", sound & 4 ? "150000 100000\n" : text, sound & 4 ? 14 : first);
    struct crew__limits limits = {0};
    crew__cgroup_quota(&limits, root);
    require(limits.quota >= 0 && memchr(limits.quota_file, '\0', sizeof limits.quota_file) != NULL);
    require(limits.quota > 0 || limits.quota_file[0] == '\0');
    require((sound & 7) != 7 || limits.quota == 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 4000)
        return 0;
    char text[4096];
    memcpy(text, data + 2, size - 2);
    text[size - 2] = '\0';
    if (data[0] % 2 == 0)
        check_variable(text);
    else
        check_files(data[1], text, size - 2);
    return 0;
}
