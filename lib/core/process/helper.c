/* Starts, orders and ends the helper process.

   It is made by clone() without an exit signal: the program gets no SIGCHLD, and its wait() does not find it. As
   clone() knows nothing of the C library's locks, the copy might have one that another thread held for ever. Its first
   act is therefore a fork(), which takes all of them: when that has returned, none was held and every worker is sound.
   Where the helper sleeps instead it is killed and made again. */
#define _GNU_SOURCE
#include "helper.h"
#include "../base/atomics.h"
#include "../base/clock.h"
#include "../base/memory.h"
#include "helper_process.h"
#include "shared.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

int crew__helper_map(struct crew__helper *h)
{
    size_t page = crew__page(), count = (size_t)h->count, orders, bells, slots;
    if (!crew__mul(count, h->slot_bytes + page, &slots) ||
        !crew__round_to_pages(sizeof *h->orders + count * sizeof *h->orders->each, &orders) ||
        !crew__round_to_pages(count * sizeof(struct crew__bell), &bells) ||
        slots > SIZE_MAX - orders - bells - 3 * page)
        return -ENOMEM;
    h->pid = 0;
    h->pidfd = -1;
    h->ended = false;
    atomic_init(&h->dead, false);
    h->bells_at = orders + page;
    h->slots_at = h->bells_at + bells + page;
    h->bytes = h->slots_at + slots;
    h->pids = crew__alloc(count * sizeof *h->pids);
    h->base = h->pids ? crew__shared_map(h->bytes) : NULL;
    if (!h->base) {
        crew__free(h->pids);
        return -ENOMEM;
    }
    h->orders = (void *)h->base;
    int error = crew__shared_take(h->base, h->slots_at);
    for (int i = 0; i < h->count && !error; i++) {
        h->pids[i] = 0;
        error = crew__shared_take(crew__helper_slot(h, i), h->slot_bytes);
    }
    if (error) {
        crew__shared_unmap(h->base, h->bytes);
        crew__free(h->pids);
    }
    return error;
}

char *crew__helper_slot(const struct crew__helper *h, int i)
{
    return h->base + h->slots_at + (size_t)i * (h->slot_bytes + crew__page());
}

struct crew__bell *crew__helper_bell(const struct crew__helper *h, int i)
{
    return (struct crew__bell *)(void *)(h->base + h->bells_at) + (h->bell_each ? i : 0);
}

static bool has_other_threads(void)
{
    struct stat tasks;
    return stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink != 3;
}

/* The letter that /proc has for it; '\0': unknown. */
static char state_of(pid_t pid)
{
    char path[32], text[256];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0)
        close(file);
    text[got > 0 ? got : 0] = '\0';
    const char *state = strrchr(text, ')');
    return state && state[1] == ' ' ? state[2] : '\0';
}

/* True where the helper sleeps, or cannot be seen. Before it is ready it sleeps for a lock only. */
static bool sleeps(pid_t pid)
{
    char state = state_of(pid);
    return state == 'S' || state == '\0';
}

/* Waits until the helper has forked; false: it has died, or hangs where it may. */
static bool is_ready(struct crew__helper *h, bool may_hang)
{
    enum { LOOKS = 3 }; /* in a row: between two locks it is seen running */
    atomic_int *ready = &h->orders->ready;
    int asleep = 0;
    while (atomic_load_explicit(ready, memory_order_acquire) != CREW__READY) {
        if (!crew__helper_lives(h))
            return false;
        asleep = may_hang && sleeps(h->pid) ? asleep + 1 : 0;
        int not_yet = 0;
        if (asleep == LOOKS)
            return !atomic_compare_exchange_strong(ready, &not_yet, CREW__TOO_LATE);
        crew__shared_park(ready, 0, may_hang ? 0.001 : 0.1);
    }
    return true;
}

static int start_once(struct crew__helper *h, bool may_hang, bool by_fork)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &h->mask);
    h->user = getpid();
    atomic_store(&h->dead, false);
    atomic_store(&h->orders->ready, 0);
    for (int i = 0; i < h->count; i++) {
        atomic_store(&h->orders->each[i].have, 0);
        atomic_store(&h->orders->each[i].ended, 0);
    }
    /* The order of the arguments differs between processors; they are all zero. */
    pid_t pid = by_fork ? fork() : (pid_t)syscall(SYS_clone, 0UL, 0UL, 0UL, 0UL, 0UL);
    if (pid == 0)
        crew__helper_run(h);
    int error = pid < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &h->mask, NULL);
    if (error)
        return error == ENOMEM ? -ENOMEM : -EAGAIN;
    h->pid = pid;
    h->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (is_ready(h, may_hang))
        return 0;
    if (!atomic_load(&h->dead)) {
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
            ;
    }
    if (h->pidfd >= 0)
        close(h->pidfd);
    h->pid = 0;
    h->pidfd = -1;
    return -EBUSY;
}

int crew__helper_start(struct crew__helper *h)
{
    enum { TRIES = 10 };
    int before = errno;
    int error = -EBUSY;
    bool may_hang = has_other_threads();
    for (int i = 0; i < (may_hang ? TRIES : 1) && error == -EBUSY; i++)
        error = start_once(h, may_hang, false);
    if (error == -EBUSY)
        error = start_once(h, false, true);
    errno = before;
    return error == -EBUSY ? -EAGAIN : error;
}

void crew__helper_tell(struct crew__helper *h)
{
    int before = errno;
    if (atomic_load(&h->dead) || h->pid <= 0)
        return;
    if (h->pidfd < 0 || (syscall(SYS_pidfd_send_signal, h->pidfd, SIGUSR1, NULL, 0) != 0 && errno == ENOSYS))
        kill(h->pid, SIGUSR1);
    errno = before;
}

bool crew__helper_lives(struct crew__helper *h)
{
    int before = errno;
    if (!atomic_load(&h->dead) && (h->pid <= 0 || waitpid(h->pid, NULL, __WALL | WNOHANG) != 0))
        atomic_store(&h->dead, true); /* also where the program has taken it, or has SIGCHLD ignored */
    errno = before;
    return !atomic_load(&h->dead);
}

/* Waits until a process that is no child of this one has ended. */
static void wait_for(pid_t pid, double until)
{
    int file = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd end = {.fd = file, .events = POLLIN};
    bool ended = file < 0 && errno == ESRCH;
    for (double left; !ended && (left = until - crew__seconds()) > 0;) {
        if (file >= 0) {
            ended = poll(&end, 1, (int)(left * 1e3) + 1) > 0;
            continue;
        }
        char state = state_of(pid);
        ended = kill(pid, 0) != 0 || state == 'Z' || state == 'X';
        nanosleep(&(struct timespec){0, ended ? 0 : 1000000}, NULL);
    }
    if (file >= 0)
        close(file);
}

/* The helper has been killed, and its end has sent the workers SIGKILL. */
static void wait_for_workers(const struct crew__helper *h, double until)
{
    for (int i = 0; i < h->count; i++) {
        struct crew__order *order = &h->orders->each[i];
        pid_t pid = atomic_load(&order->pid);
        if (pid > 0 && atomic_load(&order->ended) != atomic_load(&order->have))
            wait_for(pid, until);
    }
}

void crew__helper_end(struct crew__helper *h)
{
    int before = errno;
    if (h->pid > 0 && !h->ended) {
        /* A worker that the kernel cannot end, in a read from a server that is gone, must not hold up the program. */
        double until = crew__seconds() + 0.9;
        atomic_store(&h->orders->quit, 1);
        crew__helper_tell(h);
        while (!atomic_load(&h->orders->gone) && crew__seconds() < until && crew__helper_lives(h))
            crew__shared_park(&h->orders->gone, 0, 0.1);
        if (!atomic_load(&h->orders->gone))
            wait_for_workers(h, until);
    }
    h->ended = true;
    errno = before;
}

/* The system takes some time to end the helper, and to unmap. */
void crew__helper_close(struct crew__helper *h)
{
    int before = errno;
    crew__helper_end(h);
    bool wait = h->pid > 0 && atomic_load(&h->orders->gone) && !atomic_load(&h->dead);
    crew__shared_unmap(h->base, h->bytes);
    while (wait && waitpid(h->pid, NULL, __WALL) < 0 && errno == EINTR)
        ;
    if (h->pidfd >= 0)
        close(h->pidfd);
    crew__free(h->pids);
    errno = before;
}

static long futex(atomic_int *word, int op, int value, const struct timespec *limit)
{
#if defined(SYS_futex_time64) && defined(SYS_futex)
    return syscall(sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex, word, op, value, limit, NULL, 0);
#elif defined(SYS_futex)
    return syscall(SYS_futex, word, op, value, limit, NULL, 0);
#else
    return syscall(SYS_futex_time64, word, op, value, limit, NULL, 0);
#endif
}

enum { WAIT = 0, WAKE = 1 }; /* FUTEX_WAIT and FUTEX_WAKE between processes */

void crew__shared_park(atomic_int *word, int expected, double seconds)
{
    struct timespec span, *limit = NULL;
    if (seconds >= 0) {
        span.tv_sec = (time_t)seconds;
        span.tv_nsec = (long)((seconds - (double)span.tv_sec) * 1e9);
        limit = &span;
    }
    int before = errno;
    futex(word, WAIT, expected, limit);
    errno = before;
}

void crew__shared_unpark(atomic_int *word)
{
    int before = errno;
    futex(word, WAKE, INT_MAX, NULL);
    errno = before;
}

void crew__helper_want(struct crew__helper *h, int i)
{
    atomic_fetch_add(&h->orders->each[i].want, 1);
}

void crew__helper_kill(struct crew__helper *h, int i)
{
    struct crew__order *order = &h->orders->each[i];
    atomic_store(&order->kill, atomic_load(&order->want));
    crew__helper_tell(h);
}

bool crew__helper_has(const struct crew__helper *h, int i)
{
    return atomic_load(&h->orders->each[i].have) == atomic_load(&h->orders->each[i].want);
}

bool crew__helper_ended(const struct crew__helper *h, int i, struct crew__death *death, int *fork_error)
{
    struct crew__order *order = &h->orders->each[i];
    if (atomic_load_explicit(&order->ended, memory_order_acquire) != atomic_load(&order->want))
        return false;
    *death = order->death;
    *fork_error = order->fork_error;
    return true;
}

/* Who sleeps says so and looks once more; who rings changes the word and looks for sleepers: one sees the other. */
void crew__bell_ring(struct crew__bell *bell)
{
    CREW__ADD(&bell->rung, 1, seq_cst);
    if (CREW__LOAD(&bell->sleeps, seq_cst))
        crew__shared_unpark(&bell->rung);
}

void crew__bell_wait(struct crew__bell *bell, int seen, double seconds)
{
    CREW__STORE(&bell->sleeps, 1, seq_cst);
    if (CREW__LOAD(&bell->rung, seq_cst) == seen)
        crew__shared_park(&bell->rung, seen, seconds);
    CREW__STORE(&bell->sleeps, 0, seq_cst);
}

#endif
