/* Runs a protocol of a few threads through the interleavings of its atomic operations, and through what a memory weaker
   than sequential consistency adds.

   Every operation of base/atomics.h is a point where the explorer decides who goes on; a depth-first search replays the
   program once for each sequence of decisions. Four things fail a run:
   - a check of the protocol's own;
   - all threads that are left being asleep (a lost wake-up);
   - a race: two plain accesses (CREW__READS, CREW__WRITES), one of them a write, that no release and acquire put in
   order. Orders are followed by vector clocks, release sequences through read-modify-writes.
   - memory that is used after its end (explorer_alloc).
   A few writes of a run that are not sequentially consistent may stay in their thread's buffer for any time, in the
   order of writing, while the thread goes on: others see the old value, but may not write over it. So what needs a full
   barrier fails without one. Reads are never late, and a write is seen by all others at once: that is the store buffer
   of x86 and not all of what C11 permits. Want of acquire or release is found as a race, so only where plain accesses
   depend on it.

   After the search over the right protocol, each place that asks for more than relaxed order is weakened in turn: a
   place whose weakening no run notices is either stronger than this protocol needs, or not tested. */
#ifndef TESTS_EXPLORE_EXPLORER_H
#define TESTS_EXPLORE_EXPLORER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPLORER_THREADS = 3, EXPLORER_SITES = 128, EXPLORER_LOCALS = 4 };

struct protocol {
    const char *name;
    void (*begin)(void);                    /* sets everything up; no other thread runs */
    void (*thread[EXPLORER_THREADS])(void); /* NULL: none */
    void (*end)(void);                      /* checks the outcome, after all threads */
};

struct outcome {
    unsigned long runs;
    const char *failure; /* NULL: none */
};

/* How much is tried. Faults need few interruptions (M. Musuvathi and S. Qadeer, doi:10.1145/1250734.1250785). */
struct effort {
    int preemptions; /* times in a run that a thread is interrupted that could go on */
    int delays;      /* writes in a run that may be late */
};

/* A place whose order is taken as another one. */
struct weakening {
    int site; /* -1: none */
    memory_order order;
};

static const struct weakening AS_WRITTEN = {-1, memory_order_relaxed};

/* All runs of the protocol within the effort, or as many as it takes to fail. */
struct outcome explore(const struct protocol *p, struct effort effort, struct weakening weak);

/* Places with more than relaxed order that any run has come to, in the order of coming. */
int explorer_sites(void);
const char *explorer_site_file(int site);
int explorer_site_line(int site);
memory_order explorer_site_order(int site);

/* Forgets the places. */
void explorer_forget_sites(void);

/* The number of the thread that runs; -1: none. */
int explorer_running(void);

/* Fails the run where `good` is false. */
void explorer_check(bool good, const char *what);

/* For protocols that sleep. Which of several sleepers wakes is a decision too. timed: the time may be over at any
   moment, so the thread goes on; what it must not rely on is being woken. */
void explorer_park(void *word, size_t size, uint64_t expected, bool timed);
void explorer_unpark(void *word, int count);

/* In a loop that looks at something: goes on after a write of another thread, or when nobody else can. */
void explorer_pause(void);

/* From the beginning of a run to its end each thread has a value of its own in the variable, NULL at first: the threads
   are not the system's, which has _Thread_local for that. */
void explorer_local(void **variable);

/* Memory of a run. What is used after it was freed, freed twice, or freed while somebody's last use is not ordered
   before that, fails. NULL does nothing in free. */
void *explorer_alloc(size_t size);
void explorer_free(void *p);

/* Pieces that have not been freed. */
int explorer_leaks(void);

#endif
