#define _GNU_SOURCE
/* Driver processes: started, asked, stopped between requests. */
#include "peer.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void clean_environment(const char *policy)
{
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "CREW_"};
    for (size_t k = 0; k < sizeof prefixes / sizeof *prefixes; k++)
        for (char **e = environ; *e;) {
            char name[128];
            size_t length = strcspn(*e, "=");
            if (strncmp(*e, prefixes[k], strlen(prefixes[k])) != 0 || length >= sizeof name) {
                e++;
                continue;
            }
            memcpy(name, *e, length);
            name[length] = 0;
            unsetenv(name);
        }
    if (policy)
        setenv("OMP_WAIT_POLICY", policy, 1);
}

int peer_start(struct peer *peer, const char *path, int threads, int memory_fd, size_t capacity, const char *policy)
{
    int to[2], from[2];
    peer->pid = 0;
    if (access(path, X_OK) != 0 || pipe2(to, O_CLOEXEC) != 0)
        return -1;
    if (pipe2(from, O_CLOEXEC) != 0) {
        close(to[0]);
        close(to[1]);
        return -1;
    }
    fflush(stdout);
    peer->pid = fork();
    if (peer->pid == 0) {
        char count[16], fd[16], size[32];
        /* A stopped process would outlive a benchmark that is interrupted. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        snprintf(count, sizeof count, "%d", threads);
        snprintf(fd, sizeof fd, "%d", memory_fd);
        snprintf(size, sizeof size, "%zu", capacity);
        dup2(to[0], 0);
        dup2(from[1], 1);
        signal(SIGPIPE, SIG_DFL);
        clean_environment(policy);
        execl(path, path, count, fd, size, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    peer->to = to[1];
    peer->from = from[0];
    if (peer->pid < 0) {
        peer->pid = 0;
        close(to[1]);
        close(from[0]);
        return -1;
    }
    return 0;
}

void peer_end(struct peer *peer)
{
    if (peer->pid <= 0)
        return;
    kill(peer->pid, SIGKILL);
    waitpid(peer->pid, NULL, 0);
    close(peer->to);
    close(peer->from);
    peer->pid = 0;
}

static int read_line(int fd, char *line, size_t size)
{
    size_t used = 0;
    while (used + 1 < size) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, 120000) <= 0)
            return -1;
        ssize_t got = read(fd, line + used, size - 1 - used);
        if (got <= 0)
            return -1;
        used += (size_t)got;
        line[used] = 0;
        if (line[used - 1] == '\n')
            return 0;
    }
    return -1;
}

int peer_ask(struct peer *peer, const char *line, double *ns, double *result)
{
    char answer[128];
    int status;
    if (peer->pid <= 0)
        return -1;
    kill(peer->pid, SIGCONT);
    ssize_t size = (ssize_t)strlen(line);
    if (write(peer->to, line, (size_t)size) != size || read_line(peer->from, answer, sizeof answer) != 0 ||
        sscanf(answer, "%lf %lf", ns, result) != 2) {
        peer_end(peer);
        return -1;
    }
    kill(peer->pid, SIGSTOP);
    if (waitpid(peer->pid, &status, WUNTRACED) < 0 || !WIFSTOPPED(status)) {
        peer_end(peer);
        return -1;
    }
    return 0;
}

pid_t busy_start(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned long k = 0;; k++)
            continue;
    }
    return pid;
}

void busy_end(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}
