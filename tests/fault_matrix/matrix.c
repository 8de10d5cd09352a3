/* Runs each fault in a process of its own under a watchdog, and says how often it was survived. Usage: matrix ROUNDS
   [NAME] runs all, or one, ROUNDS times; run.sh makes a table of what several builds say. */
#define _GNU_SOURCE
#include "matrix.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* Seconds; a child inside a fault has half of them. */
static int watchdog(void)
{
    return getenv("MATRIX_FULL") ? 300 : 60;
}

static const char *self;

static const struct fault *const groups[] = {fork_faults, thread_faults, memory_faults,     leave_faults,
                                             load_faults, signal_faults, environment_faults};
enum { GROUPS = sizeof groups / sizeof *groups };

static const struct fault *find(const char *name)
{
    for (int g = 0; g < GROUPS; g++)
        for (const struct fault *f = groups[g]; f->name; f++)
            if (strcmp(f->name, name) == 0)
                return f;
    return NULL;
}

bool runs_on_libomp(void)
{
    return strstr(crew_backend(), "libomp") != NULL;
}

int rounds(int often)
{
    const char *full = getenv("MATRIX_FULL"), *round = getenv("MATRIX_ROUND");
    return full && round && strcmp(round, "0") == 0 ? often : (often + 9) / 10;
}

const char *beside(const char *name)
{
    static char path[1024];
    const char *slash = strrchr(self, '/');
    snprintf(path, sizeof path, "%.*s/%s", slash ? (int)(slash - self) : 1, slash ? self : ".", name);
    return path;
}

static int code_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

/* Waits for the child without a signal of the process, which would disturb what is tried. */
static int wait_with_watchdog(pid_t child)
{
    struct timespec began, now;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int status;;) {
        if (waitpid(child, &status, WNOHANG) == child)
            return code_of(status);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - began.tv_sec > watchdog()) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
        sleep_ms(2);
    }
}

static int start(const char *fault, const char *variable, const char *value)
{
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        if (variable)
            setenv(variable, value, 1);
        execl(self, self, "-", fault, (char *)NULL);
        _exit(126);
    }
    return child < 0 ? 125 : wait_with_watchdog(child);
}

int again(const char *fault, const char *variable, const char *value)
{
    return start(fault, variable, value);
}

int in_child_saying(fault_fn *fn, char *text, size_t size)
{
    int ends[2], status = 0;
    if (text && pipe(ends) != 0)
        return 125;
    pid_t child = fork();
    if (child == 0) {
        if (text)
            dup2(ends[1], STDERR_FILENO);
        signal(SIGALRM, SIG_DFL);
        alarm((unsigned)watchdog() / 2);
        _exit(fn());
    }
    if (text) {
        close(ends[1]);
        size_t used = 0;
        for (ssize_t got; used < size - 1 && (got = read(ends[0], text + used, size - 1 - used)) > 0;)
            used += (size_t)got;
        text[used] = '\0';
        close(ends[0]);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return child > 0 ? code_of(status) : 125;
}

int in_child(fault_fn *fn)
{
    return in_child_saying(fn, NULL, 0);
}

static int try_out(const struct fault *f, int times)
{
    int right = 0, absent = 0, hung = 0, ended = 0;
    for (int round = 0; round < times; round++) {
        char number[16];
        snprintf(number, sizeof number, "%d", round);
        int code = start(f->name, "MATRIX_ROUND", number);
        right += code == 0;
        absent += code == NOT_HERE;
        hung += code == -1;
        ended += code > 100;
        if (code != 0 && code != NOT_HERE)
            fprintf(stderr, "error: %s, round %d: %s %d\n", f->name, round,
                    code < 0     ? "hangs"
                    : code > 100 ? "ended by signal"
                                 : "ended with",
                    code > 100 ? code - 100 : code);
    }
    printf("%s|%d/%d|%s\n", f->name, right, times - absent,
           hung                ? "hangs"
           : ended             ? "ends"
           : absent            ? "not here"
           : right + 0 < times ? "wrong"
                               : "right");
    fflush(stdout);
    return right + absent == times;
}

int main(int argc, char **argv)
{
    static char path[1024];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    self = length > 0 ? path : argv[0];
    if (argc > 2 && strcmp(argv[1], "-") == 0) {
        const struct fault *f = find(argv[2]);
        return f ? f->run() : 99;
    }
    int times = argc > 1 ? atoi(argv[1]) : 1, all = 1;
    for (int g = 0; g < GROUPS; g++)
        for (const struct fault *f = groups[g]; f->name; f++)
            if (f->name[0] != '-' && (argc < 3 || strstr(f->name, argv[2])))
                all &= try_out(f, times);
    return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
