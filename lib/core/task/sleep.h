/* Who searches and who sleeps: a wake-up for every piece of work, none for what a searcher will find.

   The rule that makes it right: who makes work does so before it looks at the counts; who goes to sleep is counted
   first and then looks for work once more. All of these are sequentially consistent, so one of the two sees the other.
 */
#ifndef CREW_TASK_SLEEP_H
#define CREW_TASK_SLEEP_H

#include "../base/atomics.h"
#include "../base/compiler.h"
#include <stdbool.h>

struct crew__sleepers {
    _Alignas(CREW__CACHE_LINE) atomic_int searching; /* awake without work, or woken to be so */
    atomic_int sleeping;                             /* asleep and not yet chosen to be woken */
    atomic_int permits; /* wake-ups that were given and not taken: threads sleep on this word */
};

static inline void crew__search_begin(struct crew__sleepers *s)
{
    CREW__ADD(&s->searching, 1, seq_cst);
}

/* True where the caller was the last one: it calls crew__scheduler_notify after it has found something. */
static inline bool crew__search_end(struct crew__sleepers *s)
{
    return CREW__SUB(&s->searching, 1, seq_cst) == 1;
}

/* Chooses one sleeper, which counts as searching from now on. True: the caller gives a permit with crew__give_permit.
 */
static inline bool crew__choose_sleeper(struct crew__sleepers *s)
{
    while (CREW__LOAD(&s->searching, seq_cst) == 0 && CREW__LOAD(&s->sleeping, seq_cst) > 0) {
        int none = 0;
        if (!CREW__CAS(&s->searching, &none, 1, seq_cst))
            return false;
        int count = CREW__LOAD(&s->sleeping, seq_cst);
        while (count > 0)
            if (CREW__CAS(&s->sleeping, &count, count - 1, seq_cst))
                return true;
        /* Nobody sleeps any more. But whoever made work since the swap saw a searcher that was none, so look again. */
        CREW__SUB(&s->searching, 1, seq_cst);
    }
    return false;
}

static inline void crew__give_permit(struct crew__sleepers *s)
{
    CREW__ADD(&s->permits, 1, release);
}

/* A searcher is counted as asleep. It then looks for work once more, and calls crew__sleep_undo or sleeps. */
static inline void crew__sleep_begin(struct crew__sleepers *s)
{
    CREW__ADD(&s->sleeping, 1, seq_cst);
    CREW__SUB(&s->searching, 1, seq_cst);
}

/* Awake again by itself, searching. False: somebody has chosen the caller already, and it must take a permit. */
static inline bool crew__sleep_undo(struct crew__sleepers *s)
{
    int count = CREW__LOAD(&s->sleeping, seq_cst);
    while (count > 0) {
        if (CREW__CAS(&s->sleeping, &count, count - 1, seq_cst)) {
            CREW__ADD(&s->searching, 1, seq_cst);
            return true;
        }
    }
    return false;
}

/* Takes a permit; false: there is none, and the caller sleeps while permits is 0. */
static inline bool crew__take_permit(struct crew__sleepers *s)
{
    int count = CREW__LOAD(&s->permits, relaxed);
    while (count > 0)
        if (CREW__CAS(&s->permits, &count, count - 1, acquire))
            return true;
    return false;
}

#endif
