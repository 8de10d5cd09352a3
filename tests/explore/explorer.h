/* Runs a protocol of a few threads through the interleavings of its atomic operations, and through what a memory weaker than
   sequential consistency adds.

   Every operation of base/atomics.h is a point where the explorer decides who goes on; a depth-first search replays the program once for
   each sequence of decisions. Three things fail a run:
   - a check of the protocol's own;
   - all threads that are left being asleep (a lost wake-up);
   - a race: two plain accesses (CREW__READS, CREW__WRITES), one of them a write, that no release and acquire put in order.
     Orders are followed by vector clocks, release sequences through read-modify-writes.
   Two writes of a run that are not sequentially consistent may stay in their thread's buffer for any time, in the order of
   writing, while the thread goes on: others see the old value, but may not write over it. So what needs a full barrier
   fails without one.

   After the search over the right protocol, each place that asks for more than relaxed order is weakened in turn: a place whose
   weakening no run notices is either stronger than this protocol needs, or not tested. */
#ifndef TESTS_EXPLORE_EXPLORER_H
#define TESTS_EXPLORE_EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPLORER_THREADS = 3, EXPLORER_SITES = 64 };

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

/* All runs of the protocol in which a thread that could go on is interrupted at most `preemptions` times, or as many as it takes to
   fail: faults need few (M. Musuvathi and S. Qadeer, doi:10.1145/1250734.1250785). weak: number of a site whose order is taken as relaxed, -1: none. */
struct outcome explore(const struct protocol *p, int preemptions, int weak);

/* Places with more than relaxed order that any run has come to, in the order of coming. */
int explorer_sites(void);
const char *explorer_site_file(int site);
int explorer_site_line(int site);

/* Forgets the places. */
void explorer_forget_sites(void);

/* Fails the run. */
void explorer_check(bool good, const char *what);

/* For protocols that sleep. */
void explorer_park(void *word, size_t size, uint64_t expected);
void explorer_unpark(void *word);

#endif
