/* What crew's calls must equal: naive loops, and the documented cut and tree of reductions written down a second time.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "sanitized.h"
#include <crew/crew.h>
#include <stdint.h>

/* Thread counts that every result is compared at. */
enum { ORACLE_THREADS = TESTS_VALGRIND ? 1 : 5 };
extern const int oracle_threads[5]; /* there too: some suites name their places */

/* Numbers from a seed: splitmix64. */
uint64_t oracle_random(uint64_t *state);
size_t oracle_below(uint64_t *state, size_t n); /* 0 .. n-1 */

/* The seed of CREW_TEST_SEED, else one from the clock; printed on standard error. */
uint64_t oracle_seed(void);

/* The loop that crew_map equals. *failed is set where fn fails. */
int oracle_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
               size_t *failed);

/* Items in a block of crew_reduce, as reduce.h says it. */
size_t oracle_block(size_t n, size_t size, size_t grain);

/* crew_reduce without failures, by recursion. -1 where memory runs out. */
int oracle_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, size_t grain);

/* Threads of this process now; 0 where the system does not say. */
int oracle_process_threads(void);

/* Blocks that a loop handed out, from any thread. */
struct oracle_blocks {
    size_t (*at)[2]; /* begin, end */
    size_t count, room;
    int lock;
};
void oracle_note(struct oracle_blocks *blocks, size_t begin, size_t end);
/* True where the blocks are not empty and cover 0 .. n-1, each index once. Sorts them. */
int oracle_is_partition(struct oracle_blocks *blocks, size_t n);
void oracle_clear(struct oracle_blocks *blocks);

/* Lets the thread sleep. */
void oracle_sleep_us(long microseconds);

#endif
