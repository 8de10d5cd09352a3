/* Which signals crew's own threads take. */
#ifndef CREW_BACKEND_SIGNALS_H
#define CREW_BACKEND_SIGNALS_H

#include <signal.h>

/* Blocks what is asynchronous and the program's business, for the calling thread and the threads that it makes, and
   says what was blocked before. What a thread's own instructions raise, and what profilers send, stays as it was. */
static inline void crew__signals_block(sigset_t *before)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF, SIGVTALRM};
    sigset_t others;
    sigfillset(&others);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&others, own[i]);
    pthread_sigmask(SIG_BLOCK, &others, before);
}

#endif
