/* The stack of tasks that a worker has forked and not joined. Thieves take the oldest.

   slots[0 .. head) are those tasks, oldest first. The newest are private: the owner pushes and pops them with plain
   stores, no fence and no atomic operation. The older ones are public, in one atomic word: [tail, split) may be stolen,
   [0, tail) are. Both ends change by read-modify-write on that word, so a task has one taker however the threads
   interleave. A position is used again only after its task is joined, so a word that comes back (ABA) means the same
   again.

   The owner keeps something public whenever it has anything, and never more than PRIVATE tasks to itself.
   After T. van Dijk and J. C. van de Pol, Lace (doi:10.1007/978-3-319-14313-2_18), and Acar, Chargueraud and Rainey
   (doi:10.1145/2442516.2442538) for handing out work only when asked. */
#ifndef CREW_TASK_DEQUE_H
#define CREW_TASK_DEQUE_H

#include "../base/atomics.h"
#include "../base/compiler.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <crew/task.h>

enum { CREW__PRIVATE = 64 };

struct crew__deque {
    /* head, floor and limit, which the owner writes; and asked: somebody looked, and nothing was public. Or
       CREW__WATCHED. First: crew_fork and crew_join look here. */
    _Alignas(CREW__CACHE_LINE) struct crew__top top;
    _Atomic uint64_t word;    /* tail in the high half, split in the low half */
    crew_task **end, **slots; /* the room */
};

_Static_assert(offsetof(struct crew__top, asked) == CREW__CACHE_LINE, "others write where the owner does");

/* Holds wherever an atomic int is laid out as an int, as in base/atomics.h. */
static inline atomic_int *crew__deque_asked(struct crew__deque *d)
{
    return (atomic_int *)&d->top.asked;
}

/* In asked, for as long as the owner must not take the short way: somebody may cancel. */
enum { CREW__ASKED = 1, CREW__WATCHED = 2 };

static inline uint64_t crew__deque_word(uint32_t tail, uint32_t split)
{
    return (uint64_t)tail << 32 | split;
}

static inline uint32_t crew__deque_tail(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

static inline uint32_t crew__deque_split(uint64_t word)
{
    return (uint32_t)word;
}

static inline void crew__deque_init(struct crew__deque *d, crew_task **slots, size_t room)
{
    d->slots = d->top.head = d->top.floor = slots;
    d->end = slots + room;
    d->top.limit = slots;
    CREW__STORE(&d->word, 0, relaxed);
    CREW__STORE(crew__deque_asked(d), 0, relaxed);
}

/* Where push must look up next: at once if nothing is public, else when there are too many private ones. */
static inline void crew__deque_set_limit(struct crew__deque *d, bool something_public)
{
    ptrdiff_t most = something_public ? CREW__PRIVATE : 0;
    d->top.limit = d->end - d->top.floor < most ? d->end : d->top.floor + most;
}

/* The owner makes the older half of what is private public, and says whether that was anything. Sequentially
   consistent: the caller then looks for sleepers, who first say that they sleep and then look for tasks. */
static inline bool crew__deque_publish(struct crew__deque *d)
{
    ptrdiff_t count = (d->top.head - d->top.floor + 1) / 2;
    if (count > 0) {
        crew__tell_release(&d->word);
        CREW__ADD(&d->word, (uint64_t)count, seq_cst); /* into the low half, which cannot overflow: a slot each */
        d->top.floor += count;
    }
    uint64_t word = CREW__LOAD(&d->word, relaxed);
    crew__deque_set_limit(d, crew__deque_tail(word) < crew__deque_split(word));
    return count > 0;
}

/* The owner, with nothing private, takes the newer half of what is public back. False: all is stolen. */
static inline bool crew__deque_reclaim(struct crew__deque *d)
{
    uint64_t word = CREW__LOAD(&d->word, relaxed);
    uint32_t tail, split, keep;
    do {
        tail = crew__deque_tail(word);
        split = crew__deque_split(word);
        if (tail >= split)
            return false;
        keep = tail + (split - tail) / 2;
        /* Relaxed: what is in the slots is the owner's own writing. */
    } while (!CREW__CAS(&d->word, &word, crew__deque_word(tail, keep), relaxed));
    d->top.floor = d->slots + keep;
    crew__deque_set_limit(d, keep > tail);
    return true;
}

/* The owner, with everything stolen, joins the newest: its slot is free again. Nobody else writes the word then. */
static inline void crew__deque_drop(struct crew__deque *d)
{
    uint32_t at = (uint32_t)(--d->top.head - d->slots);
    d->top.floor = d->top.head;
    CREW__STORE(&d->word, crew__deque_word(at, at), relaxed);
    crew__deque_set_limit(d, false);
}

/* A thief takes the oldest task, at `from` or above. NULL: there is none, or somebody else was faster. */
static inline crew_task *crew__deque_steal(struct crew__deque *d, uint32_t from)
{
    uint64_t word = CREW__LOAD(&d->word, relaxed);
    uint32_t tail = crew__deque_tail(word);
    if (tail < from || tail >= crew__deque_split(word))
        return NULL;
    /* Acquire: the slot, and the task in it, were written before the owner published them. The slot is read after the
       word is won: the owner uses it again only when the task is joined. */
    if (!CREW__CAS(&d->word, &word, word + ((uint64_t)1 << 32), acquire))
        return NULL;
    crew__tell_acquire(&d->word);
    CREW__READS(&d->slots[tail]);
    return d->slots[tail];
}

static inline bool crew__deque_has_public(struct crew__deque *d)
{
    uint64_t word = CREW__LOAD(&d->word, seq_cst);
    return crew__deque_tail(word) < crew__deque_split(word);
}

#endif
