/* Who waits for whom: a task that would wait for itself, through others, is told so; and a worker that runs nothing but
   what it waits for finds that. */
#ifndef CREW_TASK_WAIT_CYCLE_H
#define CREW_TASK_WAIT_CYCLE_H

#include "waiter.h"
#include <crew/executor.h>

/* True where f, through all that it waits for, waits for the calling thread, which has a waiter. A few steps only, and
   none through several futures. */
bool crew__wait_cycle_closes_quickly(crew_future *f);

/* True where what the calling thread waits for waits for it, in any number of steps. It has said so in its waiter. */
bool crew__wait_cycle_closes(void);

/* What a search for work comes to. */
enum crew__search_end {
    CREW__SEARCH_FOUND, /* a task that the caller may run has been claimed */
    CREW__SEARCH_ALIVE, /* another thread runs something that is waited for */
    CREW__SEARCH_DEAD   /* nothing that is waited for goes on by itself */
};

/* Looks for a task without which what is said by kind and what does not come, and that the calling thread may run: one
   of `ex`, or, NULL, of any executor without threads. It is given claimed, with a reference. */
enum crew__search_end crew__wait_cycle_claim(enum crew__waits kind, void *what, const crew_executor *ex,
                                             crew_future **found);

/* f's dependencies have ended on the calling thread: if this has searched for what it needs and f is that, it is kept
   for it, so that a long chain is not searched once a link. */
void crew__wait_cycle_note_ready(crew_future *f);

/* What was kept, with its reference; NULL: nothing. */
crew_future *crew__wait_cycle_take_ready(void);

#endif
