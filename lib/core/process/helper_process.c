/* Forks workers, waits for them and measures them, in the helper process. */
#define _GNU_SOURCE
#include "helper_process.h"

const char *crew__oom_file = "/proc/vmstat";

#ifdef __linux__

#include "shared.h"
#include "worker.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* The helper's own; its memory is a copy. */
static struct {
    pid_t pid;
    int signals, user; /* descriptors; -1: not to be had */
    sigset_t awaited;
    long oom_kills;
    int memory_kill; /* the slot's worker that is being killed for its memory; -1: none */
} self;

/* The number after `key` in a file of lines or words; -1 where there is none. No stdio: its locks may be held. */
static long read_number(const char *path, const char *key, int skip)
{
    static char text[16384];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    size_t size = 0;
    for (ssize_t got; size < sizeof text - 1 && (got = read(file, text + size, sizeof text - 1 - size)) > 0;)
        size += (size_t)got;
    close(file);
    text[size] = '\0';
    const char *at = key ? strstr(text, key) : text;
    for (at = at && key ? at + strlen(key) : at; at && skip > 0; skip--)
        at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL;
    return at ? strtol(at, NULL, 10) : -1;
}

static void write_decimal(char *to, long value)
{
    char digits[24];
    int count = 0;
    if (value < 0) {
        *to++ = '-';
        value = -value;
    }
    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (count > 0)
        *to++ = digits[--count];
    *to = '\0';
}

/* libomp registers a forked process in a file that has its number, and removes that only where the process comes to
   exit(). Where one was killed while it wrote, libomp aborts each later process that gets its number. */
static void remove_registration(pid_t pid)
{
    char path[96] = "/dev/shm/__KMP_REGISTERED_LIB_";
    write_decimal(path + strlen(path), pid);
    strcat(path, "_"); /* NOLINT(clang-analyzer-security.insecureAPI.strcpy): it has room */
    write_decimal(path + strlen(path), (long)getuid());
    unlink(path);
}

long crew__resident_kb(pid_t pid)
{
    char path[64] = "/proc/";
    write_decimal(path + 6, pid);
    strcat(path, "/statm"); /* NOLINT(clang-analyzer-security.insecureAPI.strcpy): it has room */
    long pages = read_number(path, NULL, 1);
    return pages < 0 ? -1 : pages * (long)(crew__page() / 1024);
}

static bool user_gone(const struct crew__helper *h)
{
    if (getppid() != h->user)
        return true;
    struct pollfd user = {.fd = self.user, .events = POLLIN};
    return self.user >= 0 && poll(&user, 1, 0) > 0;
}

/* Sleeps until a child ends, the user tells something or dies, or for so long. */
static void rest(int milliseconds)
{
    if (self.signals >= 0 && self.user >= 0) {
        struct pollfd both[2] = {{.fd = self.signals, .events = POLLIN}, {.fd = self.user, .events = POLLIN}};
        poll(both, 2, milliseconds);
        struct signalfd_siginfo info[8];
        while (read(self.signals, info, sizeof info) > 0)
            ;
        return;
    }
    /* No descriptors, or an old kernel: the user's end is noticed by looking. */
    if (milliseconds < 0 || milliseconds > 20)
        milliseconds = 20;
    sigtimedwait(&self.awaited, NULL, &(struct timespec){0, milliseconds * 1000000L});
}

/* When memory is short the system should end a worker, and neither the program nor the helper. */
static void offer_to_be_killed(pid_t worker)
{
    enum { MORE = 300, MOST = 1000 };
    long score = read_number("/proc/self/oom_score_adj", NULL, 0);
    char path[64] = "/proc/", text[24];
    write_decimal(path + 6, worker);
    strcat(path, "/oom_score_adj"); /* NOLINT(clang-analyzer-security.insecureAPI.strcpy): it has room */
    write_decimal(text, score < MOST - MORE ? score + MORE : MOST);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    ssize_t written = write(file, text, strlen(text));
    (void)written;
    close(file);
}

static void start_worker(struct crew__helper *h, int i)
{
    struct crew__order *order = &h->orders->each[i];
    pid_t pid = fork();
    if (pid == 0) {
        if (self.signals >= 0)
            close(self.signals);
        if (self.user >= 0)
            close(self.user);
        crew__worker_run(h, i, self.pid);
    }
    int error = pid < 0 ? errno : 0;
    h->pids[i] = pid > 0 ? pid : 0;
    if (pid > 0)
        setpgid(pid, pid); /* the worker does it too: whoever comes first */
    order->fork_error = error;
    atomic_store(&order->pid, (int)h->pids[i]);
    unsigned generation = atomic_load(&order->want);
    atomic_store(&order->have, generation);
    if (error) {
        atomic_store_explicit(&order->ended, generation, memory_order_release);
        crew__bell_ring(crew__helper_bell(h, i));
    }
    int not_yet = 0;
    if (atomic_compare_exchange_strong(&h->orders->ready, &not_yet, CREW__READY)) {
        prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
        crew__shared_unpark(&h->orders->ready);
    }
}

/* Processes that workers have left behind become the helper's children. */
static void kill_orphans(const struct crew__helper *h, bool all)
{
    static char text[16384];
    char path[64] = "/proc/self/task/";
    write_decimal(path + strlen(path), self.pid);
    strcat(path, "/children"); /* NOLINT(clang-analyzer-security.insecureAPI.strcpy): it has room */
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0)
        close(file);
    text[got > 0 ? got : 0] = '\0';
    char *end;
    for (char *at = text; *at; at = *end ? end + 1 : end) {
        pid_t pid = (pid_t)strtol(at, &end, 10);
        bool own = false;
        for (int i = 0; i < h->count && !all; i++)
            own = own || h->pids[i] == pid;
        if (end == at)
            break;
        if (!own && pid > 0)
            kill(pid, SIGKILL);
    }
}

static void note_end(struct crew__helper *h, int i, int status, const struct rusage *usage)
{
    struct crew__order *order = &h->orders->each[i];
    struct crew__death death = {.peak_kb = (unsigned long long)usage->ru_maxrss};
    if (WIFSIGNALED(status))
        death.signal = WTERMSIG(status);
    else
        death.exit_code = WEXITSTATUS(status);
    if (death.signal == SIGKILL && self.memory_kill == i) {
        death.why = CREW__DIED_MEMORY;
    } else if (death.signal == SIGKILL && atomic_load(&order->kill) != atomic_load(&order->have)) {
        long kills = read_number(crew__oom_file, "oom_kill ", 0);
        if (kills > self.oom_kills) {
            death.why = CREW__DIED_OOM;
            self.oom_kills++; /* one death for each kill: several workers may have gone at once */
        }
    }
    if (self.memory_kill == i)
        self.memory_kill = -1;
    h->pids[i] = 0;
    order->death = death;
    atomic_store_explicit(&order->ended, atomic_load(&order->have), memory_order_release);
    crew__bell_ring(crew__helper_bell(h, i));
}

/* Waits for children that have ended. What is left of a worker goes first, while nobody else can have its number. */
static bool reap(struct crew__helper *h)
{
    siginfo_t info = {.si_pid = 0};
    bool any = false;
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid > 0) {
        int status, slot = -1;
        struct rusage usage;
        for (int i = 0; i < h->count && slot < 0; i++)
            if (h->pids[i] == info.si_pid)
                slot = i;
        if (slot >= 0)
            kill(-info.si_pid, SIGKILL);
        remove_registration(info.si_pid);
        if (wait4(info.si_pid, &status, 0, &usage) == info.si_pid && slot >= 0)
            note_end(h, slot, status, &usage);
        info.si_pid = 0;
        any = true;
    }
    return any;
}

static void kill_worker(const struct crew__helper *h, int i)
{
    if (h->pids[i] <= 0)
        return;
    kill(-h->pids[i], SIGKILL);
    kill(h->pids[i], SIGKILL); /* it may not have its group yet */
}

/* The item that runs when a worker has more than its memory is killed; a leak that earlier items have left is let go
   between two items, before it comes to that. */
static void measure(struct crew__helper *h)
{
    for (int i = 0; i < h->count; i++) {
        struct crew__slot *slot = (void *)crew__helper_slot(h, i);
        long base = atomic_load(&slot->base_kb), now;
        if (h->pids[i] <= 0 || base <= 0 || (now = crew__resident_kb(h->pids[i])) <= base)
            continue;
        size_t own = (size_t)(now - base);
        if (own > h->memory / 1024 && self.memory_kill < 0 && (atomic_load(&slot->step) & 1)) {
            self.memory_kill = i;
            h->orders->each[i].memory_step = atomic_load(&slot->step);
            kill_worker(h, i);
        } else if (own > h->memory / 2048) {
            atomic_store(&slot->retire, 1);
        }
    }
}

static void obey(struct crew__helper *h)
{
    int first = h->count, last = -1;
    for (int i = 0; i < h->count; i++) {
        struct crew__order *order = &h->orders->each[i];
        unsigned have = atomic_load(&order->have);
        if (atomic_load(&order->want) != have && atomic_load(&order->ended) == have) {
            start_worker(h, i);
            first = i < first ? i : first;
            last = i;
        }
        if (atomic_load(&order->kill) == atomic_load(&order->have))
            kill_worker(h, i);
    }
    /* Nobody waits for this. */
    for (int i = first; i <= last; i++)
        if (h->pids[i] > 0)
            offer_to_be_killed(h->pids[i]);
}

/* Workers have no handlers: those of the program would run in a copy of it. */
static void reset_signals(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL}, now;
    for (int s = 1; s <= SIGRTMAX; s++)
        if (sigaction(s, NULL, &now) == 0 && now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN)
            sigaction(s, &usual, NULL);
    sigaction(SIGCHLD, &usual, NULL);
    sigaction(SIGUSR1, &usual, NULL);
}

static _Noreturn void end(struct crew__helper *h)
{
    for (int i = 0; i < h->count; i++)
        kill_worker(h, i);
    for (;;) {
        kill_orphans(h, true);
        siginfo_t info = {.si_pid = 0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) != 0 && errno == ECHILD)
            break;
        if (info.si_pid > 0) {
            remove_registration(info.si_pid);
            waitpid(info.si_pid, NULL, 0);
        }
    }
    remove_registration(self.pid);
    atomic_store(&h->orders->gone, 1);
    crew__shared_unpark(&h->orders->gone);
    _exit(0);
}

_Noreturn void crew__helper_run(struct crew__helper *h)
{
    enum { LOOK_MS = 10 };
    self.pid = getpid();
    self.memory_kill = -1;
    /* Until the first fork it may hang. Later the thread that has made it may end before the process does. */
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    prctl(PR_SET_NAME, "crew-helper", 0, 0, 0);
    if (h->close >= 0)
        close(h->close);
    sigemptyset(&self.awaited);
    sigaddset(&self.awaited, SIGCHLD);
    sigaddset(&self.awaited, SIGUSR1);
    reset_signals();
    self.signals = signalfd(-1, &self.awaited, SFD_CLOEXEC | SFD_NONBLOCK);
    self.user = (int)syscall(SYS_pidfd_open, h->user, 0);
    obey(h);
    self.oom_kills = read_number(crew__oom_file, "oom_kill ", 0); /* long before a worker needs much */
    while (!atomic_load(&h->orders->quit) && !user_gone(h)) {
        if (reap(h))
            kill_orphans(h, false);
        obey(h);
        if (h->memory)
            measure(h);
        rest(h->memory ? LOOK_MS : -1);
    }
    end(h);
}

#endif
