/* Process workers below a job in the foreground of a terminal: what is typed there is for the program. */
#define _GNU_SOURCE
#include "../unit/process_test.h"
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>

enum kind { INTERRUPT, QUIT, HANG_UP, INTERRUPT_IGNORED, INTERRUPT_CANCELS, STOP, KINDS };

/* Seconds after which neither is left, should the test have been killed. */
enum { PATIENCE = 90 };

struct shared {
    atomic_int running, go; /* items that wait for `go` */
};

static struct shared *shared;

/* Items below 2 run until they are let go. */
static int wait_for_go(const void *in, void *out, void *ctx)
{
    (void)ctx;
    if (*(const int *)in < 2) {
        atomic_fetch_add(&shared->running, 1);
        while (!atomic_load(&shared->go))
            usleep(1000);
    }
    return twice_and_one(in, out, NULL);
}

static crew_cancel cancel;

static void request(int signal)
{
    (void)signal;
    crew_cancel_request(&cancel);
}

/* The job. Exit code 0: it has come to what it should. */
static _Noreturn void map(enum kind kind, int line)
{
    enum { N = 40 };
    int in[N], out[N] = {0}, status[N];
    alarm(PATIENCE);
    setpgid(0, 0);
    while (tcgetpgrp(line) != getpid())
        usleep(500);
    signal(SIGTTOU, SIG_DFL);
    signal(SIGHUP, SIG_DFL); /* whoever runs the suite may have been started with nohup */
    signal(SIGQUIT, SIG_DFL);
    signal(SIGTSTP, SIG_DFL);
    signal(SIGINT, kind == INTERRUPT_IGNORED ? SIG_IGN : kind == INTERRUPT_CANCELS ? request : SIG_DFL);
    count_up(in, N);
    crew_process_options p = {.processes = 3, .batch = 1, .status = status};
    crew_process_map(in, 4, out, 4, N, wait_for_go, NULL, &(crew_options){.cancel = &cancel}, &p);
    bool good = true;
    for (int i = 0; i < N; i++) {
        int expected = kind == INTERRUPT_CANCELS && i < 2 ? -ECANCELED : 0;
        if (kind == INTERRUPT_CANCELS && i >= 2)
            expected = status[i] == 0 ? 0 : -ECANCELED;
        good = good && status[i] == expected && out[i] == (expected ? 0 : 2 * i + 1);
    }
    _exit(good ? 0 : 1);
}

static pid_t job;

static void pass_on(int signal)
{
    kill(-job, signal);
}

/* What a shell does: the job has the terminal, and has it again after it was stopped; a hang-up is passed on. */
static _Noreturn void lead_session(enum kind kind, const char *name, int report)
{
    alarm(PATIENCE);
    setsid();
    int line = open(name, O_RDWR), status;
    if (line < 0 || ioctl(line, TIOCSCTTY, 0) != 0)
        _exit(2);
    signal(SIGTTOU, SIG_IGN);
    job = fork();
    if (job == 0)
        map(kind, line);
    setpgid(job, job);
    signal(SIGHUP, pass_on); /* as signal() of the C library has it, waitpid goes on after it */
    tcsetpgrp(line, job);
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
        tcsetpgrp(line, getpgrp());
        atomic_store(&shared->go, 1);
        usleep(20000); /* the items end while the job stands still */
        tcsetpgrp(line, job);
        kill(-job, SIGCONT);
    }
    _exit(write(report, &status, sizeof status) == sizeof status ? 0 : 3);
}

/* Row 13 of the traps: neither do workers end before the program, nor are they left. */
START_TEST(what_is_typed_is_for_the_program)
{
    static const char typed[KINDS] = {3, 034, 0, 3, 3, 032};
    static const int killed_by[KINDS] = {SIGINT, SIGQUIT, SIGHUP, 0, 0, 0};
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), report[2], status;
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
        puts("SKIP process_terminal: no terminal to be had");
        return;
    }
    fcntl(terminal, F_SETFD, FD_CLOEXEC);
    ck_assert_int_eq(pipe(report), 0);
    shared = crew_shared_alloc(sizeof *shared);
    ck_assert_ptr_nonnull(shared);
    pid_t leader = fork();
    if (leader == 0) {
        char name[64];
        snprintf(name, sizeof name, "%s", ptsname(terminal));
        close(terminal);
        lead_session((enum kind)_i, name, report[1]);
    }
    close(report[1]);
    while (atomic_load(&shared->running) < 2 && waitpid(leader, NULL, WNOHANG) == 0)
        usleep(500);
    ck_assert_int_eq(shared->running, 2);
    if (_i == HANG_UP)
        close(terminal);
    else
        ck_assert_int_eq(write(terminal, &typed[_i], 1), 1);
    if (_i == INTERRUPT_IGNORED) {
        usleep(20000);
        atomic_store(&shared->go, 1);
    }
    ck_assert_int_eq(read(report[0], &status, sizeof status), sizeof status);
    if (killed_by[_i])
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == killed_by[_i]);
    else
        ck_assert_int_eq(status, 0);
    waitpid(leader, NULL, 0);
    check_session_ends(leader);
    crew_shared_free(shared);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process_terminal");
    TCase *tc = tcase_create("terminal");
    tcase_set_timeout(tc, 100);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, what_is_typed_is_for_the_program, 0, KINDS);
    return run_suite(suite);
}
