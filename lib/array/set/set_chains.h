/* A step of a set operation waits for the one before: some ten cycles, of which a processor can use a third. So a
   stretch is cut in four parts, and a loop takes an element of each in turn. A cut parts no element from its equal, so
   the result is the same. */
#ifndef CREW_SET_SET_CHAINS_H
#define CREW_SET_SET_CHAINS_H

#include <crew/inline/set_run.h>

enum { CREW__CHAINS = 4 };

/* What is left of a part, and where the next element of its result goes. */
struct crew__set_chain {
    const char *a, *b, *a_end, *b_end;
    char *out;
};

/* Elements of the result, 1 or 0, where the next one is in a, in b or in both. */
static inline size_t crew__set_keeps(enum crew_set_operation which, size_t in_a, size_t in_b)
{
    return which == CREW_SET_UNION          ? 1
           : which == CREW_SET_INTERSECTION ? in_a & in_b
           : which == CREW_SET_DIFFERENCE   ? in_b ^ 1
                                            : in_a ^ in_b;
}

struct crew__set_chained {
    const struct crew__set_steps *steps;
    /* So many steps of CREW__CHAINS chains, which none can end in. Room for one element more than it keeps is behind
       each out. Returns how often the first chain went over to its other array. */
    size_t (*run)(struct crew__set_chain *chains, size_t steps);
};

/* As with->steps->part. */
size_t crew__set_chained_part(const struct crew__set_chained *with, const char *a, size_t na, const char *b, size_t nb,
                              char *out, size_t most, const struct crew__order *o);

#endif
