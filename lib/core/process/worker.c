/* Makes a forked process a worker: no terminal signals, no end but its helper's, crew alone. */
#define _GNU_SOURCE
#include "worker.h"

#ifdef __linux__

#include "../backend/backend.h"
#include "../base/threads.h"
#include "shared.h"
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static void block_signals(const sigset_t *callers)
{
    static const int terminal[] = {SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU};
    sigset_t blocked = *callers;
    for (size_t i = 0; i < sizeof terminal / sizeof *terminal; i++)
        sigaddset(&blocked, terminal[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, NULL);
}

void crew__worker_flush(void)
{
    fflush(stdout);
}

#ifdef __GLIBC__
/* exit() in a callback: the program's handlers are the program's, and so is what stands in its files' buffers. */
static void leave_with(int code, void *unused)
{
    (void)unused;
    crew__worker_flush();
    _exit(code);
}
#endif

_Noreturn void crew__worker_leave(void)
{
    crew__worker_flush();
    _exit(EXIT_SUCCESS);
}

void crew__worker_is_ready(struct crew__slot *slot)
{
    long kb = crew__resident_kb(getpid());
    atomic_store(&slot->base_kb, kb > 0 ? kb : 1);
}

static void hide(char *from, const char *to)
{
    crew__shared_guard(from, (size_t)(to - from));
}

_Noreturn void crew__worker_run(struct crew__helper *h, int i, pid_t helper)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    while (atomic_load(&h->orders->ready) == 0 && getppid() == helper)
        crew__shared_park(&h->orders->ready, 0, 0.1);
    if (atomic_load(&h->orders->ready) != CREW__READY || getppid() != helper)
        _exit(EXIT_FAILURE); /* it was given up, or died before it was armed against that */
    prctl(PR_SET_NAME, "crew-worker", 0, 0, 0);
    char *own = crew__helper_slot(h, i);
    hide(h->base, h->base + h->bells_at);
    hide(h->base + h->slots_at - crew__page(), own);
    hide(own + h->slot_bytes, h->base + h->bytes);
    block_signals(&h->mask);
    __fpurge(stdout); /* what the program has not written yet is the program's to write */
    __fpurge(stderr);
#ifdef __GLIBC__
    on_exit(leave_with, NULL);
#endif
    crew__threads_alone();
    crew__team_alone();
    crew__worker = i;
    h->serve(h->arg, i);
    crew__worker_leave();
}

#endif
