/* Reads the CPU quotas of the cgroups that the process is in, v1 and v2, nested. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "limits.h"
#include "small_file.h"

/* Paths of this process in the two kinds of hierarchy, from /proc/self/cgroup; NULL where it is in none. */
struct membership {
    const char *v1, *v2;
};

/* The whole of a file whose length is not known beforehand, to be freed; NULL where it cannot be had. */
static char *read_all(const char *root, const char *name)
{
    /* A table of a million mounts is far below the bound, which is there for a file that never ends. */
    const size_t largest = (size_t)64 << 20;
    size_t length = strlen(root) + strlen(name) + 1;
    char *path = malloc(length);
    if (!path)
        return NULL;
    snprintf(path, length, "%s%s", root, name);
    char *text = NULL;
    bool whole = false;
    for (size_t size = 8192; !whole && size <= largest; size *= 4) {
        free(text);
        text = malloc(size);
        int fd = text ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (fd < 0)
            break;
        ssize_t n = crew__read_bytes(fd, text, size);
        close(fd);
        if (n < 0)
            break;
        whole = (size_t)n < size - 1;
    }
    free(path);
    if (!whole) {
        free(text);
        return NULL;
    }
    return text;
}

/* Cuts the next piece off at `separator` and moves *rest past it; NULL when nothing is left. */
static char *cut(char **rest, char separator)
{
    char *piece = *rest;
    if (!piece)
        return NULL;
    char *end = strchr(piece, separator);
    *rest = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return piece;
}

/* True where the comma-separated list has exactly this word: cpuset and cpuacct are not cpu. */
static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *s = list; s; s = strchr(s, ',')) {
        s += *s == ',';
        if (strncmp(s, word, n) == 0 && (s[n] == ',' || s[n] == '\0'))
            return true;
    }
    return false;
}

/* Lines are `id:controllers:path`, and the path may hold colons of its own. The v2 line has no controllers. */
static struct membership read_membership(char *text)
{
    struct membership in = {NULL, NULL};
    for (char *line; (line = cut(&text, '\n')) != NULL;) {
        const char *id = cut(&line, ':');
        const char *controllers = cut(&line, ':');
        const char *path = line;
        if (!controllers || !path || path[0] != '/')
            continue;
        if (!in.v2 && strcmp(id, "0") == 0 && controllers[0] == '\0')
            in.v2 = path;
        else if (!in.v1 && has_word(controllers, "cpu"))
            in.v1 = path;
    }
    return in;
}

/* The mount table writes space, tab, newline and backslash as a backslash and three octal digits. */
static void unescape(char *s)
{
    char *out = s;
    while (*s) {
        if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
            *out++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
            s += 4;
        } else {
            *out++ = *s++;
        }
    }
    *out = '\0';
}

/* True where some component is `..`, or all of them where `every`. */
static bool has_parents(const char *path, bool every)
{
    bool some = false;
    while (*path) {
        size_t n = strcspn(path, "/");
        bool parent = n == 2 && path[0] == '.' && path[1] == '.';
        some = some || parent;
        if (every && n > 0 && !parent)
            return false;
        path += n + (path[n] == '/');
    }
    return some;
}

/* The part of a cgroup's path below the one that is mounted. NULL where that one is not above it. */
static const char *below_mount(const char *path, const char *mounted)
{
    size_t n = strlen(mounted);
    while (n > 0 && mounted[n - 1] == '/')
        n--;
    const char *rest = NULL;
    if (strncmp(path, mounted, n) == 0 && (path[n] == '/' || path[n] == '\0'))
        rest = path + n;
    /* Seen from a cgroup namespace, what lies outside begins with `..`. A mount of such a place is above the process,
       though the names between the two are not told: the mount point's own quota is all there is to read. */
    else if (has_parents(mounted, true))
        rest = "";
    return rest && has_parents(rest, false) ? "" : rest;
}

/* One number, white space around it allowed, nothing after it. */
static bool parse_number(const char *s, unsigned long long *value)
{
    s = crew__digits(crew__skip_space(s), value);
    return s && *crew__skip_space(s) == '\0';
}

/* `quota period`, or a quota alone with the default period of 100 ms. `max` is no number, so it sets no limit. */
static bool parse_cpu_max(const char *s, unsigned long long *quota, unsigned long long *period)
{
    s = crew__digits(crew__skip_space(s), quota);
    if (!s)
        return false;
    *period = 100000;
    const char *next = crew__skip_space(s);
    return *next == '\0' || (next != s && parse_number(next, period));
}

/* Takes the quota of the directory dir[0 .. length-1] into account; dir has room for a file name behind it. */
static void read_level(struct crew__limits *limits, char *dir, size_t length, size_t size, size_t skip, bool v2)
{
    char text[128];
    unsigned long long quota, period;
    bool found;
    if (v2) {
        snprintf(dir + length, size - length, "/cpu.max");
        found = crew__read_small(dir, text, sizeof text) && parse_cpu_max(text, &quota, &period);
    } else {
        snprintf(dir + length, size - length, "/cpu.cfs_period_us");
        found = crew__read_small(dir, text, sizeof text) && parse_number(text, &period);
        snprintf(dir + length, size - length, "/cpu.cfs_quota_us");
        found = found && crew__read_small(dir, text, sizeof text) && parse_number(text, &quota);
    }
    if (!found || quota == 0 || period == 0)
        return;
    /* Rounded up: 1.5 CPUs keep two threads busy three quarters of the time, one thread would leave half a CPU idle. */
    unsigned long long cpus = quota / period + (quota % period != 0);
    int n = cpus > INT_MAX ? INT_MAX : (int)cpus;
    if (limits->quota == 0 || n < limits->quota) {
        limits->quota = n;
        snprintf(limits->quota_file, sizeof limits->quota_file, "%s", dir + skip);
    }
}

/* From root/mount/below up to root/mount, one level at a time. */
static void read_levels(struct crew__limits *limits, const char *root, const char *mount, const char *below, bool v2)
{
    size_t skip = strlen(root), base = skip + strlen(mount), length = base + strlen(below);
    size_t size = length + sizeof "/cpu.cfs_period_us";
    char *dir = malloc(size);
    if (!dir)
        return;
    snprintf(dir, size, "%s%s%s", root, mount, below);
    for (;;) {
        while (length > base && dir[length - 1] == '/')
            length--;
        /* Longer names cannot be opened; a malformed path of a megabyte is not worth that many attempts. */
        if (length < 4096)
            read_level(limits, dir, length, size, skip, v2);
        if (length == base)
            break;
        while (length > base && dir[length - 1] != '/')
            length--;
    }
    free(dir);
}

/* A line is `id parent device mounted mount-point options [tag ...] - type source options`. */
static void read_mount(struct crew__limits *limits, const char *root, const struct membership *in, char *line)
{
    for (int i = 0; i < 3; i++)
        cut(&line, ' ');
    char *mounted = cut(&line, ' '), *mount = cut(&line, ' ');
    const char *tag = cut(&line, ' ');
    while (tag && strcmp(tag, "-") != 0)
        tag = cut(&line, ' ');
    const char *type = cut(&line, ' ');
    cut(&line, ' ');
    const char *options = cut(&line, ' ');
    if (!options || mount[0] != '/')
        return;
    bool v2 = strcmp(type, "cgroup2") == 0;
    bool v1 = strcmp(type, "cgroup") == 0 && has_word(options, "cpu");
    const char *path = v2 ? in->v2 : v1 ? in->v1 : NULL;
    if (!path)
        return;
    unescape(mounted);
    unescape(mount);
    const char *below = below_mount(path, mounted);
    if (below)
        read_levels(limits, root, mount, below, v2);
}

void crew__cgroup_quota(struct crew__limits *limits, const char *root)
{
    limits->quota = 0;
    limits->quota_file[0] = '\0';
    char *groups = read_all(root, "/proc/self/cgroup");
    char *mounts = groups ? read_all(root, "/proc/self/mountinfo") : NULL;
    if (mounts) {
        struct membership in = read_membership(groups);
        char *rest = mounts;
        for (char *line; (line = cut(&rest, '\n')) != NULL;)
            read_mount(limits, root, &in, line);
    }
    free(mounts);
    free(groups);
}
