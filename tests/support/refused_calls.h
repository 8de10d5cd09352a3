/* Calls of the system that crew makes, counted and refused. A suite that tests/meson.build names in `refused` is linked
   with it: the linker gives the calls of the program and of crew's own objects to refused_calls.c (-Wl,--wrap), and not
   those of the OpenMP runtime, which ends the process where a thread is refused. */
#ifndef TESTS_REFUSED_CALLS_H
#define TESTS_REFUSED_CALLS_H

#include <stdbool.h>

enum refused_call {
    REFUSE_THREAD,           /* pthread_create */
    REFUSE_THREAD_ATTRIBUTE, /* pthread_attr_init */
    REFUSE_KEY,              /* pthread_key_create */
    REFUSE_KEY_VALUE,        /* pthread_setspecific */
    REFUSE_FORK_HANDLER,     /* pthread_atfork */
    REFUSE_FORK,             /* fork */
    REFUSE_MAP,              /* mmap */
    REFUSE_CLONE,            /* by its number */
    REFUSE_PIDFD,            /* pidfd_open and pidfd_send_signal, which Linux has since 5.3 */
    REFUSE_SIGNALFD,
    REFUSE_WAIT, /* waitpid */
    REFUSE_OPEN,
    REFUSE_READ,
    REFUSE_WRITE,
    REFUSE_PREAD,
    REFUSE_PWRITE,
    REFUSE_CLOSE, /* the descriptor is closed all the same, as on Linux */
    REFUSE_RENAME,
    REFUSE_TRUNCATE, /* ftruncate */
    REFUSE_STAT,     /* fstat */
    REFUSE_SYNC,     /* fdatasync */
    REFUSE_ADVISE,   /* madvise */
    REFUSED_CALLS
};

/* Counts calls of this kind from 0 on; call `at` fails with error, with on all after it too. at < 0: none does. */
void refuse_begin(enum refused_call call, int error, long at, bool on);

/* How many there were since refuse_begin; none fails any longer. */
long refuse_end(void);

/* What crew does at load comes before main: a program that was started with REFUSE_AT_LOAD=n refuses the calls of kind
   n from its start on, until refuse_end. */
#define REFUSE_AT_LOAD "REFUSE_AT_LOAD"

#endif
