/* A helper process and the workers that it forks, as the process that uses them sees them.

   Everything that the processes tell each other stands in one anonymous shared mapping, in words that have a single
   writer each, so that nobody can die with a lock. Its parts, with pages between them that are inaccessible in workers:

       orders   the user and the helper; inaccessible in workers
       bells    all; a worker that writes nonsense there wakes others for nothing
       slots    one a worker; the other workers' are inaccessible to it

   A worker is a generation of its slot: the user raises `want`, the helper forks and raises `have`, and writes how it
   ended before it sets `ended`. */
#ifndef CREW_PROCESS_HELPER_H
#define CREW_PROCESS_HELPER_H

#include "../base/died.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* At the beginning of each slot; the worker's but for `retire`. */
struct crew__slot {
    _Atomic uint64_t step; /* odd while an item runs */
    _Atomic long base_kb;  /* resident memory after the initializer; 0: not known yet */
    atomic_int retire;     /* the helper's: end between two items */
};

struct crew__order {
    atomic_uint want, kill; /* the user's: generations to start, and to end */
    atomic_uint have, ended;
    atomic_int pid;           /* of generation `have`, written before that */
    struct crew__death death; /* of generation `ended`, written before that */
    uint64_t memory_step;     /* the slot's step when it was killed for its memory */
    int fork_error;           /* errno where it could not be forked, else 0 */
};

enum { CREW__READY = 1, CREW__TOO_LATE = 2 };

struct crew__orders {
    atomic_int quit;  /* the user's */
    atomic_int ready; /* CREW__READY: the helper has forked; or the user has given it up before. Workers wait for it */
    atomic_int gone;  /* the helper's: its workers have ended, and it ends too */
    struct crew__order each[];
};

struct crew__bell {
    _Alignas(64) atomic_int rung;
    atomic_int sleeps; /* somebody waits for rung to change */
};

struct crew__helper {
    int count;                        /* slots */
    size_t slot_bytes;                /* whole pages */
    bool bell_each;                   /* a bell for each slot; else one for all, bell 0 */
    size_t memory;                    /* as crew_process_options */
    int close;                        /* a descriptor that the helper and its workers do not want; -1: none */
    void (*serve)(void *arg, int id); /* in the worker; what returns ends with exit code 0 */
    void *arg;
    /* helper.c's */
    char *base;
    size_t bytes, bells_at, slots_at;
    struct crew__orders *orders;
    pid_t pid, user;
    int pidfd;        /* of the helper; -1: there is none */
    atomic_bool dead; /* the helper has been waited for */
    bool ended;       /* crew__helper_end has been called */
    pid_t *pids;      /* the helper's own: one a slot, 0: none */
    sigset_t mask;    /* the caller's */
};

/* Maps the memory for count slots; the rest of *h is the caller's to set before. In one piece, which a fork copies
   sooner: workers make parts of it inaccessible. 0 or -ENOMEM. */
int crew__helper_map(struct crew__helper *h);

char *crew__helper_slot(const struct crew__helper *h, int i);
struct crew__bell *crew__helper_bell(const struct crew__helper *h, int i);

/* Asks for a worker in slot i, whose last one has ended. */
void crew__helper_want(struct crew__helper *h, int i);

/* Starts the helper; at least one worker is wanted. 0, -EAGAIN, -ENOMEM, -ENOTSUP. */
int crew__helper_start(struct crew__helper *h);

/* Lets the helper see what is wanted and what is to be killed. */
void crew__helper_tell(struct crew__helper *h);

/* Kills the worker of slot i, and tells. */
void crew__helper_kill(struct crew__helper *h, int i);

/* True once the worker that was wanted last in slot i has been forked. */
bool crew__helper_has(const struct crew__helper *h, int i);

/* True where the last worker that was wanted in slot i has ended, or could not be had (*fork_error). */
bool crew__helper_ended(const struct crew__helper *h, int i, struct crew__death *death, int *fork_error);

/* False: somebody has killed it, and so its workers; they may take a moment to end. */
bool crew__helper_lives(struct crew__helper *h);

/* Kills what is left and waits for it. What the workers have written can be read still. Also where start failed. */
void crew__helper_end(struct crew__helper *h);

/* The same, and unmaps the memory. */
void crew__helper_close(struct crew__helper *h);

/* Sleeps until the bell has been rung after it was `seen`, for at most `seconds`. */
void crew__bell_wait(struct crew__bell *bell, int seen, double seconds);
void crew__bell_ring(struct crew__bell *bell);

/* Sleep and wake between processes. */
void crew__shared_park(atomic_int *word, int expected, double seconds);
void crew__shared_unpark(atomic_int *word);

#endif
