/* What the suites of process workers share: kernels whose results are known, and a look at what a call leaves. */
#ifndef TESTS_PROCESS_TEST_H
#define TESTS_PROCESS_TEST_H

#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/process.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Process counts that every result is compared at. */
#if TESTS_VALGRIND
enum { PROCESS_COUNTS = 2 };
static const int process_counts[PROCESS_COUNTS] = {1, 3};
#else
enum { PROCESS_COUNTS = 4 };
static const int process_counts[PROCESS_COUNTS] = {1, 2, 3, 8};
#endif

static inline double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* out = 2 in + 1 */
static inline int twice_and_one(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(int *)out = 2 * *(const int *)in + 1;
    return 0;
}

static inline void count_up(int *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (int)i;
}

static inline int entries_of(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;
    for (; dir && readdir(dir); count++)
        ;
    if (dir)
        closedir(dir);
    return count;
}

static inline int lines_of(const char *path)
{
    FILE *file = fopen(path, "r");
    int lines = 0;
    for (int c; file && (c = getc(file)) != EOF;)
        lines += c == '\n';
    if (file)
        fclose(file);
    return lines;
}

/* Living processes below this one. Orphans too: it becomes the parent of those that nobody has waited for. */
static inline int processes_below(void)
{
    enum { MOST = 1000 };
    static pid_t all[MOST], parents[MOST];
    int found = 0, below = 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir && found < MOST && (entry = readdir(dir));) {
        char path[300], state = 'Z';
        int pid, parent = 0;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *file = atoi(entry->d_name) > 0 ? fopen(path, "r") : NULL;
        if (file && fscanf(file, "%d (%*[^)]) %c %d", &pid, &state, &parent) == 3 && state != 'Z') {
            all[found] = pid;
            parents[found++] = parent;
        }
        if (file)
            fclose(file);
    }
    if (dir)
        closedir(dir);
    for (int i = 0; i < found; i++) {
        pid_t at = parents[i];
        for (bool more = true; at != getpid() && more;) {
            more = false;
            for (int k = 0; k < found && !more; k++)
                if (all[k] == at) {
                    at = parents[k];
                    more = true;
                }
        }
        below += at == getpid();
    }
    return below;
}

static inline int processes_of_session(pid_t session)
{
    DIR *dir = opendir("/proc");
    int count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        pid_t pid = (pid_t)atoi(entry->d_name);
        count += pid > 0 && getsid(pid) == session;
    }
    if (dir)
        closedir(dir);
    return count;
}

/* After its leader's end. */
static inline void check_session_ends(pid_t session)
{
    for (int k = 0; k < 40000 && processes_of_session(session) > 0; k++) {
        usleep(500);
        while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
            ; /* orphans become the test's, since it is a subreaper */
    }
    ck_assert_int_eq(processes_of_session(session), 0);
}

struct footprint {
    int descriptors, mappings, processes;
};

static inline struct footprint footprint(void)
{
    return (struct footprint){entries_of("/proc/self/fd"), lines_of("/proc/self/maps"), processes_below()};
}

static inline void check_nothing_left(struct footprint before)
{
    struct footprint after = footprint();
    ck_assert_int_eq(after.descriptors, before.descriptors);
    if (!TESTS_SANITIZED)
        ck_assert_int_le(after.mappings, before.mappings + 8); /* malloc and stacks may have grown */
    ck_assert_int_eq(after.processes, before.processes);
    errno = 0;
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG | __WALL), -1);
    ck_assert_int_eq(errno, ECHILD);
}

#endif
